import { type CircleWatch, type Connection, circleWatch, type Limits, run, withRetries } from '@dms/databases';
import { counted, DmsError, diagnostic } from '@dms/diagnostics';
import type { PlainSql } from '@dms/sql';
import {
  type BoundedStatements,
  boundedStatements,
  isLockedOut,
  type StatementBounds,
} from '../applying/bounded-statements.ts';
import { preparingEngines } from './preparing-engine.ts';

export interface LockRetryOptions {
  /** Milliseconds that a statement which blocks others waits for its lock. */
  readonly lock: number;
  /** How often a statement is tried again. */
  readonly retries: number;
  /** Called before a statement is tried again. */
  readonly onRetry?: ((retry: Retry) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly reopen?: (() => Promise<Connection>) | undefined;
}

/** A statement that did not get its lock. */
export interface Retry {
  readonly what: string;
  /** From 1. */
  readonly attempt: number;
  readonly retries: number;
  readonly reason: string;
}

/** Runs the statements of a preparation, and tries again where others hold a lock. */
export class RetriedStatements {
  private readonly connection: Connection;
  private readonly options: LockRetryOptions;
  private readonly bounded: BoundedStatements;
  private readonly watch: CircleWatch | null;

  /** How many transactions and statements have changed the database. */
  done = 0;

  private constructor(
    connection: Connection,
    options: LockRetryOptions,
    { bounded, watch }: { readonly bounded: BoundedStatements; readonly watch: CircleWatch | null },
  ) {
    this.connection = connection;
    this.options = options;
    this.bounded = bounded;
    this.watch = watch;
  }

  /** Runs `work` with the retried statements of a session. */
  static async during<Result>(
    connection: Connection,
    options: LockRetryOptions,
    work: (statements: RetriedStatements) => Promise<Result>,
  ): Promise<Result> {
    const { signal, lock, reopen } = options;
    const bounds: StatementBounds = { signal, lock, statement: undefined, open: reopen };
    const bounded = await boundedStatements(connection, bounds);
    const watch = await circleWatch(connection, reopen);
    try {
      return await work(new RetriedStatements(connection, options, { bounded, watch }));
    } finally {
      await watch?.close();
    }
  }

  /** Runs `texts` in one transaction that waits no longer than allowed for a lock. */
  async together(what: string, texts: readonly PlainSql[]): Promise<void> {
    const { connection, watch } = this;
    await this.again(what, (limits) =>
      this.limited(limits, async () => {
        for (const text of texts) {
          const execute = () => run(connection, text, limits);
          await (watch === null ? execute() : watch.run(execute));
        }
        await connection.commit();
      }),
    );
    this.done += 1;
  }

  /** Reads in a transaction that waits no longer than allowed for a lock. */
  reading<Result>(what: string, action: (limits: Limits) => Promise<Result>): Promise<Result> {
    return this.again(what, (limits) =>
      this.limited(limits, async () => {
        const result = await action(limits);
        await this.connection.rollback();
        return result;
      }),
    );
  }

  /**
   * Runs a text outside a transaction; `tidy` runs before a retry. The text waits for its lock on the table,
   * `schema.name`, no longer than allowed; after that it blocks no other session, so it waits without a limit for
   * sessions at work.
   */
  async alone(what: string, table: string, text: PlainSql, tidy?: () => Promise<void>): Promise<void> {
    const { connection } = this;
    for (const free of preparingEngines[connection.dialect].freeFor(table))
      await this.reading(what, (limits) => run(connection, free, limits));
    await this.again(what, (limits) => run(connection, text, limits), tidy);
    this.done += 1;
  }

  private async limited<Result>(limits: Limits, action: () => Promise<Result>): Promise<Result> {
    const { connection, options } = this;
    await connection.begin();
    try {
      await run(connection, preparingEngines[connection.dialect].lockTimeout(options.lock), limits);
      return await action();
    } catch (error) {
      await connection.rollback();
      throw error;
    }
  }

  private async again<Result>(
    what: string,
    action: (limits: Limits) => Promise<Result>,
    tidy: () => Promise<void> = async () => undefined,
  ): Promise<Result> {
    const { retries, onRetry, signal } = this.options;
    try {
      return await withRetries(
        async (attempt) => {
          if (attempt > 1) await tidy();
          return this.bounded.run(what, action);
        },
        (error) => isLockedOut(error) && !signal?.aborted,
        {
          retries,
          delay: rest,
          signal,
          onRetry: (error, attempt) => onRetry?.({ what, attempt, retries, reason: reasonOf(error) }),
        },
      );
    } catch (error) {
      throw isLockedOut(error) && !signal?.aborted ? this.locked(what, error) : error;
    }
  }

  private locked(what: string, cause: DmsError): DmsError {
    const { label } = this.connection;
    const { lock, retries } = this.options;
    const { holders = [], endings } = cause.diagnostics[0].details;
    const held = Array.isArray(holders) && holders.length > 0 ? ` It is held by ${holders.join(' and ')}.` : '';
    const isPrepared = Array.isArray(endings);
    const advice = isPrepared
      ? `End it with ${endings.join(' or ')}, in its database.`
      : 'Run it at a quieter time, or with --lock-timeout or --retries.';
    const text = `${label}: ${what} did not get its lock in ${counted(retries + 1, 'attempt')} of ${lock} ms.${held} ${advice}`;
    const details = { holders, ...(isPrepared ? { endings } : {}), milliseconds: lock };
    return new DmsError([diagnostic('UPGRADE_LOCKED', text, {}, details)]);
  }
}

/** Milliseconds between two attempts, long enough for the sessions that waited behind the statement. */
const rest = (attempt: number) => Math.min(250 * 2 ** attempt, 10_000);

const reasonOf = (error: unknown) => (error instanceof DmsError ? error.diagnostics[0].message : String(error));
