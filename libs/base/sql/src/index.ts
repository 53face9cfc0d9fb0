import type { DialectRules, SqlDialect } from './dialect.ts';
import { type QualifiedName, qualifiedName } from './identifier.ts';
import { mssql } from './mssql.ts';
import { pgsql } from './pgsql.ts';
/** The rules of each dialect. */
export const dialectRules: Readonly<Record<SqlDialect, DialectRules>> = { pgsql, mssql };
/** `"schema"."name"`, for texts of PostgreSQL only. */
export const pgsqlName = (name: QualifiedName): string => qualifiedName(pgsql, name);
/** `[schema].[name]`, for texts of SQL Server only. */
export const mssqlName = (name: QualifiedName): string => qualifiedName(mssql, name);
export {
  type DialectRules,
  dialects,
  inDialectOrder,
  productNames,
  type SqlDialect,
} from './dialect.ts';
export {
  constructorRows,
  type EngineLimit,
  type ExceededLimit,
  engineLimits,
  exceeded,
  exceededByEntry,
  exceededByKey,
  exceededByRow,
  exceededByType,
  exceededInKey,
  isRefused,
  type LimitName,
} from './engine-limits.ts';
export { columnList, limitIdentifier, mssqlSequenceRange, type QualifiedName, qualifiedName } from './identifier.ts';
export * from './isolation-level.ts';
export { collationNames, foldCollation, keyCollation } from './key-collations.ts';
export {
  declaredType,
  formIn,
  integerBits,
  isInteger,
  kindFormats,
  kindOfSchema,
  logicalKinds,
  narrowerInteger,
  ofKinds,
  textFormats,
  widerInteger,
} from './kind-relations.ts';
export {
  castText,
  integerLength,
  kindFacts,
  type LogicalKind,
  type LogicalType,
  trimmedZeros,
} from './logical-kinds.ts';
export { moduleBody } from './module-body.ts';
export { mssqlParameterLimit } from './mssql.ts';
export { dollarTag, dollarTagOf, pgsqlEncodingLine } from './pgsql.ts';
export {
  chained,
  ended,
  group,
  hanging,
  joined,
  type Lines,
  lineTexts,
  listed,
  type PlainLines,
  separated,
} from './text/lines.ts';
export {
  empty,
  givenScript,
  isEmpty,
  join,
  type PlainSql,
  type Sql,
  type SqlPieces,
  textOf,
  trusted,
  value,
  withoutParameters,
} from './text/sql.ts';
export * from './tokens/pgsql-called-names.ts';
export * from './tokens/sql-tokens.ts';
export * from './tokens/tsql-scripts.ts';
export { dialectOf } from './vocabulary/dialect-of.ts';
export { exactParts } from './vocabulary/mssql.ts';
export type { Dialect } from './vocabulary/vocabulary.ts';
export { canonicalSqlText, SqlWriter } from './writer.ts';
