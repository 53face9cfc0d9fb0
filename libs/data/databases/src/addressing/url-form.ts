import type { SqlDialect } from '@dms/sql';
import { type IgnoredOption, otherDialect, type Setting, type Settings } from './connection-forms.ts';

/** Other keywords of libpq ("Parameter Key Words"), which have no effect here. */
const withoutEffect: ReadonlySet<string> = new Set(
  'require_auth channel_binding client_encoding options fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout replication gssencmode requiressl sslnegotiation sslcompression sslcert sslkey sslkeylogfile sslpassword sslcertmode sslcrl sslcrldir sslsni requirepeer ssl_min_protocol_version ssl_max_protocol_version min_protocol_version max_protocol_version krbsrvname gsslib gssdelegation scram_client_key scram_server_key target_session_attrs load_balance_hosts oauth_issuer oauth_client_id'.split(
    ' ',
  ),
);

/** Adds options to the settings of a text; returns those without a meaning. */
export function addOptions(
  values: Map<Setting, string>,
  pairs: Iterable<readonly [string, string]>,
  dialect: SqlDialect,
): readonly IgnoredOption[] {
  const ignored: IgnoredOption[] = [];
  let isBehindPassword = false;
  for (const [key, value] of pairs) {
    const name = key.toLowerCase();
    const setting = settingOf(dialect, name);
    const other = otherDialect[dialect];
    if (setting !== undefined) values.set(setting, value);
    else if (settingOf(other, name) !== undefined) ignored.push({ key, knownTo: other });
    else ignored.push({ key: isBehindPassword && !withoutEffect.has(name) ? null : key, knownTo: null });
    if (setting !== undefined) isBehindPassword = setting === 'password';
  }
  return ignored;
}

/**
 * Options after the `?` of a URL, lower case. For `pgsql` they are also the keywords of libpq. Options that name the
 * server override the parts before them, as in libpq.
 */
const options: Readonly<Record<SqlDialect, Readonly<Record<string, Setting>>>> = {
  pgsql: {
    application_name: 'applicationName',
    connect_timeout: 'connectTimeout',
    dbname: 'database',
    host: 'host',
    hostaddr: 'hostAddress',
    passfile: 'passwordFile',
    password: 'password',
    port: 'port',
    service: 'service',
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

/** Why a URL cannot be read, and what to change, as sentences; without any part of it. */
interface Misread {
  readonly misread: string;
}

const misread = (text: string): Misread => ({ misread: text });

const bareCharacter = misread(
  'is not a URL that can be read. In its user, password and database these characters must be percent-encoded: # is %23, / is %2F, ? is %3F, @ is %40, : is %3A, % is %25.',
);
const noAuthority = misread('lacks the // behind the name of its form.');
const noPort = misread(
  'has something else than a number where a port belongs. If it is a password, write user:password@host; in it / is %2F, ? is %3F, # is %23 and @ is %40.',
);
const noHost = misread(
  'has a character in its host that no host has. Behind the host come :port, /database and ?options.',
);

/** The parts of a URL, as they are written. */
interface UrlParts {
  readonly user: string;
  readonly password: string;
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly query: readonly (readonly [string, string])[];
}

/** No name or address of a server has one of these. */
const strangeInHost = /[\s"'<>\\^`{|};@#?]/;

/**
 * Reads `<scheme>://user:password@host:port/database?options`, every part of which may be missing, as libpq does
 * ("Connection URIs"): user, password, host, database and options are percent-decoded, and a `+` is a `+` (design 09
 * §1.2). A bare `@` in the password counts as a part of it.
 */
export function readUrlForm(text: string, dialect: SqlDialect): Settings | Misread {
  const parts = splitUrl(text);
  if ('misread' in parts) return parts;
  const { query, ...named } = parts;
  const values = new Map<Setting, string>();
  try {
    for (const [setting, encoded] of Object.entries(named) as [Exclude<keyof UrlParts, 'query'>, string][])
      if (encoded !== '') values.set(setting, decodeURIComponent(encoded));
    const host = values.get('host') ?? '';
    if (!host.startsWith('/') && strangeInHost.test(host)) return noHost;
    const pairs = query.map(([key, value]) => [decodeURIComponent(key), decodeURIComponent(value)] as const);
    return { values, ignored: addOptions(values, pairs, dialect) };
  } catch (error) {
    // a percent sign that encodes nothing
    if (error instanceof URIError) return bareCharacter;
    throw error;
  }
}

/** The host, which may be an address of IPv6 in brackets, and the port behind it. */
const hostAndPort = /^(?:\[([^\]]*)\]|([^:]*))(?::(.*))?$/s;

function splitUrl(text: string): UrlParts | Misread {
  const rest = text.slice(text.indexOf(':') + 1);
  if (!rest.startsWith('//')) return noAuthority;
  const body = rest.slice(2);
  if (body.includes('#')) return bareCharacter;
  const authority = /^[^/?]*/.exec(body)?.[0] ?? '';
  const [path = '', ...queries] = body.slice(authority.length).split('?');
  // where the password has a bare slash or question mark, the rest of it is here
  if (path.includes('@')) return bareCharacter;
  const query = queries
    .join('?')
    .split('&')
    .filter((option) => option !== '')
    .map((option) => option.split('='));
  const hasDatabase = path.length > 1 || query.some(([key]) => key === 'dbname');
  if (query.some(({ length }) => length === 1) || (!hasDatabase && queries.some((each) => each.includes('@'))))
    return bareCharacter;
  const at = authority.lastIndexOf('@');
  const [user = '', ...password] = authority.slice(0, Math.max(at, 0)).split(':');
  const servers = authority.slice(at + 1);
  const parts = {
    user,
    password: password.join(':'),
    database: path.slice(1),
    query: query.map(([key = '', ...value]) => [key, value.join('=')] as const),
  };
  // several servers are refused where the target is built
  if (servers.includes(',')) return { ...parts, host: servers, port: '' };
  const found = hostAndPort.exec(servers);
  if (found === null) return noHost;
  const [, bracketed, plain = '', port = ''] = found;
  return /^\d*$/.test(port) ? { ...parts, host: bracketed ?? plain, port } : noPort;
}
