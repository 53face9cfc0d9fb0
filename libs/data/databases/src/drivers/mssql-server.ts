import { redactor } from '@dms/diagnostics';
import { dialectOf, type PlainSql, setUsualIsolation, textOf } from '@dms/sql';
import { type MssqlServerTarget, targetLabel, targetSecrets } from '../addressing/target.ts';
import { databaseError, isFailure } from '../failures/failure.ts';
import {
  type BatchPlace,
  type LockHolder,
  lockHolderQuery,
  mssqlFailure,
  withLockHolders,
} from '../failures/mssql-failure.ts';
import type { Connection, Limits, Purpose } from './connection.ts';
import { interruptibly, type Watch } from './interruption.ts';
import { lockWaits } from './lock-waits.ts';
import { mssqlConnection } from './mssql-connection.ts';
import type { DriverTransaction, MssqlConfiguration, MssqlDriver, MssqlResult } from './mssql-driver.ts';
import { type MssqlAction, MssqlSession } from './mssql-session.ts';
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

/** Sends a text in a second session, beside the one that waits. */
async function askFromSecondSession(
  driver: MssqlDriver,
  target: MssqlServerTarget,
  query: PlainSql,
): Promise<MssqlResult> {
  const second = new driver.ConnectionPool({
    ...configuration(target, () => undefined),
    requestTimeout: target.connectTimeout,
  });
  second.on('error', () => undefined);
  try {
    await second.connect();
    return await new driver.Request(second).batch(textOf(query));
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
class OwnMssqlSession extends MssqlSession {
  protected readonly types: MssqlDriver;
  protected readonly levels: MssqlDriver['ISOLATION_LEVEL'];
  protected readonly watch: Watch;
  private readonly driver: MssqlDriver;
  private readonly target: MssqlServerTarget;
  private readonly pool: InstanceType<MssqlDriver['ConnectionPool']>;
  private isOpening = true;
  private readonly loginErrors: number[] = [];
  /** How often a session began or ended. */
  private changes = 0;
  private changesAtSetUp = -1;
  /** The isolation level of a transaction stays until the next BEGIN. */
  private isolation: 'usual' | 'snapshot' = 'usual';

  constructor(driver: MssqlDriver, target: MssqlServerTarget, interval: Watch['interval']) {
    super({ label: targetLabel(target), redact: redactor(targetSecrets(target)) });
    this.driver = driver;
    this.types = driver;
    this.levels = driver.ISOLATION_LEVEL;
    this.target = target;
    this.watch = { isAtWork: this.isAtWork, interval };
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

  /** Whether the server is working: it is if it answers another session. Locks have their own limit. */
  private readonly isAtWork = async () => {
    await askFromSecondSession(this.driver, this.target, dialectOf.mssql.sql`SELECT 1 AS a`);
    return true;
  };

  protected newTransaction(): DriverTransaction {
    return new this.driver.Transaction(this.pool);
  }

  protected newRequest(transaction: DriverTransaction | null) {
    return new this.driver.Request(transaction ?? this.pool);
  }

  /** Gives a new session its settings, before anything else runs in it. */
  private async setUp(limits: Limits = {}): Promise<void> {
    if (this.changesAtSetUp !== this.changes) {
      await this.send((request) => request.batch(mssqlSessionSetup), limits);
      // the pool has one session, and replaces it only before it hands it out
      this.changesAtSetUp = this.changes;
    }
    if (this.isolation === 'snapshot' && !this.transaction) {
      await this.send((request) => request.batch(`${textOf(setUsualIsolation)};`), limits);
      this.isolation = 'usual';
    }
  }

  override async run(action: MssqlAction, limits: Limits, place?: () => BatchPlace): Promise<MssqlResult> {
    if (!this.transaction) await this.setUp(limits);
    try {
      return await this.send(action, limits, place);
    } catch (error) {
      if (!isFailure(error, 'DB_LOCK_TIMEOUT')) throw error;
      throw withLockHolders(error, await lockHolders(this.driver, this.target), this.context);
    }
  }

  async begin(purpose: Purpose): Promise<void> {
    this.isolation = (await this.beginTransaction(purpose)) ? 'snapshot' : 'usual';
    try {
      await this.setUp();
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  override async rollback(): Promise<void> {
    await super.rollback();
    // a refused script has switched execution off (design 06 §2.4)
    await this.send((request) => request.batch('SET NOEXEC OFF;'), {}).catch(() => undefined);
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
