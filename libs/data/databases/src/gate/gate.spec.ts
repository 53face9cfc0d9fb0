import { mustExist } from '@dms/model';
import { givenScript, textOf, trusted } from '@dms/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, benches, empty, nested } from '../../test/benches.ts';
import { emitted, later, small, smallSet } from '../../test/schema-sets.ts';
import { type Connection, rolledBack } from '../drivers/connection.ts';
import { databaseError } from '../failures/failure.ts';
import { checkDatabase, type GateOptions } from './check-database.ts';

describe.each(benches())('the gate on $name', ({ open }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await open();
  });
  afterAll(() => bench.close());

  /** A session that records its queries. */
  function counted(connection: Connection): { connection: Connection; asked: string[] } {
    const asked: string[] = [];
    return {
      asked,
      connection: {
        ...connection,
        query: (text, parameters, limits) => {
          asked.push(textOf(text));
          return connection.query(text, parameters, limits);
        },
        queryAll: (statements, limits) => {
          asked.push(...statements.map(({ pieces }) => pieces.join('?')));
          return connection.queryAll(statements, limits);
        },
      },
    };
  }

  const check = (info = small.info, options: GateOptions = {}) => checkDatabase(bench.connection, info, options);

  /** The result of the gate for the database after `change`. */
  const checkAfter = (change: string, options: GateOptions = {}) =>
    rolledBack(bench.connection, async () => {
      await bench.connection.execute(givenScript(change));
      return checkDatabase(nested(bench.connection), small.info, options);
    });

  it('refuses a database that was never provisioned', async () => {
    await empty(bench.connection);
    expect(await check()).toMatchObject({
      code: 'GATE_NOT_PROVISIONED',
      details: { missing: 'table' },
    });
  });

  describe('of a provisioned database', () => {
    beforeAll(async () => {
      await empty(bench.connection);
      await bench.provision(small);
    });

    it('opens after four queries, none of them for the resource keys', async () => {
      const { connection, asked } = counted(bench.connection);
      const result = await checkDatabase(connection, small.info);
      expect(result).toBeNull();
      expect(asked.length).toBe(4);
      expect(asked.join()).not.toContain('FROM "dms"."ResourceKey"');
    });

    it('refuses a database with a function that triggers would call in place of a built-in one', async () => {
      const made = "CREATE FUNCTION public.cardinality(bigint[]) RETURNS int LANGUAGE sql AS 'SELECT 0'";
      const refused = await checkAfter(made);
      expect(refused).toMatchObject({
        code: 'DB_BUILTIN_REPLACED',
        details: { objects: ['"public"."cardinality"(bigint[])'] },
      });
      expect(refused?.message).toContain('DROP FUNCTION "public"."cardinality"(bigint[])');
    });

    it('refuses a database with a table that inherits from one of the set, wherever it is', async () => {
      const [row] = await bench.connection.query<{ name: string }>(
        trusted(`SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname NOT IN ('dms', 'auth', 'public') AND n.nspname !~ '^(pg_|information)' ORDER BY 1 LIMIT 1`),
      );
      for (const parent of ['dms."Document"', mustExist(row, 'a table of a resource').name]) {
        const refused = await checkAfter(`CREATE SCHEMA arch; CREATE TABLE arch."Old" () INHERITS (${parent})`);
        expect(refused).toMatchObject({ code: 'DB_TABLE_INHERITED', details: { objects: ['"arch"."Old"'] } });
        expect(refused?.message).toContain(`ALTER TABLE "arch"."Old" NO INHERIT ${parent}`);
      }
      const others = 'CREATE TABLE public.top (id int); CREATE TABLE public.below () INHERITS (public.top)';
      expect(await checkAfter(others)).toBeNull();
    });

    it('opens a database with a partitioned table', async () => {
      const parts = `CREATE TABLE dms.parts (id int) PARTITION BY RANGE (id);
CREATE TABLE dms.first PARTITION OF dms.parts FOR VALUES FROM (0) TO (9) PARTITION BY RANGE (id);
CREATE TABLE dms.inner PARTITION OF dms.first FOR VALUES FROM (0) TO (5)`;
      expect(await checkAfter(parts)).toBeNull();
    });

    it('opens if all rows are checked and correct', async () => {
      expect(await check(small.info, { deep: true })).toBeNull();
    });

    it('refuses a mapping set of another schema set, and names both hashes and the projects', async () => {
      const result = await check(later.info);
      expect(result).toMatchObject({
        code: 'GATE_SCHEMA_MISMATCH',
        details: { stored: small.info.effectiveSchemaHash, expected: later.info.effectiveSchemaHash },
      });
      expect(result?.message).toContain('ed-fi 5.0.0 → 6.0.0');
      expect(result?.message).toContain(`its schema hash is ${small.info.effectiveSchemaHash.slice(0, 12)}, and`);
      expect(result?.message).toContain('or upgrade it: dms-ddl upgrade plan, then upgrade apply.');
    });

    it.each([
      ['no row', 'DELETE FROM dms."EffectiveSchema"', 'GATE_NOT_PROVISIONED', { missing: 'row' }],
      [
        'a missing column',
        'ALTER TABLE dms."EffectiveSchema" DROP COLUMN "ResourceKeyCount"',
        'GATE_FINGERPRINT_MALFORMED',
        {},
      ],
      [
        'a column of another type',
        `ALTER TABLE dms."EffectiveSchema" ALTER COLUMN "ResourceKeyCount" TYPE text USING 'many'`,
        'GATE_FINGERPRINT_MALFORMED',
        {},
      ],
      [
        'a seed hash of 31 bytes and a blank version',
        `ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "CK_EffectiveSchema_ResourceKeySeedHash_Length", DROP CONSTRAINT "CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank";
          UPDATE dms."EffectiveSchema" SET "ResourceKeySeedHash" = substring("ResourceKeySeedHash" for 31), "ApiSchemaFormatVersion" = ' '`,
        'GATE_FINGERPRINT_MALFORMED',
        {
          issues: [
            'dms.EffectiveSchema.ApiSchemaFormatVersion must not be empty.',
            'dms.EffectiveSchema.ResourceKeySeedHash must be exactly 32 bytes, but found 31.',
          ],
        },
      ],
      [
        'a singleton of another id',
        'ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "CK_EffectiveSchema_Singleton"; UPDATE dms."EffectiveSchema" SET "EffectiveSchemaSingletonId" = 2',
        'GATE_FINGERPRINT_MALFORMED',
        { issues: ['dms.EffectiveSchema.EffectiveSchemaSingletonId must be 1, but found 2.'] },
      ],
      [
        'another count and the right rows',
        'UPDATE dms."EffectiveSchema" SET "ResourceKeyCount" = 7',
        'GATE_FINGERPRINT_INCONSISTENT',
        { stored: [7, expect.any(String)] },
      ],
      [
        'another count and other rows',
        `UPDATE dms."EffectiveSchema" SET "ResourceKeyCount" = 2; INSERT INTO dms."ResourceKey" VALUES (2, 'a', 'b', 'c')`,
        'GATE_RESOURCE_KEYS_MISMATCH',
        { report: 'Seed data mismatch in dms.ResourceKey:\n  Unexpected rows (in database but not expected): [2]' },
      ],
      [
        'another count and no table of keys',
        'UPDATE dms."EffectiveSchema" SET "ResourceKeyCount" = 7; DROP TABLE dms."ResourceKey" CASCADE',
        'GATE_RESOURCE_KEYS_UNREADABLE',
        { driverCode: '42P01' },
      ],
    ])('refuses %s', async (_name, change, code, details) => {
      const result = await checkAfter(change);
      expect(result).toMatchObject({ code, details });
    });

    it('trusts the fingerprint, unless it is told to check every row', async () => {
      const change = `UPDATE dms."ResourceKey" SET "ResourceName" = 'Persona'`;
      expect(await checkAfter(change)).toBeNull();
      expect(await checkAfter(change, { deep: true })).toMatchObject({ code: 'GATE_RESOURCE_KEYS_MISMATCH' });
      const component = `UPDATE dms."SchemaComponent" SET "ProjectVersion" = '9'`;
      expect(await checkAfter(component)).toBeNull();
      expect(await checkAfter(component, { deep: true })).toMatchObject({ code: 'GATE_RESOURCE_KEYS_MISMATCH' });
    });

    it('distinguishes sets with many keys', async () => {
      const keys = Array.from({ length: 3 }, (_, index) => ({
        id: index + 1,
        projectName: 'Ed-Fi',
        resourceName: `R${index}`,
        resourceVersion: '5.0.0',
        isAbstract: false,
      }));
      const many = emitted(smallSet(), 'pgsql', { resourceKeyCount: 3, resourceKeys: keys });
      expect(await check(many.info)).toMatchObject({ code: 'GATE_RESOURCE_KEYS_MISMATCH' });
    });
  });

  it.each([
    [
      { code: 'DB_UNREACHABLE', driverCode: 'ECONNREFUSED', message: 'refused' },
      'it cannot be queried: refused (ECONNREFUSED). Check host, port and network, and that the server is running.',
    ],
    [
      { code: 'DB_TIMEOUT', driverCode: '57014', message: 'canceled', advice: 'Raise statement_timeout.' },
      'it cannot be queried: canceled (57014). Raise statement_timeout.',
    ],
    [{ code: 'DB_SQL', driverCode: 'XX000', message: 'odd' }, 'it cannot be queried: odd (XX000). Try again.'],
  ] as const)('says of a database that cannot be queried why, and what to do: %j', async (failure, words) => {
    const refusing = databaseError(failure, bench.connection);
    const lost: Connection = { ...bench.connection, queryAll: () => Promise.reject(refusing) };
    const found = await checkDatabase(lost, small.info);
    expect(found).toMatchObject({ code: 'GATE_UNREACHABLE', details: { driverCode: failure.driverCode } });
    expect(found?.message).toBe(`${bench.connection.label}: ${words}`);
  });

  it.each(['DB_CONNECTION_LOST', 'DB_CANCELLED'] as const)('does not answer after %s', async (code) => {
    const refusing = databaseError({ code, driverCode: '57P01', message: 'over' }, bench.connection);
    const lost: Connection = { ...bench.connection, queryAll: () => Promise.reject(refusing) };
    await expect(checkDatabase(lost, small.info)).rejects.toMatchObject({ code });
  });

  it.each([
    [
      '53400',
      'temporary file size exceeds "temp_file_limit" (64kB)',
      'raise the setting that it names, such as temp_file_limit',
    ],
    ['53200', 'out of memory', 'lower work_mem'],
    ['53100', 'could not extend file: No space left on device', 'The disk of the database is full: make room.'],
    ['9002', 'The transaction log is full', 'The transaction log of the database is full'],
  ])('reports a limit of the server with its cause, and does not answer: %s', async (driverCode, message, advice) => {
    const refusing = databaseError({ code: 'DB_SQL', driverCode, message }, bench.connection);
    const limited: Connection = { ...bench.connection, queryAll: () => Promise.reject(refusing) };
    const found = await checkDatabase(limited, small.info).catch((error: unknown) => error);
    expect(found).toMatchObject({ code: 'DB_SQL', message: expect.stringContaining(advice) });
    expect((found as Error).message).not.toContain('Try again');
  });

  it('says of a login without rights what to grant', async () => {
    const refusing = databaseError(
      { code: 'DB_PERMISSION', driverCode: '42501', message: 'permission denied' },
      { label: 'x', redact: (text) => text },
    );
    const found = await checkDatabase({ ...bench.connection, queryAll: () => Promise.reject(refusing) }, small.info);
    expect(found?.message).toContain(
      'it cannot be queried (42501). The login may not read the tables of dms: grant it USAGE',
    );
  });
});
