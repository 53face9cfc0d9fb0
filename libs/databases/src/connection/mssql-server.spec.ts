import { RecordedMssql, serverError } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { parseTarget } from '../target/parse-target.ts';
import type { DatabaseTarget } from '../target/target.ts';
import type { FailureCode } from './failure.ts';
import { driverCodeOf, isFailure } from './failure.ts';
import { mssqlFailure } from './mssql-failure.ts';
import { openDatabase } from './open-database.ts';

/* No SQL Server: what is sent is compared with what should be (design 09 §1, §2.7). */

const target = (text = 'mssql://sa:geheim7@h:1444/d') => parseTarget(text, 'mssql').target as DatabaseTarget;
const open = (recorded: RecordedMssql, text?: string) => openDatabase(target(text), { load: recorded.load, retryDelays: [] });

const setup =
  'SET NOCOUNT, XACT_ABORT, QUOTED_IDENTIFIER, ANSI_NULLS, ANSI_PADDING, ANSI_WARNINGS, ARITHABORT, CONCAT_NULL_YIELDS_NULL ON;\nSET NUMERIC_ROUNDABORT OFF;\nSET DATEFORMAT ymd;\nSET LOCK_TIMEOUT 60000;';

describe('opening SQL Server', () => {
  it('says of a certificate that nobody trusts what to do, and not to look at the network', async () => {
    const recorded = new RecordedMssql((text) => {
      if (text !== 'connect') return undefined;
      throw Object.assign(new Error('Failed to connect to h:1444 - self-signed certificate'), { code: 'ESOCKET' });
    });
    const error = await failureOf(() => open(recorded));
    expect(isFailure(error, 'DB_UNREACHABLE')).toBe(true);
    expect((error as Error).message).toMatch(/choose trustServerCertificate=true\.$/);
  });

  it('gives the driver one session and all that the text says', async () => {
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
    const recorded = new RecordedMssql((text) => (text.includes('ProductVersion') ? [[{ version, edition }]] : undefined));
    if (supported) await open(recorded);
    else {
      expect(isFailure(await failureOf(() => open(recorded)), 'DB_VERSION_UNSUPPORTED')).toBe(true);
      expect(recorded.sent.at(-1)).toBe('close');
    }
  });

  it('says how the driver is installed where it is not', async () => {
    const absent = async () => {
      throw Object.assign(new Error("Cannot find package 'mssql' imported from x"), { code: 'ERR_MODULE_NOT_FOUND' });
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
      'a database that is not there',
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
    ['no answer', { code: 'ETIMEOUT', message: 'Failed to connect to h:1444 in 15000ms' }, 'DB_UNREACHABLE', 'ETIMEOUT'],
    ['no instance', { code: 'EINSTLOOKUP', message: 'instance lookup failed' }, 'DB_UNREACHABLE', 'EINSTLOOKUP'],
  ])('%s', async (_name, { message, ...rest }, code, driverCode) => {
    const recorded = new RecordedMssql((text) => {
      if (text === 'connect') throw Object.assign(new Error(`${message} geheim7 geheim%37`), rest);
      return undefined;
    });
    const error = await failureOf(() => open(recorded));
    expect([isFailure(error, code), driverCodeOf(error)]).toEqual([true, driverCode]);
    expect(JSON.stringify((error as { diagnostics: unknown }).diagnostics)).not.toMatch(/geheim(?:7|%37)/);
    expect((error as Error).message).toContain('mssql://sa@h:1444/d');
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

  it('is told by the first error of several', () => {
    const error = Object.assign(serverError(3609, 'The transaction ended in the trigger.'), {
      precedingErrors: [serverError(547, 'the key')],
    });
    expect(mssqlFailure({ error, by: null }, { isOpening: false })).toMatchObject({ driverCode: '547', message: 'the key' });
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
    const error = await failureOf(() => connection.execute('SELECT 1;\nGO\n\nSELECT 2;\n    BROKEN;\ngo\nSELECT 3;\n'));
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
    expect(await connection.query('SELECT @p1 AS a', ['x'])).toEqual([{ a: 1 }]);
    expect(await connection.query('SELECT 1 AS a')).toEqual([{ a: 1 }]);
    expect(await connection.queryEach(['SELECT 1 AS a', 'SELECT 2 AS b'])).toEqual([[{ a: 1 }], [{ b: 2 }]]);
    expect(recorded.sent.slice(from)).toEqual([
      'query SELECT @p1 AS a {"p1":"x"}',
      'batch SELECT 1 AS a',
      'batch SELECT 1 AS a;\nSELECT 2 AS b;',
    ]);
  });

  it('goes on as long as the server answers another session, and is cancelled by its task', async () => {
    const recorded = new RecordedMssql();
    const connection = await openDatabase(target(), { load: recorded.load, retryDelays: [], interval: 20 });
    const from = recorded.sent.length;
    const cancelled = await failureOf(() => connection.execute("WAITFOR DELAY '1'", { signal: AbortSignal.timeout(300) }));
    expect([isFailure(cancelled, 'DB_CANCELLED'), recorded.sent.at(-1)]).toEqual([true, 'cancel']);
    const look = ['connect', 'batch SELECT 1 AS a', 'close'];
    expect(recorded.sent.slice(from, from + 7)).toEqual(["batch WAITFOR DELAY '1'", ...look, ...look]);
    // a look does not wait for ever either
    expect(recorded.configurations.at(-1)).toMatchObject({ requestTimeout: 15_000 });
  });

  it('is given up when the server answers nobody any more', async () => {
    let connects = 0;
    const recorded = new RecordedMssql((text) => {
      if (text === 'connect' && ++connects > 1) throw Object.assign(new Error('no answer'), { code: 'ETIMEOUT' });
      return undefined;
    });
    const connection = await openDatabase(target(), { load: recorded.load, retryDelays: [], interval: 20 });
    const late = await failureOf(() => connection.execute("SELECT 1;\nGO\nWAITFOR DELAY '1'"));
    expect([isFailure(late, 'DB_TIMEOUT'), recorded.sent.at(-1), connects]).toEqual([true, 'cancel', 3]);
  });

  it('rolls back whatever the server did already, and switches execution on again', async () => {
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
