import type { Stats } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { DmsError, fail } from '@dms/diagnostics';
import { readInputSync, statsAt } from '@dms/files';
import type { Setting } from './connection-forms.ts';
import { addOptions } from './url-form.ts';

/*
 * Reads the settings that a connection text lacks where every client of libpq reads them (PostgreSQL's documentation,
 * "Environment Variables", "The Password File", "The Connection Service File"; design 09 §1.2.1).
 */

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of libpq for settings that are read here. */
const variables: readonly (readonly [Setting, string])[] = [
  ['host', 'PGHOST'],
  ['port', 'PGPORT'],
  ['database', 'PGDATABASE'],
  ['user', 'PGUSER'],
  ['password', 'PGPASSWORD'],
  ['passwordFile', 'PGPASSFILE'],
  ['sslMode', 'PGSSLMODE'],
  ['sslRootCertificate', 'PGSSLROOTCERT'],
  ['connectTimeout', 'PGCONNECT_TIMEOUT'],
  ['applicationName', 'PGAPPNAME'],
];

/** The name of the user of this process; null where the system has none, as in a container with a user of its own. */
export function systemUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** Values of libpq that have no effect here: this client cannot fall back, and its own default is stricter. */
const demandsNothing: Readonly<Partial<Record<Setting, RegExp>>> = {
  sslMode: /^(?:allow|prefer)$/,
  // no limit, in libpq
  connectTimeout: /^(?:0|-\d+)$/,
};

/** The place of each value that the text lacks: `PGHOST`. */
export type Places = ReadonlyMap<Setting, string>;

/** Adds the settings that a text lacks; returns the places that had them. */
export function addFromPlaces(values: Map<Setting, string>, environment: Environment): Places {
  const places = new Map<Setting, string>();
  const given = new Set(values.keys());
  const service = values.get('service') || environment.PGSERVICE;
  if (service) {
    const file = addService(values, service, environment);
    for (const setting of values.keys()) if (!given.has(setting)) places.set(setting, `service ${service} in ${file}`);
  }
  for (const [setting, name] of variables) {
    const value = environment[name];
    const isNamed = values.get(setting) || (setting === 'host' && values.get('hostAddress'));
    if (!value || isNamed || demandsNothing[setting]?.test(value)) continue;
    values.set(setting, value);
    places.set(setting, name);
  }
  for (const [setting, without] of Object.entries(demandsNothing) as [Setting, RegExp][])
    if (places.has(setting) && without.test(values.get(setting) ?? '')) values.delete(setting);
  if (!values.get('sslRootCertificate') && /^verify-?(?:ca|full)$/i.test(values.get('sslMode') ?? '')) {
    const own = ownFile(environment, 'certificates');
    if (own !== null) {
      values.set('sslRootCertificate', own);
      places.set('sslRootCertificate', own);
    }
  }
  if (!values.get('passwordFile')) {
    const own = ownFile(environment, 'passwords');
    if (own !== null) values.set('passwordFile', own);
  }
  return places;
}

/** Adds the settings of a service; returns the file that has it. */
function addService(values: Map<Setting, string>, service: string, environment: Environment): string {
  const files = serviceFiles(environment);
  for (const file of files) {
    const pairs = serviceIn(file, service);
    if (pairs === undefined) continue;
    const read = new Map<Setting, string>();
    addOptions(read, pairs, 'pgsql');
    for (const [setting, value] of read) if (!values.get(setting)) values.set(setting, value);
    return file;
  }
  const where = files.length === 0 ? 'There is no service file' : `It is not in ${files.join(' or ')}`;
  const text = `The service of the connection is not known. ${where}; add it to ${usualServices()}, or name the file with PGSERVICEFILE.`;
  return fail('DB_OPTION_VALUE', text, {}, { key: 'service' });
}

/** The service file of the user, as people write its path. */
const usualServices = (): string =>
  process.platform === 'win32' ? '%APPDATA%\\postgresql\\.pg_service.conf' : '~/.pg_service.conf';

function serviceFiles(environment: Environment): readonly string[] {
  const { PGSERVICEFILE, PGSYSCONFDIR } = environment;
  const own = PGSERVICEFILE ? PGSERVICEFILE : ownFile(environment, 'services');
  const shared = PGSYSCONFDIR ? [path.join(PGSYSCONFDIR, 'pg_service.conf')] : [];
  return [...(own === null ? [] : [own]), ...shared].filter((file) => statsOf(file) !== undefined);
}

/** The folder with the settings of libpq and the names that they have there. */
interface OwnFolder {
  readonly folder: string;
  readonly passwords: string;
  readonly services: string;
  readonly certificates: string;
}

/** A file of the user's own; null where there is none. */
function ownFile(environment: Environment, name: Exclude<keyof OwnFolder, 'folder'>): string | null {
  const own = ownFolder(environment);
  const file = own && path.join(own.folder, own[name]);
  return file !== null && statsOf(file) !== undefined ? file : null;
}

function ownFolder(environment: Environment): OwnFolder | null {
  if (process.platform === 'win32') {
    const { APPDATA } = environment;
    if (!APPDATA) return null;
    const folder = path.join(APPDATA, 'postgresql');
    return { folder, passwords: 'pgpass.conf', services: '.pg_service.conf', certificates: 'root.crt' };
  }
  const folder = homeOf(environment);
  if (folder === null) return null;
  return { folder, passwords: '.pgpass', services: '.pg_service.conf', certificates: '.postgresql/root.crt' };
}

function homeOf({ HOME }: Environment): string | null {
  if (HOME) return HOME;
  try {
    return homedir();
  } catch {
    return null;
  }
}

/** The state of a file; undefined if it does not exist, or may not be looked at, as in another home. */
function statsOf(file: string): Stats | undefined {
  try {
    return statsAt(file);
  } catch (error) {
    if (error instanceof DmsError) return undefined;
    throw error;
  }
}

/** The settings of a service in a file; undefined where the file has no such service. */
function serviceIn(file: string, service: string): readonly (readonly [string, string])[] | undefined {
  let found: (readonly [string, string])[] | undefined;
  for (const line of linesOf(file).map((each) => each.trim())) {
    const section = /^\[(.*)\]/.exec(line)?.[1];
    if (section !== undefined) {
      if (found !== undefined) return found;
      if (section === service) found = [];
      continue;
    }
    const [, key, value = ''] = /^([^#=][^=]*?)\s*=\s*(.*)$/.exec(line) ?? [];
    if (found !== undefined && key !== undefined) found.push([key, value]);
  }
  return found;
}

const linesOf = (file: string): readonly string[] => readInputSync(file).toString('utf8').split(/\r?\n/);

/** Whether others can read a file, so that libpq does not use it as a password file. */
export const isReadByOthers = (file: string): boolean =>
  process.platform !== 'win32' && ((statsOf(file)?.mode ?? 0) & 0o077) !== 0;

/** The server, database and user that a password is for. */
interface PasswordKey {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** The folders of sockets that a password file calls `localhost`. */
const defaultSockets: ReadonlySet<string> = new Set(['/var/run/postgresql', '/tmp']);

/** The password that a file of libpq has for a server; null where it has none, or others can read it. */
export function passwordInFile(file: string, { host, port, database, user }: PasswordKey): string | null {
  if (!statsOf(file)?.isFile() || isReadByOthers(file)) return null;
  const hosts = defaultSockets.has(host) ? [host, 'localhost'] : [host];
  const matches = (field: string | undefined, wanted: readonly string[]) =>
    field === '*' || (field !== undefined && wanted.includes(field));
  for (const line of passwordLines(file)) {
    if (line.startsWith('#') || line === '') continue;
    // a password ends at the next colon, as in libpq
    const [hostField, portField, databaseField, userField, password] = fieldsOf(line);
    if (
      password !== undefined &&
      matches(hostField, hosts) &&
      matches(portField, [String(port)]) &&
      matches(databaseField, [database]) &&
      matches(userField, [user])
    )
      return password;
  }
  return null;
}

/** The lines of a password file; none where this user may not read it. */
function passwordLines(file: string): readonly string[] {
  try {
    return linesOf(file);
  } catch (error) {
    if (error instanceof DmsError) return [];
    throw error;
  }
}

/** The fields of a line, in which colons and backslashes are escaped by a backslash. */
const fieldsOf = (line: string): readonly string[] =>
  [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(([, field = '']) => field.replaceAll(/\\(.)/g, '$1'));
