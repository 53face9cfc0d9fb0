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

describe('a database of the first generation whose schemas have other names', () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await openEmbedded();
  }, 60_000);
  afterAll(() => connection.close());

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
