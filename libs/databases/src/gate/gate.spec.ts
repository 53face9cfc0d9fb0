import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, benches, empty, nested } from '../../test/benches.ts';
import { targetOf } from '../../test/engines.ts';
import { emitted, later, small, smallSet } from '../../test/schema-sets.ts';
import { type Connection, rolledBack } from '../connection/connection.ts';
import { databaseError } from '../connection/failure.ts';
import { checkDatabase, type GatedMappingSet, type GateOptions } from './check-database.ts';
import { RuntimeGate } from './runtime-gate.ts';

const setOf = ({ info }: { readonly info: GatedMappingSet['info'] }): GatedMappingSet => ({ dialect: 'pgsql', info });
const smallMapping = setOf(small);

describe.each(benches)('the gate on $name', ({ open }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await open();
  });
  afterAll(() => bench.close());

  /** A session that tells what it was asked. */
  function counted(connection: Connection): { connection: Connection; asked: string[] } {
    const asked: string[] = [];
    return {
      asked,
      connection: {
        ...connection,
        query: (text, parameters, limits) => {
          asked.push(text);
          return connection.query(text, parameters, limits);
        },
      },
    };
  }

  const check = (mappingSet = smallMapping, options: GateOptions = {}) =>
    checkDatabase(bench.connection, { kind: 'one', mappingSet }, options);

  /** What the gate says of the database that `change` made. */
  const checkAfter = (change: string, options: GateOptions = {}) =>
    rolledBack(bench.connection, async () => {
      await bench.connection.execute(change);
      return checkDatabase(nested(bench.connection), { kind: 'one', mappingSet: smallMapping }, options);
    });

  it('refuses a database that was never provisioned', async () => {
    await empty(bench.connection);
    expect(await check()).toMatchObject({
      ok: false,
      code: 'GATE_NOT_PROVISIONED',
      isTransient: false,
      details: { missing: 'table' },
    });
  });

  describe('of a provisioned database', () => {
    beforeAll(async () => {
      await empty(bench.connection);
      await bench.provision(small);
    });

    it('opens after three queries, none of them for the resource keys', async () => {
      const { connection, asked } = counted(bench.connection);
      const result = await checkDatabase(connection, { kind: 'one', mappingSet: smallMapping });
      expect(result).toEqual({ ok: true, mappingSet: smallMapping });
      expect(asked.length).toBe(3);
      expect(asked.join()).not.toContain('FROM "dms"."ResourceKey"');
    });

    it('opens if all rows are checked and correct', async () => {
      expect(await check(smallMapping, { deep: true })).toMatchObject({ ok: true });
    });

    it('refuses a mapping set of another schema set, and names both hashes and the projects', async () => {
      const result = await check(setOf(later));
      expect(result).toMatchObject({
        code: 'GATE_SCHEMA_MISMATCH',
        details: { stored: small.info.effectiveSchemaHash, expected: later.info.effectiveSchemaHash },
      });
      if (!result.ok) expect(result.message).toContain('ed-fi 5.0.0 → 6.0.0');
    });

    it('looks up the mapping set of the stored hash', async () => {
      const asked: unknown[] = [];
      const lookup = (found: GatedMappingSet | null) =>
        checkDatabase(bench.connection, {
          kind: 'lookup',
          places: 'the folder packs',
          find: (hash, dialect) => {
            asked.push([hash, dialect]);
            return found;
          },
        });
      expect(await lookup(smallMapping)).toEqual({ ok: true, mappingSet: smallMapping });
      expect(asked).toEqual([[small.info.effectiveSchemaHash, 'pgsql']]);
      const none = await lookup(null);
      expect(none).toMatchObject({
        code: 'GATE_NO_MAPPING_SET',
        details: { hash: small.info.effectiveSchemaHash, dialect: 'pgsql' },
      });
      if (!none.ok) expect(none.message).toContain('the folder packs');
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
      expect(result).toMatchObject({ ok: false, code, isTransient: false, details });
    });

    it('trusts the fingerprint, unless it is told to check every row', async () => {
      const change = `UPDATE dms."ResourceKey" SET "ResourceName" = 'Persona'`;
      expect(await checkAfter(change)).toMatchObject({ ok: true });
      expect(await checkAfter(change, { deep: true })).toMatchObject({ code: 'GATE_RESOURCE_KEYS_MISMATCH' });
      const component = `UPDATE dms."SchemaComponent" SET "ProjectVersion" = '9'`;
      expect(await checkAfter(component)).toMatchObject({ ok: true });
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
      expect(await check(setOf(many))).toMatchObject({ code: 'GATE_RESOURCE_KEYS_MISMATCH' });
    });
  });

  it('is queried once for all callers, and again only if the database could not be queried', async () => {
    await empty(bench.connection);
    await bench.provision(small);
    let opened = 0;
    const refusing = databaseError(
      { code: 'DB_UNREACHABLE', driverCode: 'ECONNREFUSED', message: 'refused' },
      { label: 'x', redact: (text) => text },
    );
    const gate = new RuntimeGate(
      { kind: 'one', mappingSet: smallMapping },
      {
        open: async () => {
          opened += 1;
          if (opened === 1) throw refusing;
          return { ...bench.connection, close: async () => undefined };
        },
      },
    );
    const here = targetOf('postgres://u@here/d');
    const [first, second] = await Promise.all([gate.check(here), gate.check(targetOf('Host=here;Database=d;User=u'))]);
    expect([first, opened]).toMatchObject([
      { code: 'GATE_UNREACHABLE', isTransient: true, details: { driverCode: 'ECONNREFUSED' } },
      1,
    ]);
    expect(second).toBe(first);
    expect(await Promise.all([gate.check(here), gate.check(here)])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(opened).toBe(2);
    await bench.connection.execute('DELETE FROM dms."EffectiveSchema"');
    expect(await gate.check(here)).toMatchObject({ ok: true });
    expect(await gate.check(targetOf('postgres://u@there/d'))).toMatchObject({ code: 'GATE_NOT_PROVISIONED' });
    expect(opened).toBe(3);
  });
});
