import type { Connection } from '@dms/databases';
import { reportText } from '@dms/diagnostics';
import { textOf } from '@dms/sql';
import { errorOf } from '@dms/testing';
import { hashStart } from '@dms/values';
import { expect, it } from 'vitest';
import { upgradeSentence } from '../../src/impact/impact-report.ts';
import { planUpgrade, schemaImpact, upgradedReport } from '../../src/index.ts';
import { expectSamePreparation } from '../../src/preparing/prepared-statements.ts';
import { compiled } from '../bench.ts';
import { schools, simple } from '../schools.ts';

/* The impact report, the plan and the words of a move between shapes (design 09a §2.4, 22 §7). */

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

it('a database that is prepared for it shows its generation when another upgrade is asked for', async () => {
  const sets = schools();
  sets.add(simple('Kind'));
  const evolved = compiled(sets.documents, 'pgsql', 'v2');
  const hash = natural.info.effectiveSchemaHash;
  const step = { number: 1, later: `${hash} v2-natural`, statement: '', objects: [], isDone: true };
  const plan = planUpgrade(hashed, evolved);
  const { effectiveSchemaHash: asked } = evolved.info;
  const error = await errorOf(async () => expectSamePreparation({ label: 'db' } as Connection, plan, [step]));
  expect(error).toMatchObject({ code: 'UPGRADE_PREPARED_OTHER' });
  expect(error.message).toContain(
    `is prepared for an upgrade to ${hashStart(hash)} of v2-natural, not to ${hashStart(asked)}.`,
  );
  expect(error.diagnostics[0].details).toMatchObject({
    prepared: { hash, generation: 'v2-natural' },
    after: { hash: asked },
  });
});

it.each([
  ['upgraded', 'Mapping version: v2 → v2-natural'],
  ['alreadyUpgraded', null],
] as const)('shows both shapes if the database is %s', (outcome, line) => {
  const plan = planUpgrade(hashed, natural);
  const none = { adoption: null, losses: [], invalid: [], rejected: null, lockedSeconds: null };
  const lines = reportText(upgradedReport({ outcome, plan, ...none, documents: 0, prepared: 0 }));
  expect(lines.find((text) => text.startsWith('Mapping version')) ?? null).toBe(line);
});
