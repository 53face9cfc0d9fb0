import { readScript } from '@dms/script-checks';
import { build, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitDocuments } from '../../test/emitted.ts';
import { a, b, core, equal, member, part, toA, toB } from '../../test/mssql/propagation-schemas.ts';
import { createBareTables } from '../../test/mssql/server-tables.ts';
import { StatementRun } from '../../test/mssql/statement-run.ts';

/*
 * The effects of propagation triggers on rows (design 07 §9.4, 11 §3.3); each body runs in the dialect of PostgreSQL.
 */

/** A has the identity of code and rank; its code is the code of its parent. */
const both = build.object({ aCode: build.string(), rank: build.string() }, ['aCode', 'rank']);
const ranked = build.resource('A', {
  allowIdentityUpdates: true,
  identityJsonPaths: ['$.aCode', '$.rank'],
  documentPathsMapping: {
    Parent: part(
      'Ed-Fi:A',
      [
        ['$.aCode', '$.parentReference.aCode'],
        ['$.rank', '$.parentReference.rank'],
      ],
      false,
    ),
  },
  equalityConstraints: [equal('$.aCode', '$.parentReference.aCode')],
  jsonSchemaForInsert: build.object({ aCode: build.string(), rank: build.string(), parentReference: both }, [
    'aCode',
    'rank',
  ]),
});

describe.each(usualDatabaseEngines())('propagation bodies on $name', ({ open }) => {
  let database: TestDatabase;
  let started = 0;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  /** Creates the empty tables of a schema set, and reads the triggers of its SQL Server script. */
  async function start(document: object) {
    const { script, catalog } = emitDocuments(document).mssql;
    if (started > 0) await database.exec('DROP SCHEMA edfi CASCADE;');
    started += 1;
    await createBareTables(database, catalog);
    const modules = readScript(script).modules;
    return {
      insert: async (table: string, row: Record<string, string | number>) => {
        const values = Object.values(row).map((value) => (typeof value === 'number' ? value : `'${value}'`));
        const columns = Object.keys(row).map((name) => `"${name}"`);
        await database.exec(`INSERT INTO edfi."${table}" (${columns.join(', ')}) VALUES (${values.join(', ')});`);
      },
      /** Runs an UPDATE of `table` and then only one of its triggers. */
      update: async (table: string, change: string, purpose = 'PropagateIdentity') => {
        const trigger = modules.find(({ name }) => name === `edfi.TR_${table}_${purpose}`);
        if (!trigger) throw new Error(`${table} has no trigger ${purpose}`);
        await database.exec('BEGIN');
        try {
          await new StatementRun(database, [trigger]).statement(`UPDATE edfi."${table}" SET ${change}`);
          await database.exec('COMMIT');
        } catch (error) {
          await database.exec('ROLLBACK');
          throw error;
        }
      },
      columns: async (table: string, ...names: readonly string[]) => {
        const list = names.map((name) => `"${name}"`).join(', ');
        return database.queryRows(`SELECT ${list} FROM edfi."${table}" ORDER BY "DocumentId"`);
      },
    };
  }

  const twoPaths = core([a(), b(), member('R', { references: { A: toA('aReference'), B: toB('bReference') } })]);

  async function twoPathsWithRows() {
    const tables = await start(twoPaths);
    for (const id of [1, 2]) {
      await tables.insert('A', { DocumentId: id, ACode: `a${id}` });
      await tables.insert('B', { DocumentId: 10 + id, BCode: `b${id}`, A_DocumentId: id, A_ACode: `a${id}` });
      const copies = { A_ACode: `a${id}`, B_ACode: `a${id}`, B_BCode: `b${id}` };
      await tables.insert('R', {
        DocumentId: 20 + id,
        RCode: `r${id}`,
        A_DocumentId: id,
        B_DocumentId: 10 + id,
        ...copies,
      });
    }
    return tables;
  }

  it('copies the new value to the referrers of the changed row, and to no others', async () => {
    const tables = await twoPathsWithRows();
    await tables.update('B', `"BCode" = 'x' WHERE "DocumentId" = 11`);
    expect(await tables.columns('R', 'B_ACode', 'B_BCode')).toEqual([
      ['a1', 'x'],
      ['a2', 'b2'],
    ]);
  });

  it('follows several rows of one statement, each with its own values', async () => {
    const tables = await twoPathsWithRows();
    await tables.update('B', `"BCode" = "BCode" || '-' || "DocumentId"`);
    expect(await tables.columns('R', 'B_ACode', 'B_BCode')).toEqual([
      ['a1', 'b1-11'],
      ['a2', 'b2-12'],
    ]);
  });

  it('sees a change of case and of a trailing blank', async () => {
    const tables = await twoPathsWithRows();
    await tables.update('B', `"BCode" = CASE "DocumentId" WHEN 11 THEN 'B1' ELSE 'b2 ' END`);
    expect(await tables.columns('R', 'B_BCode')).toEqual([['B1'], ['b2 ']]);
  });

  it('leaves a copy alone whose source did not change: it may have its new value already', async () => {
    const tables = await twoPathsWithRows();
    await database.exec(`UPDATE edfi."R" SET "B_ACode" = 'new' WHERE "DocumentId" = 21`);
    await tables.update('B', `"BCode" = 'x' WHERE "DocumentId" = 11`);
    expect(await tables.columns('R', 'B_ACode', 'B_BCode')).toEqual([
      ['new', 'x'],
      ['a2', 'b2'],
    ]);
  });

  it('does nothing after an update that changes no source', async () => {
    const tables = await twoPathsWithRows();
    await database.exec(`UPDATE edfi."R" SET "B_BCode" = 'other' WHERE "DocumentId" = 21`);
    await tables.update('B', `"BCode" = "BCode"`);
    expect(await tables.columns('R', 'B_BCode')).toEqual([['other'], ['b2']]);
  });

  it('a part that shares a column with another reference follows in the shared column', async () => {
    const tables = await start(
      core([
        member('A', { flag: true }),
        member('B', { flag: true, references: { A: toA('aReference') } }),
        member('R', {
          references: { A: [...toA('aReference'), false], B: [...toB('bReference'), false] },
          equal: [equal('$.aReference.aCode', '$.bReference.aCode')],
        }),
      ]),
    );
    await tables.insert('A', { DocumentId: 1, ACode: 'a' });
    await tables.insert('B', { DocumentId: 2, BCode: 'b', A_DocumentId: 1, A_ACode: 'a' });
    await tables.insert('R', { DocumentId: 3, RCode: 'r', A_DocumentId: 1, ACode_Unified: 'a' });
    await tables.insert('R', {
      DocumentId: 4,
      RCode: 's',
      A_DocumentId: 1,
      B_DocumentId: 2,
      ACode_Unified: 'a',
      B_BCode: 'b',
    });
    await tables.update('A', `"ACode" = 'x'`);
    expect(await tables.columns('R', 'ACode_Unified', 'B_BCode')).toEqual([
      ['x', null],
      ['x', 'b'],
    ]);
  });

  it('a chain of rows of one table that refer to each other follows to its end', async () => {
    const tables = await start(core([ranked]));
    await tables.insert('A', { DocumentId: 1, ACode_Unified: 'a', Rank: '1' });
    await tables.insert('A', { DocumentId: 2, ACode_Unified: 'a', Rank: '2', Parent_DocumentId: 1, Parent_Rank: '1' });
    await tables.insert('A', { DocumentId: 3, ACode_Unified: 'a', Rank: '3', Parent_DocumentId: 2, Parent_Rank: '2' });
    await tables.insert('A', { DocumentId: 4, ACode_Unified: 'a', Rank: '4' });
    await tables.update('A', `"ACode_Unified" = 'x', "Rank" = 'one' WHERE "DocumentId" = 1`);
    expect(await tables.columns('A', 'ACode_Unified', 'Rank', 'Parent_Rank')).toEqual([
      ['x', 'one', null],
      ['x', '2', 'one'],
      ['x', '3', '2'],
      ['a', '4', null],
    ]);
  });

  it('a circle of rows follows when they agree, and is refused when they contradict each other', async () => {
    const tables = await start(core([ranked]));
    await tables.insert('A', { DocumentId: 1, ACode_Unified: 'a', Rank: '1' });
    await tables.insert('A', { DocumentId: 2, ACode_Unified: 'a', Rank: '2', Parent_DocumentId: 1, Parent_Rank: '1' });
    await database.exec(`UPDATE edfi."A" SET "Parent_DocumentId" = 2, "Parent_Rank" = '2' WHERE "DocumentId" = 1`);
    await tables.update('A', `"ACode_Unified" = 'x' WHERE "DocumentId" = 1`);
    expect(await tables.columns('A', 'ACode_Unified')).toEqual([['x'], ['x']]);
    const contradiction = tables.update('A', `"ACode_Unified" = 'v' || "DocumentId"`);
    await expect(contradiction).rejects.toThrow(
      'Identities in edfi.A copy each other in a circle and contradict each other.',
    );
    expect(await tables.columns('A', 'ACode_Unified')).toEqual([['x'], ['x']]);
  });

  it('goes on for rows of its own table that its update reaches over cascades', async () => {
    const tables = await start(
      core([
        member('T', { flag: true, references: { R: ['R', [['$.rCode', '$.rReference.rCode']]] } }),
        member('R', {
          flag: true,
          references: {
            T: [
              'T',
              [
                ['$.tCode', '$.tReference.tCode'],
                ['$.rReference.rCode', '$.tReference.rCode'],
              ],
              false,
            ],
          },
          equal: [equal('$.rCode', '$.tReference.tCode')],
        }),
      ]),
    );
    // R12 takes its code from T1, T2 cascades it from R12, and R13 holds a copy of T2
    await tables.insert('R', { DocumentId: 11, RCode_Unified: 'r' });
    await tables.insert('T', { DocumentId: 1, TCode: 't', R_DocumentId: 11, R_RCode: 'r' });
    await tables.insert('R', { DocumentId: 12, RCode_Unified: 't', T_DocumentId: 1, T_RCode: 'r' });
    await tables.insert('T', { DocumentId: 2, TCode: 'u', R_DocumentId: 12, R_RCode: 't' });
    await tables.insert('R', { DocumentId: 13, RCode_Unified: 'u', T_DocumentId: 2, T_RCode: 't' });
    await tables.update('T', `"TCode" = 'x' WHERE "DocumentId" = 1`);
    expect(await tables.columns('T', 'TCode', 'R_RCode')).toEqual([
      ['x', 'r'],
      ['u', 'x'],
    ]);
    expect(await tables.columns('R', 'RCode_Unified', 'T_RCode')).toEqual([
      ['r', null],
      ['x', 'r'],
      ['u', 'x'],
    ]);
  });

  it('rows of an abstract identity follow through members that copy it into their own identity', async () => {
    const identity = build.object({ code: build.string(), seq: build.string() }, ['code', 'seq']);
    const member_ = build.resource('S', {
      allowIdentityUpdates: true,
      isSubclass: true,
      superclassProjectName: 'Ed-Fi',
      superclassResourceName: 'X',
      identityJsonPaths: ['$.code', '$.seq'],
      documentPathsMapping: {
        Parent: part(
          'Ed-Fi:X',
          [
            ['$.code', '$.parentReference.code'],
            ['$.seq', '$.parentReference.seq'],
          ],
          false,
        ),
      },
      equalityConstraints: [equal('$.code', '$.parentReference.code')],
      jsonSchemaForInsert: build.object({ code: build.string(), seq: build.string(), parentReference: identity }, [
        'code',
        'seq',
      ]),
    });
    const abstractResources = { X: { identityJsonPaths: ['$.code', '$.seq'] } };
    const tables = await start(build.project('Ed-Fi', [member_], { endpoint: 'ed-fi', abstractResources }));
    for (const id of [1, 2, 3, 4]) {
      const parent = id === 1 || id === 4 ? {} : { Parent_DocumentId: id - 1, Parent_Seq: String(id - 1) };
      await tables.insert('XIdentity', { DocumentId: id, Code: 'o', Seq: String(id) });
      await tables.insert('S', { DocumentId: id, Code_Unified: 'o', Seq: String(id), ...parent });
    }
    await tables.update('S', `"Code_Unified" = 'n', "Seq" = '9' WHERE "DocumentId" = 1`, 'AbstractIdentity');
    expect(await tables.columns('S', 'Code_Unified', 'Seq', 'Parent_Seq')).toEqual([
      ['n', '9', null],
      ['n', '2', '9'],
      ['n', '3', '2'],
      ['o', '4', null],
    ]);
    expect(await tables.columns('XIdentity', 'Code', 'Seq')).toEqual([
      ['n', '9'],
      ['n', '2'],
      ['n', '3'],
      ['o', '4'],
    ]);
  });
});
