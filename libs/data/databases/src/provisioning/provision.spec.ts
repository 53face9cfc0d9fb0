import { type DiagnosticCode, DmsError } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { changedTexts, isThorough } from '@dms/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, benches, dump, empty, nested, unclosed } from '../../test/benches.ts';
import { failureOf } from '../../test/engines.ts';
import { type EmittedInput, emitted, larger, later, small, smallSet } from '../../test/schema-sets.ts';
import { type Connection, rolledBack } from '../drivers/connection.ts';
import { checkDatabase } from '../gate/check-database.ts';
import { readDatabaseState } from './database-state.ts';
import type { ProvisionOptions } from './provision.ts';
import { readProvisionedSet } from './provisioned-set.ts';

/* After a run a database is either unchanged or complete (design 09 §2). */

describe.each(benches())('provisioning on $name', ({ open, isServer }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await open();
  });
  afterAll(() => bench.close());

  const stateFor = (input: EmittedInput) => readDatabaseState(bench.connection, input.info, input.catalog.schemas);

  /** The error of a run that must fail. */
  async function refused(input: EmittedInput, options?: ProvisionOptions): Promise<DmsError> {
    const error = await failureOf(() => bench.provision(input, options));
    if (error instanceof DmsError) return error;
    throw error;
  }

  /** The same, after a check that the run left the database unchanged. */
  async function refusedUntouched(input: EmittedInput, options?: ProvisionOptions): Promise<DmsError> {
    const before = await dump(bench.connection);
    const error = await refused(input, options);
    expect(await dump(bench.connection)).toEqual(before);
    return error;
  }

  describe('an empty database', () => {
    beforeEach(() => empty(bench.connection));

    it('becomes complete, and is then applied again, skipped or refused as asked', async () => {
      expect(await stateFor(small)).toEqual({ kind: 'empty' });
      expect(await bench.provision(small)).toMatchObject({ outcome: 'provisioned', warnings: [] });
      expect(await stateFor(small)).toEqual({ kind: 'same' });
      const first = await bench.connection.query(trusted('SELECT "AppliedAt" FROM dms."EffectiveSchema"'));
      expect((await bench.provision(small)).outcome).toBe('appliedAgain');
      expect(await bench.connection.query(trusted('SELECT "AppliedAt" FROM dms."EffectiveSchema"'))).toEqual(first);
      const before = await dump(bench.connection);
      expect((await bench.provision(small, { ifSame: 'skip' })).outcome).toBe('skipped');
      expect(await dump(bench.connection)).toEqual(before);
      expect((await refusedUntouched(small, { ifSame: 'fail' })).code).toBe('PROVISION_ALREADY');
    });

    it('stays empty when a statement fails, wherever it is in the script', async () => {
      const before = await dump(bench.connection);
      const statements = small.script.split('\n\n');
      expect(statements.length).toBeGreaterThan(50);
      for (let border = 0; border < statements.length; border += isThorough ? (isServer ? 1 : 4) : 12) {
        const script = [...statements.slice(0, border), 'SELECT 1/0;', ...statements.slice(border)].join('\n\n');
        const error = await refused({ ...small, script }, { open: async () => unclosed(bench.connection) });
        expect([error.code, error.diagnostics[0].details.driverCode], `border ${border}`).toEqual(['DB_SQL', '22012']);
        expect(await dump(bench.connection), `border ${border}`).toEqual(before);
      }
      expect((await bench.provision(small)).outcome).toBe('provisioned');
    });

    it('stays empty when the script ends its transaction by itself, which is reported', async () => {
      const error = await refused({ ...small, script: `${small.script}COMMIT;\n\n` });
      expect(error.code).toBe('DB_SQL');
      expect(error.message).toContain('transaction ended inside the script');
    });

    it('is not touched for a stale script, or for values that a fingerprint cannot have', async () => {
      const stale = await refusedUntouched({ ...small, scriptSha256: '0'.repeat(64) });
      expect(stale.code).toBe('PROVISION_INPUT_STALE');
      const invalid = await refusedUntouched({ ...small, info: { ...small.info, apiSchemaFormatVersion: ' ' } });
      expect(invalid.code).toBe('DDL_SEED_METADATA_INVALID');
    });

    it('is not touched when the task was cancelled before it began', async () => {
      const error = await refusedUntouched(small, { signal: AbortSignal.abort() });
      expect(error.code).toBe('DB_CANCELLED');
    });
  });

  describe('a complete database that was changed by hand', () => {
    beforeAll(async () => {
      await empty(bench.connection);
      await bench.provision(small);
    });

    const drifted = <Result>(change: string, action: (options: ProvisionOptions) => Promise<Result>) =>
      rolledBack(bench.connection, async () => {
        await bench.connection.execute(givenScript(change));
        return action({ open: async () => nested(bench.connection) });
      });

    it('gets back everything that the script can create, and then does not differ', () =>
      drifted('DROP INDEX dms."IX_DocumentChangeEvent_DocumentId"', async (options) => {
        const { outcome, verified } = await bench.provision(small, options);
        expect([outcome, verified?.diff.differences]).toEqual(['appliedAgain', []]);
      }));

    it('keeps changes that the script cannot repair', () =>
      drifted('ALTER TABLE dms."DocumentCache" DROP COLUMN "Etag"', async (options) => {
        const error = await refusedUntouched(small, options);
        expect([error.code, error.diagnostics[0].details.differences]).toEqual([
          'VERIFY_CATALOG_DIFFERS',
          [{ object: 'column', path: ['dms.DocumentCache', 'Etag'], change: 'missing', field: null }],
        ]);
        expect(error.message).toContain('- E column Etag');
        const skipped = await refusedUntouched(small, { ...options, ifSame: 'skip' });
        expect(skipped.diagnostics).toEqual(error.diagnostics);
        const { outcome, verified } = await bench.provision(small, { ...options, verify: false });
        expect([outcome, verified]).toEqual(['appliedAgain', null]);
      }));

    it('is compared even if nothing is applied', () =>
      drifted('DROP INDEX dms."IX_DocumentChangeEvent_DocumentId"; CREATE TABLE edfi.mine (a int)', async (options) => {
        const before = await dump(bench.connection);
        const { outcome, verified } = await bench.provision(small, { ...options, ifSame: 'skip' });
        expect([
          outcome,
          verified?.diff.differences.map(({ path, change, severity }) => [path, change, severity]),
        ]).toEqual([
          'skipped',
          [
            [['edfi.mine'], 'extra', 'warning'],
            [['dms.DocumentChangeEvent', 'IX_DocumentChangeEvent_DocumentId'], 'missing', 'warning'],
          ],
        ]);
        expect(await dump(bench.connection)).toEqual(before);
        const strict = await refusedUntouched(small, { ...options, ifSame: 'skip', strict: true });
        expect(strict.code).toBe('VERIFY_CATALOG_DIFFERS');
      }));
  });

  describe('a database with objects of others', () => {
    beforeEach(() => empty(bench.connection));

    it('in other schemas is provisioned with a warning, or not at all if warnings count as errors', async () => {
      await bench.connection.execute(givenScript('CREATE TABLE public.t (a int)'));
      const strict = await refusedUntouched(small, { strict: true });
      expect(strict.diagnostics.map(({ code, details }) => [code, details.objects])).toEqual([
        ['PROVISION_FOREIGN_OBJECTS', 'public: 1 table'],
      ]);
      const { outcome, warnings } = await bench.provision(small);
      expect([outcome, warnings.map(({ code, details }) => [code, details.objects])]).toEqual([
        'provisioned',
        [['PROVISION_FOREIGN_OBJECTS', 'public: 1 table']],
      ]);
    });

    it('that triggers would use in place of built-in ones is refused until it is dropped', async () => {
      await bench.connection.execute(
        givenScript(
          "CREATE FUNCTION public.cardinality(bigint[]) RETURNS int LANGUAGE sql AS 'SELECT 0'; CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'",
        ),
      );
      const error = await refusedUntouched(small);
      expect(error.diagnostics.map(({ code, details }) => [code, details.object])).toEqual([
        ['DB_BUILTIN_REPLACED', '"public"."cardinality"(bigint[])'],
      ]);
      await bench.connection.execute(givenScript('DROP FUNCTION "public"."cardinality"(bigint[])'));
      const { warnings } = await bench.provision(small);
      expect(warnings.map(({ code }) => code)).toEqual(['DB_SHADOWED_FUNCTION', 'PROVISION_FOREIGN_OBJECTS']);
    });

    it('in an empty schema with the name of a project is provisioned', async () => {
      await bench.connection.execute(givenScript('CREATE SCHEMA edfi; CREATE SCHEMA dms; CREATE EXTENSION pgcrypto'));
      expect(await stateFor(small)).toEqual({ kind: 'empty' });
      expect((await bench.provision(small)).outcome).toBe('provisioned');
    });

    it.each([
      ['CREATE TABLE edfi."Person" (a int)', 'edfi: 1 table'],
      [
        'CREATE VIEW edfi.v AS SELECT 1 AS a; CREATE TABLE edfi.a (a int GENERATED ALWAYS AS IDENTITY); CREATE TABLE edfi.b (a int)',
        'edfi: 2 tables, 1 view',
      ],
      ['CREATE FUNCTION edfi.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', 'edfi: 1 function'],
      ['CREATE SEQUENCE edfi.s; CREATE TYPE edfi.e AS ENUM ($$x$$)', 'edfi: 1 sequence, 1 type'],
    ])('in its schemas: %s', async (statement, objects) => {
      await bench.connection.execute(givenScript(`CREATE SCHEMA edfi; ${statement}`));
      const error = await refusedUntouched(small);
      expect([error.code, error.diagnostics[0].details.objects]).toEqual(['PROVISION_OCCUPIED', objects]);
    });

    it('without schema public has no place for the extension, unless it is installed elsewhere', async () => {
      await bench.connection.execute(givenScript('DROP SCHEMA public'));
      expect((await refusedUntouched(small)).code).toBe('PROVISION_NO_EXTENSION_SCHEMA');
      await bench.connection.execute(
        givenScript('CREATE SCHEMA extensions; CREATE EXTENSION pgcrypto SCHEMA extensions'),
      );
      expect((await bench.provision(small)).outcome).toBe('provisioned');
    });

    it('on a server that does not have the extension', async () => {
      // every engine of these tests has the contrib modules, so the list of available extensions is emptied here
      const queryAll: Connection['queryAll'] = (statements, limits) => {
        const without = (text: string) => text.replace("WHERE name = 'pgcrypto'", 'WHERE false');
        return bench.connection.queryAll(changedTexts(statements, without), limits);
      };
      const open = async () => ({ ...unclosed(bench.connection), queryAll });
      expect((await refusedUntouched(small, { open })).diagnostics).toMatchObject([
        {
          code: 'PROVISION_EXTENSION_MISSING',
          message: expect.stringContaining('pgcrypto is not available on the server. Install the contrib modules'),
          details: { extension: 'pgcrypto' },
        },
      ]);
      // an extension that is already installed need not be available
      await bench.connection.execute(givenScript('CREATE EXTENSION pgcrypto SCHEMA public'));
      expect((await bench.provision(small, { open })).outcome).toBe('provisioned');
    });
  });

  describe('a provisioned database', () => {
    beforeAll(async () => {
      await empty(bench.connection);
      await bench.provision(small);
    });

    /** Provisions the database after `change`, and returns the refusal; everything is rolled back. */
    const afterChange = (change: string): Promise<DmsError> =>
      rolledBack(bench.connection, async () => {
        await bench.connection.execute(givenScript(change));
        return refusedUntouched(small, { open: async () => nested(bench.connection) });
      });

    it('with another schema set is refused, with the projects that differ, the upgrade, and the hashes', async () => {
      const error = await refusedUntouched(later);
      expect(error.code).toBe('PROVISION_FINGERPRINT_MISMATCH');
      const stored = small.info.effectiveSchemaHash;
      const expected = later.info.effectiveSchemaHash;
      const parts = [
        'ed-fi 5.0.0 → 6.0.0',
        'dms-ddl upgrade plan',
        'dms-ddl upgrade apply',
        stored.slice(0, 12),
        expected.slice(0, 12),
      ];
      const places = parts.map((part) => error.message.indexOf(part));
      expect(places).toEqual(places.filter((at) => at >= 0).toSorted((a, b) => a - b));
      // the details for machines have whole hashes
      expect(error.message).not.toContain(stored);
      expect(error.diagnostics[0].details).toMatchObject({ stored, expected, projects: ['ed-fi 5.0.0 → 6.0.0'] });
    });

    it.each<[string, string, DiagnosticCode, RegExp]>([
      [
        'a seed table dropped',
        'DROP TABLE dms."SchemaComponent"',
        'PROVISION_PARTIAL_STATE',
        /"dms"\."SchemaComponent" is missing/,
      ],
      [
        'both seed tables dropped',
        'DROP TABLE dms."SchemaComponent", dms."ResourceKey" CASCADE',
        'PROVISION_PARTIAL_STATE',
        /"dms"\."ResourceKey" and "dms"\."SchemaComponent" are missing/,
      ],
      ['its row deleted', 'DELETE FROM dms."EffectiveSchema"', 'PROVISION_PARTIAL_STATE', /has no row/],
      [
        'foreign columns',
        'ALTER TABLE dms."EffectiveSchema" DROP COLUMN "ResourceKeyCount"',
        'PROVISION_PARTIAL_STATE',
        /other columns/,
      ],
      [
        'foreign columns of the keys',
        'ALTER TABLE dms."ResourceKey" DROP COLUMN "ResourceVersion"',
        'PROVISION_PARTIAL_STATE',
        /other columns/,
      ],
      [
        'a blank format version',
        `ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "CK_EffectiveSchema_ApiSchemaFormatVersion_NotBlank"; UPDATE dms."EffectiveSchema" SET "ApiSchemaFormatVersion" = ' '`,
        'PROVISION_FINGERPRINT_INVALID',
        /ApiSchemaFormatVersion must not be empty/,
      ],
      [
        'a hash of 63 digits',
        `ALTER TABLE dms."SchemaComponent" DROP CONSTRAINT "FK_SchemaComponent_EffectiveSchemaHash"; UPDATE dms."EffectiveSchema" SET "EffectiveSchemaHash" = repeat('a', 63)`,
        'PROVISION_FINGERPRINT_INVALID',
        /64 lowercase hex/,
      ],
      [
        'a seed hash of 31 bytes',
        `ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "CK_EffectiveSchema_ResourceKeySeedHash_Length"; UPDATE dms."EffectiveSchema" SET "ResourceKeySeedHash" = substring("ResourceKeySeedHash" for 31)`,
        'PROVISION_FINGERPRINT_INVALID',
        /exactly 32 bytes, but found 31/,
      ],
      [
        'a missing count',
        'ALTER TABLE dms."EffectiveSchema" ALTER COLUMN "ResourceKeyCount" DROP NOT NULL; UPDATE dms."EffectiveSchema" SET "ResourceKeyCount" = NULL',
        'PROVISION_FINGERPRINT_INVALID',
        /but found NULL/,
      ],
      [
        'a second row',
        `ALTER TABLE dms."EffectiveSchema" DROP CONSTRAINT "CK_EffectiveSchema_Singleton"; INSERT INTO dms."EffectiveSchema" SELECT 2, "ApiSchemaFormatVersion", repeat('b', 64), "ResourceKeyCount", "ResourceKeySeedHash", now() FROM dms."EffectiveSchema"`,
        'PROVISION_FINGERPRINT_INVALID',
        /multiple rows/,
      ],
      [
        'another count',
        'UPDATE dms."EffectiveSchema" SET "ResourceKeyCount" = 7',
        'PROVISION_FINGERPRINT_MISMATCH',
        /ResourceKeyCount: stored=7, expected=1/,
      ],
      [
        'another seed hash',
        `UPDATE dms."EffectiveSchema" SET "ResourceKeySeedHash" = decode(repeat('ab', 32), 'hex')`,
        'PROVISION_FINGERPRINT_MISMATCH',
        /ResourceKeySeedHash: stored=(?:ab){6}, expected=[0-9a-f]{12}\./,
      ],
      [
        'another resource name',
        `UPDATE dms."ResourceKey" SET "ResourceName" = E'Per\\x07soon'`,
        'PROVISION_SEED_MISMATCH',
        /ResourceKeyId=1: ResourceName expected='Person' actual='Persoon'/,
      ],
      [
        'a missing resource key',
        'DELETE FROM dms."ResourceKey"',
        'PROVISION_SEED_MISMATCH',
        /Missing rows \(expected but not in database\): \[1\]/,
      ],
      [
        'an additional resource key',
        `INSERT INTO dms."ResourceKey" VALUES (12, 'a', 'b', 'c')`,
        'PROVISION_SEED_MISMATCH',
        /Unexpected rows \(in database but not expected\): \[12\]/,
      ],
      [
        'a resource key twice',
        `ALTER TABLE dms."ResourceKey" DROP CONSTRAINT "PK_ResourceKey" CASCADE, DROP CONSTRAINT "UX_ResourceKey_ProjectName_ResourceName"; INSERT INTO dms."ResourceKey" SELECT * FROM dms."ResourceKey"`,
        'PROVISION_SEED_MISMATCH',
        /Repeated rows \(more than once in database\): \[1\]/,
      ],
      [
        'another component',
        `UPDATE dms."SchemaComponent" SET "IsExtensionProject" = true, "ProjectName" = 'X'`,
        'PROVISION_SEED_MISMATCH',
        /ProjectEndpointName=ed-fi: ProjectName expected='Ed-Fi' actual='X', IsExtensionProject expected=false actual=true/,
      ],
    ])('with %s is refused and left as it is', async (_name, change, code, message) => {
      const error = await afterChange(change);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
    });

    it('shows twenty rows of a kind, and how many more there are', async () => {
      const count = 25;
      const many = emitted(smallSet(), 'pgsql', {
        resourceKeyCount: count,
        resourceKeys: Array.from({ length: count }, (_, index) => ({
          id: index + 1,
          projectName: 'Ed-Fi',
          resourceName: `R${index}`,
          resourceVersion: '5.0.0',
          isAbstract: false,
        })),
      });
      await empty(bench.connection);
      await bench.provision(many);
      await bench.connection.execute(givenScript('DELETE FROM dms."ResourceKey"'));
      const { message } = await refusedUntouched(many);
      expect(message).toContain(
        `[${Array.from({ length: 20 }, (_, index) => index + 1).join(', ')}]\n    ... and 5 more`,
      );
    });
  });

  describe('a database with the tables of a schema set alone', () => {
    /** As a restored dump of the schema alone leaves it. */
    async function schemaOf(input: EmittedInput): Promise<void> {
      await empty(bench.connection);
      await bench.provision(input);
      await bench.connection.execute(
        givenScript(`DO $$ DECLARE names text; BEGIN
        SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') INTO names FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)';
        EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY'; END $$`),
      );
    }
    beforeEach(() => schemaOf(small));

    it('has a state of its own, and gets its seed rows again', async () => {
      expect(await stateFor(small)).toEqual({ kind: 'unseeded' });
      expect(await bench.provision(small)).toMatchObject({ outcome: 'provisioned', warnings: [] });
      expect(await stateFor(small)).toEqual({ kind: 'same' });
      expect(await checkDatabase(bench.connection, small.info, { deep: true })).toBeNull();
    });

    it('gets the same advice everywhere', async () => {
      const advice = /the tables of a schema set without their seed rows.* Run dms-ddl provision with the artifacts/;
      const gate = await checkDatabase(bench.connection, small.info);
      expect([gate?.code, gate?.message]).toEqual(['GATE_NOT_PROVISIONED', expect.stringMatching(advice)]);
      const error = await failureOf(() => readProvisionedSet(bench.connection));
      expect([error instanceof DmsError && error.code, String(error)]).toEqual([
        'PROVISION_UNSEEDED',
        expect.stringMatching(advice),
      ]);
    });

    it('is refused with the artifacts of another set, or if something is missing', async () => {
      const other = await refusedUntouched(larger);
      expect(other.code).toBe('PROVISION_UNSEEDED');
      expect(other.message).toContain('They are not those of these artifacts.');
      await schemaOf(larger);
      expect((await refusedUntouched(small)).code).toBe('PROVISION_UNSEEDED');
      await schemaOf(small);
      await bench.connection.execute(givenScript('DROP TABLE edfi."Person" CASCADE'));
      expect((await refusedUntouched(small)).code).toBe('PROVISION_UNSEEDED');
      await bench.connection.execute(givenScript('DROP TABLE dms."ResourceKey" CASCADE'));
      expect((await refusedUntouched(small)).code).toBe('PROVISION_PARTIAL_STATE');
    });

    it('may have views of others', async () => {
      await bench.connection.execute(givenScript('CREATE VIEW edfi.mine AS SELECT 1 AS one'));
      expect((await bench.provision(small)).outcome).toBe('provisioned');
    });
  });

  // last, because the embedded engine ends with this test
  describe('a script that is cancelled', () => {
    beforeEach(() => empty(bench.connection));

    it('leaves nothing', async () => {
      const script = `${small.script}SELECT pg_sleep(60);\n\n`;
      const before = await dump(bench.connection);
      const task = new AbortController();
      const refusing = refused({ ...small, script }, { signal: task.signal });
      const sleeping = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
      // the embedded engine answers nobody until the script ends
      if (isServer) while ((await bench.connection.query(trusted(sleeping))).length === 0);
      else await new Promise((resolve) => setTimeout(resolve, 1500));
      task.abort();
      expect((await refusing).code).toBe('DB_CANCELLED');
      if (!isServer) return;
      expect(await dump(bench.connection)).toEqual(before);
      expect(await stateFor(small)).toEqual({ kind: 'empty' });
    });
  });
});
