import { counted, firstOf, plainLines, type ReportLine } from '@dms/diagnostics';
import { productNames, type SqlDialect } from '@dms/sql';
import { compareOrdinal, groupBy } from '@dms/values';
import type { AffectedTable, StatementEffect, StatementKind } from '../ops/effect.ts';
import type { UpgradeStep } from '../ops/order.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { durationText, type RowCounts, rowsKey, type UpgradeEstimate } from './estimate.ts';
import { type Blocked, blockedBy, blockedOrder, lockStrength, type Work, works, worseBlocked } from './rules.ts';

/** The effect of a change or a statement on sessions that use one table meanwhile (design 12a §2). */
export interface Hazard {
  readonly table: AffectedTable;
  /** The strongest lock, as the engine names it. It is held until the commit. */
  readonly lock: string;
  readonly blocks: Blocked;
  /** The heaviest work on its rows. */
  readonly work: Work;
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
    const writersFrom = firstBlocking(statements, 'writers', 'readers and writers');
    const strongest = highest(statements, ({ lock }) => lockStrength(plan.dialect, lock));
    if (writersFrom === null || !strongest) return [];
    const readersFrom = firstBlocking(statements, 'readers and writers');
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

const firstBlocking = (list: readonly StatementHazard[], ...blocked: readonly Blocked[]) =>
  list.find(({ blocks }) => blocked.includes(blocks))?.statement ?? null;

const highest = <Value>(values: readonly Value[], rank: (value: Value) => number): Value | undefined =>
  values.reduce<Value | undefined>(
    (best, value) => (best === undefined || rank(value) > rank(best) ? value : best),
    undefined,
  );

/** The seconds from the beginning of a statement to the commit; null without a statement or an estimate. */
function waitFrom(statement: number | null, estimate: UpgradeEstimate | null): number | null {
  const time = estimate?.time ?? null;
  if (statement === null || time === null) return null;
  return time.statements.slice(statement - 1).reduce((sum, seconds) => sum + seconds, time.afterwards);
}

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

/** The combined hazards of effects, one per table, in the order in which the effects name the tables. */
export function hazardsOf(dialect: SqlDialect, effects: readonly StatementEffect[]): readonly Hazard[] {
  const byTable = new Map<string, Hazard>();
  for (const hazard of effects.flatMap((effect) => hazardsOfEffect(dialect, effect))) {
    const key = `${hazard.table.isNew} ${hazard.table.name}`;
    const known = byTable.get(key);
    byTable.set(key, known ? merged(dialect, known, hazard) : hazard);
  }
  return [...byTable.values()];
}

/** The hazards of one effect: for its table, and for the table that its foreign key refers to. */
function hazardsOfEffect(
  dialect: SqlDialect,
  { table, target, lock, targetLock, work, rowsBlock }: StatementEffect,
): Hazard[] {
  const on = (place: AffectedTable, name: string, blocks: Blocked, does: Work): Hazard => ({
    table: place,
    lock: name,
    work: place.isNew && does !== 'row writes' ? 'none' : does,
    // no session waits for a table that no other session can see
    blocks: place.isNew ? 'nobody' : blocks,
  });
  return [
    ...(table && lock ? [on(table, lock, worseBlocked(blockedBy(dialect, lock), rowsBlock), work)] : []),
    ...(target && targetLock ? [on(target, targetLock, blockedBy(dialect, targetLock), 'none')] : []),
  ];
}

function merged(dialect: SqlDialect, left: Hazard, right: Hazard): Hazard {
  return {
    table: left.table,
    lock: lockStrength(dialect, left.lock) >= lockStrength(dialect, right.lock) ? left.lock : right.lock,
    blocks: worseBlocked(left.blocks, right.blocks),
    work: heavierWork(left.work, right.work),
  };
}

/** The heavier of two kinds of work. */
const heavierWork = (left: Work, right: Work): Work => (works.indexOf(left) >= works.indexOf(right) ? left : right);

/** The effect of a statement on sessions that use one table. */
interface StatementHazard extends Hazard {
  /** Its number in the script, from 1, as messages number it. */
  readonly statement: number;
  readonly step: UpgradeStep;
  readonly kinds: readonly StatementKind[];
  /** How many seconds it takes; null without an estimate. */
  readonly seconds: number | null;
}

/** The locks and the work of every statement of a plan, by statement (design 12a §2). */
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

/** The effect of an upgrade on sessions that use a table of the database. */
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
  /** The seconds from each of these statements to the commit; null without an estimate. */
  readonly writersWait: number | null;
  readonly readersWait: number | null;
  /** The number of its rows; null if they were not counted. */
  readonly rows: number | null;
  readonly statements: readonly StatementHazard[];
}

/** How many tables a report names one by one. */
const namedTables = 12;

/** The line for a table that somebody waits for: from which statement on, its lock, its rows and the work on them. */
export function tableLine(hazard: TableHazard): string {
  const { table, lock, rows } = hazard;
  const counts = rows === null ? [] : [counted(rows, 'row')];
  const details = [...counts, ...workTexts(hazard)];
  return `${table}: ${waitText(hazard)} (${lock})${details.length === 0 ? '' : `; ${details.join(', ')}`}`;
}

/** `row writes (statement 12, about 2 s)`: the work of statements on a table, grouped by work, the heaviest first. */
function workTexts({ statements }: TableHazard): readonly string[] {
  const byWork = groupBy(statements, ({ work }) => work);
  return works.toReversed().flatMap((work) => {
    const list = byWork.get(work) ?? [];
    if (work === 'none' || list.length === 0) return [];
    const [first, second] = list;
    const which = first && !second ? `statement ${first.statement}` : counted(list.length, 'statement');
    const known = list.flatMap((each) => each.seconds ?? []);
    const seconds = known.length === list.length ? known.reduce((sum, each) => sum + each, 0) : null;
    return [`${work} (${which}${seconds === null ? '' : `, ${durationText(seconds)}`})`];
  });
}

/** Who waits for a table, and from which statement on. */
function waitText({ blocks, writersFrom, readersFrom, writersWait, readersWait }: TableHazard): string {
  const from = (who: string, statement: number, wait: number | null) =>
    `${who} wait from statement ${statement}${wait === null ? '' : `, ${durationText(wait)}`}`;
  if (readersFrom === null) return from('writers', writersFrom, writersWait);
  const readers = from(blocks, readersFrom, readersWait);
  return readersFrom === writersFrom ? readers : `${readers}; ${from('writers', writersFrom, writersWait)}`;
}

/** How long an upgrade takes. */
export const timeText = ({ dialect }: Pick<UpgradePlan, 'dialect'>, { time }: UpgradeEstimate): string =>
  time === null
    ? `no estimate for ${productNames[dialect]}: nothing was measured there`
    : `${durationText(time.whole)} in this database, not counting time spent waiting for others`;

/** The locks of a plan as lines for people, the longest wait first (design 12a §2). */
export function hazardLines(
  plan: Pick<UpgradePlan, 'dialect' | 'statements'>,
  estimate: UpgradeEstimate | null = null,
): readonly ReportLine[] {
  if (plan.statements.length === 0) return [];
  const hazards = tableHazards(plan, estimate);
  if (hazards.length === 0) return plainLines(['Nobody waits for a table']);
  const tables = firstOf(hazards, namedTables, tableLine, (count) => `… and ${counted(count, 'more table')}`);
  return [{ text: 'Locks, held until the commit, the longest wait first:', below: plainLines(tables) }];
}
