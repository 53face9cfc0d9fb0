import { hash } from 'node:crypto';
import type { DialectRules } from './dialect.ts';
import { mssql } from './mssql.ts';

const hashDigits = 10;

/**
 * `identifier` if it fits the dialect, otherwise its beginning, `_` and the first ten hex digits of the SHA-256 of the
 * result of `hashInput`, by default the identifier (design 03 §6.2). Deterministic and idempotent; a result never
 * exceeds the limit.
 */
export function limitIdentifier(rules: DialectRules, identifier: string, hashInput = () => identifier): string {
  if (rules.identifierLength(identifier) <= rules.identifierLimit) return identifier;
  const suffix = `_${hash('sha256', hashInput(), 'hex').slice(0, hashDigits)}`;
  return rules.identifierPrefix(identifier, rules.identifierLimit - suffix.length) + suffix;
}

/** An object of a schema. */
export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/** `"schema"."name"` or `[schema].[name]`. */
export function qualifiedName(rules: DialectRules, name: QualifiedName): string {
  return `${rules.quote(name.schema)}.${rules.quote(name.name)}`;
}

/** Quoted columns joined by `, `. */
export function columnList(rules: DialectRules, columns: readonly string[]): string {
  return columns.map((column) => rules.quote(column)).join(', ');
}

/**
 * The call of SQL Server that reserves numbers of a sequence: the texts before and after the expression for their
 * count. The first number is then in the variable `@first`, a `sql_variant`.
 */
export const mssqlSequenceRange = (sequence: QualifiedName): readonly [before: string, after: string] => [
  `EXEC sys.sp_sequence_get_range @sequence_name = ${mssql.stringLiteral(qualifiedName(mssql, sequence))}, @range_size = `,
  ', @range_first_value = @first OUTPUT;',
];
