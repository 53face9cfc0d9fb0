import type { SqlDialect } from '@dms/sql';

/** What a connection text can say about a server, as texts; the values are checked where the target is built. */
export type Setting =
  | 'host'
  | 'hostAddress'
  | 'port'
  | 'database'
  | 'user'
  | 'password'
  | 'connectTimeout'
  | 'applicationName'
  | 'sslMode'
  | 'sslRootCertificate'
  | 'encrypt'
  | 'trustServerCertificate'
  | 'instance'
  | 'integratedSecurity';

/** A key of a connection text without a meaning. */
export interface IgnoredOption {
  readonly key: string;
  /** The other dialect, if it has a meaning there. */
  readonly knownTo: SqlDialect | null;
}

/** The settings of one connection text, and the keys without a meaning. */
export interface Settings {
  readonly values: ReadonlyMap<Setting, string>;
  readonly ignored: readonly IgnoredOption[];
}

export const otherDialect: Readonly<Record<SqlDialect, SqlDialect>> = { pgsql: 'mssql', mssql: 'pgsql' };

/** Settings that only one dialect has. */
export const settingsOfOneDialect = {
  pgsql: new Set<Setting>(['sslMode', 'sslRootCertificate', 'hostAddress']),
  mssql: new Set<Setting>(['encrypt', 'trustServerCertificate', 'instance']),
} as const;
