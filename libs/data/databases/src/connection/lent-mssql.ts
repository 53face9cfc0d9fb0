import { redactor } from '@dms/diagnostics';
import { mssqlIsolation, setUsualIsolation } from '@dms/sql';
import { type Connection, type Limits, type Purpose, queueOfWork } from './connection.ts';
import { ofCommit } from './early-end.ts';
import { databaseError } from './failure.ts';
import { interruptibly } from './interruption.ts';
import { type MssqlAction, type MssqlSession, mssqlConnection } from './mssql-connection.ts';
import {
  executeWithParameters,
  type MssqlParameter,
  type MssqlRequest,
  type MssqlTransaction,
} from './mssql-driver.ts';
import { type BatchPlace, mssqlFailure } from './mssql-failure.ts';
import { snapshotQuery } from './mssql-server.ts';
import { nestedConnection } from './transactions.ts';

/** A `Transaction` of the package `mssql` that a program has begun. */
export interface LentMssqlTransaction extends MssqlTransaction {
  request(): MssqlRequest;
}

/** A `ConnectionPool` of the package `mssql`. */
export interface LentMssqlPool {
  request(): MssqlRequest;
  transaction(): LentMssqlTransaction;
}

/** Whether a client is one of the package `mssql`: its clients make requests, those of `pg` have `query`. */
export const isMssqlClient = (lent: object): lent is LentMssqlPool | LentMssqlTransaction =>
  'request' in lent && typeof lent.request === 'function';

/** Whether something can begin transactions, or is one. */
export const isMssqlPool = (lent: LentMssqlPool | LentMssqlTransaction): lent is LentMssqlPool =>
  'transaction' in lent && typeof lent.transaction === 'function';

/** The numbers of `ISOLATION_LEVEL` of the package, which the program has imported and we have not. */
const levels = { READ_COMMITTED: 2, SNAPSHOT: 5 } as const;

const label = 'the connection of the program';

/** The pool or the transaction of a program, with the settings that its sessions have. */
class LentMssqlSession implements MssqlSession {
  readonly context = { label, redact: redactor([]) };
  private readonly lent: LentMssqlPool | LentMssqlTransaction;
  private transaction: LentMssqlTransaction | null = null;
  private isReading = false;
  private allowsSnapshot: boolean | null = null;
  /** The client refuses a request while another one of the transaction runs. */
  private readonly inTurn = queueOfWork();

  constructor(lent: LentMssqlPool | LentMssqlTransaction) {
    this.lent = lent;
  }

  run(action: MssqlAction, limits: Limits, place?: () => BatchPlace) {
    let request: MssqlRequest | null = null;
    const parent = this.transaction ?? this.lent;
    return interruptibly(
      limits,
      () =>
        this.inTurn(() => {
          if (limits.signal?.aborted) throw new Error('cancelled while it waited');
          request = parent.request();
          return action(request);
        }),
      { interrupt: () => request?.cancel() },
      (interrupted) => databaseError(mssqlFailure(interrupted, { isOpening: false, place: place?.() }), this.context),
    );
  }

  runText(text: string, parameters: readonly MssqlParameter[], limits: Limits) {
    return this.run(
      (request) =>
        parameters.length === 0 ? request.batch(text) : executeWithParameters(null, request, text, parameters),
      limits,
    );
  }

  async readsOneMoment(): Promise<boolean> {
    // the level of a transaction that the program has begun is its own
    if (!isMssqlPool(this.lent)) return false;
    if (this.allowsSnapshot === null) {
      const { recordsets } = await this.runText(snapshotQuery, [], {});
      this.allowsSnapshot = recordsets[0]?.[0]?.allowed === 1;
    }
    return this.allowsSnapshot;
  }

  async begin(purpose: Purpose): Promise<void> {
    if (!isMssqlPool(this.lent)) throw new Error('a transaction inside one is a savepoint');
    this.isReading = purpose === 'reading' && (await this.readsOneMoment());
    const begun = this.lent.transaction();
    begun.on('error', () => undefined);
    await this.reported(() => begun.begin(levels[mssqlIsolation[this.isReading ? 'reading' : 'writing']]));
    this.transaction = begun;
  }

  async commit(): Promise<void> {
    const open = this.transaction;
    await this.leaveSnapshot();
    try {
      await this.reported(() => this.inTurn(async () => open?.commit()));
    } catch (error) {
      throw ofCommit(error, ['DB_TIMEOUT', 'DB_CANCELLED']);
    } finally {
      this.transaction = null;
    }
  }

  async rollback(): Promise<void> {
    const open = this.transaction;
    await this.leaveSnapshot();
    this.transaction = null;
    // the server may have rolled it back already
    await this.inTurn(async () => open?.rollback()).catch(() => undefined);
  }

  /** The session goes back to the pool, and would keep the level of the transaction. */
  private async leaveSnapshot(): Promise<void> {
    if (!this.isReading) return;
    this.isReading = false;
    await this.run((request) => request.batch(`${setUsualIsolation};`), {}).catch(() => undefined);
  }

  private async reported(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw databaseError(mssqlFailure({ error, by: null }, { isOpening: false }), this.context);
    }
  }

  /** It is the owner's. */
  async close(): Promise<void> {}
}

const savepoint = { set: 'SAVE TRANSACTION dms_lent', undo: 'ROLLBACK TRANSACTION dms_lent' };

const turns = new WeakMap<object, ReturnType<typeof queueOfWork>>();

/** Work in the owner's transaction: it is undone where it fails, and the transaction goes on, unless the server ended it. */
async function inOwnersTransaction<Result>(
  lent: LentMssqlTransaction,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const session = mssqlConnection(new LentMssqlSession(lent));
  await session.execute(savepoint.set);
  try {
    return await work(nestedConnection(session));
  } catch (error) {
    // its own failure says nothing new
    await session.execute(savepoint.undo).catch(() => undefined);
    throw error;
  }
}

/**
 * Works on a database through a pool of `mssql` that a program owns, or in a transaction that it has begun (design 09
 * §1.5.1). On a pool the work begins and ends transactions of its own. It changes no setting of a session. Throws `DB_*`
 * and the codes of the work.
 */
export async function onLentMssql<Result>(
  lent: LentMssqlPool | LentMssqlTransaction,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  if (isMssqlPool(lent)) return work(mssqlConnection(new LentMssqlSession(lent)));
  const turn = turns.get(lent) ?? queueOfWork();
  turns.set(lent, turn);
  return turn(() => inOwnersTransaction(lent, work));
}
