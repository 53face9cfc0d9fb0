import { DmsError, diagnostic } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { serverEngine } from '@dms/testing';
import { type JsonObject, toJsonValue } from '@dms/values';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, ownSet } from '../../test/bench.ts';
import type { DocumentFeed, FeedDocument } from './document-feed.ts';
import { loadDocuments } from './load-documents.ts';
import type { LoadDocumentsOptions, LoadReject } from './load-report.ts';

/* Documents of another database, as a loader takes them (design 19a §8). */

const set = ownSet();
let bench: Bench;
let rejects: LoadReject[] = [];

beforeAll(async () => {
  bench = await serverEngine.open(set.script);
});
afterAll(() => bench.close());
beforeEach(() => {
  rejects = [];
});

const fed = (schoolId: number, more: Record<string, unknown> = {}): FeedDocument => ({
  resource: 'Campus:School',
  document: toJsonValue({ schoolId, schoolName: `School ${schoolId}`, ...more }) as JsonObject,
  uuid: null,
  row: () => ({ table: 'ods.School', key: { SchoolId: String(schoolId) } }),
});

const refusedRow = diagnostic(
  'ODS_VALUE_MISSING',
  'Campus:School from ods.School (SchoolId 8): Name is NULL.',
  { resource: 'Campus:School' },
  { table: 'ods.School', key: { SchoolId: '8' } },
);

/** A feed of schools, of which one cannot be made. */
function feedOf(documents: readonly FeedDocument[], parts: Partial<DocumentFeed> = {}): DocumentFeed {
  return {
    share: 0,
    hasUuids: false,
    rowsOf: (resource) => (resource === 'Campus:School' ? documents.length : 0),
    async *descriptors() {},
    async *mixed() {},
    async *documents(_, refuse) {
      for (const [index, document] of documents.entries()) {
        if (index === 1) refuse([refusedRow]);
        yield document;
      }
    },
    finish: () => undefined,
    ...parts,
  };
}

const load = async (feed: DocumentFeed, options: LoadDocumentsOptions = {}) =>
  loadDocuments([bench.connection], set.plans, feed, {
    isContinued: true,
    onReject: (reject) => void rejects.push(reject),
    ...options,
  });

const schools = async () =>
  (
    await bench.connection.query<{ id: number }>(trusted('SELECT "SchoolId" AS id FROM campus."School" ORDER BY 1'))
  ).map(({ id }) => id);

describe.each([
  ['one by one', false],
  ['in bulk', true],
])('a feed that is loaded %s', (_, isBulk) => {
  beforeEach(() => bench.connection.execute(givenScript('TRUNCATE TABLE dms."Document" CASCADE')));
  const options = async (): Promise<LoadDocumentsOptions> =>
    isBulk ? { bulk: await bench.open({ forCopies: true }) } : {};

  it('names the rows of what is rejected, in the order of the rows', async () => {
    const documents = [fed(7), fed(9, { schoolName: 7 }), fed(10), fed(10)];
    const { total } = await load(feedOf(documents), await options());
    expect(await schools()).toEqual([7, 10]);
    expect(total).toMatchObject({ inserted: 2, rejected: 3 });
    expect(rejects.map(({ row, file }) => [row, file])).toEqual(
      ['8', '9', '10'].map((SchoolId) => [{ table: 'ods.School', key: { SchoolId } }, '']),
    );
    const [refused, wrong, repeated] = rejects;
    expect(refused).toMatchObject({ document: null, diagnostics: [refusedRow] });
    expect(wrong?.diagnostics[0]).toMatchObject({
      message: expect.stringMatching(/^ods\.School \(SchoolId 9\): Campus:School \$\.schoolName /),
      details: { table: 'ods.School', key: { SchoolId: '9' } },
    });
    expect(wrong?.document).toEqual(documents[1]?.document);
    expect(wrong?.diagnostics[0].where.file).toBeUndefined();
    expect(repeated?.diagnostics[0].message).toMatch(/^ods\.School \(SchoolId 10\): /);
  });

  it('puts documents of mixed resources aside, with their rows', async () => {
    const mixed = [fed(3), fed(3)];
    const feed = feedOf([], {
      async *mixed() {
        yield* mixed;
      },
    });
    const { total } = await load(feed, await options());
    expect(total).toMatchObject({ inserted: 1, rejected: 1 });
    expect(rejects[0]?.row).toEqual({ table: 'ods.School', key: { SchoolId: '3' } });
  });

  it('ends at the first row that is refused, unless it may go on', async () => {
    const { isStopped } = await load(feedOf([fed(1), fed(2)]), { ...(await options()), isContinued: false });
    expect(isStopped).toBe(true);
    expect(rejects).toHaveLength(1);
    if (isBulk) expect(await schools()).toEqual([]);
  });

  it('keeps the uuids of descriptors, unless another document has them', async () => {
    const namespace = 'uri://campus.example/TermDescriptor';
    const uuidOf = (last: number) => `00000000-0000-4000-8000-00000000ABC${last}`;
    const descriptor = (codeValue: string, uuid: string): FeedDocument => ({
      resource: 'Campus:TermDescriptor',
      document: toJsonValue({ namespace, codeValue, shortDescription: codeValue }) as JsonObject,
      uuid,
    });
    const withUuids = (...all: readonly FeedDocument[]) =>
      feedOf([], {
        hasUuids: true,
        async *descriptors() {
          yield* all;
        },
      });
    await load(withUuids(descriptor('Fall', uuidOf(1)), descriptor('Spring', uuidOf(2))), await options());
    const again = withUuids(
      descriptor('Fall', uuidOf(3)),
      descriptor('Winter', uuidOf(2)),
      descriptor('Summer', uuidOf(4)),
    );
    const { total } = await load(again, { ...(await options()), onExisting: 'skip' });
    expect(total).toMatchObject({ inserted: 1, rejected: 1 });
    expect(rejects).toMatchObject([
      { uuid: uuidOf(2), diagnostics: [{ code: 'DOCUMENT_REFUSED', where: { path: '$.uuid' } }] },
    ]);
    const stored = await bench.connection.query<{ code: string; uuid: string }>(
      trusted(
        'SELECT d."CodeValue" AS code, t."DocumentUuid"::text AS uuid FROM dms."Descriptor" d JOIN dms."Document" t USING ("DocumentId")',
      ),
    );
    expect(Object.fromEntries(stored.map(({ code, uuid }) => [code, uuid.toUpperCase()]))).toEqual({
      Fall: uuidOf(1),
      Spring: uuidOf(2),
      Summer: uuidOf(4),
    });
  });

  it('is a failure if it misses something at the end, and in bulk nothing is loaded', async () => {
    const finish = () => {
      throw new DmsError([diagnostic('ODS_ROWS_DIFFER', 'ods.School has 3 rows; 2 were read.')]);
    };
    await expect(load(feedOf([fed(1), fed(2)], { finish }), await options())).rejects.toThrow('3 rows');
    expect(await schools()).toEqual(isBulk ? [] : [1, 2]);
  });
});
