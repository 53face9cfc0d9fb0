import { readFileSync } from 'node:fs';
import { dialects } from '@dms/sql';
import { hasSharedData, sharedFile } from '@dms/testing';
import { impactMarkdown, type SchemaImpact } from '@dms/upgrade';
import { describe, expect, it } from 'vitest';
import { brief, impactOf, lineCount, verdicts } from '../../test/compiled-sets.ts';
import { edits, setsOf } from '../../test/school-edits.ts';

/* The impact of edits of a schema set on its database (design 09a §2.4). */

const cases = Object.entries(edits).map(([name, edit]) => ({ name, ...edit }));

/** The changes that an edit causes itself, without the triggers and resource keys that follow. */
const told = ({ owners }: SchemaImpact): string[] =>
  owners.flatMap(({ changes }) =>
    changes.filter(({ object }) => object !== 'resource key' && object !== 'trigger').map(brief),
  );

describe.each(dialects)('the impact on %s', (dialect) => {
  it.each(cases)('of $name', (entry) => {
    const { before, after } = setsOf(entry);
    const impact = impactOf(before, after, dialect);
    expect(verdicts(impact)).toEqual(entry.verdicts);
    if (dialect === 'pgsql') expect(told(impact)).toEqual(entry.changes);
  });
});

// design 09a §2.4
describe('the data standard 5.2 with TPDM', () => {
  it.runIf(hasSharedData).each(dialects)(
    'adds to 5.2 on %s, and moves nothing (needs the shared conformance data)',
    (dialect) => {
      const [core, tpdm] = ['ds-5.2-core.json', 'tpdm-1.1-extension.json'].map((name) =>
        JSON.parse(readFileSync(sharedFile('inputs', name), 'utf8')),
      );
      const impact = impactOf([core], [core, tpdm], dialect);
      expect(impact.verdict).toBe('free');
      expect(impact.owners.map(({ project: name }) => name)).toEqual(
        impact.owners.map(({ owner }) => owner.split(':')[0]),
      );
      expect(new Set(impact.owners.map(({ project: name }) => name))).toEqual(new Set(['TPDM']));
      expect(verdicts(impact)).toMatchObject({ 'TPDM:School': 'free', 'TPDM:Candidate': 'free' });
      expect(lineCount(impactMarkdown([impact]))).toBeLessThanOrEqual(60);
      const back = impactOf([core, tpdm], [core], dialect);
      expect(back.verdict).toBe('loss');
      expect(back.owners.map(({ owner }) => owner)).toEqual(impact.owners.map(({ owner }) => owner));
      expect(lineCount(impactMarkdown([back]))).toBeLessThanOrEqual(60);
    },
  );
});
