import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { labelledResource } from '@dms/api-schema';
import { type Catalog, diffCatalogs } from '@dms/catalog';
import { type Connection, introspect } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { checkDocument } from '@dms/documents';
import { DocumentFolder, databaseFeed, dumpDocuments, type LoadReject, loadDocuments } from '@dms/loading';
import { core, qualified } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import type { JsonObject } from '@dms/values';
import { expect } from 'vitest';
import { type Compiled, documentRows, emptied } from './bench.ts';
import { comparableContents } from './upgraded-v2.ts';

/* Documents that go into databases and out of them as files, checked as `load` and an API check them (design 14 §1). */

/**
 * The result of an action, or 0 if nothing distinguishes the items of a collection, so that its documents cannot be
 * written.
 */
export async function unlessIndistinct<Result>(action: () => Promise<Result>): Promise<Result | 0> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof DmsError && error.code === 'PLAN_IDENTITY_EMPTY') return 0;
    throw error;
  }
}

async function inScratchFolder<Result>(action: (place: (name: string) => string) => Promise<Result>): Promise<Result> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-dumped-'));
  try {
    return await action((name) => path.join(scratch, name));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Loads a folder into a new database of a set, by default with its schemas; returns the rejects. */
async function loadedFrom(
  connection: Connection,
  set: Compiled,
  folder: string,
  schemas: Compiled['schemas'] | undefined = set.schemas,
): Promise<readonly LoadReject[]> {
  await emptied(connection);
  await connection.execute(givenScript(set.script));
  const rejects: LoadReject[] = [];
  const onReject = (reject: LoadReject) => void rejects.push(reject);
  await loadDocuments([connection], set.plans, [folder], { isContinued: true, schemas, onReject });
  return rejects;
}

/** Documents and descriptors of any origin. */
type LoadedContents = Readonly<
  Record<'descriptors' | 'documents', readonly { readonly resource: string; readonly document: JsonObject }[]>
>;

/**
 * A new database of a set with all documents that its schemas, its model and its tables accept; returns how many there
 * are.
 */
export const loaded = (connection: Connection, set: Compiled, contents: LoadedContents): Promise<number> =>
  inScratchFolder(async (place) => {
    await DocumentFolder.write(place('given'), set.model, async (output) => {
      for (const { resource, document } of [...contents.descriptors, ...contents.documents])
        await output.add(resource, document);
    });
    await loadedFrom(connection, set, place('given'));
    return (await documentRows(connection)).length;
  });

/** The same, also with documents that the schemas refuse. */
export const loadedUnchecked = (connection: Connection, set: Compiled, contents: LoadedContents): Promise<number> =>
  inScratchFolder(async (place) => {
    await DocumentFolder.write(place('given'), set.model, async (output) => {
      for (const { resource, document } of [...contents.descriptors, ...contents.documents])
        await output.add(resource, document);
    });
    await loadedFrom(connection, set, place('given'), new Map());
    return (await documentRows(connection)).length;
  });

/**
 * The codes with which a new database of a set refuses documents of a dump, without descriptors and without those whose
 * targets were refused.
 */
export const codesOfReload = (connection: Connection, set: Compiled): Promise<readonly string[]> =>
  inScratchFolder(async (place) => {
    if ((await documentRows(connection)).length === 0) return [];
    await dumpDocuments(connection, set.plans, place('dumped'));
    const rejects = await loadedFrom(connection, set, place('dumped'));
    return rejects
      .filter(({ resource }) => !resource?.endsWith('Descriptor'))
      .map(({ diagnostics: [first] }) => first.code)
      .filter((code) => code !== 'DOCUMENT_REFERENCE_UNRESOLVED');
  });

/** The referential ids of all documents by their uuids: those of the table that stores them, or else of the documents. */
async function referentialIdsOf(
  connection: Connection,
  { catalog, plans }: Compiled,
): Promise<readonly { readonly uuid: string; readonly id: string }[]> {
  if (catalog.tables.some((table) => qualified(table) === qualified(core.referentialIdentity)))
    return connection.query<{ uuid: string; id: string }>(
      trusted(`SELECT d."DocumentUuid"::text AS uuid, r."ReferentialId"::text AS id FROM dms."Document" AS d
       INNER JOIN dms."ReferentialIdentity" AS r ON r."DocumentId" = d."DocumentId" AND r."ResourceKeyId" = d."ResourceKeyId"`),
    );
  const feed = await databaseFeed(connection, plans);
  const refuse = () => expect.unreachable();
  const found: { uuid: string; id: string }[] = [];
  for await (const { resource, uuid, document } of feed.descriptors(refuse)) {
    const uri = `${document.get('namespace')}#${document.get('codeValue')}`;
    found.push({ uuid: uuid ?? '', id: plans.referentialIds.ofDescriptor(labelledResource(resource), uri) });
  }
  for (const label of plans.labels)
    for await (const { uuid, document } of feed.documents(label, refuse)) {
      const { document: checked } = checkDocument(plans, labelledResource(label), document, {});
      found.push({ uuid, id: checked?.referentialId ?? expect.unreachable() });
    }
  return found;
}

/**
 * The rows of all tables, as in {@link comparableContents}, but documents are named by their own referential ids: a
 * dump has no uuids.
 */
async function namedContents(connection: Connection, set: Compiled): Promise<Record<string, readonly string[]>> {
  const documents = await referentialIdsOf(connection, set);
  const ids = new Map(documents.map(({ uuid, id }) => [uuid, id]));
  const named = (row: string) =>
    row.replace(/"([0-9a-f-]{36})"/g, (text, uuid: string) => JSON.stringify(ids.get(uuid)) ?? text);
  const contents = Object.entries(await comparableContents(connection, set));
  return Object.fromEntries(contents.map(([table, rows]) => [table, rows.map(named).sort()]));
}

/** The parts that must be equal in an upgraded database and in a new one with the same documents. */
export interface ComparedDatabase {
  readonly catalog: Catalog;
  /** The rows of each table. */
  readonly contents: Readonly<Record<string, readonly string[]>>;
}

export const comparedDatabase = async (connection: Connection, set: Compiled): Promise<ComparedDatabase> => ({
  catalog: (await introspect(connection)).catalog,
  contents: await namedContents(connection, set),
});

export function expectSameDatabase(upgraded: ComparedDatabase, fresh: ComparedDatabase): void {
  const { differences } = diffCatalogs(fresh.catalog, upgraded.catalog);
  expect(differences.filter(({ severity }) => severity !== 'info')).toEqual([]);
  expect(Object.keys(upgraded.contents)).toEqual(Object.keys(fresh.contents));
  for (const [table, rows] of Object.entries(fresh.contents)) {
    const found = upgraded.contents[table] ?? [];
    // comparing texts is quicker, and most are the same
    if (found.join('\n') !== rows.join('\n')) expect(found, table).toEqual(rows);
  }
}

/**
 * Expects a dump of an upgraded database to load into a new one of its set without a refusal, and the new one to have
 * the same catalog, rows and referential ids (design 12 §1).
 */
export const expectDumpLoads = (connection: Connection, set: Compiled): Promise<void> =>
  inScratchFolder(async (place) => {
    // a folder without documents is not an input
    if ((await documentRows(connection)).length === 0) return;
    await dumpDocuments(connection, set.plans, place('dumped'));
    const upgraded = await comparedDatabase(connection, set);
    const rejects = await loadedFrom(connection, set, place('dumped'));
    expect(rejects.map(({ diagnostics }) => diagnostics.map(({ message }) => message))).toEqual([]);
    expectSameDatabase(upgraded, await comparedDatabase(connection, set));
  });
