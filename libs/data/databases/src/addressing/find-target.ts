import { statSync } from 'node:fs';
import path from 'node:path';
import { type Diagnostic, DmsError, diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { readInputSync, statsAt } from '@dms/files';
import { dialects, type SqlDialect } from '@dms/sql';
import { decodeUtf8 } from '@dms/values';
import { connectionForms } from './connection-forms.ts';
import { isConnectionText, type ParsedTarget, parseTarget, shownDialect } from './parse-target.ts';
import { mayHoldPassword } from './possible-password.ts';
import type { Target } from './target.ts';

/**
 * The members that say where a connection is. Each is checked: people also write the connection into `env` by mistake.
 */
const places = ['env', 'file', 'target'];

/**
 * The target of a task (design 09 §1.1). From the environment only the variable that a source names and the places of
 * libpq are read. Throws `DB_ENV_MISSING`, `DB_NO_TARGET`, `DB_TARGET_EPHEMERAL`, `DB_SECRET_IN_PROJECT_FILE`,
 * `INPUT_FILE_NOT_FOUND`, `INPUT_FILE_UNREADABLE`, `INPUT_UNICODE_INVALID` and the codes of `parseTarget`.
 */
export function findTarget(search: TargetSearch): ParsedTarget {
  const found = firstSource(search);
  const { target } = found;
  const folder = target.kind === 'embedded' ? target.folder : null;
  const resolved: ParsedTarget =
    folder === null
      ? found
      : { ...found, target: { kind: 'embedded', dialect: 'pgsql', folder: path.resolve(search.folder, folder) } };
  if (search.purpose === 'verify' || outlivesTask(target)) return resolved;
  if (target.kind === 'static') {
    const message = `The connection static: names no server. Use ${connectionForms({ dialect: 'mssql', lasting: true })}.`;
    return fail('DB_NO_TARGET', message, {}, { dialect: search.dialect });
  }
  const wrong =
    search.purpose === 'provision'
      ? 'The database would vanish with this process'
      : 'The database would begin with this process, and be empty';
  const message = `${wrong}. Name one that lasts: ${connectionForms({ dialect: search.dialect, lasting: true })}.`;
  return fail('DB_TARGET_EPHEMERAL', message, {}, { dialect: search.dialect });
}

type Warned = ParsedTarget;

/** The default targets of verification: they need no installation, and leave nothing behind. */
const defaults: Readonly<Record<SqlDialect, Target>> = {
  pgsql: { kind: 'embedded', dialect: 'pgsql', folder: null },
  mssql: { kind: 'static', dialect: 'mssql' },
};

function firstSource(search: TargetSearch): Warned {
  const { connection, connectionEnv, connectionFile, project } = search.sources;
  const names = namesOf(search);
  if (connection !== undefined) return fromCommandLine(connection, search);
  if (connectionEnv !== undefined) return fromEnvironment(connectionEnv, names.connectionEnv, search);
  if (connectionFile !== undefined)
    return fromFile(connectionFile, [names.connectionFile, names.connectionEnv], search);
  const place = projectPlace(search);
  if (project?.env !== undefined) return fromEnvironment(project.env, place.member('env'), search);
  if (project?.file !== undefined) return fromFile(project.file, [place.member('file'), place.member('env')], search);
  if (project?.target !== undefined) return fromProjectFile(project.target, place, search);
  if (search.purpose === 'verify')
    return { target: defaults[search.dialect], warnings: [], hasPassword: false, places: [] };
  throw new DmsError([missingTarget(search)]);
}

const namesOf = ({ sources }: Pick<TargetSearch, 'sources'>): SourceNames => sources.names ?? sourceNames.database;

function fromCommandLine(text: string, search: TargetSearch): Warned {
  const { connection, connectionEnv, connectionFile } = namesOf(search);
  const parsed = parsedFor(text, connection, search);
  if (!parsed.hasPassword) return parsed;
  const message = `A password on the command line can be seen in process lists. Use ${connectionEnv} or ${connectionFile} instead.`;
  const warning: Diagnostic = diagnostic('DB_SECRET_ON_COMMAND_LINE', message);
  return { ...parsed, warnings: [warning, ...parsed.warnings] };
}

/** Reads a text of the search; a message about it names its origin, and lists the forms that the task can use. */
const parsedFor = (text: string, origin: string, { dialect, purpose, environment }: TargetSearch): Warned =>
  parseTarget(text, dialect, { origin, lasting: purpose !== 'verify', environment });

function fromEnvironment(name: string, option: string, search: TargetSearch): Warned {
  refuseConnection(name, option, ['the name of an environment variable', 'variable']);
  const { environment } = search;
  // `constructor` is a member of every object, but not a variable
  const text = Object.hasOwn(environment, name) ? environment[name] : undefined;
  if (text === undefined || text.trim() === '') {
    const wrong = text === undefined ? 'is not set' : 'is set, but empty';
    const message = `The environment variable ${name} ${wrong}. Set it to the connection text, or name another one.`;
    return fail('DB_ENV_MISSING', message, {}, { variable: name });
  }
  return parsedFor(text, `the environment variable ${name}`, search);
}

/** Refuses a connection in the place of a name, without showing it: it may hold a password. */
function refuseConnection(given: string, option: string, [belongs, holder]: readonly [string, string]): void {
  if (!isConnectionText(given)) return;
  const text = `${option} takes ${belongs}, but got a connection. Put the connection into the ${holder}, and name that.`;
  fail('DB_TARGET_SYNTAX', text, {}, { option });
}

const readableByOthers = 0o044;

function fromFile(
  file: string,
  [option, variableOption]: readonly [option: string, variableOption: string],
  search: TargetSearch,
): Warned {
  refuseConnection(file, option, ['the path of a file', 'file']);
  const filePath = path.resolve(search.folder, file);
  const readConnection = () => {
    try {
      return readInputSync(filePath, file);
    } catch (error) {
      const found = statsAt(filePath);
      if (found === undefined || found.isFile() || found.isDirectory()) throw error;
      const text = `${option} reads only regular files, but ${file} is not one: <(…) of a shell is a pipe. Put the connection text into an environment variable, and name that with ${variableOption}.`;
      return fail('INPUT_FILE_UNREADABLE', text, { file }, { option });
    }
  };
  const parsed = parsedFor(decodeUtf8(readConnection(), file), `the file ${file}`, search);
  if (process.platform === 'win32' || (statSync(filePath).mode & readableByOthers) === 0) return parsed;
  const message = 'The connection file can be read by others. Restrict it to its owner (chmod 600).';
  return { ...parsed, warnings: [diagnostic('DB_SECRET_FILE_MODE', message, { file }), ...parsed.warnings] };
}

/** The place of the sources in a project file. */
interface ProjectPlace {
  readonly file: string;
  readonly pointer: string;
  readonly member: (name: string) => string;
}

function projectPlace({ dialect, projectFile: file = 'dms.json', projectPath }: TargetSearch): ProjectPlace {
  const pointer = projectPath ?? `/databases/${dialect}`;
  return { file, pointer, member: (name) => memberName(`${pointer}/${name}`) };
}

/** A member of a project file, as messages name it. */
const memberName = (pointer: string) => pointer.slice(1).replaceAll('/', '.');

function fromProjectFile(target: string, { member, file, pointer }: ProjectPlace, search: TargetSearch): Warned {
  failIfAny(secretsInFile({ target }, file, pointer));
  return parsedFor(target, `${member('target')} of ${file}`, search);
}

const outlivesTask = (target: Target) =>
  target.kind === 'server' || (target.kind === 'embedded' && target.folder !== null);

/**
 * Finds every password in a value of a project file (design 09 §1.1), at any depth: `DB_SECRET_IN_PROJECT_FILE`, with
 * the JSON pointer of the text. Such a file is usually committed.
 *
 * @param pointer JSON pointer of the value, as in `/databases`
 */
export function secretsInFile(value: unknown, file: string, pointer: string): Diagnostic[] {
  const secretIn = (text: string, path: string) => diagnostic('DB_SECRET_IN_PROJECT_FILE', text, { file, path });
  const inText = (text: string, path: string, isPlace: boolean): Diagnostic[] => {
    if (!(isPlace ? holdsPassword(text) : mayHoldPassword(text))) return [];
    const advice = isPlace
      ? `Put the connection into an environment variable and name it in ${memberName(path.replace(/[^/]*$/, 'env'))}.`
      : 'Remove it.';
    return [secretIn(`${memberName(path)} holds a password. ${advice}`, path)];
  };
  if (typeof value === 'string') return inText(value, pointer, false);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (mayHoldPassword(name)) {
      const place = pointer === '' ? 'The file' : memberName(pointer);
      return [secretIn(`${place} has a member whose name holds a password. Remove it.`, pointer)];
    }
    const path = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return typeof inner === 'string' ? inText(inner, path, places.includes(name)) : secretsInFile(inner, file, path);
  });
}

/** Whether a connection text holds a password. If no dialect can read the text, a possible password counts. */
function holdsPassword(text: string): boolean {
  const read = dialects.flatMap((dialect) => {
    try {
      return [parseTarget(text, dialect).target];
    } catch (error) {
      if (!(error instanceof DmsError)) throw error;
      return [];
    }
  });
  if (read.length === 0) return mayHoldPassword(text);
  return read.some((target) => target.kind === 'server' && target.password !== null);
}

/** Options that say where a connection text is, as messages name them. */
interface SourceNames {
  readonly connection: string;
  readonly connectionEnv: string;
  readonly connectionFile: string;
}

/** The options of a task's own database, and those of an ODS that it reads. */
export const sourceNames = {
  database: {
    connection: '--connection',
    connectionEnv: '--connection-env',
    connectionFile: '--connection-file',
  },
  ods: { connection: '--from-ods', connectionEnv: '--from-ods-env', connectionFile: '--from-ods-file' },
  otherDatabase: {
    connection: '--from-database',
    connectionEnv: '--from-database-env',
    connectionFile: '--from-database-file',
  },
} as const satisfies Readonly<Record<string, SourceNames>>;

/** The sources of the target of a task; the first one that is present counts (design 09 §1.1). */
export interface TargetSources {
  /** The options that the sources come from, if they are not those of the task's own database. */
  readonly names?: SourceNames | undefined;
  /** The text itself, from a command line. */
  readonly connection?: string | undefined;
  /** Name of an environment variable that holds the text. */
  readonly connectionEnv?: string | undefined;
  /** Path of a file that holds the text. */
  readonly connectionFile?: string | undefined;
  /** `databases.<dialect>` of `dms.json`. */
  readonly project?:
    | { readonly env?: string | undefined; readonly file?: string | undefined; readonly target?: string | undefined }
    | undefined;
}

export interface TargetSearch {
  readonly dialect: SqlDialect;
  readonly sources: TargetSources;
  /** Provisioning needs a database that outlives the task. */
  readonly purpose: 'provision' | 'check' | 'verify';
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How messages name the file that `sources.project` was read from. */
  readonly projectFile?: string | undefined;
  /** JSON pointer of `sources.project` in that file; `/databases/<dialect>` unless given. */
  readonly projectPath?: string | undefined;
  /** Folder that paths are relative to. */
  readonly folder: string;
}

type WrittenSources = Pick<TargetSearch, 'sources' | 'environment' | 'folder'>;

/** The connection text of a task; empty if it is read later. Throws `INPUT_*` for a file that cannot be read. */
function writtenText({
  sources: { connection, connectionEnv, connectionFile, project },
  environment,
  folder,
}: WrittenSources): string {
  const ofVariable = (name: string) => (Object.hasOwn(environment, name) ? (environment[name] ?? '') : '');
  const ofFile = (file: string) => {
    const place = path.resolve(folder, file);
    // a pipe can be read once
    return statsAt(place)?.isFile() === false ? '' : decodeUtf8(readInputSync(place, file), file);
  };
  if (connection !== undefined) return connection;
  if (connectionEnv !== undefined) return ofVariable(connectionEnv);
  if (connectionFile !== undefined) return isConnectionText(connectionFile) ? '' : ofFile(connectionFile);
  if (project?.env !== undefined) return ofVariable(project.env);
  return project?.file === undefined ? (project?.target ?? '') : ofFile(project.file);
}

/**
 * The dialect that the connection text of a task shows ({@link shownDialect}). A text that cannot be read shows none;
 * {@link findTarget} says why.
 */
export function dialectOfSources(sources: WrittenSources): SqlDialect | undefined {
  try {
    return shownDialect(writtenText(sources));
  } catch (error) {
    if (error instanceof DmsError) return undefined;
    throw error;
  }
}

/**
 * Refuses a file with a connection text that cannot be read, for a run whose dialect the text would show: otherwise the
 * message would be about a missing dialect. Throws `INPUT_*`.
 */
export function expectReadableText(sources: WrittenSources): void {
  writtenText(sources);
}

/** `DB_NO_TARGET`: nothing names the database of a dialect, for a task; a command has a message of its own. */
export function missingTarget({
  dialect,
  projectFile = 'dms.json',
}: Pick<TargetSearch, 'dialect' | 'projectFile'>): Diagnostic {
  const message = `No database is named for ${dialect}. Name one under databases.${dialect} of ${projectFile}, or with --connectionEnv or --connectionFile.`;
  return diagnostic('DB_NO_TARGET', message, {}, { dialect });
}
