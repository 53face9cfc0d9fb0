import { build, someOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { type ReportedPlan, reportedPlan } from '../../src/plan/reported-plan.ts';
import { upgradeReport, upgradeText } from '../../src/plan/upgrade-report.ts';
import { parseRename } from '../../src/renaming/renaming.ts';
import { type Compiled, compiled } from '../bench.ts';
import { evolutionPair, evolutions } from '../evolutions.ts';
import { documentsOf, renameEvolutions } from '../rename-evolutions.ts';
import { type EditableSet, schools } from '../schools.ts';

const { string } = build;

/** The longest summary of one dialect. */
const mostLines = 40;

function setOf(edit: (set: EditableSet) => void = () => undefined): Compiled {
  const set = schools();
  edit(set);
  return compiled(set.documents);
}

const before = setOf();
const withMotto = setOf((set) => {
  set.properties('schools').motto = string(20);
});
const withStricter = setOf((set) => {
  set.properties('schools').nickname = string(10);
  set.properties('schools').label = { ...string(30), pattern: '^[A-Z]' };
});

const reported = (from: Compiled, to: Compiled, known: Partial<ReportedPlan> = {}, ...allowLoss: readonly string[]) =>
  reportedPlan(from, to, planUpgrade(from, to, { allowLoss }), known);

/** The lines before the details. */
function summaryOf(plan: ReportedPlan, next: readonly string[] = []): readonly string[] {
  const lines = upgradeReport([plan], next);
  return lines.slice(0, lines.indexOf(''));
}

const titled = (lines: readonly string[], title: string) => lines.find((line) => line.startsWith(`${title}: `));

describe('the text of a plan begins with what is decided on', () => {
  it('from what to what, in its order, and the commands that come next', () => {
    const lines = summaryOf(reported(before, withMotto), ['dms-ddl upgrade apply']);
    const hash = ({ info }: Compiled) => info.effectiveSchemaHash.slice(0, 12);
    expect(lines[0]).toBe(
      `pgsql: Core 1.0.0, Extra 1.0.0 (${hash(before)}) → Core 1.0.0, Extra 1.0.0 (${hash(withMotto)})`,
    );
    expect(lines.filter((line) => !line.startsWith(' ')).map((line) => line.split(':')[0])).toEqual([
      ...['pgsql', 'Verdict', 'Lost', 'May refuse', 'Locks', 'Size', 'Time', 'Preparation', 'Undo', 'Next'],
    ]);
    expect(lines.at(-1)).toBe('  dms-ddl upgrade apply');
  });

  it('what the plan back loses of what only the later set has', () => {
    const lines = summaryOf(reported(before, withMotto));
    expect(titled(lines, 'Undo')).toBe(
      'Undo: a preparation by upgrade prepare --undo; the upgrade by a backup, or by the plan back, which loses what only the later set has',
    );
    expect(lines.at(-1)).toBe('  column removed: core.School.Motto');
  });

  it('that the plan back does not bring back what is lost', () => {
    const text = titled(summaryOf(reported(withMotto, before, {}, 'all')), 'Undo');
    expect(text).toBe(
      'Undo: the upgrade by a backup, or by the plan back, which loses nothing, and does not bring back what is lost here',
    );
  });

  it('the locks also where a loss is not permitted', () => {
    const refused = reported(withMotto, before);
    const permitted = reported(withMotto, before, {}, 'all');
    expect([refused.plan.script, refused.plan.statements]).toEqual([null, []]);
    const [asked, allowed] = [refused, permitted].map((each) => summaryOf(each));
    expect(titled(asked ?? [], 'Locks')).toMatch(
      /^Locks: readers and writers of 2 tables wait, writers of another \d+ tables/,
    );
    expect(titled(asked ?? [], 'Locks')).toBe(titled(allowed ?? [], 'Locks'));
    expect(asked).toContain('  column removed: core.School.Motto; not permitted');
    expect(allowed).toContain('  column removed: core.School.Motto');
  });

  it('the numbers of a database, the largest first', () => {
    const plan = reported(withMotto, withStricter);
    const item = (change: string) => {
      const found = plan.plan.items.find((each) => each.change === change);
      if (!found) throw new Error(change);
      return found;
    };
    const findings: ReportedPlan['findings'] = {
      losses: [{ item: item('column removed'), count: 7, documents: 7 }],
      checks: [
        { item: item('pattern changed'), count: 1, of: 'document' },
        { item: item('type narrower'), count: 3, of: 'row' },
      ],
    };
    const lines = summaryOf({ ...plan, findings });
    expect(lines).toContain('  column removed: core.School.Motto: 7 values or rows in 7 documents; not permitted');
    const at = lines.findIndex((line) => line.startsWith('May refuse:'));
    expect(lines.slice(at, at + 3)).toEqual([
      'May refuse: 2 changes are checked on rows or documents; in this database 2 are refused',
      '  type narrower: core.School.Nickname (varchar(30) → varchar(10)): 3 rows do not allow it',
      '  pattern changed: Core:School.$.label (nothing → pattern "^[A-Z]"): 1 document does not allow it',
    ]);
    const json = JSON.parse(upgradeText({ ...plan, findings }));
    expect(json.lost).toMatchObject([{ count: 7, documents: 7, permitted: false }]);
    expect(json.may_refuse.map(({ change, refused, of }: Record<string, unknown>) => [change, refused, of])).toEqual([
      ['pattern changed', 1, 'document'],
      ['type narrower', 3, 'row'],
    ]);
    expect(titled(summaryOf({ ...plan, findings: { losses: [], checks: [] } }), 'May refuse')).toContain(
      'none objects',
    );
  });

  it.each(someOf(Object.entries(evolutions), 8))('in at most 40 lines, there and back: %s', (_, evolution) => {
    const [from, to] = evolutionPair(evolution);
    for (const plan of [reported(from, to), reported(to, from)]) {
      const lines = summaryOf(plan, ['1', '2', '3', '4']);
      expect(lines.length).toBeLessThanOrEqual(mostLines);
      if (plan.plan.verdict !== 'impossible') continue;
      expect(lines).toContain('Locks: none: there is no script');
      expect(lines).toContain('Undo: there is nothing to undo');
    }
  });

  it('with the order of the text in JSON', () => {
    const members = Object.keys(JSON.parse(upgradeText(reported(before, withMotto))));
    expect(members).toEqual([
      ...[
        'upgrade_format',
        'dialect',
        'before',
        'after',
        'verdict',
        'plan_hash',
        'allowed_losses',
        'rename_candidates',
        'move_candidates',
      ],
      ...['lost', 'may_refuse', 'waiting', 'tables', 'size', 'statements', 'prepared_statements', 'reverse'],
      ...['renames', 'items', 'checks', 'losses', 'document_checks', 'hazards', 'preparation'],
    ]);
  });
});

describe('the plan back', () => {
  it.each(someOf(Object.entries(renameEvolutions), 6))('takes renames back: %s', (_, evolution) => {
    const [from, to] = documentsOf(evolution).map((documents) => compiled(documents)) as [Compiled, Compiled];
    const plan = planUpgrade(from, to, { renames: evolution.renames.map(parseRename) });
    expect(reportedPlan(from, to, plan).reverse.losses).toEqual([]);
  });
});
