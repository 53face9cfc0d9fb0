import { readFileSync } from 'node:fs';
import { impactMarkdown, type SchemaImpact } from '@dms/change';
import { dialects } from '@dms/sql';
import { hasSharedData, sharedFile } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { brief, impactOf, lineCount, verdicts } from '../../test/compiled-sets.ts';
import { edits, setsOf } from '../../test/school-edits.ts';

/* What an edit of a schema set does to its database (design 09 §4.4). */

const cases = Object.entries(edits).map(([name, edit]) => ({ name, ...edit }));

/** Changes that an edit causes itself, not by moving the ids of resources. */
const told = ({ resources }: SchemaImpact): string[] =>
  resources.flatMap(({ changes }) =>
    changes.filter(({ object, because }) => object !== 'seed' && because !== 'dms.ResourceKey').map(brief),
  );

describe.each(dialects)('the impact on %s', (dialect) => {
  it.each(cases)('of $name', (entry) => {
    const { before, after } = setsOf(entry);
    const impact = impactOf(before, after, dialect);
    expect(verdicts(impact)).toEqual(entry.verdicts);
    if (dialect === 'pgsql') expect(told(impact)).toEqual(entry.changes);
  });
});

// design 09 §4.4
describe('the data standard 5.2 with TPDM', () => {
  it.runIf(hasSharedData).each(dialects)(
    'adds to 5.2 on %s, and moves nothing',
    (dialect) => {
      const [core, tpdm] = ['ds-5.2-core.json', 'tpdm-1.1-extension.json'].map((name) =>
        JSON.parse(readFileSync(sharedFile('inputs', name), 'utf8')),
      );
      const impact = impactOf([core], [core, tpdm], dialect);
      expect(impact.classes).toEqual(['A']);
      expect(impact.resources.map(({ project: name }) => name)).toEqual(
        impact.resources.map(({ resource: label }) => label.split(':')[0]),
      );
      expect(new Set(impact.resources.map(({ project: name }) => name))).toEqual(new Set(['(core)', 'TPDM']));
      expect(verdicts(impact)).toMatchObject({ 'TPDM:School': 'A', 'TPDM:Candidate': 'A', TPDM: 'A' });
      expect(impact.resourceKeys).toMatchObject({ removed: [], moved: [], reversioned: [] });
      expect(lineCount(impactMarkdown([impact]))).toBeLessThanOrEqual(60);
      const back = impactOf([core, tpdm], [core], dialect);
      expect(back.classes).toEqual(['M', 'W', 'R']);
      expect(back.resources.map(({ resource: label }) => label)).toEqual(impact.resources.map(({ resource: label }) => label));
      expect(lineCount(impactMarkdown([back]))).toBeLessThanOrEqual(60);
    },
    120_000,
  );
});
