import type { SqlDialect } from '@dms/sql';
import { type IgnoredOption, otherDialect, type Setting, type Settings } from './settings.ts';

/**
 * Options after the `?` of a URL, lower case. For `pgsql`, options that name the server override the parts before them, as in
 * libpq.
 */
const options: Readonly<Record<SqlDialect, Readonly<Record<string, Setting>>>> = {
  pgsql: {
    application_name: 'applicationName',
    connect_timeout: 'connectTimeout',
    dbname: 'database',
    host: 'host',
    password: 'password',
    port: 'port',
    sslmode: 'sslMode',
    sslrootcert: 'sslRootCertificate',
    user: 'user',
  },
  mssql: {
    application_name: 'applicationName',
    connect_timeout: 'connectTimeout',
    encrypt: 'encrypt',
    trustservercertificate: 'trustServerCertificate',
    instance: 'instance',
  },
};

const settingOf = (dialect: SqlDialect, name: string): Setting | undefined =>
  Object.hasOwn(options[dialect], name) ? options[dialect][name] : undefined;

/** Null for a text whose percent signs encode nothing. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/**
 * Reads `<scheme>://user:password@host:port/database?options`; user, password, host and database are percent-decoded (design 09
 * §1.2). Null where the text is not such a URL.
 */
export function readUrlForm(text: string, dialect: SqlDialect): Settings | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const parts: readonly (readonly [Setting, string])[] = [
    ['host', url.hostname.replace(/^\[(.*)\]$/, '$1')],
    ['port', url.port],
    ['database', url.pathname.replace(/^\//, '')],
    ['user', url.username],
    ['password', url.password],
  ];
  const values = new Map<Setting, string>();
  for (const [setting, encoded] of parts) {
    const value = decoded(encoded);
    if (value === null) return null;
    if (value !== '') values.set(setting, value);
  }
  const ignored: IgnoredOption[] = [];
  for (const [key, value] of url.searchParams) {
    const name = key.toLowerCase();
    const setting = settingOf(dialect, name);
    const other = otherDialect[dialect];
    if (setting === undefined) ignored.push({ key, knownTo: settingOf(other, name) === undefined ? null : other });
    else values.set(setting, value);
  }
  return { values, ignored };
}
