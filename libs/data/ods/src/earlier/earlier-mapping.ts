import {
  type OdsColumn,
  type OdsTableKind,
  type OdsTableName,
  type OdsType,
  tableLabel,
} from '../mapping/ods-mapping.ts';

/*
 * The places of the rows and columns of an earlier set's ODS tables in those of a later set (design 21 §2). Names are
 * those of tables and columns of the two mappings: nothing depends on a dialect or a generation.
 */

/** A value of a file of rules, as databases store it. */
export type EarlierLiteral =
  | { readonly kind: 'text' | 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly is: boolean }
  /** The id of a descriptor. */
  | { readonly kind: 'descriptor'; readonly discriminator: string; readonly uri: string };

export type EarlierExpression =
  | { readonly kind: 'column'; readonly alias: string; readonly column: string }
  /** The first value that is not null. */
  | { readonly kind: 'coalesce'; readonly of: readonly EarlierExpression[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'null' }
  /** The value of `of` if `present` is not null; else NULL. */
  | { readonly kind: 'where'; readonly present: EarlierExpression; readonly of: EarlierExpression }
  /** Maps later values to earlier ones; other values become NULL, or stay. */
  | {
      readonly kind: 'values';
      readonly of: EarlierExpression;
      readonly cases: readonly { readonly later: EarlierLiteral; readonly earlier: EarlierLiteral }[];
      readonly others: 'null' | 'stay';
    }
  /** The only descriptor of a type with a code value. */
  | { readonly kind: 'codeValue'; readonly of: EarlierExpression; readonly discriminator: string }
  /** Casts a value to another type; NULL if the type does not have the value. */
  | { readonly kind: 'cast'; readonly of: EarlierExpression; readonly from: 'text' | 'other'; readonly to: OdsType }
  /** The value of the first of several rows. */
  | {
      readonly kind: 'first';
      readonly table: OdsTableName;
      readonly on: readonly EarlierPair[];
      readonly column: string;
      readonly order: readonly string[];
      /** Whether rows without the value are skipped. */
      readonly isPresent: boolean;
    };

/** A column of a table, and the value that it must have. */
export interface EarlierPair {
  readonly column: string;
  readonly value: EarlierExpression;
  /** Whether both may be NULL; two NULLs are equal then. */
  readonly isNullable?: boolean | undefined;
}

export interface EarlierJoin {
  readonly kind: 'left' | 'inner';
  readonly table: OdsTableName;
  readonly alias: string;
  readonly on: readonly EarlierPair[];
}

export type EarlierCondition =
  | { readonly kind: 'present'; readonly of: readonly EarlierExpression[]; readonly rows: readonly EarlierExists[] }
  | { readonly kind: 'oneOf'; readonly value: EarlierExpression; readonly texts: readonly string[] }
  /** Condition: no row of the table with the same values comes before this one. */
  | {
      readonly kind: 'first';
      readonly table: OdsTableName;
      readonly on: readonly EarlierPair[];
      readonly order: readonly EarlierPair[];
      /** Columns of which the other row must have at least one value; if empty, each row counts. */
      readonly present: readonly string[];
    };

/** A row of a select with the same values as this one. */
export interface EarlierExists {
  readonly rows: EarlierRows;
  readonly on: readonly {
    readonly there: EarlierExpression;
    readonly here: EarlierExpression;
    readonly isNullable?: boolean | undefined;
  }[];
}

/** A select without its columns. */
export interface EarlierRows {
  readonly table: OdsTableName;
  readonly alias: string;
  readonly joins: readonly EarlierJoin[];
  readonly where: readonly EarlierCondition[];
}

/** The select for the rows of one resource, or of several resources. */
export interface EarlierArm extends EarlierRows {
  /** Expressions in the order of the columns of the table. */
  readonly columns: readonly EarlierExpression[];
}

/** A table of the earlier set. */
export interface EarlierTable extends OdsTableName {
  readonly pgsqlName: string;
  readonly kind: OdsTableKind;
  readonly key: readonly string[];
  readonly columns: readonly OdsColumn[];
  /** The view is empty without arms; several arms are a `UNION ALL`. */
  readonly arms: readonly EarlierArm[];
}

export const lossReasons = [
  'gone',
  'dropped',
  'apart',
  'first',
  'values',
  'date',
  'codeValue',
  'filled',
  'united',
  'union',
  'made',
  'implied',
  'namespace',
] as const;

export type LossReason = (typeof lossReasons)[number];

/** Data that views of the earlier set cannot give back (design 21 §4). */
export interface NotGivenBack {
  /** A place of the earlier set; for `namespace`, the earlier namespace. */
  readonly place: string;
  readonly reason: LossReason;
  readonly rule: string;
  /** For `union`: the places that share one of the later set. */
  readonly also?: readonly string[] | undefined;
  /** For `made`: the descriptors. */
  readonly values?: readonly string[] | undefined;
  /** For `codeValue`: the type that the later set lacks. */
  readonly descriptor?: string | undefined;
  /** The tables concerned, as `schema.Name`. */
  readonly tables: readonly string[];
}

export interface EarlierMapping {
  /** The fingerprints of both sets. */
  readonly before: string;
  readonly after: string;
  /** The hash of the translation rules. */
  readonly translation: string;
  /** The versions of the projects of the earlier set, by schema. */
  readonly versions: Readonly<Record<string, string>>;
  readonly tables: readonly EarlierTable[];
  readonly notGivenBack: readonly NotGivenBack[];
}

/** The tables of a select by alias. */
export type TablesByAlias = ReadonlyMap<string, EarlierRows['table']>;

export const scopeOf = ({ alias, table, joins }: EarlierRows, outer: TablesByAlias = new Map()): TablesByAlias =>
  new Map([...outer, [alias, table], ...joins.map((join) => [join.alias, join.table] as const)]);

/** `Ed-Fi:Student.$.sex dropped (drop Ed-Fi:Student.$.sex)`: the text of a loss. */
export function notGivenBackText({ place, reason, rule, also, values, descriptor }: NotGivenBack): string {
  const others = [
    ...(also === undefined ? [] : [`shared with ${also.join(', ')}`]),
    ...(values === undefined ? [] : [values.join(', ')]),
    ...(descriptor === undefined ? [] : [`no ${descriptor}`]),
  ];
  return [`${place}: ${reason}`, ...others, ...(rule === '' ? [] : [`by ${rule}`])].join('; ');
}

/** The losses of a table. */
export const notGivenBackOf = (
  { notGivenBack }: Pick<EarlierMapping, 'notGivenBack'>,
  table: OdsTableName,
): readonly NotGivenBack[] => notGivenBack.filter(({ tables }) => tables.includes(tableLabel(table)));
