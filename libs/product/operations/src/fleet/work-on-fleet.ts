import path from 'node:path';
import { type DatabaseOptions, findDatabase, type PersistentTarget } from '@dms/databases';
import { type Diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { readInput } from '@dms/files';
import type { SqlDialect } from '@dms/sql';
import type { Context, DatabaseWork, Input, Outcome } from '../declaring/operation.ts';
import { type DatabaseResultInFleet, preparedForFleet } from '../declaring/run-on-database.ts';
import type { Sources } from '../declaring/subject.ts';
import { parseMappingSet } from '../sources/mapping-set/mapping-set.ts';
import { workspaceOf, workspacePath } from '../sources/mapping-set/workspace-path.ts';
import { type Fleet, type FleetReference, parseFleet } from './check-fleet.ts';
import { type FleetDatabase, fleetDatabases, selectDatabases } from './fleet-databases.ts';
import { type DatabaseEnd, defaultConcurrency, type FleetRunOptions, runFleet } from './run-fleet.ts';
import { serversOf } from './servers.ts';

export interface FleetOptions
  extends Pick<FleetRunOptions<FleetDatabase>, 'concurrencyPerServer' | 'canary' | 'maxFailures'>,
    Pick<DatabaseOptions, 'environment' | 'signal'> {
  /** The maximum number of databases that are processed at the same time; four by default. */
  readonly concurrency?: number | undefined;
  /** A `fleet.json`, or a `dms.json` with `databases.fleet`. */
  readonly file: string;
  /** Names and labels (`year=2026`) of the selected databases; all databases without any. */
  readonly only?: readonly string[] | undefined;
  /** The dialect that the fleet must have, if one is expected. */
  readonly dialect?: SqlDialect | undefined;
  /** Called before each part of the work that all databases share. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** How the work on one database of a fleet ended. */
type EndInFleet<Kept = unknown> = DatabaseEnd<FleetDatabase, DatabaseResultInFleet<Kept>>;

/** Receives the events of each database. */
interface FleetObserver<Kept = unknown> {
  /** All selected databases, before the first one is opened. */
  onSelected?(databases: readonly FleetDatabase[]): void;
  onStart?(database: FleetDatabase): void;
  /** Called before each part of the work on a database. */
  onPart?(database: FleetDatabase, part: string): void;
  onEnd?(end: EndInFleet<Kept>): void;
}

interface WorkedOnFleet<Kept = unknown> {
  readonly dialect: SqlDialect;
  /** In the order of the fleet. */
  readonly ends: readonly EndInFleet<Kept>[];
}

/**
 * Works on every database of a fleet, or on the selected ones (design 18 §3). A failure ends the work on one database,
 * not the run. Throws the errors of the fleet itself, of its selection, and of the work that all databases share.
 */
export async function workOnFleet<Options, Kind extends keyof Sources, Prepared, Result extends Outcome, Kept>(
  work: DatabaseWork<Options, Kind, Prepared, Result, Kept>,
  input: Input<Options, Sources[Kind]>,
  options: FleetOptions,
  observer: FleetObserver<Kept> = {},
): Promise<WorkedOnFleet<Kept>> {
  const { file, only, environment, signal, onProgress, concurrency = defaultConcurrency } = options;
  const { fleet, folder } = await readFleet(file);
  const { dialect } = fleet;
  if (options.dialect !== undefined && options.dialect !== dialect) {
    const text = `${file} is a fleet of ${dialect}, and this run is for ${options.dialect}. Name the dialect in its member "dialect".`;
    fail('CONFIG_INVALID', text, { file }, { expected: options.dialect });
  }
  onProgress?.('list the databases');
  const databases = selectDatabases(await fleetDatabases(fleet, { environment, folder, signal }), only);
  failIfAny(work.checkDatabases?.(input.options, databases, fleet) ?? []);
  const workOn = await preparedForFleet(work, input, dialect, { signal, onProgress });
  observer.onSelected?.(databases);
  const { concurrencyPerServer, canary, maxFailures } = options;
  const contextOf = (database: FleetDatabase): Context => {
    const onProgress = (part: string) => observer.onPart?.(database, part);
    return {
      signal,
      onProgress,
      onCount: onProgress,
      onWaiting: (holder) => onProgress(`wait for ${holder}`),
      onStep: ({ text, short = text }) => onProgress(short),
    };
  };
  // servers are needed only for a limit per server
  const serverOf = concurrencyPerServer === undefined ? () => null : await serversOfDatabases(databases, work.purpose);
  const ends = await runFleet<FleetDatabase, DatabaseResultInFleet<Kept>>(
    databases,
    (database) => workOn(database.place, contextOf(database), database),
    {
      concurrency,
      concurrencyPerServer,
      canary,
      maxFailures,
      signal,
      serverOf,
      onStart: (database) => observer.onStart?.(database),
      onEnd: (end) => observer.onEnd?.(end),
    },
  );
  return { dialect, ends };
}

/** The server of each database; null if its target cannot be found, which the work on it then reports. */
async function serversOfDatabases(
  databases: readonly FleetDatabase[],
  purpose: 'provision' | 'check',
): Promise<(database: FleetDatabase) => string | null> {
  const targets = new Map<FleetDatabase, PersistentTarget>();
  for (const database of databases) {
    try {
      targets.set(database, findDatabase(database.place, purpose).target);
    } catch {
      // a target that cannot be found has no server
    }
  }
  const servers = await serversOf([...targets.values()]);
  return (database) => {
    const target = targets.get(database);
    return target === undefined ? null : (servers.get(target) ?? null);
  };
}

/** A fleet, and the folder that its paths are relative to. */
interface ReadFleet {
  readonly fleet: Fleet;
  /** An absolute path. */
  readonly folder: string;
}

/**
 * The fleet of a reference in a `dms.json`, read from its file if it names one (design 18 §1). Throws `CONFIG_INVALID`,
 * `CONFIG_MEMBER_UNKNOWN` and `INPUT_*`.
 */
export async function referencedFleet(reference: FleetReference, workspace: string): Promise<Fleet> {
  if (reference.kind === 'inline') return reference.fleet;
  const { fleet, diagnostics } = parseFleet(
    await readInput(path.join(workspace, reference.file), reference.file),
    reference.file,
  );
  return accepted(fleet, diagnostics);
}

/** Returns the fleet, or throws its diagnostics. */
function accepted(fleet: Fleet | null, diagnostics: readonly Diagnostic[]): Fleet {
  failIfAny(diagnostics);
  if (fleet === null) throw new Error('A fleet without diagnostics could not be read.');
  return fleet;
}

/**
 * Reads a fleet from a `fleet.json`, or from `databases.fleet` of a `dms.json`. Throws `CONFIG_INVALID`,
 * `CONFIG_MEMBER_UNKNOWN` and `INPUT_*`.
 */
export async function readFleet(file: string): Promise<ReadFleet> {
  const bytes = await readInput(file);
  const folder = workspaceOf(file);
  if (!isMappingSet(bytes)) {
    const { fleet, diagnostics } = parseFleet(bytes, file);
    return { fleet: accepted(fleet, diagnostics), folder };
  }
  const inWorkspace = workspacePath(folder, file);
  const { mappingSet, diagnostics } = parseMappingSet(bytes, inWorkspace);
  const found = diagnostics.filter(({ member }) => member === undefined || member === 'databases');
  failIfAny(found.map(({ diagnostic }) => ({ ...diagnostic, where: { ...diagnostic.where, file } })));
  if (mappingSet.fleet !== null) return { fleet: await referencedFleet(mappingSet.fleet, folder), folder };
  const text = '/databases/fleet is missing; expected a list of databases, or the name of a file with one.';
  return fail('CONFIG_INVALID', text, { file, path: '/databases/fleet' });
}

/** Whether a file is a `dms.json`: only that has `schemas`. */
function isMappingSet(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && 'schemas' in value;
  } catch {
    return false;
  }
}
