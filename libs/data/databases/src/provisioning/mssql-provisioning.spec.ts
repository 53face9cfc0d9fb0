import { DmsError } from '@dms/diagnostics';
import { textOf } from '@dms/sql';
import { type Answer, RecordedMssql, serverError } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../test/engines.ts';
import { emitted, smallSet } from '../../test/schema-sets.ts';
import { parseTarget } from '../addressing/parse-target.ts';
import type { ServerTarget } from '../addressing/target.ts';
import { scriptBatches } from '../drivers/mssql-driver.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { mssqlQueries } from '../introspection/mssql-queries.ts';
import { type ProvisionOptions, planProvision, provision } from './provision.ts';
import { dropDatabase, type Open } from './server-databases.ts';

/* Runs without a SQL Server: the requests of provisioning are compared with design 09 §2. */

const small = emitted(smallSet(), 'mssql');
const target = parseTarget('mssql://sa:geheim7@h/d', 'mssql').target as ServerTarget;

const coreTables = ['EffectiveSchema', 'ResourceKey', 'SchemaComponent'].map((name) => ({
  kind: 'table',
  table: name,
  name,
}));

/** A server that accepts everything: its database is empty unless `own` answers otherwise. */
const willing =
  (own: Answer = () => undefined): Answer =>
  (text, parameters) => {
    const answer = own(text, parameters);
    if (answer) return answer;
    if (text.includes('is_read_committed_snapshot_on')) return [[]];
    if (text.includes('sp_getapplock')) return [[{ r: 0 }]];
    if (text.includes('@@TRANCOUNT')) return [[{ t: 1, x: 1 }]];
    if (text.includes("WHERE s.name = N'dms'")) return [[]];
    return undefined;
  };

const run = (recorded: RecordedMssql, options: ProvisionOptions = {}) =>
  provision(target, small, { load: recorded.load, retryDelays: [], verify: false, ...options });

async function refused(recorded: RecordedMssql, options?: ProvisionOptions): Promise<DmsError> {
  const error = await failureOf(() => run(recorded, options));
  if (error instanceof DmsError) return error;
  throw error;
}

/** The requests of the transaction, which begin with the lock timeout. */
const fromLockTime = (recorded: RecordedMssql) =>
  recorded.sent.slice(recorded.sent.indexOf('batch SET LOCK_TIMEOUT 30000;'));

const lock =
  "batch DECLARE @r int; EXEC @r = sp_getapplock @Resource = N'dms:provision', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 60000; SELECT @r AS r";
const trancount = 'batch SELECT @@TRANCOUNT AS t, XACT_STATE() AS x';

describe('dropping a database', () => {
  const dropped = async (edition: number) => {
    const recorded = new RecordedMssql((text) =>
      text.includes('ProductVersion') ? [[{ version: '16.0.1000.6', edition }]] : undefined,
    );
    const open: Open = (each, options) => openDatabase(each, { ...options, load: recorded.load });
    await dropDatabase(target, { open });
    return recorded.batches.filter((text) => text.includes('DATABASE'));
  };

  it('ends the sessions of others first', async () => {
    expect(await dropped(3)).toEqual([
      'ALTER DATABASE [d] SET SINGLE_USER WITH ROLLBACK IMMEDIATE',
      'DROP DATABASE [d]',
    ]);
  });

  it.each([5, 8])('sends no option that Azure SQL does not have: edition %i', async (edition) => {
    expect(await dropped(edition)).toEqual(['DROP DATABASE [d]']);
  });
});

describe('provisioning SQL Server', () => {
  it('sends lock, state, every batch, the check of the transaction and the commit, in one transaction', async () => {
    const recorded = new RecordedMssql(willing());
    expect(await run(recorded)).toMatchObject({ outcome: 'provisioned', database: 'd', warnings: [] });
    const sent = fromLockTime(recorded);
    expect(sent.slice(0, 3)).toEqual(['batch SET LOCK_TIMEOUT 30000;', 'begin 2', lock]);
    const batches = scriptBatches(small.script).map(({ text }) => `batch ${text}`);
    expect(batches.length).toBeGreaterThan(5);
    const first = sent.indexOf(batches[0] ?? '');
    // only what is there is read before the first batch
    expect(sent.slice(3, first).filter((line) => !/^(?:batch SELECT|query (?:SELECT|WITH))\b/.test(line))).toEqual([]);
    expect(sent.slice(first)).toEqual([...batches, trancount, 'commit', 'close']);
  });

  it('stops at the batch that fails, and sends none after it', async () => {
    const batches = scriptBatches(small.script);
    const at = 4;
    const recorded = new RecordedMssql(
      willing((text) => {
        if (text === batches[at]?.text) throw serverError(2714, 'There is already an object.', 3);
        return undefined;
      }),
    );
    const error = await refused(recorded);
    expect([error.code, error.diagnostics[0].where.line]).toEqual(['DB_SQL', (batches[at]?.line ?? 0) + 2]);
    expect(fromLockTime(recorded).slice(-4)).toEqual([
      `batch ${batches[at]?.text}`,
      'rollback',
      'batch SET NOEXEC OFF;',
      'close',
    ]);
  });

  it('finds that the script has ended its transaction', async () => {
    const recorded = new RecordedMssql(
      willing((text) => (text.includes('@@TRANCOUNT') ? [[{ t: 0, x: 0 }]] : undefined)),
    );
    const error = await refused(recorded);
    expect(error.message).toContain('transaction ended inside the script');
    expect(recorded.sent).not.toContain('commit');
  });

  it.each([
    [-1, 'PROVISION_LOCKED'],
    [-2, 'DB_CANCELLED'],
    [-3, 'DB_DEADLOCK'],
    [-999, 'DB_SQL'],
  ])('takes %s from the lock for %s', async (r, code) => {
    const recorded = new RecordedMssql(willing((text) => (text.includes('sp_getapplock') ? [[{ r }]] : undefined)));
    expect((await refused(recorded)).code).toBe(code);
    expect(fromLockTime(recorded).slice(-3)).toEqual(['rollback', 'batch SET NOEXEC OFF;', 'close']);
  });

  it('warns if readers block writers, with the statement that changes it, and never runs that statement', async () => {
    const recorded = new RecordedMssql(
      willing((text) =>
        text.includes('is_read_committed_snapshot_on')
          ? [[{ code: 'PROVISION_RCSI_OFF', object: 'a]b', detail: '', statement: '' }]]
          : undefined,
      ),
    );
    const { warnings } = await run(recorded);
    expect(warnings.map(({ code, message }) => [code, message.replace(/^.*run: /, '')])).toEqual([
      ['PROVISION_RCSI_OFF', 'ALTER DATABASE [a]]b] SET READ_COMMITTED_SNAPSHOT ON'],
    ]);
    expect(recorded.sent.filter((line) => line.includes('ALTER DATABASE'))).toEqual([]);
  });

  it('refuses a collation that turns I into another letter, and sends nothing of the script', async () => {
    const turkish: Answer = (text, { p1 }) => {
      if (!text.includes('AS lowered FROM OPENJSON')) return undefined;
      return [(JSON.parse(String(p1)) as string[]).map((each) => ({ lowered: each.toLocaleLowerCase('tr') }))];
    };
    const recorded = new RecordedMssql(willing(turkish));
    const error = await refused(recorded);
    expect([error.code, error.message]).toEqual([
      'DB_COLLATION',
      expect.stringContaining('COLLATE Latin1_General_100_CI_AS'),
    ]);
    expect(recorded.sent.filter((line) => line.includes('CREATE'))).toEqual([]);
  });

  it('needs the right to alter the database', async () => {
    const recorded = new RecordedMssql(
      willing((text) => {
        if (!text.includes('AS has, USER_NAME()')) return undefined;
        const database = { kind: 'DATABASE', place: '', name: 'd', signature: '' };
        return [[{ purpose: 'provision', ...database, right: 'ALTER', has: 0, role: 'sa' }]];
      }),
    );
    const error = await refused(recorded);
    expect([error.code, error.diagnostics[0].details.privilege]).toEqual(['DB_PERMISSION', 'ALTER on the database']);
  });

  it('knows occupied and provisioned databases', async () => {
    const occupied = new RecordedMssql(
      willing((text) =>
        text.includes('FROM sys.objects o JOIN sys.schemas s')
          ? [
              [
                { schema: 'edfi', kind: 'function', n: 1 },
                { schema: 'edfi', kind: 'function', n: 2 },
                { schema: 'dbo', kind: 'table', n: 5 },
              ],
            ]
          : undefined,
      ),
    );
    expect((await refused(occupied)).diagnostics[0]).toMatchObject({
      code: 'PROVISION_OCCUPIED',
      details: { objects: 'edfi: 3 functions' },
    });
    const { info } = small;
    const seedHash = Buffer.from(info.resourceKeySeedHash).toString('hex');
    const same = new RecordedMssql(
      willing((text) => {
        if (text.includes("WHERE s.name = N'dms'")) return [coreTables];
        if (text.includes('FROM [dms].[EffectiveSchema]'))
          return [
            [{ id: 1, formatVersion: '1.0.0', hash: info.effectiveSchemaHash, count: info.resourceKeyCount, seedHash }],
          ];
        if (text.startsWith('SELECT CAST([ResourceKeyId]'))
          return [info.resourceKeys.map(({ isAbstract: _, ...row }) => row)];
        if (text.startsWith('SELECT CAST([EffectiveSchemaHash]'))
          return [info.schemaComponents.map((row) => ({ hash: info.effectiveSchemaHash, ...row }))];
        return undefined;
      }),
    );
    expect((await run(same, { ifSame: 'skip' })).outcome).toBe('skipped');
    expect((await refused(same, { ifSame: 'fail' })).code).toBe('PROVISION_ALREADY');
  });

  it('reads the catalog inside the transaction before it commits', async () => {
    const recorded = new RecordedMssql(willing());
    const error = await refused(recorded, { verify: true });
    // the recorded server has none of the objects that were sent to it
    expect(error.code).toBe('VERIFY_CATALOG_DIFFERS');
    const whole = `batch ${Object.values(mssqlQueries)
      .map((query) => `${textOf(query)};`)
      .join('\n')}`;
    const sent = fromLockTime(recorded);
    expect(sent.indexOf(whole)).toBe(sent.indexOf(trancount) + 1);
    expect(sent.slice(-3)).toEqual(['rollback', 'batch SET NOEXEC OFF;', 'close']);
  });
});

describe('creating a database of SQL Server', () => {
  const creation = (recorded: RecordedMssql) =>
    recorded.batches.filter((text) => /sys\.databases WHERE name = N|CREATE DATABASE|ALTER DATABASE/.test(text));

  it('sends look-up, creation and row versioning to master', async () => {
    const recorded = new RecordedMssql(willing());
    await run(recorded, { createDatabase: true });
    expect(recorded.configurations).toMatchObject([{ database: 'master' }, { database: 'd' }]);
    expect(creation(recorded)).toEqual([
      "SELECT 1 AS found FROM sys.databases WHERE name = N'd'",
      'CREATE DATABASE [d]',
      'ALTER DATABASE [d] SET READ_COMMITTED_SNAPSHOT ON',
      'ALTER DATABASE [d] SET ALLOW_SNAPSHOT_ISOLATION ON',
    ]);
  });

  it.each(['READ_COMMITTED_SNAPSHOT', 'ALLOW_SNAPSHOT_ISOLATION'])(
    'says that the database remains when %s cannot be set',
    async (option) => {
      const recorded = new RecordedMssql(
        willing((text) => {
          if (text.includes(`SET ${option}`))
            throw serverError(5061, 'ALTER DATABASE failed because a lock could not be placed.');
          return undefined;
        }),
      );
      const { code, diagnostics } = await refused(recorded, { createDatabase: true });
      expect([code, diagnostics[0].details.created]).toEqual(['DB_SQL', true]);
      expect(diagnostics[0].message).toMatch(
        / The database of mssql:\/\/sa@h:1433\/d was created by this run and stays, empty\.$/,
      );
      // nothing ran in the new database
      expect(recorded.configurations).toHaveLength(1);
    },
  );

  it('leaves an existing one unchanged, even if somebody else has just created it', async () => {
    const existing = new RecordedMssql(willing((text) => (text.includes('AS found') ? [[{ found: 1 }]] : undefined)));
    await run(existing, { createDatabase: true });
    expect(creation(existing)).toHaveLength(1);
    const raced = new RecordedMssql(
      willing((text) => {
        if (text.startsWith('CREATE DATABASE')) throw serverError(1801, 'exists');
        return undefined;
      }),
    );
    expect((await run(raced, { createDatabase: true })).outcome).toBe('provisioned');
    expect(creation(raced)).toHaveLength(2);
  });
});

describe('a plan for SQL Server', () => {
  const planned = (recorded: RecordedMssql, options: ProvisionOptions = {}) =>
    planProvision(target, small, { load: recorded.load, retryDelays: [], ...options });
  const changes = (recorded: RecordedMssql) =>
    recorded.sent.filter((line) => /batch CREATE |ALTER DATABASE|sp_getapplock/.test(line));
  const as = (may: number) =>
    willing((text) => {
      if (text.includes('ORIGINAL_LOGIN()')) return [[{ role: 'sa' }]];
      return text.includes('CREATE ANY DATABASE') ? [[{ may }]] : undefined;
    });

  it('names the role and the database that would be created, and sends no change', async () => {
    const recorded = new RecordedMssql(as(1));
    expect(await planned(recorded, { createDatabase: true })).toMatchObject({
      outcome: 'provisioned',
      database: 'd',
      label: 'mssql://sa@h:1433/d',
      isNewDatabase: true,
      role: 'sa',
      newRoles: [],
    });
    expect(recorded.configurations).toMatchObject([{ database: 'master' }]);
    expect(changes(recorded)).toEqual([]);
  });

  it('refuses a role that may not create it', async () => {
    const error = await failureOf(() => planned(new RecordedMssql(as(0)), { createDatabase: true }));
    expect((error as DmsError).diagnostics[0]).toMatchObject({
      code: 'DB_PERMISSION',
      details: { privilege: 'CREATE ANY DATABASE' },
    });
  });

  it('of a database that is there reads its state', async () => {
    const recorded = new RecordedMssql(as(1));
    expect(await planned(recorded)).toMatchObject({ outcome: 'provisioned', isNewDatabase: false, role: 'sa' });
    expect(recorded.configurations).toMatchObject([{ database: 'd' }]);
    expect(changes(recorded)).toEqual([]);
  });
});
