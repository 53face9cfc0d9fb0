import type { Conversion, Value } from '../matching/value.ts';

/** How a dialect prints the leaves of a value. */
export interface ValueNames {
  /** Quoted and qualified. */
  table(key: string): string;
  /** Quoted. */
  column(table: string, column: string): string;
  /** The literal TRUE. */
  readonly true: string;
  convert(conversion: Conversion, value: string): string;
}

/** Prints a value that is read from a row of `table` with the alias `alias`. */
export function valueText(value: Value, table: string, names: ValueNames, alias = 't'): string {
  const print = (inner: Value) => valueText(inner, table, names, alias);
  switch (value.kind) {
    case 'null':
      return 'NULL';
    case 'column':
      return `${alias}.${names.column(table, value.column)}`;
    case 'converted':
      return names.convert(value.conversion, print(value.value));
    case 'coalesce':
      return `COALESCE(${value.values.map(print).join(', ')})`;
    case 'presence':
      return `CASE WHEN ${print(value.of)} IS NOT NULL THEN ${names.true} END`;
    case 'gated':
      return `CASE WHEN ${print(value.gate)} IS NOT NULL THEN ${print(value.value)} END`;
    case 'lookup': {
      const inner = `${alias}_`;
      const found = valueText(value.value, value.table, names, inner);
      const key = `${inner}.${names.column(value.table, value.key)}`;
      return `(SELECT ${found} FROM ${names.table(value.table)} AS ${inner} WHERE ${key} = ${print(value.by)})`;
    }
  }
}
