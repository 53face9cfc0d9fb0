import { type Diagnostic, DmsError } from '@dms/diagnostics';

/** The default number of databases that are processed at the same time. */
export const defaultConcurrency = 4;

/** The result of the work on one database. */
export interface TaskResult {
  /** The outcome in a few words for the summary, such as `provisioned`. */
  readonly outcome: string;
  /** A further column of the table; may be empty. */
  readonly detail: string;
  /** The result for machines. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
  /** Why the database counts as failed although its work was completed. */
  readonly failures: readonly Diagnostic[];
}

/** How the work on one database ended. */
export type DatabaseEnd<Database, Result extends TaskResult = TaskResult> =
  | { readonly kind: 'done'; readonly database: Database; readonly seconds: number; readonly result: Result }
  | {
      readonly kind: 'failed';
      readonly database: Database;
      readonly seconds: number;
      readonly failures: readonly Diagnostic[];
    }
  | { readonly kind: 'notStarted'; readonly database: Database };

export interface FleetRunOptions<Database, Result extends TaskResult = TaskResult> {
  /** The server of a database; null if it is unknown, which counts as a separate server. */
  readonly serverOf: (database: Database) => string | null;
  /** The maximum number of databases that are processed at the same time. */
  readonly concurrency: number;
  /** The same limit per server; by default `concurrency`. */
  readonly concurrencyPerServer?: number | undefined;
  /** The number of databases to process first; the others follow only if all of these succeed. */
  readonly canary?: number | undefined;
  /** After this many failures no further database is started. */
  readonly maxFailures?: number | undefined;
  /** Once aborted, no further database is started. */
  readonly signal?: AbortSignal | undefined;
  readonly onStart?: ((database: Database) => void) | undefined;
  readonly onEnd?: ((end: DatabaseEnd<Database, Result>) => void) | undefined;
}

/**
 * Works on the databases of a fleet (design 18 §3): each independently, so that a failure affects that database only.
 * Returns the end of each, in their order, including databases that were not started. An exception that is not a
 * `DmsError` is a bug: it ends the run once the running databases are done.
 */
export async function runFleet<Database, Result extends TaskResult>(
  databases: readonly Database[],
  work: (database: Database) => Promise<Result>,
  options: FleetRunOptions<Database, Result>,
): Promise<readonly DatabaseEnd<Database, Result>[]> {
  const run: FleetRunState<Database, Result> = {
    work,
    options,
    ends: new Map(),
    busy: new Map(),
    failed: 0,
    bug: undefined,
  };
  const { canary = 0 } = options;
  await workOnAll(databases.slice(0, canary), run);
  const isCanaryWell = canary === 0 || run.failed === 0;
  if (isCanaryWell) await workOnAll(databases.slice(canary), run);
  if (run.bug !== undefined) throw run.bug;
  return databases.map((database) => run.ends.get(database) ?? { kind: 'notStarted', database });
}

/** Works on some databases, within the total limit and the limit per server. */
async function workOnAll<Database, Result extends TaskResult>(
  databases: readonly Database[],
  run: FleetRunState<Database, Result>,
): Promise<void> {
  const { options, busy } = run;
  const { serverOf, concurrency, concurrencyPerServer = concurrency } = options;
  const waiting = databases.map((database) => ({ database, server: serverOf(database) }));
  const running = new Set<Promise<void>>();
  const load = (server: string | null) => (server === null ? 0 : (busy.get(server) ?? 0));
  const count = (server: string | null, change: number) => {
    if (server !== null) busy.set(server, load(server) + change);
  };
  const startNext = (): boolean => {
    if (running.size >= concurrency || !mayStart(run)) return false;
    const index = waiting.findIndex(({ server }) => load(server) < concurrencyPerServer);
    const [next] = index < 0 ? [] : waiting.splice(index, 1);
    if (next === undefined) return false;
    count(next.server, 1);
    const task = workOn(next.database, run).finally(() => {
      count(next.server, -1);
      running.delete(task);
    });
    running.add(task);
    return true;
  };
  for (;;) {
    while (startNext());
    if (running.size === 0) return;
    await Promise.race(running);
  }
}

function mayStart<Database, Result extends TaskResult>({
  options,
  failed,
  bug,
}: FleetRunState<Database, Result>): boolean {
  return (
    bug === undefined && options.signal?.aborted !== true && failed < (options.maxFailures ?? Number.POSITIVE_INFINITY)
  );
}

/** Works on one database; a failure is a result like any other. */
async function workOn<Database, Result extends TaskResult>(
  database: Database,
  run: FleetRunState<Database, Result>,
): Promise<void> {
  const { work, options, ends } = run;
  const start = performance.now();
  options.onStart?.(database);
  const timed = () => ({ database, seconds: Math.round(performance.now() - start) / 1000 });
  let end: DatabaseEnd<Database, Result>;
  try {
    const result = await work(database);
    end = { kind: 'done', result, ...timed() };
  } catch (error) {
    if (!(error instanceof DmsError)) {
      run.bug ??= error ?? new Error('The work on a database failed without a reason.');
      return;
    }
    end = { kind: 'failed', failures: error.diagnostics, ...timed() };
  }
  if (isFailed(end)) run.failed += 1;
  ends.set(database, end);
  options.onEnd?.(end);
}

/** Whether the end of a database makes the run fail. */
export function isFailed<Database>(end: DatabaseEnd<Database>): boolean {
  return end.kind === 'failed' || (end.kind === 'done' && end.result.failures.length > 0);
}

/** The state of a run: the running and finished databases, and whether more may be started. */
interface FleetRunState<Database, Result extends TaskResult> {
  readonly work: (database: Database) => Promise<Result>;
  readonly options: FleetRunOptions<Database, Result>;
  readonly ends: Map<Database, DatabaseEnd<Database, Result>>;
  /** How many databases of each server are running. */
  readonly busy: Map<string, number>;
  failed: number;
  /** An exception that is not a diagnostic: a bug, which ends the run. */
  bug: unknown;
}
