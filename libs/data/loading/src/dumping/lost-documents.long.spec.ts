import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mappingVersions } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { insertDescriptors, openDocuments, type UnreadableDocument } from '@dms/documents';
import { trusted } from '@dms/sql';
import { build, type DatabaseOfSpec, dumpedTexts } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiled, embedded } from '../../test/bench.ts';
import type { OnFeedReject } from '../loading/document-feed.ts';
import { databaseFeed } from './database-feed.ts';
import { dumpDocuments } from './dump-documents.ts';

/* Documents whose root row is missing, or whose descriptor row belongs to another resource. */

const { descriptor, integer, object, project, resource, string } = build;
const schemas = [
  project('Core', [
    descriptor('ColorDescriptor'),
    descriptor('KindDescriptor'),
    resource('Room', {
      identityJsonPaths: ['$.code'],
      jsonSchemaForInsert: object({ code: integer(), name: string(20) }, ['code']),
    }),
  ]),
];
const room = { projectName: 'Core', resourceName: 'Room' };
const color = `"ResourceKeyId" = (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = 'ColorDescriptor')`;
const lostRoom = `DELETE FROM core."Room" WHERE "Code" = 1`;
const lostDescriptor = `DELETE FROM dms."Descriptor" WHERE "CodeValue" = 'A'`;

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-lost-documents-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each(mappingVersions)('documents without a root row, %s', (version) => {
  const { plans, script } = compiled(schemas, version);
  const repeatsKey = version !== 'v1';
  let database: DatabaseOfSpec;
  let dumps = 0;
  let uuids: readonly string[] = [];

  beforeEach(async () => {
    database = await embedded.open(script);
    const { connection } = database;
    await connection.begin();
    const fields = { shortDescription: 'x', description: null, effectiveBeginDate: null, effectiveEndDate: null };
    await insertDescriptors(
      connection,
      plans,
      ['A', 'B', 'C'].map((codeValue) => ({
        resource: { projectName: 'Core', resourceName: 'KindDescriptor' },
        ...{ namespace: 'uri://x', codeValue, ...fields },
      })),
    );
    await connection.commit();
    const store = openDocuments(connection, plans);
    const written = [1, 2, 3].map((code) => store.upsert(room, toJsonValue({ code, name: 'a' })));
    uuids = (await Promise.all(written)).map(({ uuid }) => uuid);
  });
  afterEach(() => database.close());

  const damage = (statement: string) =>
    database.connection.execute(
      trusted(`SET session_replication_role = replica; ${statement}; SET session_replication_role = origin`),
    );
  const dumped = async (connection: Connection = database.connection) => {
    dumps += 1;
    const folder = path.join(scratch, `${version}-${dumps}`);
    const { unreadable } = await dumpDocuments(connection, plans, folder);
    return { texts: dumpedTexts(folder), named: unreadable.map(({ code, message }) => `${code} ${message}`) };
  };

  it('are named by dumps and copies, which have the others', async () => {
    expect((await dumped()).named).toEqual([]);
    await damage(lostRoom);
    await damage(lostDescriptor);
    if (repeatsKey) await damage(`UPDATE dms."Descriptor" SET ${color} WHERE "CodeValue" = 'B'`);
    const expected = [
      /^DOCUMENT_UNREADABLE The Core:KindDescriptor .* has no row in dms\.Descriptor, /,
      ...(repeatsKey ? [/^DOCUMENT_UNREADABLE The Core:KindDescriptor .* has no row in dms\.Descriptor, /] : []),
      new RegExp(`^DOCUMENT_UNREADABLE The Core:Room ${uuids[0]} has no row in core\\.Room, `),
    ].map((message) => expect.stringMatching(message));
    const { texts, named } = await dumped();
    expect(named).toEqual(expected);
    expect(Object.values(texts).join('')).toContain('{"code":2,"name":"a"}\n{"code":3,"name":"a"}\n');
    expect(Object.values(texts).join('')).not.toContain('{}');

    const feed = await databaseFeed(database.connection, plans);
    const refused: string[] = [];
    const refuse: OnFeedReject = (diagnostics) =>
      refused.push(...diagnostics.map(({ code, message }) => `${code} ${message}`));
    for await (const { document } of feed.descriptors(refuse)) expect(document.size).toBeGreaterThan(0);
    const read: unknown[] = [];
    for await (const { document } of feed.documents('Core:Room', refuse)) read.push(document.get('code'));
    expect([read.length, refused]).toEqual([2, expected]);
  });

  it('are refused by a feed that reads their resource by id alone', async () => {
    const rooms = await database.connection.query<{ id: string }>(
      trusted(`SELECT "DocumentId"::text AS id FROM core."Room" ORDER BY 1`),
    );
    await damage(lostRoom);
    const feed = await databaseFeed(database.connection, plans, new Set());
    const refused: string[] = [];
    const ids = rooms.map(({ id }) => id);
    const found = await feed.byId('Core:Room', [...ids, '999999'], (diagnostics) =>
      refused.push(...diagnostics.map(({ code, message }) => `${code} ${message}`)),
    );
    expect(found.map(({ uuid }) => uuid).sort()).toEqual([...uuids.slice(1)].sort());
    expect(refused).toEqual([
      expect.stringMatching(`^DOCUMENT_UNREADABLE The Core:Room ${uuids[0]} has no row in core\\.Room, `),
    ]);
  });

  it('are refused by a feed that was asked for their resource and reads none of it', async () => {
    await damage(lostRoom);
    const refused: string[] = [];
    const refuse: OnFeedReject = (diagnostics) => refused.push(...diagnostics.map(({ message }) => message));
    const feedFor = (...asked: string[]) => databaseFeed(database.connection, plans, new Set(asked));
    (await feedFor()).refuseLost('Core:Room', refuse);
    expect(refused).toEqual([]);
    (await feedFor('Core:Room')).refuseLost('Core:Room', refuse);
    expect(refused).toEqual([expect.stringMatching(`^The Core:Room ${uuids[0]} has no row in core\\.Room, `)]);
  });

  it('are refused by a read, and not named once they are deleted', async () => {
    const rooms = await database.connection.query<{ id: string }>(
      trusted(`SELECT "DocumentId"::text AS id FROM core."Room" ORDER BY 1`),
    );
    await damage(lostRoom);
    const byId = await openDocuments(database.connection, plans).readById(
      room,
      rooms.map(({ id }) => id),
    );
    expect(byId.map(({ uuid }) => uuid).sort()).toEqual([...uuids.slice(1)].sort());
    const read = async (connection: Connection) => {
      const refused: UnreadableDocument[] = [];
      const store = openDocuments(connection, plans);
      const found = await store.read(uuids, { onUnreadable: (document) => refused.push(document) });
      return [found.map(({ uuid }) => uuid), refused.map(({ uuid }) => uuid)];
    };
    expect(await read(database.connection)).toEqual([uuids.slice(1), uuids.slice(0, 1)]);
    // another session deletes the document between the two questions
    const deleting = (): Connection => {
      let isDeleted = false;
      const { connection } = database;
      return {
        ...connection,
        isInTransaction: true,
        queryAll: async (statements) => {
          const answers = await connection.queryAll(statements);
          const isFirst = statements.some(({ pieces }) => pieces.join('').includes('NOT EXISTS'));
          if (isFirst && !isDeleted) {
            isDeleted = true;
            await damage(`DELETE FROM dms."Document" WHERE "DocumentUuid" = '${uuids[0]}'`);
          }
          return answers;
        },
      };
    };
    expect((await dumped(deleting())).named).toEqual([]);
    expect(await read(database.connection)).toEqual([uuids.slice(1), []]);
  });

  it('get their rows again when they are written', async () => {
    await damage(lostRoom);
    const store = openDocuments(database.connection, plans);
    const document = toJsonValue({ code: 1, name: 'b' });
    const { kind } = await store.replace(room, uuids[0] ?? '', document);
    expect(kind).toBe('replaced');
    expect((await dumped()).named).toEqual([]);
    expect((await store.read(uuids)).map((found) => found.document.get('name'))).toEqual(['b', 'a', 'a']);
  });

  it('get their rows again when their identity is written, if it is stored outside of them', async () => {
    await damage(lostRoom);
    const store = openDocuments(database.connection, plans);
    const { kind, uuid } = await store.upsert(room, toJsonValue({ code: 1, name: 'b' }));
    const isFound = version !== 'v2-natural';
    expect([kind, uuid === uuids[0]]).toEqual(isFound ? ['replaced', true] : ['inserted', false]);
    expect((await dumped()).named).toHaveLength(isFound ? 0 : 1);
    expect((await store.read([uuid])).map((found) => found.document.get('name'))).toEqual(['b']);
  });
});
