import { DmsError } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { build, type DatabaseOfSpec, usualProvisionedEngines } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compiled, named } from '../../test/bench.ts';
import { type DocumentStore, openDocuments } from '../index.ts';

/*
 * Documents that refer to themselves from a collection: if their removal is refused, this happens before the commit
 * (design 16 §8.1).
 */

const { array, integer, object, project, reference, resource } = build;

const toPage = object({ pageId: integer() }, ['pageId']);

const schemas = [
  project('Core', [
    resource('Page', {
      identityJsonPaths: ['$.pageId'],
      documentPathsMapping: {
        Link: reference('Core:Page', [['$.pageId', '$.links[*].linkReference.pageId']]),
      },
      arrayUniquenessConstraints: [{ paths: ['$.links[*].linkReference.pageId'] }],
      jsonSchemaForInsert: object(
        { pageId: integer(), links: array(object({ linkReference: toPage }, ['linkReference'])) },
        ['pageId'],
      ),
    }),
  ]),
];

const editor = object({ editorId: integer() }, ['editorId']);
const paper = object({ paperId: integer() }, ['paperId']);

/** A paper must have an editor, and an editor may have a favorite paper (`Dear`). */
const inCircles = [
  project('Core', [
    resource('Editor', {
      identityJsonPaths: ['$.editorId'],
      documentPathsMapping: {
        Dear: reference('Core:Paper', [['$.paperId', '$.dearPaperReference.paperId']], false),
      },
      jsonSchemaForInsert: object({ editorId: integer(), dearPaperReference: paper }, ['editorId']),
    }),
    resource('Paper', {
      identityJsonPaths: ['$.paperId'],
      documentPathsMapping: {
        Editor: reference('Core:Editor', [['$.editorId', '$.editorReference.editorId']]),
      },
      jsonSchemaForInsert: object({ paperId: integer(), editorReference: editor }, ['paperId', 'editorReference']),
    }),
  ]),
];

const page = named('Core:Page');
const content = (pageId: number, ...links: readonly number[]) =>
  toJsonValue({
    pageId,
    ...(links.length > 0 && { links: links.map((linked) => ({ linkReference: { pageId: linked } })) }),
  });

describe.each(usualProvisionedEngines())('documents that refer to themselves, on $name', ({ open }) => {
  let database: DatabaseOfSpec;
  let store: DocumentStore;

  beforeAll(async () => {
    const { plans, script } = compiled(schemas, 'pgsql', 'v2');
    database = await open(script);
    store = openDocuments(database.connection, plans);
  });

  afterAll(() => database.close());

  const left = () => database.connection.query(trusted('SELECT "PageId" AS page FROM core."Page" ORDER BY 1'));

  beforeEach(async () => {
    for (const text of ['DELETE FROM core."Page"', 'DELETE FROM dms."Document"'])
      await database.connection.execute(givenScript(text));
  });

  /** Writes pages, then their links. */
  async function pages(links: Readonly<Record<number, readonly number[]>>): Promise<ReadonlyMap<number, string>> {
    for (const pageId of Object.keys(links)) await store.upsert(page, content(Number(pageId)));
    const uuids = new Map<number, string>();
    for (const [pageId, linked] of Object.entries(links))
      uuids.set(Number(pageId), (await store.upsert(page, content(Number(pageId), ...linked))).uuid);
    return uuids;
  }

  it('are written, read and removed', async () => {
    const uuid = (await pages({ 1: [1] })).get(1) ?? '';
    expect((await store.read([uuid]))[0]?.document).toEqual(content(1, 1));
    await store.remove(uuid);
    expect(await left()).toEqual([]);
  });

  it('are removed together, whatever they refer to', async () => {
    const uuids = await pages({ 1: [1, 2], 2: [2, 1], 3: [] });
    await store.removeBatch([...uuids.values()]);
    expect(await left()).toEqual([]);
  });

  it('stay, with the name of the resource that refers to them', async () => {
    const uuids = await pages({ 1: [1], 2: [1] });
    const refusal = await store.remove(uuids.get(1) ?? '').catch((error) => error);
    expect(refusal).toBeInstanceOf(DmsError);
    expect(refusal.diagnostics[0]).toMatchObject({ code: 'DOCUMENT_IN_USE' });
    expect(refusal.message).toContain('Core:Page');
    expect(await left()).toHaveLength(2);
  });

  it('are refused by the statement of another client, not by its commit', async () => {
    await pages({ 1: [1], 2: [1] });
    const { connection } = database;
    await connection.begin();
    await expect(connection.execute(givenScript('DELETE FROM core."Page" WHERE "PageId" = 1'))).rejects.toThrow(
      'FK_PageLink_Link_RefKey',
    );
    await connection.rollback();
    await connection.begin();
    await connection.execute(givenScript('DELETE FROM core."Page" WHERE "PageId" = 2'));
    await connection.execute(givenScript('DELETE FROM core."Page" WHERE "PageId" = 1'));
    await connection.commit();
    expect(await left()).toEqual([]);
  });
});

describe.each(usualProvisionedEngines())(
  'documents that refer to each other from their root rows, on $name',
  ({ open }) => {
    it('are removed together, and alone stay where the other one needs them', async () => {
      const { plans, script } = compiled(inCircles, 'pgsql', 'v2');
      const { connection, close } = await open(script);
      try {
        const store = openDocuments(connection, plans);
        const editorId = 1;
        const paperId = 2;
        const upsert = (label: string, content: unknown) => store.upsert(named(label), toJsonValue(content));
        const { uuid } = await upsert('Core:Editor', { editorId });
        const { uuid: written } = await upsert('Core:Paper', { paperId, editorReference: { editorId } });
        await upsert('Core:Editor', { editorId, dearPaperReference: { paperId } });
        for (const alone of [uuid, written])
          await expect(store.remove(alone)).rejects.toMatchObject({ diagnostics: [{ code: 'DOCUMENT_IN_USE' }] });
        const [editorNow] = await store.read([uuid]);
        expect(editorNow?.document).toEqual(toJsonValue({ editorId, dearPaperReference: { paperId } }));
        await store.removeBatch([uuid, written]);
        expect(await store.read([uuid, written])).toEqual([]);
      } finally {
        await close();
      }
    });
  },
);
