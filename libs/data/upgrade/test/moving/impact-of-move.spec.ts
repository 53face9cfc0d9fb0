import { textOf } from '@dms/sql';
import { expect, it } from 'vitest';
import { upgradeSentence } from '../../src/impact/impact-report.ts';
import { planUpgrade, schemaImpact } from '../../src/index.ts';
import { compiled } from '../bench.ts';
import { schools, simple } from '../schools.ts';

/* The impact report and the plan of a move between shapes (design 09a §2.4, 22 §7). */

const { documents } = schools();
const hashed = compiled(documents, 'pgsql', 'v2');
const natural = compiled(documents, 'pgsql', 'v2-natural');

it.each([
  ['there', hashed, natural],
  ['back', natural, hashed],
])('%s has the verdict of the plan, and says that the hash stays', (_, before, after) => {
  const impact = schemaImpact(before, after);
  expect(impact).toMatchObject({ verdict: planUpgrade(before, after).verdict, refusal: null });
  expect(impact.owners.map(({ owner }) => owner)).toContain('(core)');
  expect(upgradeSentence(impact)).toMatch(/^The effective schema hash stays [0-9a-f]{12}…: `upgrade` takes /);
});

it('of another schema set is impossible', () => {
  const other = schools();
  other.add(simple('Kind'));
  const impact = schemaImpact(hashed, compiled(other.documents, 'pgsql', 'v2-natural'));
  expect(impact.verdict).toBe('impossible');
  expect(upgradeSentence(impact)).toContain('(the mapping version changes from v2 to v2-natural). A database moves');
  expect(upgradeSentence(impact)).toContain('Make two upgrades');
});

it('back counts the descriptors of each resource once, for their referential ids', () => {
  const effects = planUpgrade(natural, hashed).statements.flatMap((statement) => statement.effects);
  const rows = effects.flatMap(({ rows: counted }) =>
    counted?.table === 'dms.Descriptor' && counted.condition !== undefined ? [textOf(counted.condition)] : [],
  );
  const keys = natural.model.resources.flatMap(({ storageKind, resourceKey }) =>
    storageKind === 'SharedDescriptorTable' ? [`t."ResourceKeyId" = ${resourceKey.id}`] : [],
  );
  expect(keys.length).toBeGreaterThan(1);
  expect(rows.sort()).toEqual(keys.sort());
});
