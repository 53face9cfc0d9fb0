import { labelledResource } from '@dms/api-schema';
import { canonicalText } from '@dms/canonical-json';
import { diffCatalogs } from '@dms/catalog';
import { type Connection, introspect } from '@dms/databases';
import { openDocuments } from '@dms/documents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Compiled,
  compiled,
  contentsOf,
  databaseText,
  documentRows,
  events,
  openEmbedded,
  readAll,
  tableContents,
  type Written,
} from '../test/bench.ts';
import {
  documentsOf,
  laterContents,
  laterDocument,
  laterLabel,
  type RenameEvolution,
  renameEvolutions,
} from '../test/rename-evolutions.ts';
import { filled } from '../test/upgraded.ts';
import { applyUpgrade, renameOf, type UpgradeItem } from './index.ts';

const brief = ({ class: itemClass, change, path }: UpgradeItem) => [itemClass, change, ...path].join(' ');

/** Whether an item is not one of numbers, keys, indexes and triggers, which follow from others. */
const isTold = ({ change }: UpgradeItem) => !/^(?:resource key|trigger|index|unique|check|foreign key|constraint)/.test(change);

/** Rows of documents or events with the names that their resources have afterwards. */
const relabelled = (evolution: RenameEvolution, rows: readonly unknown[]) =>
  rows.map((row) => ({ ...(row as object), label: laterLabel(evolution, (row as { label: string }).label) }));

const texts = (documents: ReadonlyMap<string, Written>) =>
  Object.fromEntries([...documents].map(([uuid, { resource, document }]) => [uuid, `${resource} ${canonicalText(document)}`]));

const later = (evolution: RenameEvolution, documents: ReadonlyMap<string, Written>) =>
  new Map(
    [...documents].map(([uuid, { resource, document }]) => [
      uuid,
      { uuid, resource: laterLabel(evolution, resource), document: laterDocument(evolution, document) },
    ]),
  );

/** What writing documents that are there does. */
async function written(connection: Connection, { plans }: Compiled, documents: ReadonlyMap<string, Written>) {
  const store = openDocuments(connection, plans);
  const outcomes: unknown[] = [];
  for (const { resource, document } of documents.values()) {
    const [outcome] = await store.upsertBatch(labelledResource(resource), [{ document }]);
    outcomes.push(outcome?.kind === 'rejected' ? outcome : { kind: outcome?.kind, uuid: outcome?.uuid });
  }
  return outcomes;
}

let connection: Connection;
beforeAll(async () => {
  connection = await openEmbedded();
}, 60_000);
afterAll(() => connection.close());

describe('a database of the first generation whose schemas have other names', () => {
  it.each(Object.entries(renameEvolutions))(
    'keeps every value: %s',
    async (_, evolution) => {
      const [before, after] = documentsOf(evolution).map((documents) => compiled(documents)) as [Compiled, Compiled];
      const contents = contentsOf(before.model);
      await filled(connection, before, contents);
      const earlier = [await documentRows(connection), await events(connection)] as const;
      const documents = await readAll(connection, before);

      const { plan } = await applyUpgrade(connection, before, after, { renames: evolution.renames.map(renameOf) });

      const { catalog } = await introspect(connection);
      expect(diffCatalogs(after.catalog, catalog).differences.filter(({ severity }) => severity !== 'info')).toEqual([]);
      const [rows, journal] = earlier;
      expect(await documentRows(connection)).toEqual(relabelled(evolution, rows));
      expect(await events(connection)).toEqual(relabelled(evolution, journal));
      const renamed = await readAll(connection, after);
      expect(texts(renamed)).toEqual(texts(later(evolution, documents)));
      // a client finds each document, and what it refers to, by the new names
      expect(await written(connection, after, renamed)).toEqual(
        [...renamed.keys()].map((uuid) => ({ kind: 'unchanged', uuid })),
      );
      const found = await tableContents(connection, after);
      await filled(connection, after, laterContents(evolution, contents));
      expect(found).toEqual(await tableContents(connection, after));
      expect(plan.items.filter(isTold).map(brief).sort()).toEqual([...evolution.items].sort());
      expect(plan.verdict).toBe(evolution.verdict);
      expect(plan.candidates).toEqual([]);
    },
    60_000,
  );
});

const setsOf = (name: keyof typeof renameEvolutions) => {
  const evolution = renameEvolutions[name] as RenameEvolution;
  const [before, after] = documentsOf(evolution).map((documents) => compiled(documents)) as [Compiled, Compiled];
  return { before, after, options: { renames: evolution.renames.map(renameOf) } };
};

describe('what has another name', () => {
  it('is followed by what triggers do', async () => {
    const { before, after, options } = setsOf('a part of an identity that others copy');
    await filled(connection, before, contentsOf(before.model));
    await applyUpgrade(connection, before, after, options);
    const [section] = await connection.query<{ id: string; room: string }>(
      'SELECT "DocumentId"::text AS id, "Room_DocumentId"::text AS room FROM core."Section" WHERE "Room_DocumentId" IS NOT NULL LIMIT 1',
    );
    const state = () =>
      connection.query<{ id: string }>(
        `SELECT d."ContentVersion"::text AS content, d."IdentityVersion"::text AS identity, i."ReferentialId"::text AS id
         FROM dms."Document" AS d JOIN dms."ReferentialIdentity" AS i ON i."DocumentId" = d."DocumentId"
         WHERE d."DocumentId" IN (${section?.id}, ${section?.room}) ORDER BY d."DocumentId" = ${section?.id}`,
      );
    const [room, referrer] = await state();
    const journal = await events(connection);
    await connection.execute(`UPDATE core."Room" SET "DoorNumber" = 'new' WHERE "DocumentId" = ${section?.room}`);
    const [roomNow, referrerNow] = await state();
    for (const member of ['content', 'identity', 'id'] as const)
      expect((roomNow as Record<string, unknown>)[member], member).not.toBe((room as Record<string, unknown>)[member]);
    // its identity does not have the room
    expect(referrerNow).toEqual({ ...referrer, content: (referrerNow as Record<string, unknown>).content });
    expect(
      await connection.query(`SELECT "Room_DoorNumber" AS n FROM core."Section" WHERE "DocumentId" = ${section?.id}`),
    ).toEqual([{ n: 'new' }]);
    expect((await events(connection)).length).toBeGreaterThan(journal.length);
  }, 60_000);

  it('is refused where the database does not make the referential ids of a descriptor', async () => {
    const { before, after, options } = setsOf('a descriptor resource');
    const contents = contentsOf(before.model);
    await filled(connection, before, contents);
    const { uuid } = contents.descriptors.find(({ resource }) => resource === 'Core:GradeDescriptor') as { uuid: string };
    const document = `(SELECT "DocumentId" FROM dms."Document" WHERE "DocumentUuid" = '${uuid}')`;
    await connection.execute(`UPDATE dms."ReferentialIdentity" SET "ReferentialId" = "DocumentUuid" FROM dms."Document" AS d
      WHERE d."DocumentId" = dms."ReferentialIdentity"."DocumentId" AND d."DocumentId" = ${document}`);
    const text = await databaseText(connection);
    await expect(applyUpgrade(connection, before, after, options)).rejects.toMatchObject({
      diagnostics: [
        {
          code: 'UPGRADE_ROWS_OBJECT',
          message: expect.stringContaining('descriptor renamed: Core:LevelDescriptor: 1 rows do not allow it'),
          details: { count: 1, documents: [uuid] },
        },
      ],
    });
    expect(await databaseText(connection)).toBe(text);
  }, 60_000);
});
