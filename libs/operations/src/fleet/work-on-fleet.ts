import { type DatabaseOptions, findDatabase, type PersistentTarget } from '@dms/databases';
import { fail, failIfAny } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { Context } from '../operation/context.ts';
import type { DatabaseWork, Input, Outcome } from '../operation/operation.ts';
import { type DatabaseResultInFleet, preparedForFleet } from '../operation/run-on-database.ts';
import type { Sources } from '../operation/subject.ts';
import { type FleetDatabase, fleetDatabases } from './fleet-databases.ts';
import { readFleet } from './read-fleet.ts';
import { type DatabaseEnd, defaultConcurrency, type FleetRunOptions, runFleet } from './run-fleet.ts';
import { selectDatabases } from './select-databases.ts';

export interface FleetOptions
  extends Pick<FleetRunOptions<FleetDatabase>, 'concurrencyPerServer' | 'canary' | 'maxFailures'>,
    Pick<DatabaseOptions, 'environment' | 'signal'> {
  /** How many databases are processed at the same time; four unless given. */
  readonly concurrency?: number | undefined;
  /** A `fleet.json`, or a `dms.json` with `databases.fleet`. */
  readonly file: string;
  /** Names and labels (`year=2026`) of the selected databases; all of them without any. */
  readonly only?: readonly string[] | undefined;
  /** The dialect of the fleet, where one is expected. */
  readonly dialect?: SqlDialect | undefined;
  /** Called before each part of the work that is the same for all databases. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** How the work on one database of a fleet ended. */
export type EndInFleet<Kept = unknown> = DatabaseEnd<FleetDatabase, DatabaseResultInFleet<Kept>>;

/** Receives what happens to each database. */
export interface FleetObserver<Kept = unknown> {
  /** All selected databases, before the first one is opened. */
  onSelected?(databases: readonly FleetDatabase[]): void;
  onStart?(database: FleetDatabase): void;
  /** Before each part of the work on a database. */
  onPart?(database: FleetDatabase, part: string): void;
  onEnd?(end: EndInFleet<Kept>): void;
}

/** What counts as one server: host and port, or the folder of an embedded database. */
function serverOf(target: PersistentTarget): string | null {
  if (target.kind === 'embedded') return target.folder;
  const instance = 'instance' in target && target.instance !== null ? `\\${target.instance}` : '';
  return `${target.host.toLowerCase()}${instance}:${target.port}`;
}

/** The server of a database; null where it cannot be found, which the work on it then reports. */
function serverOfDatabase({ place }: FleetDatabase, purpose: 'provision' | 'check'): string | null {
  try {
    return serverOf(findDatabase(place, purpose).target);
  } catch {
    return null;
  }
}

export interface WorkedOnFleet<Kept = unknown> {
  readonly dialect: SqlDialect;
  /** In the order of the fleet. */
  readonly ends: readonly EndInFleet<Kept>[];
}

/**
 * Works on every database of a fleet, or on the selected ones (design 18 §3). A failure ends the work on one database,
 * not the run. Throws what is wrong with the fleet itself, with its selection and with what all databases share.
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
  failIfAny(work.problems?.(input.options, databases, fleet) ?? []);
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
  const ends = await runFleet<FleetDatabase, DatabaseResultInFleet<Kept>>(
    databases,
    (database) => workOn(database.place, contextOf(database), database),
    {
      concurrency,
      concurrencyPerServer,
      canary,
      maxFailures,
      signal,
      serverOf: (database) => serverOfDatabase(database, work.purpose),
      onStart: (database) => observer.onStart?.(database),
      onEnd: (end) => observer.onEnd?.(end),
    },
  );
  return { dialect, ends };
}
