import { type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emitDocuments } from '../emitted.ts';
import { a, b, core, equal, member, toA } from '../mssql/propagation-schemas.ts';
import { type PropagatedValues, type PropagationRow, propagationCases } from '../propagation-rows.ts';
import { dropEverything, sqlText } from '../sql-session.ts';

/*
 * The pgsql column of the table of design 11 §5. Each case runs in its own transaction, so that deferred checks take
 * place: after a rename every copy has the new value, touched documents have a new content version, and documents whose
 * own identity has the value have a new identity version and referential id. A rename that some row may not follow
 * changes nothing.
 */

const quoted = (table: string) =>
  table.includes('.') ? table.replace(/^(\w+)\.(\w+)$/, '"$1"."$2"') : `"edfi"."${table}"`;
const literal = (value: string | number) => (typeof value === 'number' ? String(value) : sqlText(value));
const update = (table: string, values: PropagatedValues) =>
  `UPDATE ${quoted(table)} SET ${Object.entries(values)
    .map(([name, value]) => `"${name}" = ${literal(value)}`)
    .join(', ')} WHERE "DocumentId" = (SELECT min("DocumentId") FROM ${quoted(table)})`;

describe.each(usualDatabaseEngines())('renames on $name (design 11 §5)', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  /** Creates a new database of the documents with the rows; documents get the numbers that their root rows name. */
  async function start(documents: readonly object[], rows: readonly PropagationRow[]): Promise<void> {
    await dropEverything(database);
    await database.exec(emitDocuments(...documents).pgsql.script);
    for (const [table, values] of rows) {
      await database.queryRows(
        `INSERT INTO dms."Document" ("DocumentId", "DocumentUuid", "ResourceKeyId") OVERRIDING SYSTEM VALUE
         SELECT ${values.DocumentId ?? 0}, gen_random_uuid(), "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = $1`,
        [table],
      );
      const names = Object.keys(values).map((name) => `"${name}"`);
      await database.exec(
        `INSERT INTO ${quoted(table)} (${names.join(', ')}) VALUES (${Object.values(values).map(literal).join(', ')})`,
      );
    }
  }

  /** Versions by document, and the referential ids. */
  async function state(): Promise<{
    content: Map<number, unknown>;
    identity: Map<number, unknown>;
    ids: Map<number, string>;
  }> {
    const documents = await database.queryRows(
      'SELECT "DocumentId", "ContentVersion", "IdentityVersion" FROM dms."Document"',
    );
    const ids = await database.queryRows(
      `SELECT "DocumentId", string_agg("ReferentialId"::text, ' ' ORDER BY "ResourceKeyId") FROM dms."ReferentialIdentity" GROUP BY 1`,
    );
    return {
      content: new Map(documents.map(([id, content]) => [id as number, content])),
      identity: new Map(documents.map(([id, , identity]) => [id as number, identity])),
      ids: new Map(ids.map(([id, text]) => [id as number, String(text)])),
    };
  }

  const changed = (before: ReadonlyMap<number, unknown>, after: ReadonlyMap<number, unknown>) =>
    [...after.keys()].filter((id) => before.get(id) !== after.get(id)).sort();

  async function expectRow([table, { DocumentId, ...values }]: PropagationRow): Promise<void> {
    const list = Object.keys(values).map((name) => `"${name}"`);
    const where = DocumentId === undefined ? '' : ` WHERE "DocumentId" = ${DocumentId}`;
    const found = await database.queryRows(`SELECT ${list.join(', ')} FROM ${quoted(table)}${where}`);
    expect(found, table).toEqual([Object.values(values)]);
  }

  it.each(propagationCases)('row $row: copies, versions and identities follow', async (entry) => {
    await start([entry.document, ...(entry.extension ? [entry.extension] : [])], entry.rows);
    const before = await state();
    await database.exec(update(...entry.rename));
    const after = await state();
    for (const copy of entry.copies) await expectRow(copy);
    const identified = entry.identified ?? entry.touched;
    expect(changed(before.content, after.content)).toEqual(entry.touched);
    expect(changed(before.identity, after.identity)).toEqual(identified);
    expect(changed(before.ids, after.ids)).toEqual(identified);
    expect(after.ids.size).toBe(before.ids.size);
  });

  const toD = ['D', [['$.dCode', '$.dReference.dCode']]] as const;
  const inA = ['A', { DocumentId: 1, ACode: 'a' }] as const;

  it.each<[string, object, readonly PropagationRow[], string]>([
    [
      'row 3: the resource is not identity-mutable and has a referrer',
      core([a(false), b()]),
      [inA, ['B', { DocumentId: 2, BCode: 'b', A_DocumentId: 1, A_ACode: 'a' }]],
      'FK_B_A_RefKey',
    ],
    [
      'two targets that no common table feeds, of which only one has the new value (design 04 §15.6)',
      core([
        a(),
        member('D', { flag: true }),
        member('R', {
          references: { A: toA('aReference'), D: toD },
          equal: [equal('$.aReference.aCode', '$.dReference.dCode')],
        }),
      ]),
      [
        inA,
        ['D', { DocumentId: 2, DCode: 'a' }],
        ['R', { DocumentId: 3, RCode: 'r', ACode_Unified: 'a', A_DocumentId: 1, D_DocumentId: 2 }],
      ],
      'FK_R_D_RefKey',
    ],
    [
      'a follower that shares the value with an identity of its own and is referenced itself',
      core([
        a(),
        member('D', {
          references: { A: [...toA('aReference'), false] },
          equal: [equal('$.dCode', '$.aReference.aCode')],
        }),
        member('R', { references: { D: toD } }),
      ]),
      [
        inA,
        ['D', { DocumentId: 2, ACode_Unified: 'a', A_DocumentId: 1 }],
        ['R', { DocumentId: 3, RCode: 'r', D_DocumentId: 2, D_DCode: 'a' }],
      ],
      'FK_R_D_RefKey',
    ],
    [
      'the limit of §2: a key of R has two copies of one value, and a shorter path has updated one before',
      core([
        a(),
        member('B', {
          references: {
            First: ['A', [['$.aCode', '$.firstReference.firstCode']]],
            Second: ['A', [['$.aCode', '$.secondReference.secondCode']]],
          },
        }),
        member('R', {
          references: {
            A: toA('aReference'),
            B: [
              'B',
              [
                ['$.bCode', '$.bReference.bCode'],
                ['$.firstReference.firstCode', '$.bReference.firstCode'],
                ['$.secondReference.secondCode', '$.bReference.secondCode'],
              ],
            ],
          },
          equal: [equal('$.aReference.aCode', '$.bReference.secondCode')],
        }),
      ]),
      [
        inA,
        [
          'B',
          {
            DocumentId: 2,
            BCode: 'b',
            First_DocumentId: 1,
            First_FirstCode: 'a',
            Second_DocumentId: 1,
            Second_SecondCode: 'a',
          },
        ],
        [
          'R',
          {
            DocumentId: 3,
            RCode: 'r',
            ACode_Unified: 'a',
            A_DocumentId: 1,
            B_DocumentId: 2,
            B_BCode: 'b',
            B_FirstCode: 'a',
          },
        ],
      ],
      'FK_R_B_RefKey',
    ],
  ])('refuse all of it: %s', async (_, document, rows, constraint) => {
    await start([document], rows);
    const before = await state();
    const refusal = await database.exec(update('A', { ACode: 'z' })).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code: '23503', constraint });
    expect(await state()).toEqual(before);
    for (const row of rows) await expectRow(row);
  });

  it('row 3 without referrer: the resource is renamed', async () => {
    await start([core([a(false), b()])], [inA]);
    const before = await state();
    await database.exec(update('A', { ACode: 'z' }));
    expect(changed(before.ids, (await state()).ids)).toEqual([1]);
  });
});
