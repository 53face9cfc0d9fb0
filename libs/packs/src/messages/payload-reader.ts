import type { MappingVersion } from '@dms/api-schema';
import type { DbTableName, QualifiedResourceName, ScalarType } from '@dms/model';
import { failInvariant, type PackPlace } from '../fail-pack.ts';
import type { PackRules } from '../pack-rules.ts';
import type * as format from '../wire/pack-format.ts';
import { scalarKindTokens, type Tokens } from '../wire/tokens.ts';
import type { PathReader } from './path-reader.ts';

/*
 * Each file of this folder has messages of a payload, both directions side by side (design 08 §12.3, §12.5 step 7):
 * `write` makes the message, `read` what it stands for. A missing part, or one that this version does not know, is
 * `PACK_INVARIANT`; whether the parts fit each other is checked elsewhere.
 */

/** The context of reading a payload. */
export interface PayloadReader {
  readonly version: MappingVersion;
  readonly rules: PackRules;
  readonly pathOf: PathReader;
}

export function tokenOf<Token extends string>(tokens: Tokens<Token>, code: number, at: PackPlace, what: string): Token {
  return tokens.token(code) ?? failInvariant(at, what, 'a known value', code);
}

/** A non-empty name: the default value of protobuf means an absent name. */
export function nameOf(name: string | undefined, at: PackPlace, what: string): string {
  return name ? name : failInvariant(at, what, 'a name', 'none');
}

/* Names, types and statements, which most messages have. */

export const resourceNameMessage = {
  write: ({ projectName, resourceName }: QualifiedResourceName): format.QualifiedResourceName => ({
    projectName,
    resourceName,
  }),
  read: (message: format.QualifiedResourceName | null, at: PackPlace, what: string): QualifiedResourceName => ({
    projectName: nameOf(message?.projectName, at, what),
    resourceName: nameOf(message?.resourceName, at, what),
  }),
} as const;

export const tableNameMessage = {
  write: ({ schema, name }: DbTableName): format.DbTableName => ({ schema, name }),
  read: (message: format.DbTableName | null, at: PackPlace, what: string): DbTableName => ({
    schema: nameOf(message?.schema, at, what),
    name: nameOf(message?.name, at, what),
  }),
} as const;

export const columnNameMessage = {
  write: (value: string): format.DbColumnName => ({ value }),
  read: (message: format.DbColumnName | null, at: PackPlace, what: string): string => nameOf(message?.value, at, what),
} as const;

export const optionalColumnName = {
  write: (name: string | null) => (name === null ? null : columnNameMessage.write(name)),
  read: (message: format.DbColumnName | null, at: PackPlace, what: string) =>
    message && columnNameMessage.read(message, at, what),
} as const;

export const columnNames = {
  write: (names: readonly string[]) => names.map((name) => columnNameMessage.write(name)),
  read: (messages: readonly format.DbColumnName[], at: PackPlace, what: string) =>
    messages.map((message) => columnNameMessage.read(message, at, what)),
} as const;

/** 0 means that a length or precision is not given. */
export const scalarTypeMessage = {
  write: ({ kind, maxLength, decimal }: ScalarType): format.RelationalScalarType => ({
    kind: scalarKindTokens.code(kind),
    stringMaxLength: maxLength ?? 0,
    decimalPrecision: decimal?.precision ?? 0,
    decimalScale: decimal?.scale ?? 0,
  }),
  read(message: format.RelationalScalarType, at: PackPlace): ScalarType {
    const kind = tokenOf(scalarKindTokens, message.kind, at, 'scalar_type.kind');
    const { stringMaxLength, decimalPrecision: precision, decimalScale: scale } = message;
    return {
      kind,
      maxLength: stringMaxLength === 0 ? null : stringMaxLength,
      decimal: precision === 0 ? null : { precision, scale },
    };
  },
} as const;

/** A statement that there must be. */
export const statementOf = (sql: string, at: PackPlace, what: string): string =>
  sql === '' ? failInvariant(at, what, 'a statement', 'none') : sql;

/** A statement that there may be; an empty text means none. */
export const optionalStatement = {
  write: (sql: string | null): string => sql ?? '',
  read: (sql: string): string | null => (sql === '' ? null : sql),
} as const;
