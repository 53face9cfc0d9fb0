import { type OdsColumn, tableLabel } from '../mapping/ods-mapping.ts';
import {
  type EarlierExpression,
  type EarlierMapping,
  type EarlierTable,
  scopeOf,
  type TablesByAlias,
} from './earlier-mapping.ts';

/** The later columns that have the values of an earlier column. */
interface EarlierColumnSources {
  readonly column: OdsColumn;
  /** `schema.Table.Column` of each later column. */
  readonly sources: readonly string[];
}

/** The earlier columns by the later column that has their values, both as `schema.Table.Column`. */
export function earlierColumns({ tables }: Pick<EarlierMapping, 'tables'>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const table of tables)
    for (const { column, sources } of columnSources(table))
      for (const source of sources)
        found.set(source, [...(found.get(source) ?? []), `${tableLabel(table)}.${column.name}`]);
  return found;
}

/** The later columns for each column of an earlier table, in the order of its columns. */
export const columnSources = ({ arms, columns }: EarlierTable): readonly EarlierColumnSources[] =>
  columns.map((column, index) => {
    const sources = arms.flatMap((arm) => {
      const expression = arm.columns[index];
      return expression === undefined ? [] : sourcesOf(expression, scopeOf(arm));
    });
    return { column, sources: [...new Set(sources)] };
  });

/** The columns of the later set that an expression takes its value from, as `schema.Table.Column`. */
function sourcesOf(expression: EarlierExpression, scope: TablesByAlias): readonly string[] {
  switch (expression.kind) {
    case 'column': {
      const table = scope.get(expression.alias);
      return table === undefined ? [] : [`${tableLabel(table)}.${expression.column}`];
    }
    case 'coalesce':
      return expression.of.flatMap((each) => sourcesOf(each, scope));
    case 'first':
      return [`${tableLabel(expression.table)}.${expression.column}`];
    case 'where':
    case 'values':
    case 'codeValue':
    case 'cast':
      return sourcesOf(expression.of, scope);
    case 'text':
    case 'null':
      return [];
  }
}
