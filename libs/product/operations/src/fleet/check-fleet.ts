import path from 'node:path';
import { secretsInFile } from '@dms/databases';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type * as z from 'zod/mini';
import { configDiagnostics, configValue, type DatabaseEntry } from '../sources/config-file.ts';
import { isInside, nxPath } from '../sources/mapping-set/workspace-path.ts';
import { fleetFileObject, fleetObject, innerFleetMembers } from './fleet-format.ts';

/** One database of a list, as written in the file. */
interface ListedDatabase {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly place: DatabaseEntry;
  /** The ODS that its documents come from, and the version after which they are read. */
  readonly ods?: { readonly place: DatabaseEntry; readonly since: string | undefined };
}

/** The list of the databases of a fleet. */
export type FleetList =
  | { readonly kind: 'listed'; readonly databases: readonly ListedDatabase[] }
  /** A pattern of environment variables; `ods` holds the patterns with the same labels for the ODSs. */
  | { readonly kind: 'variables'; readonly pattern: string; readonly ods: OdsPatterns | null }
  | {
      readonly kind: 'query';
      readonly sql: string;
      readonly catalog: DatabaseEntry;
      /** The server of the databases; by default that of the catalog. */
      readonly server: DatabaseEntry | null;
      /** The server of the ODSs; by default that of the databases. */
      readonly odsServer: DatabaseEntry | null;
    };

/** The patterns of variables for the ODSs of a fleet, and for the versions after which they are read. */
interface OdsPatterns {
  readonly pattern: string;
  readonly since: string | null;
}

/** A fleet as written in a file, before its databases are looked up. */
export interface Fleet {
  readonly dialect: SqlDialect;
  readonly list: FleetList;
  /** The file of the fleet, for messages. */
  readonly file: string;
  /** JSON pointer of the object with the list. */
  readonly pointer: string;
  /** JSON pointer of the list of databases, if it is in the file. */
  readonly listPointer: string;
}

/** The value of `databases.fleet` in a `dms.json`: a fleet, or the path of its file, relative to the workspace. */
export type FleetReference =
  | { readonly kind: 'inline'; readonly fleet: Fleet }
  | { readonly kind: 'file'; readonly file: string };

interface Checked<Value> {
  readonly fleet: Value | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks `databases.fleet` of a `dms.json` (design 18 §1); it never throws. `file` is relative to the workspace. Codes:
 * `CONFIG_INVALID`, `CONFIG_MEMBER_UNKNOWN`.
 */
export function checkFleetMember(value: unknown, file: string): Checked<FleetReference> {
  const pointer = '/databases/fleet';
  if (typeof value === 'string') return checkReference(value, { file, pointer });
  const written = Array.isArray(value) ? { databases: value } : value;
  if (typeof written !== 'object' || written === null) {
    const message = `${pointer} must be a list of databases, the name of a file with one, or an object; correct it.`;
    return { fleet: null, diagnostics: [diagnostic('CONFIG_INVALID', message, { file, path: pointer })] };
  }
  const { fleet, diagnostics } = checkObject(written, { file, pointer }, 'member');
  if (!Array.isArray(value)) return { fleet: fleet === null ? null : { kind: 'inline', fleet }, diagnostics };
  // the entries of a separate list have no member above them
  const bare: FleetReference | null =
    fleet === null ? null : { kind: 'inline', fleet: { ...fleet, listPointer: pointer } };
  return { fleet: bare, diagnostics: diagnostics.map((entry) => withoutMember(entry, pointer)) };
}

interface EntryPlace {
  readonly file: string;
  readonly pointer: string;
}

function checkReference(written: string, { file, pointer }: EntryPlace): Checked<FleetReference> {
  const place = nxPath(written, path.posix.dirname(file));
  if (written !== '' && !written.includes('\0') && isInside(place))
    return { fleet: { kind: 'file', file: place }, diagnostics: [] };
  const message = `${pointer} is ${JSON.stringify(written)}; expected a file inside the workspace.`;
  return { fleet: null, diagnostics: [diagnostic('CONFIG_INVALID', message, { file, path: pointer })] };
}

const format = { file: fleetFileObject, member: fleetObject };

function checkObject(value: unknown, place: EntryPlace, kind: keyof typeof format): Checked<Fleet> {
  const { file, pointer } = place;
  const result = format[kind].safeParse(value);
  const diagnostics = configDiagnostics(result.error?.issues ?? [], {
    file,
    pointer,
    title: 'A fleet',
    value,
    membersAt: (at) => innerFleetMembers.get(at.replace(/\/\d+/, '/*')) ?? [],
  });
  if (!result.success) return { fleet: null, diagnostics };
  const list = readList(result.data);
  const fleet = { dialect: result.data.dialect ?? 'pgsql', list, ...place, listPointer: `${pointer}/databases` };
  return { fleet, diagnostics: sharedNames(list, place) };
}

type FleetValue = z.infer<typeof fleetObject>;

function readList({ databases, env, ods: variables, query }: FleetValue): FleetList {
  if (env !== undefined) {
    const ods = variables === undefined ? null : { pattern: variables.env, since: variables.sinceEnv ?? null };
    return { kind: 'variables', pattern: env, ods };
  }
  if (query !== undefined) {
    const [server, odsServer] = [query.server, query.odsServer].map((entry) =>
      entry === undefined ? null : withoutUndefined(entry),
    );
    return {
      kind: 'query',
      sql: query.sql,
      catalog: withoutUndefined(query.catalog),
      server: server ?? null,
      odsServer: odsServer ?? null,
    };
  }
  const listed = (databases ?? []).map(({ name, labels = {}, ods, ...place }) => ({
    name,
    labels,
    place: withoutUndefined(place),
    ...(ods === undefined ? {} : { ods: { place: withoutUndefined(ods), since: ods.since } }),
  }));
  return { kind: 'listed', databases: listed };
}

const withoutUndefined = ({ env, file, target }: DatabaseEntry): DatabaseEntry => ({
  ...(env === undefined ? {} : { env }),
  ...(file === undefined ? {} : { file }),
  ...(target === undefined ? {} : { target }),
});

/** Reports databases with the same name: neither could be selected. */
function sharedNames(list: FleetList, { file, pointer }: EntryPlace): Diagnostic[] {
  if (list.kind !== 'listed') return [];
  const first = new Map<string, number>();
  return list.databases.flatMap(({ name }, index) => {
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, index);
      return [];
    }
    const nameAt = (each: number) => `${pointer}/databases/${each}/name`;
    const here = nameAt(index);
    const there = nameAt(other);
    const message = `${here} is ${JSON.stringify(name)}, which is also the name of ${there}; rename one of them.`;
    return [diagnostic('CONFIG_INVALID', message, { file, path: here }, { name, other: there })];
  });
}

function withoutMember({ message, where, ...rest }: Diagnostic, pointer: string): Diagnostic {
  const shorter = (text: string) => text.replaceAll(`${pointer}/databases`, pointer);
  return { ...rest, message: shorter(message), where: { ...where, path: shorter(where.path ?? '') } };
}

/**
 * Reads the bytes of a `fleet.json` (design 18 §1); it never throws. Codes: `CONFIG_INVALID`, `CONFIG_MEMBER_UNKNOWN`,
 * `DB_SECRET_IN_PROJECT_FILE`.
 */
export function parseFleet(bytes: Uint8Array, file: string): Checked<Fleet> {
  const read = configValue(bytes, file);
  if ('diagnostics' in read) return { fleet: null, diagnostics: read.diagnostics };
  // other messages could show a text with a password
  const secrets = secretsInFile(read.value, file, '');
  if (secrets.length > 0) return { fleet: null, diagnostics: secrets };
  return checkObject(read.value, { file, pointer: '' }, 'file');
}
