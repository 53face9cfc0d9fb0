import { groupBy } from '@dms/files';
import {
  type Column,
  type DbTableName,
  type DocumentReferenceBinding,
  mustExist,
  qualified,
  type ReferenceIdentityBinding,
  type Table,
} from '@dms/model';
import { qualifiedName } from '@dms/sql';
import { parameter } from '../parameter-names.ts';
import type { ReferenceIdentityProjectionBinding, ReferenceIdentityProjectionTablePlan } from '../plan.ts';
import { itemLines, type PlanDialect, statement } from '../plan-dialect.ts';
import { columnOf, indexTable, type PlanTable, sourceKey } from '../plan-table.ts';

/** The columns to read from a table. */
export interface Hydration {
  readonly columns: readonly Column[];
  /** The document id of the row comes first, because it joins the keyset. */
  readonly orderBy: readonly string[];
}

/** A table of a resource, and the columns to read from it. */
export interface ReadTable extends PlanTable {
  /** The position of the table in the list of the resource. */
  readonly position: number;
  readonly selected: readonly Column[];
  readonly orderBy: readonly string[];
  /** The column with the document id. */
  readonly documentColumn: string;
  /** The position of each column in the select list. */
  readonly ordinals: ReadonlyMap<string, number>;
  readonly isRoot: boolean;
  /** The source of its rows: its quoted name, or a query in parentheses. */
  readonly relation: string;
}

export function readTable(
  model: Table,
  position: number,
  { columns, orderBy }: Hydration,
  relation: string,
): ReadTable {
  return {
    relation,
    ...indexTable(model),
    position,
    selected: columns,
    orderBy,
    documentColumn: mustExist(orderBy[0], `the document of ${qualified(model.table)}`),
    ordinals: new Map(columns.map(({ name }, ordinal) => [name, ordinal])),
    isRoot: model.jsonScope.canonical === '$',
  };
}

export function ordinalOf({ model, ordinals }: ReadTable, name: string): number {
  return mustExist(ordinals.get(name), `${qualified(model.table)}.${name}`);
}

/** The only parameter of a statement that reads a single document. */
export const documentParameter = parameter('DocumentId');

/** The join with the documents of a page. */
export function keysetJoin({ rules, keysetTable }: PlanDialect, documentId: string): string {
  const { tempTableName, documentIdColumnName } = keysetTable;
  return `INNER JOIN ${rules.quote(tempTableName)} k ON ${documentId} = k.${rules.quote(documentIdColumnName)}`;
}

/** A stored column with document ids. */
export interface StoredColumn {
  readonly table: ReadTable;
  readonly column: string;
}

/** Columns of one table that one `SELECT` reads; at least one column. */
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

/** Makes one arm per table, from columns in order. */
export function armPerTable(columns: readonly StoredColumn[]): ProjectionArm[] {
  const tables = [...new Set(columns.map(({ table }) => table))];
  return tables.map((table) => ({
    table,
    columns: columns.filter((each) => each.table === table).map(({ column }) => column),
  }));
}

/** The look-up of the documents whose ids the arms read. */
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
  const table = qualifiedName(dialect.rules, target);
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

/** The lines of one arm; several columns of a row become separate rows (design 17 §4.4). */
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

/** The path of a part of a reference, and its columns, which share one stored column (design 02 §18). */
interface LogicalField {
  readonly path: ReferenceIdentityBinding['referenceJsonPath'];
  readonly members: readonly [ReferenceIdentityBinding, ...ReferenceIdentityBinding[]];
}

/** The identity bindings of a reference by their path in the document, in order of first appearance. */
export function logicalFields(binding: DocumentReferenceBinding): LogicalField[] {
  const groups = groupBy(binding.identityBindings, ({ referenceJsonPath }) => referenceJsonPath.canonical);
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ path: first.referenceJsonPath, members: [first, ...others] as const }] : [],
  );
}

/** The projections that rebuild the reference objects of a resource from its rows, without joins (design 08 §7.4). */
export function referenceIdentityProjections(
  tables: readonly ReadTable[],
  bindings: readonly DocumentReferenceBinding[],
): ReferenceIdentityProjectionTablePlan[] {
  const byTable = groupBy(bindings, ({ table }) => qualified(table));
  return tables.flatMap((table) => {
    const own = byTable.get(qualified(table.model.table));
    if (!own) return [];
    return [{ table: table.model.table, bindingsInOrder: own.map((binding) => projection(table, binding)) }];
  });
}

function projection(table: ReadTable, binding: DocumentReferenceBinding): ReferenceIdentityProjectionBinding {
  return {
    isIdentityComponent: binding.isIdentityComponent,
    referenceObjectPath: binding.referenceObjectPath,
    targetResource: binding.targetResource,
    fkColumnOrdinal: ordinalOf(table, binding.fkColumn),
    identityFieldOrdinalsInOrder: logicalFields(binding).map(({ path, members: [first] }) => ({
      referenceJsonPath: path,
      columnOrdinal: ordinalOf(table, first.column),
      scalarType: mustExist(
        columnOf(table, first.column).scalarType,
        `the type of ${sourceKey(table.model.table, first.column)}`,
      ),
    })),
  };
}
