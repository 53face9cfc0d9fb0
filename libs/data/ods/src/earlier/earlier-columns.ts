import { tableLabel } from '../mapping/ods-mapping.ts';
import { type EarlierExpression, type EarlierMapping, type Scope, scopeOf } from './earlier-mapping.ts';

/** The columns of the later set that an expression takes its value from, as `schema.Table.Column`. */
function sourcesOf(expression: EarlierExpression, scope: Scope): readonly string[] {
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

/** The columns of the earlier set by the column of the later one that has their values, both as `schema.Table.Column`. */
export function earlierColumns({ tables }: Pick<EarlierMapping, 'tables'>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const table of tables)
    for (const arm of table.arms) {
      const scope = scopeOf(arm);
      for (const [index, column] of table.columns.entries()) {
        const expression = arm.columns[index];
        const sources = expression === undefined ? [] : sourcesOf(expression, scope);
        for (const source of sources) {
          const own = found.get(source) ?? [];
          const name = `${tableLabel(table)}.${column.name}`;
          if (!own.includes(name)) own.push(name);
          found.set(source, own);
        }
      }
    }
  return found;
}
