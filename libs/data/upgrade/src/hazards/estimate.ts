import { core, mustExist, qualified } from '@dms/model';
import { empty, type SqlDialect, textOf } from '@dms/sql';
import { compareBy } from '@dms/values';
import type { AffectedRows, StatementEffect, StatementKind } from '../ops/effect.ts';
import type { UpgradeStatement } from '../ops/statement.ts';
import { switchStatements, type UpgradePlan } from '../plan/upgrade-plan.ts';
import type { Work } from './rules.ts';

/** The number of rows of each {@link AffectedRows}, by {@link rowsKey}. */
export type RowCounts = ReadonlyMap<string, number>;

export const rowsKey = ({ table, condition = empty }: AffectedRows): string => `${table}\n${textOf(condition)}`;

/** The rows that determine how long an effect takes; null if none do. */
export const rowsOfEffect = ({ table, rows }: StatementEffect): AffectedRows | null =>
  rows ?? (table === null || table.isNew ? null : { table: table.name });

/**
 * The tables of the earlier set whose rows determine the size of the written rows: the table of the effect, and the
 * table of its `rows`.
 */
export const writtenTables = ({ table, rows }: StatementEffect): readonly string[] => [
  ...(table === null || table.isNew ? [] : [table.name]),
  ...(rows === undefined ? [] : [rows.table]),
];

/** All documents. An upgrade counts them before and after its statements. */
export const allDocuments: AffectedRows = { table: qualified(core.document) };

/** The rows that a plan works on, without duplicates. */
export function affectedRows({
  statements,
  documentChecks,
}: Pick<UpgradePlan, 'statements' | 'documentChecks'>): readonly AffectedRows[] {
  const found = new Map([allDocuments, ...documentChecks.map(({ rows }) => rows)].map((rows) => [rowsKey(rows), rows]));
  const add = (rows: AffectedRows) => found.set(rowsKey(rows), rows);
  for (const effect of statements.flatMap(({ effects }) => effects)) {
    const rows = rowsOfEffect(effect);
    const { work } = effect;
    if (rows === null || work === 'none') continue;
    add(rows);
    // the share of written rows determines the written share of the table's size
    if (work === 'row writes') for (const table of writtenTables(effect)) add({ table });
  }
  return [...found.values()].sort(compareBy(rowsKey));
}

/** Rounds a number to one significant digit: an estimate is not more exact. */
export function roughly(value: number): number {
  const digit = 10 ** Math.floor(Math.log10(value));
  return Math.round(value / digit) * digit;
}

/** A number of seconds as an estimate: a whole number with one significant digit, at least 1. */
export const roughSeconds = (seconds: number): number => Math.max(1, roughly(Math.max(seconds, 0.1)));

/** An estimate for people: `less than 1 s`, `about 40 s`, `about 7 min`, `about 3 h`. */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'less than 1 s';
  if (seconds < 95) return `about ${roughSeconds(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 95 ? `about ${roughSeconds(minutes)} min` : `about ${roughSeconds(minutes / 60)} h`;
}

/** The costs of an upgrade on a server, in milliseconds. */
interface Costs {
  /** For a million rows, by kind of work. */
  readonly millionRows: Readonly<Record<Exclude<Work, 'none'>, number>>;
  /** For a million documents that are read and checked. */
  readonly millionDocuments: number;
  /** For a million documents that are written. */
  readonly millionWritten: number;
  /** For a statement without its rows: by kind for slow kinds, `other` for the rest. */
  readonly statement: Readonly<Partial<Record<StatementKind, number>> & { other: number }>;
  /** For each table of both sets, while the command starts, reads the artifacts and plans. */
  readonly planTable: number;
  /** For each table, when the catalog of the database is read. That happens before and after the statements. */
  readonly catalogTable: number;
}

/**
 * Measured on PostgreSQL 18.4 with 100,000 and 1,000,000 documents of the data standard 5.2 (docs/performance.md). Each
 * number lies between the processor time, which a quiet machine with its tables in memory would need, and the time that
 * passed on a busy machine. Updating a million rows of `dms.Document` and the rows that depend on them took 8 s of
 * processor time, and 18 s on the busy machine. Reading and checking 20,000 documents of two tables took 22 µs of
 * processor time each in the command, and 90 µs in all on a busy machine. `load` on two connections wrote a million
 * documents in 110 s. Nothing was measured on SQL Server, so it has no estimate.
 */
export const costs: Readonly<Record<SqlDialect, Costs | null>> = {
  pgsql: {
    millionDocuments: 60_000,
    millionWritten: 110_000,
    millionRows: { scan: 300, 'index build': 800, 'key validation': 500, 'row writes': 12_000, rewrite: 3_000 },
    statement: { 'create table': 2.5, 'add foreign key': 1.3, 'create trigger': 1, 'insert rows': 4, other: 0.6 },
    planTable: 1.3,
    catalogTable: 0.6,
  },
  mssql: null,
};

/** The numbers of rows in a database, and the time and the written bytes of its upgrade. */
export interface UpgradeEstimate {
  readonly rows: RowCounts;
  /** Null if the costs of the server are unknown. */
  readonly time: UpgradeTime | null;
  /** How much the upgrade writes into tables and indexes; null where the server does not say how large they are. */
  readonly bytes: number | null;
}

/** How many seconds `upgrade apply` takes in one database. */
export interface UpgradeTime {
  readonly whole: number;
  /** The same after `upgrade prepare` (design 12a §5). */
  readonly afterPreparation: number;
  /** For each statement, in order. */
  readonly statements: readonly number[];
  /** Between the last statement and the commit, while all locks are held. */
  readonly afterwards: number;
}

/**
 * Estimates the time of `upgrade apply`: planning, the statements, the documents that are checked, and, before and
 * after these, reading the catalog and counting documents (design 12a §2). Time spent waiting for other sessions is not
 * included.
 *
 * @param tables how many tables the earlier and the later set have
 */
export function estimateUpgrade(
  { dialect, statements, documentChecks }: Pick<UpgradePlan, 'dialect' | 'statements' | 'documentChecks'>,
  rows: RowCounts,
  tables: { readonly before: number; readonly after: number },
): Omit<UpgradeEstimate, 'bytes'> {
  const cost = costs[dialect];
  if (cost === null) return { rows, time: null };
  const count = (countOf(rows, allDocuments) * cost.millionRows.scan) / 1_000_000;
  const secondsOf = (statement: Pick<UpgradeStatement, 'effects'>) =>
    statementMilliseconds(cost, statement, rows) / 1000;
  const each = statements.map(secondsOf);
  const left = switchStatements({ statements }).map((statement) =>
    statement.ops.length === 0 ? 0 : secondsOf(statement),
  );
  const lookAt = (number: number) => (number * cost.catalogTable + count) / 1000;
  const afterwards = lookAt(tables.after);
  const plan = ((tables.before + tables.after) * cost.planTable) / 1000;
  const documents = documentChecks.reduce((sum, check) => sum + countOf(rows, check.rows), 0);
  const checks = (documents * cost.millionDocuments) / 1_000_000_000;
  const around = plan + lookAt(tables.before) + checks + afterwards;
  const total = (seconds: readonly number[]) => seconds.reduce((sum, more) => sum + more, around);
  return { rows, time: { whole: total(each), afterPreparation: total(left), statements: each, afterwards } };
}

const countOf = (counts: RowCounts, rows: AffectedRows) =>
  mustExist(counts.get(rowsKey(rows)), `the count of ${rows.table}`);

/**
 * The time of a statement: the time of its kind plus the time of its rows. When one statement does several things to a
 * table, the server does them in one pass, and the most expensive one counts. Every query and every data statement
 * reads the rows in a pass of its own.
 */
function statementMilliseconds(cost: Costs, { effects }: Pick<UpgradeStatement, 'effects'>, counts: RowCounts): number {
  const fixed = Math.max(cost.statement.other, ...effects.map(({ kind }) => cost.statement[kind] ?? 0));
  const byTable = new Map<string, number>();
  let apart = 0;
  for (const effect of effects) {
    const milliseconds = effectMilliseconds(cost, effect, counts);
    if (effect.isOnRows) apart += milliseconds;
    else {
      const name = effect.table?.name ?? '';
      byTable.set(name, Math.max(byTable.get(name) ?? 0, milliseconds));
    }
  }
  return [...byTable.values()].reduce((sum, each) => sum + each, fixed + apart);
}

function effectMilliseconds(cost: Costs, effect: StatementEffect, counts: RowCounts): number {
  const { work } = effect;
  const rows = rowsOfEffect(effect);
  if (work === 'none' || rows === null) return 0;
  return (countOf(counts, rows) * cost.millionRows[work]) / 1_000_000;
}
