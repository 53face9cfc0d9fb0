import {
  type Column,
  type DbTableName,
  type DocumentReferenceBinding,
  mustExist,
  qualified,
  type ReferenceIdentityBinding,
  type Table,
} from '@dms/model';
import { empty, group, join, type Lines, listed, type PlainSql, type Sql, trusted } from '@dms/sql';
import { groupBy } from '@dms/values';
import { parameter } from '../parameter-names.ts';
import type { ReferenceIdentityProjectionBinding, ReferenceIdentityProjectionTablePlan } from '../plan.ts';
import { type PlanDialect, planText, statement } from '../plan-dialect.ts';
import { columnOf, indexTable, type PlanTable, sourceKey } from '../plan-table.ts';

/** The columns to read from a table. */
export interface Hydration {
  readonly columns: readonly Column[];
  /** The document id of the row comes first, because it joins the keyset. */
  readonly orderBy: readonly string[];
}

/** A table of a resource, and the columns to read from it. */
export interface ProjectedTable extends PlanTable {
  /** The position of the table in the list of the resource. */
  readonly position: number;
  readonly selected: readonly Column[];
  readonly orderBy: readonly string[];
  /** The column with the document id. */
  readonly documentColumn: string;
  /** The position of each column in the select list. */
  readonly ordinals: ReadonlyMap<string, number>;
  readonly isRoot: boolean;
  /** The source of its rows: its name, or a query in parentheses. */
  readonly relation: PlainSql;
}

export function readTable(
  model: Table,
  position: number,
  { columns, orderBy }: Hydration,
  relation: PlainSql,
): ProjectedTable {
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

export function ordinalOf({ model, ordinals }: ProjectedTable, name: string): number {
  return mustExist(ordinals.get(name), `${qualified(model.table)}.${name}`);
}

/** The only parameter of a statement that reads a single document. */
export const documentParameter = parameter('DocumentId');

/** The join with the documents of a page. */
export function keysetJoin({ sql, id, keysetTable }: PlanDialect, documentId: Sql): Sql {
  const { tempTableName, documentIdColumnName } = keysetTable;
  return sql`INNER JOIN ${id(tempTableName)} k ON ${documentId} = k.${id(documentIdColumnName)}`;
}

/** A stored column with document ids. */
export interface StoredColumn {
  readonly table: ProjectedTable;
  readonly column: string;
}

/** Columns of one table that one `SELECT` reads; at least one column. */
export interface ProjectionArm {
  readonly table: ProjectedTable;
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
  readonly targetAlias: PlainSql;
  /** The columns to read from the ids `p` and the rows of their documents, and the order. */
  selectList(dialect: PlanDialect): readonly PlainSql[];
  orderBy(dialect: PlanDialect): PlainSql;
}

type ProjectionReader = 'page' | 'document';

/**
 * Finds the documents behind the columns of the arms, each once, in the order of their ids (design 08 §7.5, 17 §4.4,
 * §4.5).
 */
export function projectionSql(
  dialect: PlanDialect,
  arms: readonly ProjectionArm[],
  { idName, target, targetAlias, selectList, orderBy }: ProjectedDocuments,
  reader: ProjectionReader,
): string {
  const { lines, sql, id } = dialect;
  const select = arms.length === 1 ? sql`SELECT DISTINCT` : sql`SELECT`;
  const union = arms.flatMap((arm, index) => [
    ...(index > 0 ? [sql`UNION`] : []),
    armLines(dialect, arm, index, { select, idName, reader }),
  ]);
  return planText(
    statement(lines`
      SELECT
          ${listed(selectList(dialect))}
      FROM
          (
              ${group(...union)}
          ) p
      INNER JOIN ${target} ${targetAlias} ON ${targetAlias}."DocumentId" = p.${id(idName)}
      ORDER BY
          ${orderBy(dialect)} ASC
      ;`),
  );
}

/** The lines of one arm; several columns of a row become separate rows (design 17 §4.4). */
function armLines(
  dialect: PlanDialect,
  { table, columns }: ProjectionArm,
  index: number,
  { select, idName, reader }: { readonly select: PlainSql; readonly idName: string; readonly reader: ProjectionReader },
): Lines {
  const { sql, lines, id, lateralJoin } = dialect;
  const alias = trusted(`t${index}`);
  const values = trusted(`v${index}`);
  const stored = columns.map((column) => sql`${alias}.${id(column)}`);
  const only = stored.length === 1 ? stored[0] : undefined;
  const value = only ?? sql`${values}.${id(idName)}`;
  const documentId = sql`${alias}.${id(table.documentColumn)}`;
  const rows = join(stored.map((each) => sql`(${each})`));
  const isThere = sql`${value} IS NOT NULL`;
  return lines`
    ${select} ${only ? sql`${value} AS ${id(idName)}` : value}
    FROM ${table.relation} ${alias}
    ${reader === 'page' ? keysetJoin(dialect, documentId) : empty}
    ${only ? empty : sql`${lateralJoin} (VALUES ${rows}) AS ${values}(${id(idName)})`}
    ${
      reader === 'page'
        ? sql`WHERE ${isThere}`
        : lines`
      WHERE ${documentId} = ${documentParameter}
      AND ${isThere}`
    }`;
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
  tables: readonly ProjectedTable[],
  bindings: readonly DocumentReferenceBinding[],
): ReferenceIdentityProjectionTablePlan[] {
  const byTable = groupBy(bindings, ({ table }) => qualified(table));
  return tables.flatMap((table) => {
    const own = byTable.get(qualified(table.model.table));
    if (!own) return [];
    return [{ table: table.model.table, bindingsInOrder: own.map((binding) => projection(table, binding)) }];
  });
}

function projection(table: ProjectedTable, binding: DocumentReferenceBinding): ReferenceIdentityProjectionBinding {
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
