import { promised, type Table } from '@dms/model';
import { parameter } from '../parameter-names.ts';
import type { WriteColumnBinding } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { sourceKey } from '../plan-table.ts';
import { itemLines, statement, tableName, whereLines } from '../sql-text.ts';

/** What a placeholder looks like: `@name`, or positional where a driver needs it. */
export type Placeholder = (binding: WriteColumnBinding, index: number) => string;

const namedPlaceholder: Placeholder = ({ parameterName }) => parameter(parameterName);

/** `INSERT` of `rowCount` rows, all bindings in order (design 08 §6.5, §6.11); `index` of a placeholder counts over all rows. */
export function insertSql(
  { rules }: PlanDialect,
  table: Pick<Table, 'table'>,
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
    `INSERT INTO ${tableName(rules, table.table)}`,
    '(',
    ...itemLines(bindings.map(({ column }) => rules.quote(column.name))),
    ')',
    'VALUES',
    ...rows.flat(),
  );
}

type IndexedBinding = { readonly binding: WriteColumnBinding; readonly index: number };

function keyBindings({ table }: Table, bindings: readonly WriteColumnBinding[], names: readonly string[]): IndexedBinding[] {
  const byName = new Map(bindings.map((binding, index) => [binding.column.name, { binding, index }]));
  return names.map((name) => promised(byName.get(name), `the binding of ${sourceKey(table, name)}`));
}

function predicates({ rules }: PlanDialect, keys: readonly IndexedBinding[], placeholder: Placeholder): string[] {
  return keys.map(({ binding, index }) => `${rules.quote(binding.column.name)} = ${placeholder(binding, index)}`);
}

/** `UPDATE` of a root or 1:1 extension row; null for tables with an ordinal and for key-only tables (design 08 §6.6). */
export function updateSql(
  dialect: PlanDialect,
  table: Table,
  bindings: readonly WriteColumnBinding[],
  placeholder: Placeholder = namedPlaceholder,
): string | null {
  const keyNames = new Set(table.key.columns.map(({ name }) => name));
  const values = bindings
    .map((binding, index) => ({ binding, index }))
    .filter(({ binding }) => !keyNames.has(binding.column.name));
  if (table.key.columns.some(({ kind }) => kind === 'Ordinal') || values.length === 0) return null;
  const keys = keyBindings(table, bindings, [...keyNames]);
  return statement(
    `UPDATE ${tableName(dialect.rules, table.table)}`,
    'SET',
    ...itemLines(
      values.map(({ binding, index }) => `${dialect.rules.quote(binding.column.name)} = ${placeholder(binding, index)}`),
    ),
    ...whereLines(predicates(dialect, keys, placeholder)),
  );
}

/** `DELETE` of all rows of a scope under one parent; null for the root (design 08 §6.7). */
export function deleteByParentSql(
  dialect: PlanDialect,
  table: Table,
  bindings: readonly WriteColumnBinding[],
  placeholder: Placeholder = namedPlaceholder,
): string | null {
  if (table.jsonScope.canonical === '$') return null;
  const parents = table.key.columns.filter(({ kind }) => kind === 'ParentKeyPart').map(({ name }) => name);
  const keys = keyBindings(table, bindings, parents);
  return statement(
    `DELETE FROM ${tableName(dialect.rules, table.table)}`,
    ...whereLines(predicates(dialect, keys, placeholder)),
  );
}
