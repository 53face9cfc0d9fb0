import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { redactor } from '@dms/diagnostics';
import { outputError } from '@dms/files';
import { mustExist } from '@dms/model';
import { dialectOf, join, type PlainSql, textOf } from '@dms/sql';
import { type EmbeddedTarget, targetLabel, targetSecrets } from '../addressing/target.ts';
import { beginText, type Connection, type Limits, type Row, statementText } from '../drivers/connection.ts';
import { type Interrupted, interruptibly } from '../drivers/interruption.ts';
import { setUpPgsqlSession } from '../drivers/pgsql-session.ts';
import { integerOids, textOids } from '../drivers/pgsql-values.ts';
import { type DriverFailure, databaseError, type FailureContext } from '../failures/failure.ts';
import { pgsqlFailure, withRefusingObject } from '../failures/pgsql-failure.ts';
import { copyFolder, type EmbeddedArchive, embeddedArchive, holdsDatabase, openFolder } from './embedded-folder.ts';
import { workerProgram } from './worker-program.ts';

/* Why an engine does not open its embedded database: it writes the reason to its log only, and its error has none. */

/** The failure in the log of the engine, and advice. */
interface OpeningTrouble {
  /** The last failure that the engine reported, without its time; undefined if it reported none. */
  readonly said: string | undefined;
  /** The system's code for the refusal of the file system, such as `EACCES`; undefined for other failures. */
  readonly cause?: string | undefined;
  readonly advice: string;
}

/** Messages of the engine for failures of the file system, with the codes of the system. */
const fileSystemFailures: Readonly<Record<string, string>> = {
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
  'Read-only file system': 'EROFS',
  'No space left on device': 'ENOSPC',
  'Quota exceeded': 'EDQUOT',
  'Disk quota exceeded': 'EDQUOT',
};

/** Messages of the engine about damaged data: files that are missing, short, or not as it wrote them. */
const damage = /invalid page|checkpoint record|: No such file or directory|: read \d+ of \d+|checksum|corrupt/;

const otherVersion = 'incompatible with server';

/**
 * Advice for an engine that does not open its database. There is neither a host nor a network to check. Only if the
 * engine itself reports damaged data, the advice is to remove the data after copying them (design 09 §1.6).
 *
 * @param folder null for a database in memory
 * @param lines the log of the engine
 */
export function openingTrouble(folder: string | null, isNew: boolean, lines: readonly string[]): OpeningTrouble {
  const said = lastFailure(lines);
  if (folder === null)
    return {
      said,
      advice: 'The embedded engine does not start. Install @electric-sql/pglite again, or name a server.',
    };
  const cause = Object.entries(fileSystemFailures).find(([text]) => said?.includes(text))?.[1];
  if (isNew) {
    const advice = `The embedded engine cannot make a database in ${folder}. Check whether the disk has room, or name another folder.`;
    return { said, cause, advice };
  }
  if (said?.includes(otherVersion)) {
    const advice = `Another version of the engine made ${folder}, or its files are damaged. Keep it: open it with the version of @electric-sql/pglite that made it, or name another folder.`;
    return { said, advice };
  }
  if (cause === undefined && said !== undefined && damage.test(said)) {
    const advice = `The data in ${folder} are damaged. Copy the folder first; then restore a backup, or remove the folder and provision it again.`;
    return { said, advice };
  }
  const advice = `The embedded engine does not open ${folder}, and does not say that the data are damaged: keep them. Check the memory of this machine and other programs that use the folder, then try again.`;
  return { said, cause, advice };
}

const level = /^(?:FATAL|PANIC|ERROR|postgres):\s+/;

/** The lines of the last failure: the failure itself, and its DETAIL. */
function lastFailure(lines: readonly string[]): string | undefined {
  const texts = lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d [^[]*\[\d+\] /, '').trim());
  const index = texts.findLastIndex((text) => level.test(text));
  const failure = texts[index];
  if (failure === undefined) return undefined;
  const detail = texts[index + 1]?.startsWith('DETAIL:') ? ` ${texts[index + 1]}` : '';
  return `${failure}${detail}`.replaceAll(/\s+/g, ' ');
}

const require = createRequire(import.meta.url);

interface Request {
  readonly kind: 'open' | 'execute' | 'query' | 'queries' | 'queryEach' | 'close';
  readonly text?: string;
  readonly parameters?: readonly unknown[];
  readonly queries?: readonly {
    readonly text: string;
    readonly parameters: readonly unknown[];
    readonly asArrays: boolean;
  }[];
  readonly archive?: Uint8Array | null;
}

type Results = readonly (readonly Row[])[];

/**
 * The compiled program of the engine, by its path: a thread that gets it need not compile it, nor optimize again the
 * parts that were optimized for another thread.
 */
const programs = new Map<string, unknown>();

/** How long a cancelled task may take to end by itself, between two transactions, before the engine is stopped. */
const cancelPatience = 3_000;

interface EmbeddedOptions extends Limits {
  /** The archive for the data of a new database; tests replace it. */
  readonly archive?: EmbeddedArchive | undefined;
  /**
   * The folder for the data of a database that has no folder of its own; without it, they are in memory. A database in it
   * is opened, else created. The caller removes it.
   */
  readonly place?: string | undefined;
}

/** Sends a request to the engine, and waits for its results. */
type Ask = (request: Request, limits: Limits, isOpening?: boolean) => Promise<Results>;

/** Whether the session is in a reading transaction, and whether it has committed anything. */
interface TransactionState {
  isReading: boolean;
  isCommitted: boolean;
}

/**
 * Opens an embedded database in its own thread; its folder is locked until the connection is closed. A new database
 * starts from the archive of a new one; a new database without a folder of its own creates that archive if there is none
 * yet. A new database in a folder appears only if the connection is closed after a commit. When `signal` is aborted, the
 * statements that were given it end; if the task has not closed the connection soon afterwards, the engine is stopped.
 */
export async function openEmbedded(target: EmbeddedTarget, options: EmbeddedOptions = {}): Promise<Connection> {
  const { signal } = options;
  const context = { label: targetLabel(target), redact: redactor(targetSecrets(target)) };
  const folder = target.folder === null ? null : await openFolder(target.folder);
  const enginePath = require.resolve('@electric-sql/pglite');
  const dataFolder = folder?.place ?? options.place ?? null;
  const isNew = folder?.isNew ?? (dataFolder === null || !holdsDatabase(dataFolder));
  const engine = new EmbeddedEngine(enginePath, dataFolder, { isNew, isTemporary: folder === null });
  const gaveUp = new Error('cancelled');
  let leaving: ReturnType<typeof setTimeout> | undefined;
  const onAbort = () => {
    leaving = setTimeout(() => void engine.stop(gaveUp), cancelPatience);
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const forget = () => {
    clearTimeout(leaving);
    signal?.removeEventListener('abort', onAbort);
  };
  const archive = isNew ? (options.archive ?? embeddedArchive(enginePath)) : null;
  const state: TransactionState = { isReading: false, isCommitted: false };
  const ask: Ask = (request, requestLimits, isOpening = false) =>
    interruptibly(
      requestLimits,
      () => engine.ask(request),
      // no other session can block the engine, so there is nothing to watch
      { interrupt: () => void engine.stop() },
      async (caught) => {
        const interrupted: Interrupted = caught.error === gaveUp ? { ...caught, by: 'cancelled' } : caught;
        const failure = pgsqlFailure(interrupted, { isOpening, text: request.text ?? '', isReading: state.isReading });
        // the engine has no second session that could ask the catalog
        if (!isOpening) return databaseError(await withRefusingObject(failure, caught.error, null), context);
        const named = target.folder ?? dataFolder;
        return openingError(named, openingTrouble(named, isNew, saidByEngine(caught.error)), failure, context);
      },
    );
  const close = async () => {
    await engine.ask({ kind: 'close' }).catch(() => undefined);
    forget();
    await engine.stop();
    await folder?.release(state.isCommitted);
  };
  try {
    const known = archive?.read() ?? null;
    const [made] = await ask({ kind: 'open', archive: known }, { signal }, true);
    const { archive: packed, program } = mustExist(made?.[0], 'the answer of an engine that was opened');
    if (program) programs.set(enginePath, program);
    if (packed instanceof Uint8Array) archive?.keep(packed);
  } catch (error) {
    forget();
    await engine.stop();
    await folder?.release(false);
    throw error;
  }
  const session = engineSession(ask, state);
  const copyTo = async (to: string, limits?: Limits) => {
    // otherwise the copy would do the work of the journal once more
    await session.execute(sql`CHECKPOINT`, limits);
    await copyFolder(mustExist(dataFolder, 'the folder of a database that is copied'), to);
  };
  const isCopied = options.place !== undefined && folder === null;
  const connection: Connection = { ...context, ...session, copyTo: isCopied ? copyTo : undefined, close };
  try {
    await setUpPgsqlSession(connection, { signal });
  } catch (error) {
    await close();
    throw error;
  }
  return connection;
}

interface WorkerAnswer {
  readonly id: number;
  readonly results?: Results;
  readonly failure?: Readonly<Record<string, unknown>>;
}

/** The system's code for a refused write, such as `ENOSPC`. */
interface WriteFailure {
  readonly writeFailure: string;
}

interface WaitingCall {
  readonly resolve: (results: Results) => void;
  readonly reject: (failure: unknown) => void;
}

/**
 * How long the engine may take to answer after a refused write. It reports most refused writes at once, but loops for
 * ever after one of its journal.
 */
const failurePatience = 5_000;

/** A worker thread with one embedded database in it. */
class EmbeddedEngine {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, WaitingCall>();
  private lastId = 0;
  private ended: unknown = null;
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: string, folder: string | null, data: { readonly isNew: boolean; readonly isTemporary: boolean }) {
    this.worker = new Worker(workerProgram(), {
      eval: true,
      workerData: {
        folder,
        ...data,
        engine,
        program: programs.get(engine),
        pgcrypto: require.resolve('@electric-sql/pglite/contrib/pgcrypto'),
        textOids,
        integerOids,
      },
    });
    this.worker.on('message', (message: WorkerAnswer | WriteFailure) => {
      if ('writeFailure' in message) {
        this.awaitAnswer(message.writeFailure);
        return;
      }
      const { id, results, failure } = message;
      clearTimeout(this.patience);
      const waiting = this.waiting.get(id);
      this.waiting.delete(id);
      if (results) waiting?.resolve(results);
      else waiting?.reject(failure);
    });
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', () => this.end(new Error('the embedded database has ended')));
  }

  ask(request: Request): Promise<Results> {
    if (this.ended) return Promise.reject(this.ended);
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...request, id });
    });
  }

  /** Ends the thread at once: uncommitted work is lost, as after a lost connection. */
  async stop(reason: unknown = new Error('the embedded database was stopped')): Promise<void> {
    this.end(reason);
    await this.worker.terminate();
  }

  private awaitAnswer(writeFailure: string): void {
    clearTimeout(this.patience);
    const reason = { code: writeFailure, message: 'the file system refused a write' };
    this.patience = setTimeout(() => void this.stop(reason), failurePatience);
  }

  private end(error: unknown): void {
    clearTimeout(this.patience);
    this.ended ??= error;
    for (const { reject } of this.waiting.values()) reject(this.ended);
    this.waiting.clear();
  }
}

/** The log of the engine, as its worker passes it on. */
function saidByEngine(error: unknown): readonly string[] {
  const said = typeof error === 'object' && error !== null && 'said' in error ? error.said : undefined;
  return Array.isArray(said) ? said.map(String) : [];
}

/** The error for an engine that does not open its database, with the message from its log and advice. */
function openingError(
  folder: string | null,
  trouble: OpeningTrouble,
  failure: DriverFailure,
  context: FailureContext,
): Error {
  const code = trouble.cause ?? failure.driverCode ?? '';
  const message = trouble.said ?? failure.message;
  // nothing was opened yet, so the fault is in the folder
  if (folder !== null && /^E[A-Z]+$/.test(code))
    return outputError(Object.assign(new Error(message), { code }), folder);
  const isUnreachable = failure.code === 'DB_UNREACHABLE';
  return databaseError(isUnreachable ? { ...failure, message, advice: trouble.advice } : failure, context);
}

const { sql } = dialectOf.pgsql;

/** The statements of a connection, as requests to the engine. */
function engineSession(ask: Ask, state: TransactionState): Omit<Connection, 'label' | 'redact' | 'close'> {
  const execute = async (text: PlainSql, limits: Limits = {}) => {
    await ask({ kind: 'execute', text: textOf(text) }, limits);
  };
  return {
    dialect: 'pgsql',
    engine: 'embedded',
    execute,
    query: async <Result>(text: PlainSql, parameters: readonly unknown[] = [], limits: Limits = {}) => {
      const [rows = []] = await ask({ kind: 'query', text: textOf(text), parameters }, limits);
      return rows as readonly Result[];
    },
    queryEach: (texts, limits = {}) => ask({ kind: 'queryEach', text: textOf(join(texts, ';\n')) }, limits),
    queryAll: (statements, limits = {}) => {
      const queries = statements.map((statement) => ({
        text: statementText(statement, (number) => `$${number}`),
        parameters: statement.parameters,
        asArrays: statement.asArrays === true,
      }));
      return ask({ kind: 'queries', queries }, limits);
    },
    begin: (purpose) => {
      state.isReading = purpose === 'reading';
      return execute(beginText(purpose));
    },
    commit: async () => {
      await execute(sql`COMMIT`);
      state.isCommitted = true;
    },
    rollback: () => execute(sql`ROLLBACK`).catch(() => undefined),
  };
}
