import type { DbTableName } from '@dms/model';
import type { PlanDialect } from '../plan-dialect.ts';
import { itemLines, statement, tableName } from '../sql-text.ts';
import { documentParameter, keysetJoin, ordinalOf, type ReadTable } from './read-table.ts';

/** A stored column that holds the ids of documents. */
export interface StoredColumn {
  readonly table: ReadTable;
  readonly column: string;
}

/** Columns of one table that one `SELECT` reads; at least one. */
export interface ProjectionArm {
  readonly table: ReadTable;
  readonly columns: readonly string[];
}

/** Each column once, by table and column position. */
export function inColumnOrder(columns: readonly StoredColumn[]): StoredColumn[] {
  const distinct = new Map(columns.map((each) => [`${each.table.position}\n${each.column}`, each]));
  return [...distinct.values()].sort(
    (a, b) => a.table.position - b.table.position || ordinalOf(a.table, a.column) - ordinalOf(b.table, b.column),
  );
}

export const armPerColumn = (columns: readonly StoredColumn[]): ProjectionArm[] =>
  columns.map(({ table, column }) => ({ table, columns: [column] }));

/** For columns in order. */
export function armPerTable(columns: readonly StoredColumn[]): ProjectionArm[] {
  const tables = [...new Set(columns.map(({ table }) => table))];
  return tables.map((table) => ({
    table,
    columns: columns.filter((each) => each.table === table).map(({ column }) => column),
  }));
}

/** The lookup for the ids of the arms. */
export interface ProjectedDocuments {
  /** The name of the id column of the arms. */
  readonly idName: string;
  /** The table of `dms` that has a row per document, and its alias. */
  readonly target: DbTableName;
  readonly targetAlias: string;
  readonly selectList: (quote: (name: string) => string) => readonly string[];
  readonly orderBy: (quote: (name: string) => string) => string;
}

type Reader = 'page' | 'document';

/** The lines of one arm; several columns of a row become rows of their own (design 17 §4.4). */
function armLines(
  dialect: PlanDialect,
  { table, columns }: ProjectionArm,
  index: number,
  { select, idName, reader }: { readonly select: string; readonly idName: string; readonly reader: Reader },
): string[] {
  const { rules, lateralJoin } = dialect;
  const alias = `t${index}`;
  const id = rules.quote(idName);
  const stored = columns.map((column) => `${alias}.${rules.quote(column)}`);
  const [first = ''] = stored;
  const value = stored.length === 1 ? first : `v${index}.${id}`;
  const documentId = `${alias}.${rules.quote(table.documentColumn)}`;
  const isThere = `${value} IS NOT NULL`;
  return [
    `${select} ${stored.length === 1 ? `${value} AS ${id}` : value}`,
    `FROM ${table.relation} ${alias}`,
    ...(reader === 'page' ? [keysetJoin(dialect, documentId)] : []),
    ...(stored.length === 1
      ? []
      : [`${lateralJoin} (VALUES ${stored.map((each) => `(${each})`).join(', ')}) AS v${index}(${id})`]),
    ...(reader === 'page' ? [`WHERE ${isThere}`] : [`WHERE ${documentId} = ${documentParameter}`, `AND ${isThere}`]),
  ];
}

/**
 * Finds the documents behind the columns of the arms, each once, in the order of their ids (design 08 §7.5, 17 §4.4,
 * §4.5).
 */
export function projectionSql(
  dialect: PlanDialect,
  arms: readonly ProjectionArm[],
  { idName, target, targetAlias, selectList, orderBy }: ProjectedDocuments,
  reader: Reader,
): string {
  const quote = (name: string) => dialect.rules.quote(name);
  const select = arms.length === 1 ? 'SELECT DISTINCT' : 'SELECT';
  const lines = arms.flatMap((arm, index) => [
    ...(index > 0 ? ['UNION'] : []),
    ...armLines(dialect, arm, index, { select, idName, reader }),
  ]);
  const table = tableName(dialect.rules, target);
  return statement(
    'SELECT',
    ...itemLines(selectList(quote)),
    'FROM',
    '    (',
    ...lines.map((line) => `        ${line}`),
    '    ) p',
    `INNER JOIN ${table} ${targetAlias} ON ${targetAlias}.${quote('DocumentId')} = p.${quote(idName)}`,
    'ORDER BY',
    ...itemLines([`${orderBy(quote)} ASC`]),
  );
}
