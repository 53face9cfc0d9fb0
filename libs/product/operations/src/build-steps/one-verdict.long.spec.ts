import { verdictWords } from '@dms/catalog';
import { exploredSet } from '@dms/explorer';
import { dialects } from '@dms/sql';
import { impactReport, planUpgrade, reportedPlan, type SchemaImpact, schemaImpact, upgradeReport } from '@dms/upgrade';
import { describe, expect, it } from 'vitest';
import { compiledSet } from '../../test/compiled-sets.ts';
import { edits, setsOf } from '../../test/school-edits.ts';

/* The impact report, the page and the upgrade plan agree on a change (design 09a §2.4). */

const cases = Object.entries(edits).map(([name, edit]) => ({ name, ...edit }));

interface PrintedVerdict {
  readonly owner: string;
  readonly class: string;
  readonly change: string;
  readonly path: readonly string[];
  readonly reason?: string | undefined;
}

const brief = ({ owner, class: itemClass, change, path, reason = '' }: PrintedVerdict) =>
  [owner, itemClass, change, ...path, reason].join(' ');

/** The changes of an impact report, with their owners. */
const briefs = ({ owners }: Pick<SchemaImpact, 'owners'>) =>
  owners.flatMap(({ owner, changes }) => changes.map((change) => brief({ ...change, owner }))).sort();

describe.each(dialects)('one verdict on %s', (dialect) => {
  it('is tried with at least 30 changes', () => expect(cases.length).toBeGreaterThanOrEqual(30));

  it.each(cases)('$name', (entry) => {
    const [before, after] = Object.values(setsOf(entry)).map((documents) => compiledSet(documents, dialect));
    if (!before || !after) throw new Error('two sets are compared');
    const plan = planUpgrade(before, after);
    const impact = schemaImpact(before, after);
    const page = exploredSet({ ...after, impact }).impact;
    expect([impact.verdict, page?.verdict]).toEqual([plan.verdict, plan.verdict]);
    const planned = plan.items.map(brief).sort();
    expect(briefs(impact)).toEqual(planned);
    expect(page && briefs(page)).toEqual(planned);
    const [headline = ''] = impactReport(impact).split('\n');
    expect(headline).toContain(plan.items.length === 0 ? 'nothing changes' : verdictWords[plan.verdict]);
    expect(upgradeReport([reportedPlan(before, after, plan)]).join('\n')).toContain(`Verdict: ${plan.verdict} `);
  });
});
