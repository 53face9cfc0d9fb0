import type { LogicalType, StoredSize } from './logical-kinds.ts';

/** The two dialects, in the order in which the artifacts of a run list them. */
export const dialects = ['pgsql', 'mssql'] as const;

export type SqlDialect = (typeof dialects)[number];

/** The chosen dialects, in the order in which artifacts list them. */
export const inDialectOrder = (chosen: readonly SqlDialect[]): readonly SqlDialect[] =>
  dialects.filter((dialect) => chosen.includes(dialect));

/** The product names of the dialects, for people. */
export const productNames: Readonly<Record<SqlDialect, string>> = { pgsql: 'PostgreSQL', mssql: 'SQL Server' };

/** Sizes of values, rows and keys, for the limits of rows and keys (design 02 §19). */
export interface StorageRules {
  size(type: LogicalType): StoredSize;
  /** The bytes that the engine adds to a row with this number of columns. */
  rowOverhead(columns: number): number;
  /** The bytes that the engine adds to the values of an index entry with this number of columns. */
  keyOverhead(columns: number): number;
  /** Whether the included columns of an index count as columns of its key. */
  readonly countsIncludedColumns: boolean;
}

/**
 * The differences between the dialects in identifiers, literals and types. A dialect is a value; all other code is
 * shared and takes it as an argument.
 */
export interface DialectRules {
  readonly name: SqlDialect;
  /** The maximum length of an identifier, in the unit of `identifierLength` (`engineLimits`). */
  readonly identifierLimit: number;
  identifierLength(identifier: string): number;
  /**
   * The prefix of `identifier` with at most `length` units. In PostgreSQL it keeps characters whole; SQL Server counts
   * code units.
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
  /**
   * The length of a text that its column enforces; null if the type has no length, or none that the engine can declare.
   */
  declaredLength(type: LogicalType): number | null;
  readonly storage: StorageRules;
  /**
   * A whole script in the form that is written to a file: it states the encoding of its letters, if the engine has a
   * statement for that (design 06 §2.5).
   */
  scriptText(script: string): string;
}
