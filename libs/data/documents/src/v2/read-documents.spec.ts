import { DmsError } from '@dms/diagnostics';
import { trusted } from '@dms/sql';
import { type DatabaseOfSpec, provisionedEngines } from '@dms/testing';
import { JsonNumber, toJsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { named, seedDescriptors } from '../../test/bench.ts';
import { clubSet } from '../../test/club-set.ts';
import { type DocumentStore, openDocuments, readChanges, type TrackedChange } from '../index.ts';

/* Pages, walks and recorded changes in the second generation (design 17 §8, 17a). */

const club = named('Core:Club');
const person = named('Core:Person');
const small = 'uri://x/KindDescriptor#small';

describe.each(provisionedEngines())('documents of the second generation, read on $name', ({ open }) => {
  let database: DatabaseOfSpec;
  let store: DocumentStore;
  const ids: string[] = [];
  const uuids: string[] = [];

  beforeAll(async () => {
    const { plans, script } = clubSet();
    database = await open(script);
    store = openDocuments(database.connection, plans);
    await seedDescriptors(database.connection, plans, [{ resource: 'Core:KindDescriptor', uri: small }]);
    for (const personId of [1, 2]) await store.upsert(person, toJsonValue({ personId }));
    for (let clubId = 1; clubId <= 7; clubId += 1) {
      const content = {
        clubId,
        note: clubId % 2 === 0 ? 'even' : 'odd',
        ...(clubId === 3 ? { sizeDescriptor: small } : {}),
        leaderReference: { personId: 1 + (clubId % 2) },
      };
      const { documentId, uuid } = await store.upsert(club, toJsonValue(content));
      ids.push(documentId);
      uuids.push(uuid);
    }
  });

  afterAll(() => database.close());

  const clubIds = (documents: readonly { readonly document: ReadonlyMap<string, unknown> }[]) =>
    documents.map(({ document }) => Number((document.get('clubId') as JsonNumber).lexeme));
  const page = async (filters: Readonly<Record<string, string>>, more: object = {}) =>
    clubIds(
      await store.readPage(club, {
        filters: Object.entries(filters).map(([path, value]) => ({ path, value })),
        limit: 25,
        ...more,
      }),
    );

  describe('are filtered by query fields', () => {
    it.each([
      ['a number', { clubId: '3' }, [3]],
      ['a text', { note: 'even' }, [2, 4, 6]],
      ['a part of a reference', { leaderId: '2' }, [1, 3, 5, 7]],
      ['a field, whatever its letter case', { LEADERID: '1' }, [2, 4, 6]],
      ['the path of a field', { '$.leaderReference.personId': '1' }, [2, 4, 6]],
      ['several fields', { leaderId: '2', note: 'odd', sizeDescriptor: small }, [3]],
      ['a descriptor in other letters', { sizeDescriptor: small.toUpperCase() }, [3]],
      ['another letter case of a text', { note: 'EVEN' }, []],
      ['a descriptor that is not there', { sizeDescriptor: `${small}er` }, []],
      ['a text where a number is stored', { clubId: 'three' }, []],
      ['a text that is not a uuid', { id: 'x' }, []],
    ])('%s', async (_, filters, expected) => {
      expect(await page(filters)).toEqual(expected);
    });

    it.each([
      [{ clubId: 'three' }, '$.clubId', 'is not'],
      [{ id: 'x' }, '$.id', 'is not a uuid'],
    ])('a value that cannot be is refused on demand: %j', async (filters, path, reason) => {
      await expect(page(filters, { refusesImpossible: true })).rejects.toMatchObject({
        diagnostics: [
          {
            code: 'DOCUMENT_VALUE_INVALID',
            where: { path: expect.stringContaining(path.slice(2)) },
            message: expect.stringContaining(reason),
          },
        ],
      });
      expect(await page({ ...filters, note: 'even' })).toEqual([]);
    });

    it('the uuid', async () => {
      expect(await page({ id: uuids[4]?.toUpperCase() ?? '' })).toEqual([5]);
    });

    it.each([
      ['memberNumber', 'crosses an array scope'],
      ['kindDescriptor', 'crosses an array scope'],
      ['$.members[*].memberNumber', 'crosses an array scope'],
    ])('but not by %s, and the message says why', async (path, reason) => {
      const refused = await page({ [path]: '1' }).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(DmsError);
      expect((refused as DmsError).diagnostics[0]).toMatchObject({
        code: 'QUERY_FIELD_UNSUPPORTED',
        message: expect.stringContaining(reason),
        details: { failure: 'array_crossing' },
      });
    });

    it('but not by an unknown field; the message names the most similar field', async () => {
      await expect(page({ leaderID2: '1' })).rejects.toMatchObject({
        diagnostics: [{ code: 'DOCUMENT_PROPERTY_UNKNOWN', details: { nearest: 'leaderId' } }],
      });
    });
  });

  it('come in pages by cursor, with and without filters', async () => {
    expect(await page({}, { cursor: '0', limit: 3 })).toEqual([1, 2, 3]);
    expect(await page({}, { cursor: ids[3], limit: 3 })).toEqual([4, 5, 6]);
    expect(await page({ note: 'odd' }, { cursor: ids[1], limit: 2 })).toEqual([3, 5]);
    expect(await page({}, { cursor: String(BigInt(ids[6] ?? 0) + 1n) })).toEqual([]);
  });

  it.each([
    [{ count: 3, minimumSize: 1 }, [0, 3, 6]],
    [{ count: 3, minimumSize: 5 }, [0, 5]],
    [{ count: 1, minimumSize: 1 }, [0]],
  ])('are divided into ranges: %j', async (partitioning, starts) => {
    expect(await store.partition(club, partitioning)).toEqual(starts.map((index) => ids[index]));
  });

  it('are scanned in ranges and from a version on', async () => {
    expect(clubIds(await store.scan(club, { after: ids[0], before: ids[4], limit: 25 }))).toEqual([2, 3, 4]);
    const [last] = await store.read([uuids[6] ?? '']);
    await store.upsert(club, toJsonValue({ clubId: 2, note: 'even' }));
    expect(clubIds(await store.scan(club, { since: last?.contentVersion, limit: 25 }))).toEqual([2]);
  });

  describe('changes', () => {
    const changes = async (since: bigint, resources?: readonly string[]) => {
      const found: TrackedChange[] = [];
      for await (const each of readChanges(database.connection, clubSet().plans, { since, resources }))
        found.push(...each);
      return found;
    };

    it('are deletes and changed keys, by version', async () => {
      const gone = await store.upsert(club, toJsonValue({ clubId: 100, note: 'gone' }));
      const renamed = await store.upsert(person, toJsonValue({ personId: 100 }));
      const start = renamed.contentVersion;
      const { contentVersion } = await store.replace(person, renamed.uuid, toJsonValue({ personId: 101 }));
      await store.remove(gone.uuid);
      await store.remove(renamed.uuid);
      const key = (name: string, value: number) => new Map([[name, new JsonNumber(String(value))]]);
      const found = await changes(start);
      expect(found).toEqual([
        {
          kind: 'keyChange',
          resource: 'Core:Person',
          uuid: renamed.uuid,
          changeVersion: contentVersion,
          oldKey: key('personId', 100),
          newKey: key('personId', 101),
        },
        expect.objectContaining({
          kind: 'delete',
          resource: 'Core:Club',
          uuid: gone.uuid,
          oldKey: key('clubId', 100),
          newKey: null,
        }),
        expect.objectContaining({
          kind: 'delete',
          resource: 'Core:Person',
          uuid: renamed.uuid,
          oldKey: key('personId', 101),
        }),
      ]);
      expect(await changes(contentVersion, ['Core:Club'])).toEqual(found.slice(1, 2));
      expect(await changes(found.at(-1)?.changeVersion ?? 0n)).toEqual([]);
    });

    it('of descriptors name their resource', async () => {
      const resource = 'Core:KindDescriptor';
      await seedDescriptors(database.connection, clubSet().plans, [{ resource, uri: 'uri://x/KindDescriptor#gone' }]);
      const [row] = await database.connection.query<{ id: string; version: string }>(
        trusted(
          `SELECT d."DocumentUuid"::text AS id, d."ContentVersion"::text AS version FROM dms."Document" d JOIN dms."Descriptor" s ON s."DocumentId" = d."DocumentId" WHERE s."CodeValue" = 'gone'`,
        ),
      );
      await store.remove(row?.id ?? '');
      expect(await changes(BigInt(row?.version ?? 0))).toMatchObject([
        {
          kind: 'delete',
          resource,
          uuid: row?.id,
          oldKey: new Map([
            ['namespace', 'uri://x/KindDescriptor'],
            ['codeValue', 'gone'],
          ]),
        },
      ]);
    });

    it('are read page by page, none twice', async () => {
      const documents = Array.from({ length: 600 }, (_, index) => ({
        document: toJsonValue({ personId: 1000 + index }),
      }));
      const outcomes = await store.upsertBatch(person, documents);
      const start = outcomes.reduce(
        (greatest, outcome) =>
          'contentVersion' in outcome && outcome.contentVersion > greatest ? outcome.contentVersion : greatest,
        0n,
      );
      const gone = outcomes.flatMap((outcome) => ('uuid' in outcome ? [outcome.uuid] : []));
      await store.removeBatch(gone);
      const found = await changes(start);
      expect(found.map(({ uuid }) => uuid).toSorted()).toEqual(gone.toSorted());
      const versions = found.map(({ changeVersion }) => changeVersion);
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => (a < b ? -1 : 1)));
    });
  });
});
