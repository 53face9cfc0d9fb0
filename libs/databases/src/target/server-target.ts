import { fail, Secret } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { Setting, Settings } from './connection-forms.ts';
import type { MssqlServerTarget, PgsqlEncryption, PgsqlServerTarget, ServerTarget } from './target.ts';

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

function common(values: Values, text: Secret, host: string, port: string | undefined, dialect: SqlDialect) {
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
    ...common(values, text, host, port ?? values.get('port'), 'pgsql'),
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
    ...common(values, text, host, values.get('port') ?? port, 'mssql'),
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
export function serverTarget({ values }: Settings, text: Secret, dialect: SqlDialect): ServerTarget {
  if (values.has('integratedSecurity')) {
    fail('DB_AUTH_UNSUPPORTED', 'Integrated authentication is not supported. Give a user and a password.');
  }
  return serverTargets[dialect](values, text);
}
