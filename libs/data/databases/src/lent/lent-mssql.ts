import { fail } from '@dms/diagnostics';
import { setUsualIsolation, textOf } from '@dms/sql';
import type { Connection, Purpose } from '../drivers/connection.ts';
import { mssqlConnection } from '../drivers/mssql-connection.ts';
import type { DriverTransaction, MssqlRequest } from '../drivers/mssql-driver.ts';
import { MssqlSession } from '../drivers/mssql-session.ts';
import { run } from '../drivers/statement.ts';
import { mssqlSavepoint, nestedConnection } from '../drivers/transactions.ts';
import { inTurn, lentContext, lentSavepoint } from './lent-sessions.ts';

/** The configuration of a pool, as far as it changes what a request returns. */
interface LentConfiguration {
  readonly options?: { readonly [name: string]: unknown } | undefined;
}

/** The events of a pool or a transaction. An `error` to which nobody listens ends the process. */
interface LentEvents {
  readonly config?: LentConfiguration | undefined;
  on(event: 'error', listener: () => void): unknown;
  removeListener?(event: 'error', listener: () => void): unknown;
}

/** A `Transaction` of the package `mssql` that a program has begun. */
export interface LentMssqlTransaction extends DriverTransaction, LentEvents {
  request(): MssqlRequest;
  on(event: 'rollback' | 'error', listener: () => void): unknown;
}

/** A `ConnectionPool` of the package `mssql`. */
export interface LentMssqlPool extends Partial<LentEvents> {
  request(): MssqlRequest;
  transaction(): LentMssqlTransaction;
}

/** Whether a client is one of the package `mssql`: its clients make requests, those of `pg` have `query`. */
export const isMssqlClient = (lent: object): lent is LentMssqlPool | LentMssqlTransaction =>
  'request' in lent && typeof lent.request === 'function';

/** Whether a client of `mssql` is a pool, which begins transactions, or a transaction. */
const isMssqlPool = (lent: LentMssqlPool | LentMssqlTransaction): lent is LentMssqlPool =>
  'transaction' in lent && typeof lent.transaction === 'function';

/** The values of `ISOLATION_LEVEL` of the package; only the program has imported the package. */
const levels = { READ_COMMITTED: 2, SNAPSHOT: 5 } as const;

/** The pool or the transaction of a program, with the settings that its sessions have. */
class LentMssqlSession extends MssqlSession<LentMssqlTransaction> {
  protected readonly types = null;
  protected readonly levels = levels;
  protected readonly watch = undefined;
  private readonly lent: LentMssqlPool | LentMssqlTransaction;
  private isReading = false;

  constructor(lent: LentMssqlPool | LentMssqlTransaction) {
    super(lentContext);
    this.lent = lent;
  }

  protected newTransaction(): LentMssqlTransaction {
    if (!isMssqlPool(this.lent)) throw new Error('a transaction inside one is a savepoint');
    return this.lent.transaction();
  }

  protected newRequest(transaction: LentMssqlTransaction | null) {
    const request = (transaction ?? this.lent).request();
    // otherwise these are those of the pool: a request that streams has no recordsets, and emits its errors
    return Object.assign(request, { stream: false, arrayRowMode: false });
  }

  override async readsOneMoment(): Promise<boolean> {
    // a transaction that the program has begun keeps its isolation level
    return isMssqlPool(this.lent) && super.readsOneMoment();
  }

  async begin(purpose: Purpose): Promise<void> {
    this.isReading = await this.beginTransaction(purpose);
  }

  override async commit(): Promise<void> {
    await this.leaveSnapshot();
    await super.commit();
  }

  override async rollback(): Promise<void> {
    await this.leaveSnapshot();
    await super.rollback();
  }

  /** Restores the isolation level, which the session would otherwise keep when it goes back to the pool. */
  private async leaveSnapshot(): Promise<void> {
    if (!this.isReading) return;
    this.isReading = false;
    await this.run((request) => request.batch(`${textOf(setUsualIsolation)};`), {}).catch(() => undefined);
  }

  /** Closes nothing: the client belongs to the program. */
  async close(): Promise<void> {}
}

/**
 * Works on a database through a pool of `mssql` that a program owns, or in a transaction that it has begun (design 09
 * §1.5.1). On a pool the work begins and ends transactions of its own. It changes no setting of a session. While the
 * pool or the transaction is lent, a lost connection fails the work, and does not end the process. Throws
 * `DB_SESSION_SETTING`, `DB_*` and the codes of the work.
 */
export async function onLentMssql<Result>(
  lent: LentMssqlPool | LentMssqlTransaction,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  expectColumnNames(lent);
  return listening(lent, () =>
    isMssqlPool(lent)
      ? work(mssqlConnection(new LentMssqlSession(lent)))
      : inTurn(lent, () => inOwnersTransaction(lent, work)),
  );
}

/** The options of a pool that change the names of the columns of an answer. */
const namingOptions = ['camelCaseColumns', 'columnNameReplacer'] as const;

/** Refuses a pool that changes the names of columns: nothing turns that off for one request. */
function expectColumnNames({ config }: Pick<LentMssqlPool, 'config'>): void {
  for (const setting of namingOptions)
    if (config?.options?.[setting]) {
      const text = `${lentContext.label}: no answer can be read, because its option ${setting} renames columns. Lend a pool without it.`;
      fail('DB_SESSION_SETTING', text, {}, { setting });
    }
}

/** The listeners of pools, which several pieces of work may share at a time. */
const listeners = new WeakMap<object, { readonly listener: () => void; works: number }>();

/** Runs work while an error of its pool or transaction is heard; the failed request reports it. */
async function listening<Result>(lent: Partial<LentEvents>, work: () => Promise<Result>): Promise<Result> {
  const heard = listeners.get(lent) ?? { listener: () => undefined, works: 0 };
  listeners.set(lent, heard);
  if (heard.works === 0) lent.on?.('error', heard.listener);
  heard.works += 1;
  try {
    return await work();
  } finally {
    heard.works -= 1;
    if (heard.works === 0) lent.removeListener?.('error', heard.listener);
  }
}

const savepoint = mssqlSavepoint(lentSavepoint);

/**
 * Works in the owner's transaction: a failure undoes the work, and the transaction continues unless the server ended
 * it.
 */
async function inOwnersTransaction<Result>(
  lent: LentMssqlTransaction,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const session = mssqlConnection(new LentMssqlSession(lent));
  await run(session, savepoint.set);
  try {
    return await work(nestedConnection(session));
  } catch (error) {
    // a failure of the undo adds no information
    await run(session, savepoint.undo).catch(() => undefined);
    throw error;
  }
}
