import { type Connection, isFailure, type Limits, withRetries } from '@dms/databases';
import { counted, DmsError, diagnostic } from '@dms/diagnostics';
import { type BoundedStatements, boundedStatements, type StatementBounds } from '../applying/bounded-statements.ts';
import { preparingEngines } from './preparing-engine.ts';

export interface RetryOptions {
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

/** Between two attempts: long enough for those who waited behind the statement. */
const rest = (attempt: number) => Math.min(250 * 2 ** attempt, 10_000);

const isWaiting = (error: unknown): error is DmsError =>
  isFailure(error, 'DB_LOCK_TIMEOUT', 'DB_DEADLOCK', 'DB_TIMEOUT') ||
  (error instanceof DmsError && error.diagnostics[0].code === 'UPGRADE_LOCKED');

const reasonOf = (error: unknown) => (error instanceof DmsError ? error.diagnostics[0].message : String(error));

/** Runs the statements of a preparation, and tries again where others hold a lock. */
export class RetriedStatements {
  private readonly connection: Connection;
  private readonly options: RetryOptions;
  private readonly bounded: BoundedStatements;

  /** How many transactions and statements have changed the database. */
  done = 0;

  private constructor(connection: Connection, options: RetryOptions, bounded: BoundedStatements) {
    this.connection = connection;
    this.options = options;
    this.bounded = bounded;
  }

  static async of(connection: Connection, options: RetryOptions): Promise<RetriedStatements> {
    const { signal, lock, reopen } = options;
    const bounds: StatementBounds = { signal, lock, statement: undefined, open: reopen };
    return new RetriedStatements(connection, options, await boundedStatements(connection, bounds));
  }

  /** Runs `texts` in one transaction that waits no longer than allowed for a lock. Throws `UPGRADE_LOCKED`, `DB_*`. */
  together(what: string, texts: readonly string[]): Promise<void> {
    const { connection, options } = this;
    return this.again(what, async (limits) => {
      await connection.begin();
      try {
        await connection.execute(preparingEngines[connection.dialect].lockTimeout(options.lock), limits);
        for (const text of texts) await connection.execute(text, limits);
        await connection.commit();
      } catch (error) {
        await connection.rollback();
        throw error;
      }
    });
  }

  /** Runs a text outside a transaction. It blocks no other session, so it waits for locks without a limit; `tidy` precedes a retry. */
  alone(what: string, text: string, tidy?: () => Promise<void>): Promise<void> {
    return this.again(what, (limits) => this.connection.execute(text, limits), tidy);
  }

  private async again(
    what: string,
    action: (limits: Limits) => Promise<void>,
    tidy: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const { retries, onRetry, signal } = this.options;
    try {
      await withRetries(
        async (attempt) => {
          if (attempt > 1) await tidy();
          await this.bounded.run(what, action);
          this.done += 1;
        },
        (error) => isWaiting(error) && !signal?.aborted,
        {
          retries,
          delay: rest,
          signal,
          onRetry: (error, attempt) => onRetry?.({ what, attempt, retries, reason: reasonOf(error) }),
        },
      );
    } catch (error) {
      throw isWaiting(error) && !signal?.aborted ? this.locked(what, error) : error;
    }
  }

  private locked(what: string, cause: DmsError): DmsError {
    const { label } = this.connection;
    const { lock, retries } = this.options;
    const { holders = [] } = cause.diagnostics[0].details;
    const held = Array.isArray(holders) && holders.length > 0 ? ` It is held by ${holders.join(' and ')}.` : '';
    const text = `${label}: ${what} did not get its lock in ${counted(retries + 1, 'attempt')} of ${lock} ms.${held} Run it at a quieter time, or with --lock-timeout or --retries.`;
    return new DmsError([diagnostic('UPGRADE_LOCKED', text, {}, { holders, milliseconds: lock })]);
  }
}
