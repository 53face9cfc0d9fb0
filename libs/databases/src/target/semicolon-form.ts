import type { SqlDialect } from '@dms/sql';
import { type IgnoredOption, otherDialect, type Setting, type Settings, settingsOfOneDialect } from './settings.ts';

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

/** The keys that are followed by a password. */
export const passwordKeys: readonly string[] = Object.keys(keys).filter((key) => keys[key] === 'password');

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
