import { dialectOf, mssqlIsolation, textOf } from '@dms/sql';
import { ofCommit } from '../failures/early-end.ts';
import { databaseError } from '../failures/failure.ts';
import { type BatchPlace, mssqlFailure } from '../failures/mssql-failure.ts';
import { type Connection, type Limits, type Purpose, queueOfWork } from './connection.ts';
import { interruptibly, type Watch } from './interruption.ts';
import {
  type DriverTransaction,
  executeWithParameters,
  type MssqlDriver,
  type MssqlParameter,
  type MssqlRequest,
  type MssqlResult,
  type MssqlTypes,
} from './mssql-driver.ts';

/** Sends a request and returns its result. */
export type MssqlAction = (request: MssqlRequest) => Promise<MssqlResult>;

/** A database has snapshot isolation on, off, or in transition; snapshot transactions may begin only when it is on. */
const snapshotQuery = dialectOf.mssql
  .sql`SELECT CASE snapshot_isolation_state WHEN 1 THEN 1 ELSE 0 END AS "allowed" FROM sys.databases WHERE database_id = DB_ID()`;

/** A session of SQL Server with its transaction, whoever owns its client. */
export abstract class MssqlSession<Transaction extends DriverTransaction = DriverTransaction> {
  readonly context: Pick<Connection, 'label' | 'redact'>;
  protected transaction: Transaction | null = null;
  private allowsSnapshot: boolean | null = null;
  /** The client refuses a request, or the end of a transaction, while another request of the transaction runs. */
  private readonly inTurn = queueOfWork();

  constructor(context: Pick<Connection, 'label' | 'redact'>) {
    this.context = context;
  }

  /** Null if the driver is not available. */
  protected abstract readonly types: MssqlTypes | null;
  protected abstract readonly levels: MssqlDriver['ISOLATION_LEVEL'];
  /** Undefined where nothing can watch the session. */
  protected abstract readonly watch: Watch | undefined;
  protected abstract newTransaction(): Transaction;
  /** A request in a transaction, or outside of any. */
  protected abstract newRequest(transaction: Transaction | null): MssqlRequest;
  abstract begin(purpose: Purpose): Promise<void>;
  abstract close(): Promise<void>;

  protected send(action: MssqlAction, limits: Limits, place?: () => BatchPlace): Promise<MssqlResult> {
    let request: MssqlRequest | null = null;
    // a statement that waits for its turn stays in its transaction
    const { transaction } = this;
    return interruptibly(
      limits,
      () =>
        this.inTurn(() => {
          if (limits.signal?.aborted) throw new Error('cancelled while it waited');
          request = this.newRequest(transaction);
          return action(request);
        }),
      { interrupt: () => void request?.cancel(), watch: this.watch },
      (interrupted) => databaseError(mssqlFailure(interrupted, { isOpening: false, place: place?.() }), this.context),
    );
  }

  run(action: MssqlAction, limits: Limits, place?: () => BatchPlace): Promise<MssqlResult> {
    return this.send(action, limits, place);
  }

  runText(text: string, parameters: readonly MssqlParameter[], limits: Limits): Promise<MssqlResult> {
    return this.run(
      (request) =>
        parameters.length === 0 ? request.batch(text) : executeWithParameters(this.types, request, text, parameters),
      limits,
    );
  }

  /** Whether a transaction that only reads sees one moment. */
  async readsOneMoment(): Promise<boolean> {
    if (this.allowsSnapshot === null) {
      const { recordsets } = await this.runText(textOf(snapshotQuery), [], {});
      this.allowsSnapshot = recordsets[0]?.[0]?.allowed === 1;
    }
    return this.allowsSnapshot;
  }

  /** Begins a transaction, and returns whether it sees one moment. */
  protected async beginTransaction(purpose: Purpose): Promise<boolean> {
    const isSnapshot = purpose === 'reading' && (await this.readsOneMoment());
    const begun = this.newTransaction();
    begun.on('error', () => undefined);
    await this.reported(() => begun.begin(this.levels[mssqlIsolation[isSnapshot ? 'reading' : 'writing']]));
    this.transaction = begun;
    return isSnapshot;
  }

  async commit(): Promise<void> {
    const open = this.transaction;
    try {
      await this.reported(() => this.inTurn(async () => open?.commit()));
    } catch (error) {
      // after the driver has stopped waiting, the outcome on the server is unknown
      throw ofCommit(error, ['DB_TIMEOUT', 'DB_CANCELLED']);
    } finally {
      this.transaction = null;
    }
  }

  async rollback(): Promise<void> {
    const open = this.transaction;
    this.transaction = null;
    // the server may have rolled it back already: every error does, with XACT_ABORT
    await this.inTurn(async () => open?.rollback()).catch(() => undefined);
  }

  private async reported(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw databaseError(mssqlFailure({ error, by: null }, { isOpening: false }), this.context);
    }
  }
}
