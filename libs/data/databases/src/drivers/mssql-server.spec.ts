import { dialectOf, givenScript, type Sql, trusted, value } from '@dms/sql';
import { RecordedMssql, serverError } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { parseTarget } from '../addressing/parse-target.ts';
import type { DatabaseTarget } from '../addressing/target.ts';
import { driverCodeOf, type FailureCode, isFailure } from '../failures/failure.ts';
import { mssqlFailure } from '../failures/mssql-failure.ts';
import { openDatabase } from './open-database.ts';
import { AbsentPackage } from './optional-package.ts';
import { command } from './statement.ts';

/* Runs without a SQL Server: the sent requests are compared with the expected ones (design 09 §1, §2.7). */

const target = (text = 'mssql://sa:ge%23heim77@h:1444/d') => parseTarget(text, 'mssql').target as DatabaseTarget;
const open = (recorded: RecordedMssql, text?: string) =>
  openDatabase(target(text), { load: recorded.load, retryDelays: [] });

const setup =
  'SET NOCOUNT, XACT_ABORT, QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;\nSET NUMERIC_ROUNDABORT OFF;\nSET DATEFORMAT ymd;\nSET LOCK_TIMEOUT 60000;';

describe('opening SQL Server', () => {
  it('reports an untrusted certificate with advice that does not mention the network', async () => {
    const recorded = new RecordedMssql((text) => {
      if (text !== 'connect') return undefined;
      throw Object.assign(new Error('Failed to connect to h:1444 - self-signed certificate'), { code: 'ESOCKET' });
    });
    const error = await failureOf(() => open(recorded));
    expect(isFailure(error, 'DB_UNREACHABLE')).toBe(true);
    expect((error as Error).message).toMatch(/choose trustServerCertificate=true\.$/);
  });

  it('gives the driver one session and every option of the connection string', async () => {
    const recorded = new RecordedMssql();
    const connection = await open(
      recorded,
      'Server=tcp:h,1444;Database=d;User Id=sa;Password="a;b";Encrypt=strict;Timeout=7;Application Name=x',
    );
    expect(recorded.configurations).toEqual([
      {
        server: 'h',
        port: 1444,
        database: 'd',
        user: 'sa',
        password: 'a;b',
        connectionTimeout: 7000,
        requestTimeout: 0,
        pool: { max: 1, min: 1 },
        beforeConnect: expect.any(Function),
        options: {
          appName: 'x',
          encrypt: 'strict',
          trustServerCertificate: false,
          enableArithAbort: true,
          abortTransactionOnError: true,
        },
      },
    ]);
    await connection.close();
    expect(recorded.sent.at(-1)).toBe('close');
  });

  it('names an instance instead of a port', async () => {
    const recorded = new RecordedMssql();
    await open(recorded, 'Server=.\\EXPRESS;Database=d');
    expect(recorded.configurations).toMatchObject([{ server: 'localhost', options: { instanceName: 'EXPRESS' } }]);
    expect(recorded.configurations[0]).not.toHaveProperty('port');
  });

  it('sets the session up before anything else, as a batch', async () => {
    const recorded = new RecordedMssql();
    await open(recorded);
    expect(recorded.sent.slice(0, 2)).toEqual(['connect', `batch ${setup}`]);
  });

  it.each([
    ['14.0.3000.1', 3, false],
    ['15.0.2000.5', 2, true],
    ['12.0.2000.8', 5, true],
    ['12.0.2000.8', 8, true],
  ])('version %s, edition %s: %s', async (version, edition, supported) => {
    const recorded = new RecordedMssql((text) =>
      text.includes('ProductVersion') ? [[{ version, edition }]] : undefined,
    );
    if (supported) await open(recorded);
    else {
      expect(isFailure(await failureOf(() => open(recorded)), 'DB_VERSION_UNSUPPORTED')).toBe(true);
      expect(recorded.sent.at(-1)).toBe('close');
    }
  });

  it('says how to install the driver if it is missing', async () => {
    const absent = async () => {
      throw new AbsentPackage('mssql');
    };
    const error = await failureOf(() => openDatabase(target(), { load: absent, retryDelays: [] }));
    if (!isFailure(error, 'DB_DRIVER_MISSING')) throw error;
    expect(error.message).toContain('npm install --save-dev mssql');
    const broken = async () => {
      throw new Error('the package is broken');
    };
    await expect(openDatabase(target(), { load: broken, retryDelays: [] })).rejects.toThrow('the package is broken');
  });

  it.each<[string, Record<string, unknown>, FailureCode, string]>([
    ['a wrong password', { code: 'ELOGIN', message: "Login failed for user 'sa'." }, 'DB_AUTH_FAILED', 'ELOGIN'],
    [
      'a database that does not exist',
      { code: 'ELOGIN', message: 'Cannot open database "d" requested by the login.' },
      'DB_NO_DATABASE',
      'ELOGIN',
    ],
    [
      'a closed port',
      { code: 'ESOCKET', message: 'Failed to connect to h:1444 - Could not connect (sequence)' },
      'DB_UNREACHABLE',
      'ESOCKET',
    ],
    [
      'no answer',
      { code: 'ETIMEOUT', message: 'Failed to connect to h:1444 in 15000ms' },
      'DB_UNREACHABLE',
      'ETIMEOUT',
    ],
    ['no instance', { code: 'EINSTLOOKUP', message: 'instance lookup failed' }, 'DB_UNREACHABLE', 'EINSTLOOKUP'],
  ])('%s', async (_name, { message, ...rest }, code, driverCode) => {
    const recorded = new RecordedMssql((text) => {
      if (text === 'connect') throw Object.assign(new Error(`${message} ge#heim77 ge%23heim77`), rest);
      return undefined;
    });
    const error = await failureOf(() => open(recorded));
    expect([isFailure(error, code), driverCodeOf(error)]).toEqual([true, driverCode]);
    expect(JSON.stringify((error as { diagnostics: unknown }).diagnostics)).not.toMatch(/heim77/);
    expect((error as Error).message).toContain('mssql://sa@h:1444/d');
  });

  it.each<[string, number[], FailureCode]>([
    ['a database that does not exist', [4060, 18456], 'DB_NO_DATABASE'],
    ['a wrong password', [18456], 'DB_AUTH_FAILED'],
    ['a server of Azure without room', [10928], 'DB_BUSY'],
    ['an error that says nothing', [1], 'DB_AUTH_FAILED'],
  ])('tells by the number what a login failed for, in any language: %s', async (_name, numbers, code) => {
    const recorded = new RecordedMssql((text) => {
      if (text === 'connect')
        throw Object.assign(new Error('Fehler bei der Anmeldung für den Benutzer »sa«.'), { code: 'ELOGIN' });
      return undefined;
    });
    recorded.loginErrors = numbers;
    expect(isFailure(await failureOf(() => open(recorded)), code)).toBe(true);
  });

  it('does not take errors of earlier logins for those of a later one', async () => {
    const recorded = new RecordedMssql();
    recorded.loginErrors = [4060];
    const connection = await open(recorded);
    recorded.breaks = (line) => (line.startsWith('batch SELECT') ? 'before' : null);
    expect(isFailure(await failureOf(() => connection.query(trusted('SELECT 1'))), 'DB_CONNECTION_LOST')).toBe(true);
  });
});

describe('what SQL Server throws while something runs', () => {
  it.each<[number, FailureCode]>([
    [229, 'DB_PERMISSION'],
    [230, 'DB_PERMISSION'],
    [262, 'DB_PERMISSION'],
    [2760, 'DB_PERMISSION'],
    [15247, 'DB_PERMISSION'],
    [911, 'DB_NO_DATABASE'],
    [10928, 'DB_BUSY'],
    [10929, 'DB_BUSY'],
    [17809, 'DB_BUSY'],
    [1222, 'DB_LOCK_TIMEOUT'],
    [1205, 'DB_DEADLOCK'],
    [2627, 'DB_SQL'],
  ])('%s is %s', (number, code) => {
    expect(mssqlFailure({ error: serverError(number, 'x'), by: null }, { isOpening: false })).toMatchObject({
      code,
      driverCode: String(number),
    });
  });

  it.each<[string, FailureCode]>([
    ['ECANCEL', 'DB_CANCELLED'],
    ['ETIMEOUT', 'DB_TIMEOUT'],
    ['ESOCKET', 'DB_CONNECTION_LOST'],
    ['ECONNCLOSED', 'DB_CONNECTION_LOST'],
  ])('%s is %s', (code, expected) => {
    expect(mssqlFailure({ error: Object.assign(new Error('x'), { code }), by: null }, { isOpening: false }).code).toBe(
      expected,
    );
  });

  it('is described by the first of several errors', () => {
    const error = Object.assign(serverError(3609, 'The transaction ended in the trigger.'), {
      precedingErrors: [serverError(547, 'the key')],
    });
    expect(mssqlFailure({ error, by: null }, { isOpening: false })).toMatchObject({
      driverCode: '547',
      message: 'the key',
    });
  });
});

describe('a session of SQL Server', () => {
  it('sends each batch of a script, stops at the first that fails, and names its line', async () => {
    const recorded = new RecordedMssql((text) => {
      if (text.includes('BROKEN')) throw serverError(102, "Incorrect syntax near 'BROKEN'.", 2);
      return undefined;
    });
    const connection = await open(recorded);
    const from = recorded.sent.length;
    const error = await failureOf(() =>
      connection.execute(givenScript('SELECT 1;\nGO\n\nSELECT 2;\n    BROKEN;\ngo\nSELECT 3;\n')),
    );
    expect(recorded.sent.slice(from)).toEqual(['batch SELECT 1;', 'batch SELECT 2;\n    BROKEN;']);
    if (!isFailure(error, 'DB_SQL')) throw error;
    const [{ where, details, message }] = error.diagnostics;
    expect(where).toEqual({ line: 5, column: undefined });
    expect(details).toMatchObject({ driverCode: '102', batch: 2, statement: '    BROKEN;' });
    expect(message).toContain('line 5 of the script (batch 2 of 3)');
  });

  it('binds parameters by number, and sends what has none as a batch', async () => {
    const recorded = new RecordedMssql((text) => (text.includes('AS a') ? [[{ a: 1 }], [{ b: 2 }]] : undefined));
    const connection = await open(recorded);
    const from = recorded.sent.length;
    expect(await connection.query(trusted('SELECT @p1 AS a'), ['x'])).toEqual([{ a: 1 }]);
    expect(await connection.query(trusted('SELECT 1 AS a'))).toEqual([{ a: 1 }]);
    expect(await connection.queryEach([trusted('SELECT 1 AS a'), trusted('SELECT 2 AS b')])).toEqual([
      [{ a: 1 }],
      [{ b: 2 }],
    ]);
    expect(recorded.sent.slice(from)).toEqual([
      'query SELECT @p1 AS a {"p1":"x"}',
      'batch SELECT 1 AS a',
      'batch SELECT 1 AS a;\nSELECT 2 AS b;',
    ]);
  });

  it('declares parameters with the types that they are compared with, and otherwise with one of a few lengths', async () => {
    const recorded = new RecordedMssql();
    const connection = await open(recorded);
    const statement = (...[a, b, c]: readonly [Sql, Sql, Sql]) => command(dialectOf.mssql.sql`a ${a} b ${b} c ${c}`);
    await connection.queryAll([
      statement(value('1.50', 'decimal(9,2)'), value(true), value(null, 'nvarchar(75)')),
      statement(value('x'), value('y'.repeat(51)), value('z'.repeat(4001))),
      statement(value(7), value(1.5), value(null)),
    ]);
    expect(recorded.queries).toEqual([
      {
        text: 'a @p1 b @p2 c @p3\na @p4 b @p5 c @p6\na @p7 b @p8 c @p9',
        declarations:
          '@p1 decimal(9,2), @p2 bit, @p3 nvarchar(75), @p4 nvarchar(50), @p5 nvarchar(400), @p6 nvarchar(max), @p7 bigint, @p8 float, @p9 nvarchar(50)',
        // numbers as text: the client would make a floating-point number of a decimal
        values: ['1.50', true, null, 'x', 'y'.repeat(51), 'z'.repeat(4001), '7', '1.5', null],
      },
    ]);
  });

  it('reads in a snapshot if the database allows it, and resets the isolation level afterwards', async () => {
    const recorded = new RecordedMssql((text) =>
      text.includes('snapshot_isolation_state') ? [[{ allowed: 1 }]] : undefined,
    );
    const connection = await open(recorded);
    await connection.begin('reading');
    await connection.commit();
    const from = recorded.sent.length;
    await connection.begin('reading');
    await connection.query(trusted('SELECT 1'));
    await connection.commit();
    await connection.query(trusted('SELECT 2'));
    await connection.begin();
    // the database is queried once; the isolation level of a transaction outlives the transaction
    expect(recorded.sent.slice(from)).toEqual([
      'begin 5',
      'batch SELECT 1',
      'commit',
      'batch SET TRANSACTION ISOLATION LEVEL READ COMMITTED;',
      'batch SELECT 2',
      'begin 2',
    ]);
    expect(await connection.readsOneMoment?.()).toBe(true);
  });

  it('reads committed rows if the database does not allow snapshots', async () => {
    const recorded = new RecordedMssql((text) =>
      text.includes('snapshot_isolation_state') ? [[{ allowed: 0 }]] : undefined,
    );
    const connection = await open(recorded);
    await connection.begin('reading');
    expect(recorded.sent.at(-1)).toBe('begin 2');
    expect(await connection.readsOneMoment?.()).toBe(false);
  });

  it.each([true, false])(
    'sets up a session that the pool opens for a transaction; loss of the old one was noticed: %s',
    async (isNoticed) => {
      const recorded = new RecordedMssql();
      const connection = await open(recorded);
      const from = recorded.sent.length;
      recorded.loseSession({ isNoticed });
      await connection.begin();
      await connection.query(trusted('SELECT 1'));
      await connection.commit();
      await connection.query(trusted('SELECT 2'));
      expect(recorded.sent.slice(from)).toEqual([
        'begin 2',
        `batch ${setup}`,
        'batch SELECT 1',
        'commit',
        'batch SELECT 2',
      ]);
    },
  );

  it('sets up a session that the pool opens for a statement without a transaction', async () => {
    const recorded = new RecordedMssql();
    const connection = await open(recorded);
    const from = recorded.sent.length;
    recorded.loseSession();
    await connection.query(trusted('SELECT 1'));
    expect(recorded.sent.slice(from)).toEqual([`batch ${setup}`, 'batch SELECT 1']);
    // a loss that the client did not notice shows at the next statement
    recorded.loseSession({ isNoticed: false });
    await connection.query(trusted('SELECT 2'));
    await connection.query(trusted('SELECT 3'));
    expect(recorded.sent.slice(from + 2)).toEqual(['batch SELECT 2', `batch ${setup}`, 'batch SELECT 3']);
  });

  it('ends a transaction whose session cannot be set up', async () => {
    let isBroken = false;
    const recorded = new RecordedMssql((text) => {
      if (isBroken && text === setup) throw serverError(229, 'denied');
      return undefined;
    });
    const connection = await open(recorded);
    isBroken = true;
    recorded.loseSession();
    expect(isFailure(await failureOf(() => connection.begin()), 'DB_PERMISSION')).toBe(true);
    expect(recorded.sent).toContain('rollback');
  });

  it('names the holders of a lock when the wait for it takes too long', async () => {
    const recorded = new RecordedMssql((text) => {
      if (text.includes('dm_tran_locks'))
        return [
          [
            { session: 57, login: 'app', program: 'Reports', host: 'h2' },
            { session: 61, login: 'ge#heim77', program: null, host: '' },
          ],
        ];
      if (text === 'SELECT 1') throw serverError(1222, 'Lock request time out period exceeded.');
      return undefined;
    });
    const connection = await open(recorded);
    const from = recorded.sent.length;
    const error = await failureOf(() => connection.query(trusted('SELECT 1')));
    if (!isFailure(error, 'DB_LOCK_TIMEOUT')) throw error;
    expect(error.diagnostics[0].message).toMatch(
      /Sessions that hold locks in the database: session 57 \(login app, program Reports, host h2\); session 61 \(login \*\*\*\)\.$/,
    );
    expect(error.diagnostics[0].details.holders).toEqual([
      'session 57 (login app, program Reports, host h2)',
      'session 61 (login ***)',
    ]);
    // queried in a separate session
    expect(recorded.sent.slice(from).map((line) => line.split(' ')[0])).toEqual(['batch', 'connect', 'batch', 'close']);
  });

  it('does not mention lock holders that it may not see', async () => {
    const recorded = new RecordedMssql((text) => {
      if (text.includes('dm_tran_locks')) throw serverError(300, 'VIEW SERVER STATE permission was denied');
      if (text === 'SELECT 1') throw serverError(1222, 'Lock request time out period exceeded.');
      return undefined;
    });
    const connection = await open(recorded);
    const error = await failureOf(() => connection.query(trusted('SELECT 1')));
    if (!isFailure(error, 'DB_LOCK_TIMEOUT')) throw error;
    expect([error.message.includes('hold locks'), error.diagnostics[0].details.holders]).toEqual([false, undefined]);
  });

  it('continues as long as the server answers another session, and is cancelled by its task', async () => {
    const recorded = new RecordedMssql();
    const connection = await openDatabase(target(), { load: recorded.load, retryDelays: [], interval: 20 });
    const from = recorded.sent.length;
    const task = new AbortController();
    const waiting = failureOf(() => connection.execute(givenScript("WAITFOR DELAY '1'"), { signal: task.signal }));
    const look = ['connect', 'batch SELECT 1 AS a', 'close'];
    await expect.poll(() => recorded.sent.length, { interval: 5 }).toBeGreaterThanOrEqual(from + 1 + 2 * look.length);
    task.abort();
    expect([isFailure(await waiting, 'DB_CANCELLED'), recorded.sent.at(-1)]).toEqual([true, 'cancel']);
    expect(recorded.sent.slice(from, from + 7)).toEqual(["batch WAITFOR DELAY '1'", ...look, ...look]);
    // the check has a time limit too
    expect(recorded.configurations.at(-1)).toMatchObject({ requestTimeout: 15_000 });
  });

  it('is given up when the server no longer answers any session', async () => {
    let connects = 0;
    const recorded = new RecordedMssql((text) => {
      if (text === 'connect' && ++connects > 1) throw Object.assign(new Error('no answer'), { code: 'ETIMEOUT' });
      return undefined;
    });
    const connection = await openDatabase(target(), { load: recorded.load, retryDelays: [], interval: 20 });
    const late = await failureOf(() => connection.execute(givenScript("SELECT 1;\nGO\nWAITFOR DELAY '1'")));
    expect([isFailure(late, 'DB_TIMEOUT'), recorded.sent.at(-1), connects]).toEqual([true, 'cancel', 3]);
  });

  it('sends one request of a transaction after the other, and its end after them', async () => {
    const recorded = new RecordedMssql((text) => {
      if (text === 'SELECT 2') throw serverError(8134, 'Divide by zero');
      return text === 'SELECT 1' ? [[{ a: text }]] : undefined;
    });
    const connection = await open(recorded);
    const from = recorded.sent.length;
    await connection.begin();
    const [first, second, third] = await Promise.allSettled([
      connection.query(trusted('SELECT 1')),
      connection.query(trusted('SELECT 2')),
      connection.queryEach([trusted('SELECT 3')]),
      connection.rollback(),
    ]);
    expect(first).toEqual({ status: 'fulfilled', value: [{ a: 'SELECT 1' }] });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'DB_SQL' } });
    expect(third).toMatchObject({ status: 'fulfilled' });
    expect(recorded.sent.slice(from)).toEqual([
      'begin 2',
      ...['batch SELECT 1', 'batch SELECT 2', 'batch SELECT 3;'],
      ...['rollback', 'batch SET NOEXEC OFF;'],
    ]);
  });

  it('does not send a statement whose task was cancelled while it waited', async () => {
    const recorded = new RecordedMssql();
    const connection = await open(recorded);
    await connection.begin();
    const controller = new AbortController();
    const results = Promise.allSettled([
      connection.query(trusted('SELECT 1')),
      connection.query(trusted('SELECT 2'), [], { signal: controller.signal }),
    ]);
    controller.abort();
    const [, waiting] = await results;
    expect(waiting).toMatchObject({ status: 'rejected', reason: { code: 'DB_CANCELLED' } });
    expect(recorded.sent).not.toContain('batch SELECT 2');
  });

  it('rolls back whatever the server has already done, and switches execution on again', async () => {
    const recorded = new RecordedMssql((text) => {
      if (text === 'rollback') throw Object.assign(new Error('Transaction has been aborted.'), { code: 'EABORT' });
      return undefined;
    });
    const connection = await open(recorded);
    const from = recorded.sent.length;
    await connection.begin();
    await connection.rollback();
    expect(recorded.sent.slice(from)).toEqual(['begin 2', 'rollback', 'batch SET NOEXEC OFF;']);
  });
});
