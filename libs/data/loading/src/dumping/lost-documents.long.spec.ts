import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { mappingVersions } from '@dms/api-schema';
import { insertDescriptors, openDocuments } from '@dms/documents';
import { trusted } from '@dms/sql';
import { build, type DatabaseOfSpec } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterAll, afterEach, expect, it } from 'vitest';
import { compiled, embedded } from '../../test/bench.ts';
import type { OnFeedReject } from '../loading/document-feed.ts';
import { databaseFeed } from './database-feed.ts';
import { dumpDocuments } from './dump-documents.ts';

/* Documents whose rows are missing or belong to another resource: dumps and copies name them (design 14a §1.3). */

const { descriptor, integer, object, project, resource } = build;
const code = object({ code: integer() }, ['code']);
const schemas = [
  project('Core', [
    descriptor('ColorDescriptor'),
    descriptor('KindDescriptor'),
    resource('Room', { identityJsonPaths: ['$.code'], jsonSchemaForInsert: code }),
  ]),
];

const room = (number: number) => `"DocumentId" = (SELECT "DocumentId" FROM core."Room" WHERE "Code" = ${number})`;
const kind = (letter: string) =>
  `"DocumentId" = (SELECT "DocumentId" FROM dms."Descriptor" WHERE "CodeValue" = '${letter}')`;
const color = `"ResourceKeyId" = (SELECT "ResourceKeyId" FROM dms."ResourceKey" WHERE "ResourceName" = 'ColorDescriptor')`;

/** Damages of one document each, and what is said of it. */
const damages: readonly (readonly [statement: string, named: RegExp])[] = [
  [`DELETE FROM core."Room" WHERE "Code" = 1`, /Core:Room(?: .* has no root row|: 1 document cannot be read)/],
  [`DELETE FROM dms."Descriptor" WHERE "CodeValue" = 'A'`, /Core:KindDescriptor: 1 document cannot be read/],
  [`UPDATE dms."Document" SET ${color} WHERE ${kind('B')}`, /Core:ColorDescriptor: 1 document cannot be read/],
  [`DELETE FROM dms."Document" WHERE ${room(2)}`, /core.Room: 1 row belongs to no document of the resource/],
];

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-lost-documents-'));
let database: DatabaseOfSpec;
afterEach(() => database.close());
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it.each(mappingVersions)('are named by a dump and by a copy of a database, %s', async (version) => {
  const { plans, script } = compiled(schemas, version);
  database = await embedded.open(script);
  const { connection } = database;
  await connection.begin();
  await insertDescriptors(
    connection,
    plans,
    ['A', 'B', 'C'].map((codeValue) => ({
      resource: { projectName: 'Core', resourceName: 'KindDescriptor' },
      namespace: 'uri://x',
      codeValue,
      shortDescription: codeValue,
      description: null,
      effectiveBeginDate: null,
      effectiveEndDate: null,
    })),
  );
  await connection.commit();
  const store = openDocuments(connection, plans);
  for (const number of [1, 2, 3])
    await store.upsert({ projectName: 'Core', resourceName: 'Room' }, toJsonValue({ code: number }));
  let dumps = 0;
  const dumped = async () => {
    dumps += 1;
    const { unreadable } = await dumpDocuments(connection, plans, path.join(scratch, `${version}-${dumps}`));
    return unreadable.map(({ code, message }) => `${code} ${message}`);
  };
  expect(await dumped()).toEqual([]);
  for (const [statement] of damages)
    await connection.execute(
      trusted(`SET session_replication_role = replica; ${statement}; SET session_replication_role = origin`),
    );
  const named = await dumped();
  const expected = damages.map(([, message]) =>
    expect.stringMatching(new RegExp(`^DOCUMENT_UNREADABLE .*${message.source}`)),
  );
  expect(named).toEqual(expect.arrayContaining(expected));
  expect(named).toHaveLength(damages.length);

  const feed = await databaseFeed(connection, plans);
  const refused: string[] = [];
  const read = async (documents: (refuse: OnFeedReject) => AsyncIterable<{ readonly document: unknown }>) => {
    const refuse: OnFeedReject = (diagnostics) => refused.push(...diagnostics.map(({ message }) => message));
    for await (const { document } of documents(refuse)) expect(document).toBeDefined();
  };
  await read(feed.descriptors);
  await read((refuse) => feed.documents('Core:Room', refuse));
  expect(refused).toEqual(
    expect.arrayContaining(damages.slice(0, 3).map(([, message]) => expect.stringMatching(message))),
  );
  expect(refused).toHaveLength(3);
});
