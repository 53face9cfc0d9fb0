import { compareOrdinal } from '@dms/files';
import type { UpgradePlan, UpgradeStep } from '../plan/upgrade-plan.ts';
import { type RowCounts, rowsKey } from './affected-rows.ts';
import type { UpgradeEstimate } from './estimate.ts';
import { type Hazard, hazardsOf } from './hazard.ts';
import { type Blocked, blockedOrder, lockStrength } from './locks.ts';
import { type Work, works } from './rules.ts';
import type { StatementKind } from './statement-effect.ts';

/** What a statement means for one table. */
export interface StatementHazard extends Hazard {
  /** Its number in the script, from 1, as messages number it. */
  readonly statement: number;
  readonly step: UpgradeStep;
  readonly kinds: readonly StatementKind[];
  /** How many seconds it takes; null without an estimate. */
  readonly seconds: number | null;
}

/** The locks and the work of every statement of a plan, by statement (design 12 §12). */
export function statementHazards(
  { dialect, statements }: Pick<UpgradePlan, 'dialect' | 'statements'>,
  estimate: UpgradeEstimate | null = null,
): readonly StatementHazard[] {
  return statements.flatMap(({ step, effects }, index) => {
    const kinds = [...new Set(effects.map(({ kind }) => kind))];
    const seconds = estimate?.time?.statements[index] ?? null;
    return hazardsOf(dialect, effects).map((hazard) => ({ ...hazard, statement: index + 1, step, kinds, seconds }));
  });
}

/** What an upgrade means for sessions that use a table of the database. */
export interface TableHazard {
  /** `schema.name` in the earlier set. */
  readonly table: string;
  /** The strongest lock. */
  readonly lock: string;
  readonly blocks: Exclude<Blocked, 'nobody'>;
  /** The heaviest work. */
  readonly work: Work;
  /** The first statement that keeps writers waiting until the commit. */
  readonly writersFrom: number;
  /** The first statement that keeps readers waiting too; null if none does. */
  readonly readersFrom: number | null;
  /** How many seconds pass from that statement to the commit; null without an estimate. */
  readonly writersWait: number | null;
  readonly readersWait: number | null;
  /** The number of its rows; null if they were not counted. */
  readonly rows: number | null;
  readonly statements: readonly StatementHazard[];
}

/** For each statement, how many seconds pass from its beginning to the commit. */
function waitFrom(statement: number | null, estimate: UpgradeEstimate | null): number | null {
  const time = estimate?.time ?? null;
  if (statement === null || time === null) return null;
  return time.statements.slice(statement - 1).reduce((sum, seconds) => sum + seconds, time.afterwards);
}

const highest = <Value>(values: readonly Value[], rank: (value: Value) => number): Value | undefined =>
  values.reduce<Value | undefined>(
    (best, value) => (best === undefined || rank(value) > rank(best) ? value : best),
    undefined,
  );

const firstOf = (list: readonly StatementHazard[], ...blocked: readonly Blocked[]) =>
  list.find(({ blocks }) => blocked.includes(blocks))?.statement ?? null;

function compareHazards(left: TableHazard, right: TableHazard): number {
  const last = Number.MAX_SAFE_INTEGER;
  return (
    (right.readersWait ?? 0) - (left.readersWait ?? 0) ||
    (right.writersWait ?? 0) - (left.writersWait ?? 0) ||
    blockedOrder.indexOf(right.blocks) - blockedOrder.indexOf(left.blocks) ||
    works.indexOf(right.work) - works.indexOf(left.work) ||
    (left.readersFrom ?? last) - (right.readersFrom ?? last) ||
    left.writersFrom - right.writersFrom ||
    compareOrdinal(left.table, right.table)
  );
}

/**
 * The tables that somebody waits for, ordered by how long readers wait, then by how long writers wait. Locks are held
 * until the commit, so the first lock on a table decides. Without an estimate, tables that readers wait for come first;
 * then work decides, then the number of the statement.
 */
export function tableHazards(
  plan: Pick<UpgradePlan, 'dialect' | 'statements'>,
  estimate: UpgradeEstimate | null = null,
): readonly TableHazard[] {
  const byTable = new Map<string, StatementHazard[]>();
  for (const hazard of statementHazards(plan, estimate)) {
    const { name, isNew } = hazard.table;
    if (!isNew) byTable.set(name, [...(byTable.get(name) ?? []), hazard]);
  }
  const rows: RowCounts = estimate?.rows ?? new Map();
  const found = [...byTable].flatMap(([table, statements]): TableHazard[] => {
    const writersFrom = firstOf(statements, 'writers', 'readers and writers');
    const strongest = highest(statements, ({ lock }) => lockStrength(plan.dialect, lock));
    if (writersFrom === null || !strongest) return [];
    const readersFrom = firstOf(statements, 'readers and writers');
    return [
      {
        table,
        lock: strongest.lock,
        writersFrom,
        readersFrom,
        statements,
        blocks: readersFrom === null ? 'writers' : 'readers and writers',
        work: highest(statements, ({ work }) => works.indexOf(work))?.work ?? 'none',
        writersWait: waitFrom(writersFrom, estimate),
        readersWait: waitFrom(readersFrom, estimate),
        rows: rows.get(rowsKey({ table })) ?? null,
      },
    ];
  });
  return found.sort(compareHazards);
}
