import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkData } from '@dms/checking';
import { emitDdl } from '@dms/ddl';
import { DmsError } from '@dms/diagnostics';
import { type Descriptor, insertDescriptors, openDocuments, type UnreadableDocument } from '@dms/documents';
import { givenScript, trusted } from '@dms/sql';
import { build, type DatabaseOfSpec, dumpedTexts, embeddedEngine, usualGenerations } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiled } from '../test/bench.ts';
import { dumpDocuments } from './dumping/dump-documents.ts';

/*
 * Values that a column of PostgreSQL takes and a document cannot hold: one of each kind, for every type of the model
 * that has some.
 */

const { array, date, dateTime, descriptor, integer, number, object, project, resource, time } = build;

const values = { amount: number(), day: date(), startsAt: time(), endsAt: dateTime() };
const schemas = () => [
  project('Core', [
    resource('Reading', {
      identityJsonPaths: ['$.readingId'],
      arrayUniquenessConstraints: [{ paths: ['$.parts[*].partId'] }],
      jsonSchemaForInsert: object(
        { readingId: integer(), ...values, parts: array(object({ ...values, partId: integer() })) },
        ['readingId'],
      ),
    }),
    descriptor('KindDescriptor'),
  ]),
];

/**
 * Values in SQL, by column: those that documents cannot hold, and those that they can although the column shows them in
 * another way.
 */
const wrong: readonly (readonly [column: string, value: string])[] = [
  ...["'NaN'", "'Infinity'", "'-Infinity'"].map((value) => ['Amount', value] as const),
  ...["'0001-12-31 BC'", "'10000-01-01'", "'5874897-12-31'", "'4713-01-01 BC'"].map((value) => ['Day', value] as const),
  ['StartsAt', "'24:00:00'"],
  ...["'0001-12-31 23:59:59+00 BC'", "'10000-01-01 00:00:00+00'", "'294276-12-31 00:00:00+00'"].map(
    (value) => ['EndsAt', value] as const,
  ),
];
const held: readonly (readonly [column: string, value: string, member: string])[] = [
  ['Amount', '-0.50', '"amount":-0.5'],
  ['Day', "'infinity'", '"day":"9999-12-31"'],
  ['Day', "'-infinity'", '"day":"0001-01-01"'],
  ['StartsAt', "'23:59:59'", '"startsAt":"23:59:59"'],
  ['EndsAt', "'infinity'", '"endsAt":"9999-12-31T23:59:59Z"'],
  ['EndsAt', "'-infinity'", '"endsAt":"0001-01-01T00:00:00Z"'],
];

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-unwritable-values-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(usualGenerations('v1'))('values that a document cannot hold, %s', (version) => {
  const set = compiled(schemas(), version);
  const { plans } = set;
  const { model } = plans.mappingSet;
  const expected = { model, inventory: plans.inventory, catalog: emitDdl(model, plans.inventory).catalog };
  const reading = { projectName: 'Core', resourceName: 'Reading' };
  const uuids: string[] = [];
  let database: DatabaseOfSpec;
  let dumps = 0;

  beforeAll(async () => {
    // a decimal with limits can be NaN, and without them, as after an ALTER TABLE, infinite too
    database = await embeddedEngine.open(set.script.replaceAll('numeric(18,4)', 'numeric'));
    const { connection } = database;
    await connection.begin();
    const fields: Descriptor = { namespace: 'uri://x', codeValue: 'One', shortDescription: 'One' } as Descriptor;
    await insertDescriptors(connection, plans, [
      { resource: { projectName: 'Core', resourceName: 'KindDescriptor' }, ...fields },
      { resource: { projectName: 'Core', resourceName: 'KindDescriptor' }, ...fields, codeValue: 'Two' },
    ]);
    await connection.commit();
    const own = { amount: 1.5, day: '2030-05-01', startsAt: '08:00:00', endsAt: '2030-05-01T08:00:00Z' };
    const store = openDocuments(connection, plans);
    for (const readingId of [1, 2, 3]) {
      const document = { readingId, ...own, parts: [{ partId: 1, ...own }] };
      uuids.push((await store.upsert(reading, toJsonValue(document))).uuid);
    }
  });
  afterAll(() => database.close());

  /** Runs with one value changed, and changes it back. */
  async function changed(
    table: string,
    column: string,
    value: string,
    key: string,
    work: () => Promise<void>,
  ): Promise<void> {
    const { connection } = database;
    const [before] = await connection.query<{ value: string }>(
      trusted(`SELECT "${column}"::text AS value FROM ${table} WHERE ${key}`),
    );
    const write = (text: string) =>
      connection.execute(
        givenScript(
          `SET session_replication_role = replica; UPDATE ${table} SET "${column}" = ${text} WHERE ${key}; SET session_replication_role = origin`,
        ),
      );
    await write(value);
    try {
      await work();
    } finally {
      await write(before?.value === null || before === undefined ? 'NULL' : `'${before.value}'`);
    }
  }

  async function dumped() {
    dumps += 1;
    const folder = path.join(scratch, `${version}-${dumps}`);
    const result = await dumpDocuments(database.connection, plans, folder);
    return { ...result, texts: dumpedTexts(folder) };
  }

  const rootKey = '"ReadingId" = 2';
  const partTable = () =>
    model.resources.find(({ resourceKey }) => resourceKey.resourceName === 'Reading')?.tablesInDependencyOrder[1]?.table
      .name ?? '';

  it('there are none in what was written', async () => {
    expect(await checkData(database.connection, expected)).toEqual([]);
    expect((await dumped()).unreadable).toEqual([]);
  });

  it.each(wrong)('%s %s is named by the check, and refused by dump and get', async (column, value) => {
    await changed('core."Reading"', column, value, rootKey, async () => {
      const findings = await checkData(database.connection, expected);
      expect(findings).toMatchObject([
        { kind: 'unwritableValue', object: `core.Reading.${column}`, count: 1, repairable: false },
      ]);
      expect(findings[0]?.examples[0]).toContain(uuids[1]);
      const { texts, unreadable, resources } = await dumped();
      expect(unreadable).toMatchObject([{ code: 'DOCUMENT_UNREADABLE', details: { uuid: uuids[1], column } }]);
      expect(resources).toContainEqual({ resource: 'Core:Reading', documents: 2 });
      const lines = Object.values(texts).join('\n').split('\n').filter(Boolean);
      expect(lines.map((line) => JSON.parse(line).readingId).filter(Boolean)).toEqual([1, 3]);
      const store = openDocuments(database.connection, plans);
      const refused: UnreadableDocument[] = [];
      const found = await store.read(uuids, { onUnreadable: (document) => refused.push(document) });
      expect([found.map(({ uuid }) => uuid), refused.map(({ uuid }) => uuid)]).toEqual([
        [uuids[0], uuids[2]],
        [uuids[1]],
      ]);
      await expect(store.readPage(reading, { limit: 10 })).rejects.toThrow(DmsError);
    });
  });

  it('in an item of an array are named and refused too', async () => {
    await changed(
      `core."${partTable()}"`,
      'Amount',
      "'NaN'",
      `"PartId" = 1 AND "Reading_DocumentId" = (SELECT "DocumentId" FROM core."Reading" WHERE ${rootKey})`,
      async () => {
        expect(await checkData(database.connection, expected)).toMatchObject([
          { kind: 'unwritableValue', object: `core.${partTable()}.Amount`, count: 1, examples: [`${uuids[1]} NaN`] },
        ]);
        expect((await dumped()).unreadable).toMatchObject([{ where: { path: '$.parts[*].amount' } }]);
      },
    );
  });

  it('in a descriptor are named and refused too', async () => {
    await changed('dms."Descriptor"', 'EffectiveBeginDate', "'10000-01-01'", `"CodeValue" = 'Two'`, async () => {
      expect(await checkData(database.connection, expected)).toMatchObject([
        { kind: 'unwritableValue', object: 'dms.Descriptor.EffectiveBeginDate', count: 1 },
      ]);
      const { unreadable, resources } = await dumped();
      expect(unreadable).toMatchObject([{ code: 'DOCUMENT_UNREADABLE', details: { column: 'EffectiveBeginDate' } }]);
      expect(resources).toContainEqual({ resource: 'Core:KindDescriptor', documents: 1 });
    });
  });

  it.each(held)('%s %s is read as %s', async (column, value, member) => {
    await changed('core."Reading"', column, value, rootKey, async () => {
      expect(await checkData(database.connection, expected)).toEqual([]);
      const { unreadable, texts } = await dumped();
      expect(unreadable).toEqual([]);
      expect(Object.values(texts).join('\n')).toContain(member);
    });
  });
});
