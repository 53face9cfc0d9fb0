import type { Connection } from '@dms/databases';
import { schemaCheck } from '@dms/documents';
import { databaseFeed, inputCheck } from '@dms/loading';
import { type EarlierDocument, type LaterDocument, translateDocuments } from '@dms/translation';
import { expect } from 'vitest';
import type { Compiled } from '../bench.ts';
import { comparedDatabase, expectSameDatabase, loaded } from '../dumped.ts';
import { wrongMirrors } from '../upgraded-v2.ts';
import type { TranslatedSets } from './translated-sets.ts';

/* The documents of databases, and their translations. */

/** All documents and descriptors of the database. */
export async function storedIn(connection: Connection, { plans }: Compiled): Promise<readonly EarlierDocument[]> {
  const feed = await databaseFeed(connection, plans);
  const found: EarlierDocument[] = [];
  const refuse = () => expect.unreachable();
  for await (const { resource, uuid, document } of feed.descriptors(refuse)) found.push({ resource, uuid, document });
  for (const label of plans.labels)
    for await (const { resource, uuid, document } of feed.documents(label, refuse))
      found.push({ resource, uuid, document });
  return found;
}

/** The translated documents, and the documents that the translation cannot carry. */
export const translatedFrom = (
  { after, translation: { compiled } }: TranslatedSets,
  documents: readonly EarlierDocument[],
  check = inputCheck(after.plans, { schemaCheck: schemaCheck(after.schemas), onWarning: () => undefined }),
) =>
  translateDocuments(compiled, documents, { check }, async (translated) => ({
    rejected: [...translated.rejects()].map(([{ source }]) => translated.earlier(source)),
    documents: [...translated.counts.keys()].flatMap((label) => [...translated.documents(label)]),
  }));

/** Documents and descriptors as a loader takes them. */
export function separated(all: readonly LaterDocument[]) {
  const isDescriptor = ({ resource }: LaterDocument) => resource.endsWith('Descriptor');
  return { descriptors: all.filter(isDescriptor), documents: all.filter((each) => !isDescriptor(each)) };
}

/** Expects of an upgraded database what a new one with these documents has, which it then is. */
export async function expectAsLoaded(
  connection: Connection,
  set: Compiled,
  documents: readonly LaterDocument[],
  load = loaded,
): Promise<void> {
  if (set.info.relationalMappingVersion !== 'v1') expect(await wrongMirrors(connection, set)).toEqual([]);
  const found = await comparedDatabase(connection, set);
  await load(connection, set, separated(documents));
  expectSameDatabase(found, await comparedDatabase(connection, set));
}
