import type { ColumnKind, ReferentialAction, ScalarType } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import * as format from './pack-format.ts';

/** The words of the model and the numbers that a pack has for them, both ways. */
export interface Tokens<Token extends string> {
  code(token: Token): number;
  /** Undefined for a number that this version has no word for. */
  token(code: number): Token | undefined;
}

function tokens<const Token extends string>(codes: Readonly<Record<Token, number>>): Tokens<Token> {
  const byCode = new Map(Object.entries<number>(codes).map(([token, code]) => [code, token as Token]));
  return { code: (token) => codes[token], token: (code) => byCode.get(code) };
}

export const dialectTokens = tokens<SqlDialect>({ pgsql: format.sqlDialect.pgsql, mssql: format.sqlDialect.mssql });

/** Packs hold models whose rows are identified by their positions. */
export type PackColumnKind = Exclude<ColumnKind, 'CollectionKey' | 'MirroredContentVersion' | 'MirroredContentLastModifiedAt'>;

export const columnKindTokens = tokens<PackColumnKind>({
  Scalar: format.columnKind.scalar,
  DocumentFk: format.columnKind.documentFk,
  DescriptorFk: format.columnKind.descriptorFk,
  Ordinal: format.columnKind.ordinal,
  ParentKeyPart: format.columnKind.parentKeyPart,
});

export const scalarKindTokens = tokens<ScalarType['kind']>({
  Boolean: format.scalarKind.bool,
  Int32: format.scalarKind.int32,
  Int64: format.scalarKind.int64,
  String: format.scalarKind.string,
  Date: format.scalarKind.date,
  DateTime: format.scalarKind.datetime,
  Decimal: format.scalarKind.decimal,
  Time: format.scalarKind.time,
});

export const actionTokens = tokens<ReferentialAction>({
  NoAction: format.referentialAction.noAction,
  Cascade: format.referentialAction.cascade,
});
