import { redactor } from '../target/secret.ts';
import { type MssqlServerTarget, targetLabel, targetSecrets } from '../target/target.ts';
import type { Connection, Limits, Purpose, Row } from './connection.ts';
import { databaseError, isFailure } from './failure.ts';
import { interruptibly, type Watch } from './interruption.ts';
import type { MssqlConfiguration, MssqlDriver, MssqlRequest, MssqlResult, MssqlTransaction } from './mssql-driver.ts';
import { type BatchPlace, mssqlFailure } from './mssql-failure.ts';
import { type LockHolder, lockHolderQuery, withLockHolders } from './mssql-lock-holders.ts';
import { executeWithParameters, type MssqlParameter } from './mssql-parameters.ts';
import { type ImportPackage, loadOptional } from './optional-package.ts';
import { scriptBatches } from './script-batches.ts';
import { statementGroups, statementText } from './statement.ts';

/** @param beforeConnect is called with each session that the pool opens */
function configuration(target: MssqlServerTarget, beforeConnect: MssqlConfiguration['beforeConnect']): MssqlConfiguration {
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

/** How many of the 2100 parameters of a request `sp_executesql` leaves free (design 08 §6.8). */
const mostParameters = 2098;

/**
 * Milliseconds until the server gives up waiting for a lock. We cannot find out whether the holder is working: only
 * administrators may see what another session does.
 */
const lockTimeout = 60_000;

/** Session options of design 09 §1.5. */
const mssqlSessionSetup = [
  'SET NOCOUNT, XACT_ABORT, QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;',
  'SET NUMERIC_ROUNDABORT OFF;',
  'SET DATEFORMAT ymd;',
  `SET LOCK_TIMEOUT ${lockTimeout};`,
].join('\n');

/** A database has it on, off, or in transition; transactions may begin only when it is on. */
const snapshotQuery =
  'SELECT CASE snapshot_isolation_state WHEN 1 THEN 1 ELSE 0 END AS [allowed] FROM sys.databases WHERE database_id = DB_ID()';

/**
 * Opens one session on SQL Server through the optional package `mssql` (design 09 §1.5). Everything without parameters is sent
 * as a plain batch: through `sp_executesql`, SET options would end with the call, and line numbers would differ. Throws
 * `DB_DRIVER_MISSING` and the codes of design 09 §1.7.
 */
export async function openMssqlServer(
  target: MssqlServerTarget,
  { signal, interval }: Limits & Pick<Watch, 'interval'> = {},
  load?: ImportPackage,
): Promise<Connection> {
  const driver = (await loadOptional('mssql', load)) as MssqlDriver;
  const context = { label: targetLabel(target), redact: redactor(targetSecrets(target)) };
  /** How often a session began or ended: the pool replaces a lost session, and the new one has none of the settings. */
  let changes = 0;
  let changesAtSetUp = -1;
  /** The level of a transaction outlives it, until the next one begins with its own. */
  let isolation: 'usual' | 'snapshot' = 'usual';
  let allowsSnapshot: boolean | null = null;
  const pool = new driver.ConnectionPool(
    configuration(target, (session) => {
      changes += 1;
      session.on('end', () => {
        changes += 1;
      });
    }),
  );
  // a failure while nothing runs is reported by the next request
  pool.on('error', () => undefined);
  let transaction: MssqlTransaction | null = null;

  const askFromSecondSession = async (text: string): Promise<MssqlResult> => {
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
  };

  /** A server that answers another session is working: locks have their own limit. */
  const isAtWork = async () => {
    await askFromSecondSession('SELECT 1 AS a');
    return true;
  };

  /** Nobody, where the login may not see them. */
  const lockHolders = async (): Promise<readonly LockHolder[]> => {
    try {
      const { recordsets } = await askFromSecondSession(lockHolderQuery);
      return (recordsets[0] ?? []) as readonly unknown[] as readonly LockHolder[];
    } catch {
      return [];
    }
  };

  const send = (
    action: (request: MssqlRequest) => Promise<MssqlResult>,
    requestLimits: Limits,
    place?: () => BatchPlace,
  ): Promise<MssqlResult> => {
    let request: MssqlRequest | null = null;
    return interruptibly(
      requestLimits,
      () => {
        request = new driver.Request(transaction ?? pool);
        return action(request);
      },
      { interrupt: () => request?.cancel(), watch: { isAtWork, interval } },
      (interrupted) => databaseError(mssqlFailure(interrupted, { isOpening: false, place: place?.() }), context),
    );
  };

  /** Gives a new session its settings, before anything else runs in it. */
  const setUp = async (setUpLimits: Limits = {}) => {
    if (changesAtSetUp !== changes) {
      await send((request) => request.batch(mssqlSessionSetup), setUpLimits);
      // the pool has one session, and replaces it only before it hands it out
      changesAtSetUp = changes;
    }
    if (isolation === 'snapshot' && !transaction) {
      await send((request) => request.batch('SET TRANSACTION ISOLATION LEVEL READ COMMITTED;'), setUpLimits);
      isolation = 'usual';
    }
  };

  const run: typeof send = async (action, requestLimits, place) => {
    if (!transaction) await setUp(requestLimits);
    try {
      return await send(action, requestLimits, place);
    } catch (error) {
      if (!isFailure(error, 'DB_LOCK_TIMEOUT')) throw error;
      throw withLockHolders(error, await lockHolders(), context);
    }
  };

  const runText = (text: string, parameters: readonly MssqlParameter[], textLimits: Limits) =>
    run(
      (request) => (parameters.length === 0 ? request.batch(text) : executeWithParameters(driver, request, text, parameters)),
      textLimits,
    );

  /** The level of a transaction that only reads. */
  const readingLevel = async () => {
    if (allowsSnapshot === null) {
      const { recordsets } = await runText(snapshotQuery, [], {});
      allowsSnapshot = recordsets[0]?.[0]?.allowed === 1;
    }
    return allowsSnapshot ? driver.ISOLATION_LEVEL.SNAPSHOT : driver.ISOLATION_LEVEL.READ_COMMITTED;
  };

  const batch = (text: string, batchLimits: Limits = {}) => run((request) => request.batch(text), batchLimits);

  const execute = async (script: string, scriptLimits: Limits = {}) => {
    const batches = scriptBatches(script);
    for (const [index, entry] of batches.entries()) {
      const place: BatchPlace = { batch: entry, number: index + 1, of: batches.length };
      await run(
        (request) => request.batch(entry.text),
        scriptLimits,
        () => place,
      );
    }
  };

  const connection: Connection = {
    dialect: 'mssql',
    engine: 'server',
    ...context,
    execute,
    query: async <Result>(text: string, parameters: readonly unknown[] = [], queryLimits: Limits = {}) => {
      const { recordsets } = await runText(
        text,
        parameters.map((value) => ({ value, type: null })),
        queryLimits,
      );
      return (recordsets[0] ?? []) as readonly Row[] as readonly Result[];
    },
    queryEach: async (texts, queryLimits = {}) =>
      (await batch(texts.map((text) => `${text};`).join('\n'), queryLimits)).recordsets,
    queryAll: async (statements, queryLimits = {}) => {
      const answers: (readonly Row[])[] = [];
      for (const group of statementGroups(statements, mostParameters)) {
        let first = 1;
        const texts = group.map((statement) => {
          const text = statementText(statement, (number) => `@p${number}`, first);
          first += statement.parameters.length;
          return text;
        });
        const values = group.flatMap(({ parameters, types }) =>
          parameters.map((value, index) => ({ value, type: types?.[index] ?? null })),
        );
        const { recordsets } = await runText(texts.join('\n'), values, queryLimits);
        // statements without rows have no recordset
        const found = recordsets[Symbol.iterator]();
        for (const { hasRows } of group) answers.push(hasRows ? (found.next().value ?? []) : []);
      }
      return answers;
    },
    begin: async (purpose: Purpose = 'writing') => {
      const level = purpose === 'reading' ? await readingLevel() : driver.ISOLATION_LEVEL.READ_COMMITTED;
      const begun = new driver.Transaction(pool);
      begun.on('error', () => undefined);
      try {
        await begun.begin(level);
      } catch (error) {
        throw databaseError(mssqlFailure({ error, by: null }, { isOpening: false }), context);
      }
      transaction = begun;
      isolation = level === driver.ISOLATION_LEVEL.SNAPSHOT ? 'snapshot' : 'usual';
      try {
        await setUp();
      } catch (error) {
        await connection.rollback();
        throw error;
      }
    },
    readsOneMoment: async () => (await readingLevel()) === driver.ISOLATION_LEVEL.SNAPSHOT,
    commit: async () => {
      try {
        await transaction?.commit();
      } catch (error) {
        throw databaseError(mssqlFailure({ error, by: null }, { isOpening: false }), context);
      } finally {
        transaction = null;
      }
    },
    rollback: async () => {
      const open = transaction;
      transaction = null;
      // the server may have rolled it back already: every error does, with XACT_ABORT
      await open?.rollback().catch(() => undefined);
      // a refused script has switched execution off (design 06 §2.4)
      await send((request) => request.batch('SET NOEXEC OFF;'), {}).catch(() => undefined);
    },
    messages: async (text, messageLimits = {}) => {
      const printed: string[] = [];
      await run((request) => {
        request.on('info', ({ message }) => printed.push(message));
        return request.batch(text);
      }, messageLimits);
      return printed;
    },
    close: () => pool.close().catch(() => undefined),
  };
  try {
    await interruptibly(
      { signal },
      () => pool.connect(),
      { interrupt: () => void pool.close().catch(() => undefined) },
      (interrupted) => databaseError(mssqlFailure(interrupted, { isOpening: true }), context),
    );
    await setUp({ signal });
  } catch (error) {
    await connection.close();
    throw error;
  }
  return connection;
}
