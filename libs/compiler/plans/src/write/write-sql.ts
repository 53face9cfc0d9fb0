import { mustExist, type Table } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import { parameter } from '../parameter-names.ts';
import type { WriteColumnBinding } from '../plan.ts';
import { itemLines, type PlanDialect, statement, whereLines } from '../plan-dialect.ts';
import { sourceKey } from '../plan-table.ts';

/** The form of a placeholder: `@name`, or positional if a driver needs it. */
type Placeholder = (binding: WriteColumnBinding, index: number) => string;

type Target = Pick<Table, 'table'>;

/**
 * `INSERT` of `rowCount` rows, all bindings in order (design 08 §6.5, §6.11); `index` of a placeholder counts over all
 * rows.
 */
export function insertSql(
  { rules }: PlanDialect,
  table: Target,
  bindings: readonly WriteColumnBinding[],
  placeholder: Placeholder = namedPlaceholder,
  rowCount = 1,
): string {
  const rows = Array.from({ length: rowCount }, (_, row) => [
    '(',
    ...itemLines(bindings.map((binding, index) => placeholder(binding, row * bindings.length + index))),
    row < rowCount - 1 ? '),' : ')',
  ]);
  return statement(
    `INSERT INTO ${qualifiedName(rules, table.table)}`,
    '(',
    ...itemLines(bindings.map(({ column }) => rules.quote(column.name))),
    ')',
    'VALUES',
    ...rows.flat(),
  );
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
  { table }: Target,
  bindings: readonly WriteColumnBinding[],
  columns: readonly string[],
): number[] {
  const indexes = new Map<string, number>(bindings.map(({ column }, index) => [column.name, index]));
  return columns.map((name) => mustExist(indexes.get(name), `the binding of ${sourceKey(table, name)}`));
}

/** `UPDATE` of the rows that have the values of `where` (design 08 §6.6). */
export function rowUpdateSql(
  dialect: PlanDialect,
  { table }: Target,
  bindings: readonly WriteColumnBinding[],
  { set, where }: RowStatementParts,
  placeholder: Placeholder = namedPlaceholder,
): string {
  return statement(
    `UPDATE ${qualifiedName(dialect.rules, table)}`,
    'SET',
    ...itemLines(assignments(dialect, bindings, set, placeholder)),
    ...whereLines(assignments(dialect, bindings, where, placeholder)),
  );
}

function assignments(
  { rules }: PlanDialect,
  bindings: readonly WriteColumnBinding[],
  indexes: readonly number[],
  placeholder: Placeholder,
): string[] {
  return indexes.map((index) => {
    const binding = mustExist(bindings[index], `the binding ${index}`);
    return `${rules.quote(binding.column.name)} = ${placeholder(binding, index)}`;
  });
}

/** `DELETE` of the rows that have the values of `where` (design 08 §6.7). */
export function rowDeleteSql(
  dialect: PlanDialect,
  { table }: Target,
  bindings: readonly WriteColumnBinding[],
  { where }: Pick<RowStatementParts, 'where'>,
  placeholder: Placeholder = namedPlaceholder,
): string {
  return statement(
    `DELETE FROM ${qualifiedName(dialect.rules, table)}`,
    ...whereLines(assignments(dialect, bindings, where, placeholder)),
  );
}

/** `UPDATE` of a root or 1:1 extension row; null for the items of an array and for key-only tables (design 08 §6.6). */
export function updateSql(
  dialect: PlanDialect,
  table: Table,
  bindings: readonly WriteColumnBinding[],
  placeholder: Placeholder = namedPlaceholder,
): string | null {
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
