import type { ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { Expression } from './expression.ts';

/** Types of core columns; the dialects differ only in their names (design 06 §4.1). */
export type CoreType =
  | 'id'
  | 'small'
  | 'uuid'
  | 'instant'
  | 'date'
  | 'bool'
  | 'json'
  | 'hash32'
  | `text(${number})`
  /** ASCII text, with the same type in both dialects. */
  | `ascii(${number})`;

type NamedType = Exclude<CoreType, `${string}(${number})`>;

const typeNames: Readonly<Record<SqlDialect, Readonly<Record<NamedType, string>>>> = {
  pgsql: {
    id: 'bigint',
    small: 'smallint',
    uuid: 'uuid',
    instant: 'timestamp with time zone',
    date: 'date',
    bool: 'boolean',
    json: 'jsonb',
    hash32: 'bytea',
  },
  mssql: {
    id: 'bigint',
    small: 'smallint',
    uuid: 'uniqueidentifier',
    instant: 'datetime2(7)',
    date: 'date',
    bool: 'bit',
    json: 'nvarchar(max)',
    hash32: 'binary(32)',
  },
};

const textTypes: Readonly<Record<SqlDialect, string>> = { pgsql: 'varchar', mssql: 'nvarchar' };

export function coreTypeName(dialect: SqlDialect, type: CoreType): string {
  const open = type.indexOf('(');
  if (open === -1) return typeNames[dialect][type as NamedType];
  return (type.startsWith('ascii') ? 'varchar' : textTypes[dialect]) + type.slice(open);
}

/**
 * The scalar type of a text, which decides how values are compared (design 07 §8.2 rule 4); other types do not need it.
 */
export function coreScalarType(type: CoreType): ScalarType | null {
  const length = /^text\((\d+)\)$/.exec(type)?.[1];
  return length === undefined ? null : { kind: 'String', maxLength: Number(length), decimal: null };
}

export interface CoreColumn {
  readonly name: string;
  readonly type: CoreType;
  readonly nullable?: true;
  readonly identity?: true;
  readonly default?: 'nextVersion' | 'now' | 'zero';
  /** Whether SQL Server compares it by its bytes, independent of the collation of the database. */
  readonly isBinary?: true;
}

export interface CoreCheck {
  readonly name: string;
  readonly condition: Expression;
  /** Absent if both dialects have it. */
  readonly only?: SqlDialect;
}

export interface CoreUnique {
  readonly name: string;
  readonly columns: readonly string[];
  /** Inside CREATE TABLE; in SQL Server the table is clustered by it. */
  readonly isInline?: true;
}

export interface CoreForeignKey {
  readonly name: string;
  readonly column: string;
  readonly target: string;
  readonly onDelete: 'CASCADE' | 'NO ACTION';
}

export interface CoreIndex {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A table of schema `dms`, for both dialects (design 06 §4, 16 §2). */
export interface CoreTable {
  readonly name: string;
  readonly columns: readonly CoreColumn[];
  readonly primaryKey: readonly string[];
  readonly isPrimaryKeyNonclustered?: true;
  readonly checks?: readonly CoreCheck[];
  readonly uniques?: readonly CoreUnique[];
  /** Whether uniques are added before checks; by default checks come first. */
  readonly addsUniquesFirst?: true;
  readonly foreignKeys?: readonly CoreForeignKey[];
  readonly indexes?: readonly CoreIndex[];
}
