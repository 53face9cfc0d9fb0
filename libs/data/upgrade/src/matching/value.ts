import { mustExist, type ScalarType } from '@dms/model';
import {
  type Dialect,
  formIn,
  join,
  type PlainSql,
  type QualifiedName,
  type SqlDialect,
  textOf,
  trusted,
} from '@dms/sql';

/**
 * Where the value of a column of the later set comes from, in terms of the earlier set: read in a row of one of its
 * tables, from stored columns (design 12 §3.3).
 */
export type Value =
  | { readonly kind: 'null' }
  | { readonly kind: 'column'; readonly column: string }
  /** The value in a type of another family, as documents write it. */
  | { readonly kind: 'converted'; readonly value: Value; readonly conversion: Conversion }
  /** A text that is compared by a collation; null means the collation of the database. */
  | { readonly kind: 'collated'; readonly value: Value; readonly collation: string | null }
  /** The first value that is not NULL. */
  | { readonly kind: 'coalesce'; readonly values: readonly Value[] }
  /** TRUE where the value is not NULL, else NULL: a presence flag. */
  | { readonly kind: 'presence'; readonly of: Value }
  /** The value, unless the gate is NULL. */
  | { readonly kind: 'gated'; readonly gate: Value; readonly value: Value }
  /**
   * The value in the row of another table whose column `key` is `by`; `by` is read in this row, `value` in that one.
   */
  | {
      readonly kind: 'lookup';
      /** `schema.name` in the earlier set. */
      readonly table: string;
      readonly key: string;
      readonly by: Value;
      readonly value: Value;
    };

/** A change to another kind that keeps every value; `formIn` has its expression. */
export interface Conversion {
  readonly from: ScalarType;
  readonly into: ScalarType['kind'];
}

/** The expression of a converted value. */
export const conversionText = (dialect: SqlDialect, { from, into }: Conversion, value: PlainSql): PlainSql =>
  trusted(mustExist(formIn(from.kind, into), `the form of ${from.kind} in ${into}`)[dialect](textOf(value), from));

export const converted = (value: Value, conversion: Conversion): Value =>
  value.kind === 'null' ? nothing : { kind: 'converted', value, conversion };

export const nothing: Value = { kind: 'null' };

export const columnValue = (column: string): Value => ({ kind: 'column', column });

/** The first value that is not NULL; values that are always NULL are left out. */
export function coalesced(values: readonly Value[]): Value {
  const distinct = new Map<string, Value>();
  for (const value of values) if (value.kind !== 'null') distinct.set(JSON.stringify(value), value);
  const [first, ...others] = distinct.values();
  if (first === undefined) return nothing;
  return others.length === 0 ? first : { kind: 'coalesce', values: [first, ...others] };
}

export const presenceOf = (of: Value): Value => (of.kind === 'null' ? nothing : { kind: 'presence', of });

export function gated(gate: Value | null, value: Value): Value {
  if (gate === null || value.kind === 'null') return value;
  return gate.kind === 'null' ? nothing : { kind: 'gated', gate, value };
}

export const lookup = (table: string, key: string, by: Value, value: Value): Value =>
  by.kind === 'null' || value.kind === 'null' ? nothing : { kind: 'lookup', table, key, by, value };

export const sameValue = (left: Value, right: Value): boolean => JSON.stringify(left) === JSON.stringify(right);

/** The columns of its own row that a value is made from. */
export function ownColumns(value: Value): readonly string[] {
  switch (value.kind) {
    case 'null':
      return [];
    case 'column':
      return [value.column];
    case 'converted':
    case 'collated':
      return ownColumns(value.value);
    case 'coalesce':
      return value.values.flatMap(ownColumns);
    case 'presence':
      return ownColumns(value.of);
    case 'gated':
      return [...ownColumns(value.gate), ...ownColumns(value.value)];
    case 'lookup':
      return ownColumns(value.by);
  }
}

/** The columns, with their tables, from which a value is copied unchanged. Their types must fit its type. */
export function sources(value: Value, table: string): readonly { readonly table: string; readonly column: string }[] {
  switch (value.kind) {
    case 'null':
    case 'presence':
    case 'converted':
      return [];
    case 'column':
      return [{ table, column: value.column }];
    case 'coalesce':
      return value.values.flatMap((each) => sources(each, table));
    case 'gated':
    case 'collated':
      return sources(value.value, table);
    case 'lookup':
      return sources(value.value, value.table);
  }
}

/** How a dialect prints the leaves of a value. */
export interface ValueNames {
  readonly rules: Dialect;
  table(key: string): QualifiedName;
  column(table: string, column: string): PlainSql;
  convert(conversion: Conversion, value: PlainSql): PlainSql;
}

/** Prints a value that is read from a row of `table` with the alias `alias`. */
export function valueText(value: Value, table: string, names: ValueNames, alias = 't'): PlainSql {
  const { sql, literal } = names.rules;
  const print = (inner: Value) => valueText(inner, table, names, alias);
  switch (value.kind) {
    case 'null':
      return sql`NULL`;
    case 'column':
      return sql`${trusted(alias)}.${names.column(table, value.column)}`;
    case 'converted':
      return names.convert(value.conversion, print(value.value));
    case 'collated':
      return sql`${print(value.value)} COLLATE ${trusted(value.collation ?? 'DATABASE_DEFAULT')}`;
    case 'coalesce':
      return sql`COALESCE(${join(value.values.map(print))})`;
    case 'presence':
      return sql`CASE WHEN ${print(value.of)} IS NOT NULL THEN ${literal(true)} END`;
    case 'gated':
      return sql`CASE WHEN ${print(value.gate)} IS NOT NULL THEN ${print(value.value)} END`;
    case 'lookup': {
      const inner = `${alias}_`;
      const found = valueText(value.value, value.table, names, inner);
      const key = sql`${trusted(inner)}.${names.column(value.table, value.key)}`;
      return sql`(SELECT ${found} FROM ${names.table(value.table)} AS ${trusted(inner)} WHERE ${key} = ${print(value.by)})`;
    }
  }
}
