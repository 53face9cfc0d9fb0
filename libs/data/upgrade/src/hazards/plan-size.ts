import { counted, formFor, megabytesText } from '@dms/diagnostics';
import { core, mustExist, qualified } from '@dms/model';
import { dialectOf, type PlainSql, productNames, type SqlDialect } from '@dms/sql';
import type { StatementEffect, StatementKind } from '../ops/effect.ts';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { type RowCounts, roughly, rowsKey, rowsOfEffect, type UpgradeEstimate, writtenTables } from './estimate.ts';

/* How much an upgrade adds to a database, and how much it writes again (design 12a §2). */

type SizedPlan = Pick<UpgradePlan, 'dialect' | 'statements'>;

/** The tables and indexes that an upgrade adds and writes again, counted from the artifacts. */
interface PlanSize {
  readonly newTables: number;
  /** Indexes of existing tables, including those of keys. */
  readonly indexes: number;
  /** Tables that the server rewrites as a whole. */
  readonly rewrittenTables: number;
  /** Tables with rows that are written. */
  readonly writtenTables: number;
}

/** The size of a table of the earlier set. */
export interface TableSize {
  readonly bytes: number;
  /** Of all its indexes together. */
  readonly indexBytes: number;
  readonly indexes: number;
}

/** By `schema.name`. */
export type TableSizes = ReadonlyMap<string, TableSize>;

/** The query for the sizes of the tables on a server; null if nobody has measured it. */
export const tableSizesQuery: Readonly<Record<SqlDialect, PlainSql | null>> = {
  pgsql: dialectOf.pgsql.sql`SELECT n.nspname || '.' || c.relname AS name, pg_catalog.pg_table_size(c.oid) AS bytes,
  pg_catalog.pg_indexes_size(c.oid) AS index_bytes, (SELECT count(*) FROM pg_catalog.pg_index AS i WHERE i.indrelid = c.oid) AS indexes
FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  mssql: null,
};

export function planSize(plan: SizedPlan): PlanSize {
  return {
    newTables: tablesOf(plan, ({ kind }) => kind === 'create table'),
    indexes: effectsOf(plan).filter((effect) => effect.work === 'index build' && !isNew(effect)).length,
    rewrittenTables: tablesOf(plan, (effect) => effect.work === 'rewrite' && !isNew(effect)),
    writtenTables: tablesOf(plan, ({ work }) => work === 'row writes'),
  };
}

/** The number of tables with an effect that `isMeant` accepts. */
function tablesOf(plan: SizedPlan, isMeant: (effect: StatementEffect) => boolean): number {
  const tables = effectsOf(plan).flatMap((effect) => (isMeant(effect) && effect.table ? [effect.table] : []));
  return new Set(tables.map(({ name, isNew }) => `${isNew} ${name}`)).size;
}

const effectsOf = ({ statements }: SizedPlan) => statements.flatMap(({ effects }) => effects);

const isNew = ({ table }: StatementEffect) => table?.isNew === true;

/** The page of a server: an index has at least one, and so has the table of long values. */
const page = 8192;

/** A new table has one page for its key, one for another index, and one for the index of long values. */
const newTableBytes = 3 * page;

/**
 * Number of bytes that an upgrade writes into tables and indexes. A row that is written again takes its space a second
 * time, because others may still read the earlier version; a table that is rewritten takes the space of all its rows
 * and indexes until the commit. A statement that changes several columns rewrites its table once.
 */
export function writtenBytes(
  { statements }: Pick<SizedPlan, 'statements'>,
  rows: RowCounts,
  sizes: TableSizes,
): number {
  let bytes = 0;
  for (const { effects } of statements) {
    const rewritten = new Set<string>();
    for (const effect of effects) {
      const name = effect.table?.name ?? '';
      const isRewrite = effect.work === 'rewrite';
      if (!isRewrite || !rewritten.has(name)) bytes += effectBytes(effect, rows, sizes);
      if (isRewrite) rewritten.add(name);
    }
  }
  return bytes;
}

/**
 * A row of a new core table with its entries in two indexes: a UUID and two numbers, far less than the rows of resources
 * that it is made of.
 */
const newRowBytes: ReadonlyMap<string, number> = new Map([[qualified(core.referentialIdentity), 130]]);

/** Deleted rows are not counted, because they leave their space behind. */
const writesRows: readonly StatementKind[] = ['update rows', 'insert rows'];

function effectBytes(effect: StatementEffect, rows: RowCounts, sizes: TableSizes): number {
  const { kind, table, work } = effect;
  if (kind === 'create table') return newTableBytes;
  const size = table === null || table.isNew ? undefined : sizes.get(table.name);
  if (work === 'rewrite') return size === undefined ? 0 : whole(size);
  if (work === 'index build') return size === undefined ? page : size.indexBytes / Math.max(1, size.indexes);
  if (!writesRows.includes(kind)) return 0;
  const source = rowsOfEffect(effect);
  if (source === null) return 0;
  const ofSource = () => writtenTables(effect).flatMap((name) => rowBytes(name, rows, sizes) ?? [])[0] ?? 0;
  const each = (table?.isNew ? newRowBytes.get(table.name) : undefined) ?? ofSource();
  return mustExist(rows.get(rowsKey(source)), `the count of ${source.table}`) * each;
}

const whole = ({ bytes, indexBytes }: TableSize) => bytes + indexBytes;

/** The bytes of one row with its entries in indexes; null if the table has none, or was not counted. */
function rowBytes(table: string, rows: RowCounts, sizes: TableSizes): number | null {
  const count = rows.get(rowsKey({ table })) ?? 0;
  const size = sizes.get(table);
  return size === undefined || count === 0 ? null : whole(size) / count;
}

/** A number of bytes as an estimate: one significant digit, at least a megabyte. */
export const roughBytes = (bytes: number): number => roughly(Math.max(bytes, 1_000_000));

/** The tables and indexes that an upgrade adds and writes again, and their size in a database, as text. */
export function planSizeText(plan: SizedPlan, estimate: Pick<UpgradeEstimate, 'bytes'> | null): string {
  const { newTables, indexes, rewrittenTables, writtenTables: written } = planSize(plan);
  const parts = [
    ...(newTables === 0 ? [] : [`${counted(newTables, 'table')} ${are(newTables)} new`]),
    ...(indexes === 0 ? [] : [`${counted(indexes, 'index', 'indexes')} ${are(indexes)} built`]),
    ...(rewrittenTables === 0 ? [] : [`${counted(rewrittenTables, 'table')} ${are(rewrittenTables)} rewritten`]),
    ...(written === 0 ? [] : [`rows of ${counted(written, 'table')} are written`]),
  ];
  if (parts.length === 0) return 'nothing is added or written again';
  const what = parts.join(', ');
  if (estimate === null) return `${what}; a database says how large they are`;
  if (estimate.bytes === null)
    return `${what}; no estimate for ${productNames[plan.dialect]}: nothing was measured there`;
  return `${what}; about ${megabytesText(roughBytes(estimate.bytes))} more in this database until the commit`;
}

const are = (count: number) => formFor(count, 'is', 'are');
