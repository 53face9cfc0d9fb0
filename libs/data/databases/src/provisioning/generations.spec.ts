import { DmsError } from '@dms/diagnostics';
import { core } from '@dms/model';
import { givenScript, textOf, trusted } from '@dms/sql';
import { naturalShape, RecordedMssql } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, benches, dump, empty, nested } from '../../test/benches.ts';
import { failureOf } from '../../test/engines.ts';
import { type EmittedInput, emitted, small, smallSet } from '../../test/schema-sets.ts';
import { parseTarget } from '../addressing/parse-target.ts';
import type { ServerTarget } from '../addressing/target.ts';
import { type Connection, rolledBack } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { pooledConnection } from '../drivers/pgsql-session.ts';
import { checkDatabase } from '../gate/check-database.ts';
import { preparedPart, recordStatements } from '../introspection/preparation-record.ts';
import { readDatabaseState } from './database-state.ts';
import { type ProvisionOptions, provision } from './provision.ts';

/* A database keeps its generation, and one of the second generation has additional rows (design 16 §1, §5.2). */

const second = emitted(smallSet('5.0.0', 'v2'), 'pgsql');
const laterSecond = emitted(smallSet('6.0.0', 'v2'), 'pgsql');

/** The statements that record a preparation which made a key of `dms.Document`. */
function preparationOf(name: string): string {
  const { create, add } = recordStatements.pgsql;
  const objects = [preparedPart('constraint', core.document, name)];
  const step = { number: 1, later: second.info.effectiveSchemaHash, statement: '', objects, isDone: true };
  return `${textOf(create)}\n${textOf(add(step))}`;
}

describe.each(benches())('generations on $name', ({ open }) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await open();
  });
  afterAll(() => bench.close());

  async function refusedUntouched(input: EmittedInput, options?: ProvisionOptions): Promise<DmsError> {
    const before = await dump(bench.connection);
    const error = await failureOf(() => bench.provision(input, options));
    expect(await dump(bench.connection)).toEqual(before);
    if (error instanceof DmsError) return error;
    throw error;
  }

  const check = ({ info }: EmittedInput) => checkDatabase(bench.connection, info);

  describe('a database of the other one', () => {
    beforeEach(() => empty(bench.connection));

    it.each([
      ['v1', small, 'v2', second],
      ['v2', second, 'v1', small],
    ] as const)('of %s is refused for what it is', async (stored, present, expected, wanted) => {
      await bench.provision(present);
      const error = await refusedUntouched(wanted);
      expect([error.code, error.diagnostics[0].details]).toEqual(['PROVISION_OTHER_GENERATION', { stored, expected }]);
      expect(error.message).toContain(
        `the database was provisioned for version ${stored} of the mapping, and this schema set is for ${expected}.`,
      );
      const answer = await check(wanted);
      expect(answer).toMatchObject({ code: 'GATE_OTHER_GENERATION', details: { stored, expected } });
      expect(answer?.message).toContain(
        `it was provisioned for version ${stored} of the mapping, and the mapping set is for ${expected}.`,
      );
      expect(await check(present)).toBeNull();
    });

    it('that does not show its generation counts as a database with another schema set', async () => {
      await bench.provision(small);
      await bench.connection.execute(givenScript('DROP TABLE dms."DocumentChangeEvent"'));
      expect((await refusedUntouched(second)).code).toBe('PROVISION_FINGERPRINT_MISMATCH');
      expect(await check(second)).toMatchObject({ code: 'GATE_SCHEMA_MISMATCH' });
    });
  });

  describe('a database of the shape', () => {
    const rows = [
      ['v2-natural', naturalShape, 'was provisioned for version v2-natural of the mapping'],
      [
        'mixed',
        naturalShape.slice(1),
        'whose shape is mixed (it has the table dms.ReferentialIdentity, UX_Document_DocumentId_ResourceKeyId on dms.Document, UX_Descriptor_UriLowered_ResourceKeyId on dms.Descriptor, FK_Descriptor_DocumentResourceKey on dms.Descriptor)',
      ],
      [
        'mixed',
        naturalShape.slice(0, 1),
        'whose shape is mixed (it lacks the table dms.ReferentialIdentity, UX_Document_DocumentId_ResourceKeyId on dms.Document, UX_Descriptor_UriLowered_ResourceKeyId on dms.Descriptor, FK_Descriptor_DocumentResourceKey on dms.Descriptor)',
      ],
    ] as const;
    describe.each(rows)('%s', (stored, statements, text) => {
      beforeAll(async () => {
        await empty(bench.connection);
        await bench.provision(second);
        for (const statement of statements) await bench.connection.execute(givenScript(statement));
      });

      it.each([
        ['v2', second],
        ['v2', laterSecond],
        ['v1', small],
      ] as const)('is refused by sets of %s', async (expected, wanted) => {
        const error = await refusedUntouched(wanted);
        expect([error.code, error.diagnostics[0].details]).toEqual([
          'PROVISION_OTHER_GENERATION',
          { stored, expected },
        ]);
        expect(error.message).toContain(text);
        const answer = await check(wanted);
        expect(answer).toMatchObject({ code: 'GATE_OTHER_GENERATION', details: { stored, expected } });
        expect(answer?.message).toContain(text);
      });
    });

    it.each([
      ['lists it', 'UX_Document_DocumentId_ResourceKeyId', 'IN ROLE pg_read_all_data', null],
      ['lists another key', 'UX_Document_Other', 'IN ROLE pg_read_all_data', 'GATE_OTHER_GENERATION'],
      ['cannot be read', 'UX_Document_Other', '', null],
    ])('ignores the key of a preparation whose record %s', async (_, name, rights, code) => {
      await empty(bench.connection);
      await bench.provision(second);
      const answer = await rolledBack(bench.connection, async () => {
        for (const text of [naturalShape[1], preparationOf(name)]) await bench.connection.execute(givenScript(text));
        await bench.connection.execute(
          givenScript(`CREATE ROLE dms_reader ${rights}; GRANT USAGE ON SCHEMA dms TO dms_reader;
          GRANT SELECT ON ALL TABLES IN SCHEMA dms TO dms_reader; SET LOCAL ROLE dms_reader`),
        );
        return check(second);
      });
      expect(answer?.code ?? null).toBe(code);
    });

    describe('ignores the key of a preparation whose record', () => {
      const record = textOf(recordStatements.pgsql.drop);
      const key = 'ALTER TABLE dms."Document" DROP CONSTRAINT "UX_Document_DocumentId_ResourceKeyId"';
      let other: Connection;
      beforeEach(async () => {
        await empty(bench.connection);
        await bench.provision(second);
        await bench.connection.execute(givenScript(naturalShape[1]));
        await bench.connection.execute(givenScript(preparationOf('UX_Document_DocumentId_ResourceKeyId')));
        other = await openDatabase(bench.target);
      });
      afterEach(() => other.close());

      it('is locked by the upgrade', async () => {
        const answer = await rolledBack(other, async () => {
          await other.execute(givenScript(record));
          return checkDatabase(bench.connection, second.info, { signal: AbortSignal.timeout(5000) });
        });
        expect(answer).toBeNull();
      });

      it('is read behind a pooler, which gives each statement a transaction', async () => {
        expect(
          await checkDatabase(
            pooledConnection(bench.connection, () => undefined),
            second.info,
          ),
        ).toBeNull();
      });

      it.each([
        ['goes before the first query about it', `${key}; ${record}`, 'to_regclass'],
        ['goes before it is read', record, '"IsDone"'],
        ['no longer lists the key, which is gone', `${key}; DELETE FROM dms_upgrade."Preparation"`, '"IsDone"'],
      ])('%s', async (_, change, text) => {
        let isChanged = false;
        const connection: Connection = {
          ...bench.connection,
          async queryAll(statements, limits) {
            if (!isChanged && statements.some(({ pieces }) => pieces.join('').includes(text))) {
              isChanged = true;
              await other.execute(givenScript(change));
            }
            return bench.connection.queryAll(statements, limits);
          },
        };
        expect(await checkDatabase(connection, second.info)).toBeNull();
        expect(isChanged).toBe(true);
      });

      it('goes before it is read in a transaction of the caller, which goes on', async () => {
        let isChanged = false;
        const own = bench.connection;
        const connection: Connection = {
          ...own,
          async queryAll(statements, limits) {
            if (!isChanged && statements.some(({ pieces }) => pieces.join('').includes('"IsDone"'))) {
              isChanged = true;
              await other.execute(givenScript(record));
            }
            return own.queryAll(statements, limits);
          },
        };
        const rows = await rolledBack(connection, async () => {
          expect(await checkDatabase(connection, second.info)).toBeNull();
          return connection.query(trusted('SELECT 1 AS one'));
        });
        expect([isChanged, rows]).toEqual([true, [{ one: 1 }]]);
      });
    });

    it.each([
      ['constraint UX_Document_DocumentId_ResourceKeyId', naturalShape[1]],
      ['index UX_Descriptor_UriLowered_ResourceKeyId', naturalShape[2]],
      [
        'foreign key FK_Descriptor_DocumentResourceKey',
        'ALTER TABLE dms."Descriptor" ADD CONSTRAINT "FK_Descriptor_DocumentResourceKey" FOREIGN KEY ("DocumentId") REFERENCES dms."Document"',
      ],
    ])('the script of v2 refuses the %s', async (object, statement) => {
      await empty(bench.connection);
      await bench.provision(second);
      const refusal = await rolledBack(bench.connection, async () => {
        await bench.connection.execute(givenScript(statement));
        return failureOf(() => bench.connection.execute(givenScript(second.script)));
      });
      expect((refusal as Error).message).toContain(`The ${object} belongs to another shape of schema dms.`);
    });
  });

  describe('a complete database of the second one', () => {
    beforeAll(async () => {
      await empty(bench.connection);
      await bench.provision(second);
    });

    const stateAfter = (change: string, input = second) =>
      rolledBack(bench.connection, async () => {
        await bench.connection.execute(givenScript(change));
        const options = { open: async () => nested(bench.connection) };
        const state = await readDatabaseState(nested(bench.connection), input.info, input.catalog.schemas);
        const outcome = await bench.provision(input, options).then(
          ({ outcome: done }) => done,
          (error: DmsError) => `${error.code}: ${error.message}`,
        );
        return { state, outcome };
      });

    it('is the same as before', async () => {
      expect(await stateAfter('SELECT 1')).toEqual({ state: { kind: 'same' }, outcome: 'appliedAgain' });
    });

    it('has another schema set, seen from another set of the same version', async () => {
      const { state, outcome } = await stateAfter('SELECT 1', laterSecond);
      expect([state.kind, outcome]).toEqual(['different', expect.stringContaining('PROVISION_FINGERPRINT_MISMATCH')]);
    });

    it.each([
      [
        'the table of the data store',
        'DROP TABLE dms."DataStoreIdentity"',
        { reason: 'tables', missingTables: ['DataStoreIdentity'] },
        '"dms"."DataStoreIdentity" is missing although dms.EffectiveSchema exists',
      ],
      [
        'both tables',
        'DROP TABLE dms."DataStoreIdentity", dms."DocumentCacheState"',
        { reason: 'tables', missingTables: ['DataStoreIdentity', 'DocumentCacheState'] },
        '"dms"."DataStoreIdentity" and "dms"."DocumentCacheState" are missing',
      ],
      [
        'the row of the data store',
        'DELETE FROM dms."DataStoreIdentity"',
        { reason: 'row', table: 'DataStoreIdentity', missingTables: [] },
        'dms.DataStoreIdentity has no row',
      ],
      [
        'the row of the cache state',
        'DELETE FROM dms."DocumentCacheState"',
        { reason: 'row', table: 'DocumentCacheState', missingTables: [] },
        'dms.DocumentCacheState has no row',
      ],
      [
        'the key of the cache state',
        'ALTER TABLE dms."DocumentCacheState" DROP COLUMN "StateId"',
        { reason: 'columns', missingTables: [] },
        'core tables have other columns than they should',
      ],
    ])('is partial without %s', async (_title, change, expected, text) => {
      const { state, outcome } = await stateAfter(change);
      expect(state).toEqual({ kind: 'partial', ...expected });
      expect(outcome).toContain('PROVISION_PARTIAL_STATE');
      expect(outcome).toContain(`partial or corrupt provisioning state: ${text}`);
    });
  });
});

/* Runs without a SQL Server: tests the queries, and the results of answers to them. */
describe('generations on SQL Server', () => {
  const wanted = emitted(smallSet('5.0.0', 'v2'), 'mssql');
  const first = emitted(smallSet(), 'mssql');
  const target = parseTarget('mssql://sa:geheim7@h/d', 'mssql').target as ServerTarget;
  const tablesOf = ({ catalog }: EmittedInput) =>
    catalog.tables.filter(({ schema }) => schema === 'dms').map(({ name }) => ({ kind: 'table', table: name, name }));

  /** The refusal of a server that has the tables and the fingerprint of `present`, and `rows` in its one-row tables. */
  async function refusedWith(
    present: EmittedInput,
    rows: readonly string[],
    objects: readonly object[] = tablesOf(present),
  ): Promise<string> {
    const { info } = present;
    const seedHash = Buffer.from(info.resourceKeySeedHash).toString('hex');
    const recorded = new RecordedMssql((text) => {
      if (text.includes('is_read_committed_snapshot_on')) return [[]];
      if (text.includes('sp_getapplock')) return [[{ r: 0 }]];
      if (text.includes('FROM [dms].[EffectiveSchema]'))
        return [
          [
            {
              id: 1,
              formatVersion: info.apiSchemaFormatVersion,
              hash: info.effectiveSchemaHash,
              count: info.resourceKeyCount,
              seedHash,
            },
          ],
        ];
      if (text.includes("WHERE s.name = N'dms'")) return [objects];
      const singleton = /^SELECT 1 AS \[found\] FROM \[dms\]\.\[(\w+)\] WHERE \[\w+\] = 1$/.exec(text)?.[1];
      if (singleton !== undefined) return [rows.includes(singleton) ? [{ found: 1 }] : []];
      return undefined;
    });
    const error = await failureOf(() =>
      provision(target, wanted, { load: recorded.load, retryDelays: [], verify: false }),
    );
    return (error as DmsError).diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n');
  }

  it('a database of the other generation is refused with that reason', async () => {
    expect(await refusedWith(first, [])).toMatch(
      /^PROVISION_OTHER_GENERATION: .*version v1 of the mapping.* is for v2\./,
    );
  });

  it('a database of the next shape of v2 is refused with that reason', async () => {
    const names = tablesOf(wanted).filter(({ name }) => name !== 'ReferentialIdentity');
    const marks = [
      { kind: 'unique', table: 'Document', name: 'UX_Document_DocumentId_ResourceKeyId' },
      { kind: 'index', table: 'Descriptor', name: 'UX_Descriptor_UriLowered_ResourceKeyId' },
      { kind: 'foreignKey', table: 'Descriptor', name: 'FK_Descriptor_DocumentResourceKey' },
    ];
    expect(await refusedWith(wanted, [], [...names, ...marks])).toMatch(
      /^PROVISION_OTHER_GENERATION: .*version v2-natural of the mapping.* is for v2\./,
    );
    expect(await refusedWith(wanted, [], [...names, ...marks.slice(0, 2)])).toMatch(
      /^PROVISION_OTHER_GENERATION: .*whose shape is mixed \(it has .*, and lacks the table dms\.ReferentialIdentity, FK_/,
    );
  });

  it('a database without the row of the cache state is partial', async () => {
    expect(await refusedWith(wanted, ['DataStoreIdentity'])).toMatch(
      /^PROVISION_PARTIAL_STATE: .*dms\.DocumentCacheState has no row/,
    );
    expect(await refusedWith(wanted, [])).toMatch(/^PROVISION_PARTIAL_STATE: .*dms\.DataStoreIdentity has no row/);
  });
});
