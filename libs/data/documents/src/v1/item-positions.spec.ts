import { givenScript, trusted } from '@dms/sql';
import { type DatabaseOfSpec, provisionedEngines } from '@dms/testing';
import { canonicalText, toJsonValue } from '@dms/values';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compiled, named } from '../../test/bench.ts';
import { schoolSchemas } from '../../test/school-set.ts';
import { type DocumentStore, openDocuments } from '../index.ts';

/* Reads of positions that another program wrote (design 14 §3): they return the existing items, in order. */

const school = named('Core:School');
const far = 2_147_483_647;
const address = (street: string, ...beginsOn: readonly string[]) =>
  beginsOn.length === 0 ? { street } : { street, periods: beginsOn.map((each) => ({ beginsOn: each })) };
const rooms = (...numbers: readonly number[]) => ({
  _ext: { sample: { rooms: numbers.map((number) => ({ number })) } },
});
const three = [address('a', '2030-01-01', '2031-01-01'), address('b', '2032-01-01'), address('c', '2033-01-01')];
const extended = { _ext: { sample: { addresses: [{}, rooms(1, 2), rooms(3)] } } };

describe.each(provisionedEngines())('items whose positions another program wrote, on $name', ({ open }) => {
  let database: DatabaseOfSpec;
  let store: DocumentStore;

  beforeAll(async () => {
    const { plans, script } = compiled(schoolSchemas);
    database = await open(script);
    store = openDocuments(database.connection, plans);
  });
  afterAll(() => database.close());
  beforeEach(() => database.connection.execute(givenScript('DELETE FROM core."School"; DELETE FROM dms."Document"')));

  const uuidOf = async (document: object) => (await store.upsert(school, toJsonValue(document))).uuid;
  const read = async (uuid: string) => canonicalText((await store.read([uuid]))[0]?.document ?? null);
  const text = (content: object) => canonicalText(toJsonValue({ schoolId: 1, ...content }));
  /** Moves an item, with the rows below it. */
  const moved = (from: number, to: number) =>
    database.connection.execute(
      givenScript(
        [
          `SET session_replication_role = replica; UPDATE core."SchoolAddress" SET "Ordinal" = ${to} WHERE "Ordinal" = ${from}`,
          `UPDATE core."SchoolAddressPeriod" SET "AddressOrdinal" = ${to} WHERE "AddressOrdinal" = ${from}`,
          `UPDATE sample."SchoolExtensionAddress" SET "Ordinal" = ${to} WHERE "Ordinal" = ${from}`,
          `UPDATE sample."SchoolExtensionAddressRoom" SET "AddressOrdinal" = ${to} WHERE "AddressOrdinal" = ${from}`,
          'SET session_replication_role = origin',
        ].join('; '),
      ),
    );

  it.each<[string, number, number, readonly number[]]>([
    ['far away', 2, far, [0, 1, 2]],
    ['after a gap', 1, 7, [0, 2, 1]],
    ['below zero', 2, -1, [2, 0, 1]],
    ['far below zero', 1, -far, [1, 0, 2]],
    ['with a gap at the beginning', 0, 3, [1, 2, 0]],
  ])('an item %s is read, with what is below it and its extension', async (_, from, to, order) => {
    const uuid = await uuidOf({ schoolId: 1, addresses: three, ...extended });
    await moved(from, to);
    const inOrder = <T>(list: readonly T[]) => order.map((index) => list[index]);
    // the last items of the extension have no row
    const extensions = inOrder(extended._ext.sample.addresses);
    while (Object.keys(extensions.at(-1) ?? {}).length === 0) extensions.pop();
    const expected = text({ addresses: inOrder(three), _ext: { sample: { addresses: extensions } } });
    expect(await read(uuid)).toBe(expected);
    // the next write gives the items their positions
    expect(await store.upsert(school, toJsonValue(JSON.parse(expected)))).toMatchObject({ kind: 'replaced' });
    const stored = await database.connection.query<{ at: number }>(
      trusted('SELECT "Ordinal" AS at FROM core."SchoolAddress" ORDER BY 1'),
    );
    expect(stored.map(({ at }) => at)).toEqual([0, 1, 2]);
    expect(await read(uuid)).toBe(expected);
  });

  it('an item of an inner array far away is read', async () => {
    const uuid = await uuidOf({ schoolId: 1, addresses: three });
    await database.connection.execute(
      givenScript(`UPDATE core."SchoolAddressPeriod" SET "Ordinal" = ${far} WHERE "BeginsOn" = '2030-01-01'`),
    );
    const [, ...others] = three;
    expect(await read(uuid)).toBe(text({ addresses: [address('a', '2031-01-01', '2030-01-01'), ...others] }));
  });

  it('a row below an item that is gone does not keep the next ones from being read', async () => {
    const uuid = await uuidOf({ schoolId: 1, addresses: three, ...extended });
    await database.connection.execute(
      givenScript(
        `SET session_replication_role = replica; DELETE FROM core."SchoolAddress" WHERE "Ordinal" = 0; SET session_replication_role = origin`,
      ),
    );
    const [, ...others] = three;
    const extensions = { _ext: { sample: { addresses: extended._ext.sample.addresses.slice(1) } } };
    expect(await read(uuid)).toBe(text({ addresses: others, ...extensions }));
  });

  it('extensions of the first items alone, and of the last alone', async () => {
    for (const addresses of [[rooms(1)], [{}, {}, rooms(1)], [rooms(1), {}, rooms(2)]]) {
      const document = { addresses: three, _ext: { sample: { addresses } } };
      expect(await read(await uuidOf({ schoolId: 1, ...document }))).toBe(text(document));
    }
  });
});
