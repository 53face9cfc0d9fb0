/** The two dialects, in the order in which artifacts list them per run. */
export const dialects = ['pgsql', 'mssql'] as const;

export type SqlDialect = (typeof dialects)[number];

/** The product of each dialect, for people. */
export const productNames: Readonly<Record<SqlDialect, string>> = { pgsql: 'PostgreSQL', mssql: 'SQL Server' };

/** The kinds of logical column types. */
export const logicalKinds = ['String', 'Int32', 'Int64', 'Decimal', 'Boolean', 'Date', 'DateTime', 'Time'] as const;

/** A logical column type, called scalar type in the relational model (design 02 §15). */
export interface LogicalType {
  readonly kind: (typeof logicalKinds)[number];
  readonly maxLength: number | null;
  readonly decimal: { readonly precision: number; readonly scale: number } | null;
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
}
