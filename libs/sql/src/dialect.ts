/** The two dialects, in the order in which artifacts list them per run. */
export const dialects = ['pgsql', 'mssql'] as const;

export type SqlDialect = (typeof dialects)[number];

/** The product of each dialect, for people. */
export const productNames: Readonly<Record<SqlDialect, string>> = { pgsql: 'PostgreSQL', mssql: 'SQL Server' };

/** The kinds of logical column types. */
export const logicalKinds = ['String', 'Int32', 'Int64', 'Decimal', 'Boolean', 'Date', 'DateTime', 'Time'] as const;

/** The type of each kind in JSON. Numbers are text wherever they are stored, because a floating-point number would lose digits. */
export const jsonTypes: Readonly<Record<(typeof logicalKinds)[number], 'string' | 'number' | 'boolean'>> = {
  String: 'string',
  Int32: 'number',
  Int64: 'number',
  Decimal: 'number',
  Boolean: 'boolean',
  Date: 'string',
  DateTime: 'string',
  Time: 'string',
};

/** A logical column type, called scalar type in the relational model (design 02 §15). */
export interface LogicalType {
  readonly kind: (typeof logicalKinds)[number];
  readonly maxLength: number | null;
  readonly decimal: { readonly precision: number; readonly scale: number } | null;
}

/** What a value takes in a row. */
export interface StoredSize {
  /** The bytes that it takes in any case, inside the row. */
  readonly inRow: number;
  /** The most bytes that it takes, inside the row or outside. */
  readonly most: number;
  /** Whether it always takes the same. */
  readonly isFixed: boolean;
}

/** What an engine refuses, or refuses for some values only (design 02 §19). `null` where it has no such limit. */
export interface EngineLimits {
  readonly columnsPerTable: number;
  /** Columns of a primary key, a unique key or a foreign key. */
  readonly columnsPerKey: number;
  readonly key: {
    /** The most bytes of an entry of the index of a unique key; a table with longer ones is created, but refuses such rows. */
    readonly bytes: number;
    /** The bytes that the engine adds to the values of so many columns. */
    overhead(columns: number): number;
  };
  /** Foreign keys that refer to one table. */
  readonly referencesToTable: number | null;
  readonly row: {
    /** The most bytes of a row, with what the engine adds. */
    readonly bytes: number;
    /** The bytes that the engine adds to a row of so many columns. */
    overhead(columns: number): number;
    /** Whether a table whose fixed values alone take more is refused, instead of its rows. */
    readonly isRefusedAtCreation: boolean;
  };
  size(type: LogicalType): StoredSize;
}

/**
 * The differences between the dialects in identifiers, literals and types. A dialect is a value; all other code is shared and
 * takes it as an argument.
 */
export interface DialectRules {
  readonly name: SqlDialect;
  /** The longest identifier, in the unit of `identifierLength`. */
  readonly identifierLimit: number;
  identifierLength(identifier: string): number;
  /**
   * The prefix of `identifier` with at most `length` units. In PostgreSQL it keeps characters whole; SQL Server counts code
   * units.
   */
  identifierPrefix(identifier: string, length: number): string;
  /** The form that the engine compares: identifiers with the same result are the same name (design 03 §8.2). */
  comparedName(identifier: string): string;
  /** The schemas that every database of the engine has, in the spelling of the engine (design 03 §2.1). */
  readonly engineSchemas: readonly string[];
  /** Throws `SQL_NOT_QUOTABLE` for an invalid name and for a name over the limit (design 03 §7). */
  quote(identifier: string): string;
  /** Throws `SQL_NOT_QUOTABLE` for a text that would not arrive unchanged. */
  stringLiteral(text: string): string;
  booleanLiteral(value: boolean): string;
  binaryLiteral(bytes: Uint8Array): string;
  typeName(type: LogicalType): string;
  readonly limits: EngineLimits;
}
