import { mustExist, type Table } from '@dms/model';
import { listed, type Sql } from '@dms/sql';
import { parameter } from '../parameter-names.ts';
import type { WriteColumnBinding } from '../plan.ts';
import { type PlanDialect, statement, whereBlock } from '../plan-dialect.ts';
import { sourceKey } from '../plan-table.ts';

/** The place of a value: `@name`, or a parameter of a statement that is sent. */
type Placeholder = (binding: WriteColumnBinding, index: number) => Sql;

type StatementTable = Pick<Table, 'table'>;

/**
 * `INSERT` of `rowCount` rows, all bindings in order (design 08 §6.5, §6.11); `index` of a placeholder counts over all
 * rows.
 */
export function insertSql(
  { lines, id }: PlanDialect,
  { table }: StatementTable,
  bindings: readonly WriteColumnBinding[],
  placeholder: Placeholder = namedPlaceholder,
  rowCount = 1,
): Sql {
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const places = bindings.map((binding, index) => placeholder(binding, row * bindings.length + index));
    return lines`
      (
          ${listed(places)}
      )`;
  });
  return statement(lines`
    INSERT INTO ${table}
    (
        ${listed(bindings.map(({ column }) => id(column.name)))}
    )
    VALUES
    ${listed(rows)}
    ;`);
}

const namedPlaceholder: Placeholder = ({ parameterName }) => parameter(parameterName);

/**
 * The positions of the bindings that a statement sets, and of the bindings by which it finds rows, in the order of the
 * text.
 */
export interface RowStatementParts {
  readonly set: readonly number[];
  readonly where: readonly number[];
}

/** The positions of the bindings of these columns, in the order of the columns. */
export function bindingIndexes(
  { table }: StatementTable,
  bindings: readonly WriteColumnBinding[],
  columns: readonly string[],
): number[] {
  const indexes = new Map<string, number>(bindings.map(({ column }, index) => [column.name, index]));
  return columns.map((name) => mustExist(indexes.get(name), `the binding of ${sourceKey(table, name)}`));
}

/** `UPDATE` of the rows that have the values of `where` (design 08 §6.6). */
export function rowUpdateSql(
  dialect: PlanDialect,
  { table }: StatementTable,
  bindings: readonly WriteColumnBinding[],
  { set, where }: RowStatementParts,
  placeholder: Placeholder = namedPlaceholder,
): Sql {
  return statement(dialect.lines`
    UPDATE ${table}
    SET
        ${listed(assignments(dialect, bindings, set, placeholder))}
    ${whereBlock(dialect, assignments(dialect, bindings, where, placeholder))}
    ;`);
}

function assignments(
  { sql, id }: PlanDialect,
  bindings: readonly WriteColumnBinding[],
  indexes: readonly number[],
  placeholder: Placeholder,
): Sql[] {
  return indexes.map((index) => {
    const binding = mustExist(bindings[index], `the binding ${index}`);
    return sql`${id(binding.column.name)} = ${placeholder(binding, index)}`;
  });
}

/** `DELETE` of the rows that have the values of `where` (design 08 §6.7). */
export function rowDeleteSql(
  dialect: PlanDialect,
  { table }: StatementTable,
  bindings: readonly WriteColumnBinding[],
  { where }: Pick<RowStatementParts, 'where'>,
  placeholder: Placeholder = namedPlaceholder,
): Sql {
  return statement(dialect.lines`
    DELETE FROM ${table}
    ${whereBlock(dialect, assignments(dialect, bindings, where, placeholder))}
    ;`);
}

/** `UPDATE` of a root or 1:1 extension row; null for the items of an array and for key-only tables (design 08 §6.6). */
export function updateSql(
  dialect: PlanDialect,
  table: Table,
  bindings: readonly WriteColumnBinding[],
  placeholder: Placeholder = namedPlaceholder,
): Sql | null {
  const parts = keyedUpdateParts(table, bindings);
  return parts && rowUpdateSql(dialect, table, bindings, parts, placeholder);
}

/**
 * The columns that an update by key sets: all bound columns except the key. Null for the items of an array, which have
 * other statements, and for a table that has only its key (design 08 §6.6).
 */
function keyedUpdateParts(table: Table, bindings: readonly WriteColumnBinding[]): RowStatementParts | null {
  if (table.columns.some(({ kind }) => kind === 'Ordinal')) return null;
  const key = table.key.columns.map(({ name }) => name);
  const set = bindings.flatMap(({ column }, index) => (key.includes(column.name) ? [] : [index]));
  return set.length === 0 ? null : { set, where: bindingIndexes(table, bindings, key) };
}
