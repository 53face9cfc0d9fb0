/** What a connection text can say about a server, as texts; the values are checked where the target is built. */
export type Setting =
  | 'host'
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

/** The settings of one connection text, and the keys that mean nothing. */
export interface Settings {
  readonly values: ReadonlyMap<Setting, string>;
  readonly ignored: readonly string[];
}

/** Settings that only one dialect has. */
export const settingsOfOneDialect = {
  pgsql: new Set<Setting>(['sslMode', 'sslRootCertificate']),
  mssql: new Set<Setting>(['encrypt', 'trustServerCertificate', 'instance', 'integratedSecurity']),
} as const;
