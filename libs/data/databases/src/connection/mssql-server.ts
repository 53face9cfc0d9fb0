import { redactor } from '@dms/diagnostics';
import { mssqlIsolation, setUsualIsolation } from '@dms/sql';
import { type MssqlServerTarget, targetLabel, targetSecrets } from '../target/target.ts';
import { type Connection, type Limits, type Purpose, queueOfWork } from './connection.ts';
import { ofCommit } from './early-end.ts';
import { databaseError, isFailure } from './failure.ts';
import { interruptibly, type Watch } from './interruption.ts';
import { lockWaits } from './lock-waits.ts';
import { type MssqlAction, type MssqlSession, mssqlConnection } from './mssql-connection.ts';
import {
  executeWithParameters,
  type MssqlConfiguration,
  type MssqlDriver,
  type MssqlParameter,
  type MssqlRequest,
  type MssqlResult,
  type MssqlTransaction,
} from './mssql-driver.ts';
import { type BatchPlace, type LockHolder, lockHolderQuery, mssqlFailure, withLockHolders } from './mssql-failure.ts';
import { type ImportPackage, loadOptional } from './optional-package.ts';

/** @param beforeConnect is called with each session that the pool opens */
function configuration(
  target: MssqlServerTarget,
  beforeConnect: MssqlConfiguration['beforeConnect'],
): MssqlConfiguration {
  return {
    server: target.host,
    // a named instance decides its port itself
    ...(target.instance === null ? { port: target.port } : {}),
    database: target.database,
    ...(target.user === null ? {} : { user: target.user }),
    ...(target.password === null ? {} : { password: target.password.reveal() }),
    connectionTimeout: target.connectTimeout,
    // we limit statements ourselves
    requestTimeout: 0,
    // one session that stays: its SET options hold for everything that follows
    pool: { max: 1, min: 1 },
    beforeConnect,
    options: {
      appName: target.applicationName,
      encrypt: target.encryption.encrypt,
      trustServerCertificate: target.encryption.trustServerCertificate,
      ...(target.instance === null ? {} : { instanceName: target.instance }),
      enableArithAbort: true,
      abortTransactionOnError: true,
    },
  };
}

/** Session options of design 09 §1.5. */
const mssqlSessionSetup = [
  'SET NOCOUNT, XACT_ABORT, QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;',
  'SET NUMERIC_ROUNDABORT OFF;',
  'SET DATEFORMAT ymd;',
  `SET LOCK_TIMEOUT ${lockWaits.mssqlSession};`,
].join('\n');

/** A database has it on, off, or in transition; transactions may begin only when it is on. */
export const snapshotQuery =
  'SELECT CASE snapshot_isolation_state WHEN 1 THEN 1 ELSE 0 END AS [allowed] FROM sys.databases WHERE database_id = DB_ID()';

/** Sends a text in a session of its own, beside the one that waits. */
async function askFromSecondSession(
  driver: MssqlDriver,
  target: MssqlServerTarget,
  text: string,
): Promise<MssqlResult> {
  const second = new driver.ConnectionPool({
    ...configuration(target, () => undefined),
    requestTimeout: target.connectTimeout,
  });
  second.on('error', () => undefined);
  try {
    await second.connect();
    return await new driver.Request(second).batch(text);
  } finally {
    await second.close().catch(() => undefined);
  }
}

/** The sessions that hold locks; empty where the login may not see them. */
async function lockHolders(driver: MssqlDriver, target: MssqlServerTarget): Promise<readonly LockHolder[]> {
  try {
    const { recordsets } = await askFromSecondSession(driver, target, lockHolderQuery);
    return (recordsets[0] ?? []) as readonly unknown[] as readonly LockHolder[];
  } catch {
    return [];
  }
}

/** One session: its settings and its transaction. The pool replaces a lost session, and the new one has neither. */
class OwnMssqlSession implements MssqlSession {
  readonly context: Pick<Connection, 'label' | 'redact'>;
  private readonly driver: MssqlDriver;
  private readonly target: MssqlServerTarget;
  private readonly interval: Watch['interval'];
  private readonly pool: InstanceType<MssqlDriver['ConnectionPool']>;
  private transaction: MssqlTransaction | null = null;
  private isOpening = true;
  private readonly loginErrors: number[] = [];
  /** How often a session began or ended. */
  private changes = 0;
  private changesAtSetUp = -1;
  /** The isolation level of a transaction stays until the next BEGIN. */
  private isolation: 'usual' | 'snapshot' = 'usual';
  private allowsSnapshot: boolean | null = null;

  constructor(driver: MssqlDriver, target: MssqlServerTarget, interval: Watch['interval']) {
    this.driver = driver;
    this.target = target;
    this.interval = interval;
    this.context = { label: targetLabel(target), redact: redactor(targetSecrets(target)) };
    this.pool = new driver.ConnectionPool(
      configuration(target, (session) => {
        this.changes += 1;
        session.on('end', () => {
          this.changes += 1;
        });
        session.on('errorMessage', ({ number }) => {
          if (this.isOpening) this.loginErrors.push(number);
        });
      }),
    );
    // a failure while nothing runs is reported by the next request
    this.pool.on('error', () => undefined);
  }

  async connect(limits: Limits): Promise<void> {
    await interruptibly(
      limits,
      () => this.pool.connect(),
      { interrupt: () => void this.close() },
      (interrupted) =>
        databaseError(mssqlFailure(interrupted, { isOpening: true, loginErrors: this.loginErrors }), this.context),
    );
    this.isOpening = false;
    await this.setUp(limits);
  }

  close(): Promise<void> {
    return this.pool.close().catch(() => undefined);
  }

  /** A server that answers another session is working: locks have their own limit. */
  private readonly isAtWork = async () => {
    await askFromSecondSession(this.driver, this.target, 'SELECT 1 AS a');
    return true;
  };

  /** The client refuses a request, or the end of a transaction, while another request of the transaction runs. */
  private readonly inTurn = queueOfWork();

  private send(action: MssqlAction, limits: Limits, place?: () => BatchPlace): Promise<MssqlResult> {
    let request: MssqlRequest | null = null;
    // a statement that waits for its turn stays in its transaction
    const parent = this.transaction ?? this.pool;
    return interruptibly(
      limits,
      () =>
        this.inTurn(() => {
          if (limits.signal?.aborted) throw new Error('cancelled while it waited');
          request = new this.driver.Request(parent);
          return action(request);
        }),
      { interrupt: () => request?.cancel(), watch: { isAtWork: this.isAtWork, interval: this.interval } },
      (interrupted) => databaseError(mssqlFailure(interrupted, { isOpening: false, place: place?.() }), this.context),
    );
  }

  /** Gives a new session its settings, before anything else runs in it. */
  private async setUp(limits: Limits = {}): Promise<void> {
    if (this.changesAtSetUp !== this.changes) {
      await this.send((request) => request.batch(mssqlSessionSetup), limits);
      // the pool has one session, and replaces it only before it hands it out
      this.changesAtSetUp = this.changes;
    }
    if (this.isolation === 'snapshot' && !this.transaction) {
      await this.send((request) => request.batch(`${setUsualIsolation};`), limits);
      this.isolation = 'usual';
    }
  }

  async run(action: MssqlAction, limits: Limits, place?: () => BatchPlace): Promise<MssqlResult> {
    if (!this.transaction) await this.setUp(limits);
    try {
      return await this.send(action, limits, place);
    } catch (error) {
      if (!isFailure(error, 'DB_LOCK_TIMEOUT')) throw error;
      throw withLockHolders(error, await lockHolders(this.driver, this.target), this.context);
    }
  }

  runText(text: string, parameters: readonly MssqlParameter[], limits: Limits): Promise<MssqlResult> {
    return this.run(
      (request) =>
        parameters.length === 0 ? request.batch(text) : executeWithParameters(this.driver, request, text, parameters),
      limits,
    );
  }

  /** Whether a transaction that only reads sees one moment. */
  async readsOneMoment(): Promise<boolean> {
    if (this.allowsSnapshot === null) {
      const { recordsets } = await this.runText(snapshotQuery, [], {});
      this.allowsSnapshot = recordsets[0]?.[0]?.allowed === 1;
    }
    return this.allowsSnapshot;
  }

  async begin(purpose: Purpose): Promise<void> {
    const isSnapshot = purpose === 'reading' && (await this.readsOneMoment());
    const levels = this.driver.ISOLATION_LEVEL;
    const begun = new this.driver.Transaction(this.pool);
    begun.on('error', () => undefined);
    await this.reported(() => begun.begin(levels[mssqlIsolation[isSnapshot ? 'reading' : 'writing']]));
    this.transaction = begun;
    this.isolation = isSnapshot ? 'snapshot' : 'usual';
    try {
      await this.setUp();
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  async commit(): Promise<void> {
    const open = this.transaction;
    try {
      await this.reported(() => this.inTurn(async () => open?.commit()));
    } catch (error) {
      // a driver that no longer waits does not know what the server has done
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
    // a refused script has switched execution off (design 06 §2.4)
    await this.send((request) => request.batch('SET NOEXEC OFF;'), {}).catch(() => undefined);
  }

  private async reported(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw databaseError(mssqlFailure({ error, by: null }, { isOpening: false }), this.context);
    }
  }
}

/**
 * Opens one session on SQL Server through the optional package `mssql` (design 09 §1.5). Everything without parameters
 * is sent as a plain batch: through `sp_executesql`, SET options would end with the call, and line numbers would
 * differ. Throws `DB_DRIVER_MISSING` and the codes of design 09 §1.7.
 */
export async function openMssqlServer(
  target: MssqlServerTarget,
  { signal, interval }: Limits & Pick<Watch, 'interval'> = {},
  load?: ImportPackage,
): Promise<Connection> {
  const driver = (await loadOptional('mssql', load)) as MssqlDriver;
  const session = new OwnMssqlSession(driver, target, interval);
  try {
    await session.connect({ signal });
  } catch (error) {
    await session.close();
    throw error;
  }
  return mssqlConnection(session);
}
