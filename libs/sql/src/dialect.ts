/** The two dialects, in the order in which artifacts list them per run. */
export const dialects = ['pgsql', 'mssql'] as const;

export type SqlDialect = (typeof dialects)[number];

/** A logical column type: what the relational model calls a scalar type (design 02 §15). */
export interface LogicalType {
  readonly kind: 'String' | 'Int32' | 'Int64' | 'Decimal' | 'Boolean' | 'Date' | 'DateTime' | 'Time';
  readonly maxLength: number | null;
  readonly decimal: { readonly precision: number; readonly scale: number } | null;
}

/**
 * What differs between the dialects in identifiers, literals and types. A dialect is a value; everything else is shared and
 * takes it as an argument.
 */
export interface DialectRules {
  readonly name: SqlDialect;
  /** Longest identifier, in the unit that `identifierLength` counts. */
  readonly identifierLimit: number;
  identifierLength(identifier: string): number;
  /** The beginning of `identifier` of at most `length` units; PostgreSQL's cuts no character, SQL Server's counts code units. */
  identifierPrefix(identifier: string, length: number): string;
  /** What the engine compares: identifiers with one result are one name to it (design 03 §8.2). */
  comparedName(identifier: string): string;
  /** Schemas that every database of the engine has, in the engine's own spelling (design 03 §2.1). */
  readonly engineSchemas: readonly string[];
  /** Throws `SQL_NOT_QUOTABLE` for what no name can be, and for a name over the limit (design 03 §7). */
  quote(identifier: string): string;
  /** Throws `SQL_NOT_QUOTABLE` for a text that would not arrive as it is. */
  stringLiteral(text: string): string;
  booleanLiteral(value: boolean): string;
  binaryLiteral(bytes: Uint8Array): string;
  typeName(type: LogicalType): string;
}
