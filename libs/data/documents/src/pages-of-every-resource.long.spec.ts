import type { DocumentLeaf } from '@dms/model';
import { serverEngine } from '@dms/testing';
import { canonicalText, JsonNumber, type JsonObject, type JsonValue, memberAt } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { named, ownSet } from '../test/bench.ts';
import { insertDescriptors, openDocuments, type StoredDocument, writeOrder } from './index.ts';
import { generateDocuments } from './sampling/sample-documents.ts';

/** The value of a leaf of the root table. */
const valueAt = (document: JsonObject, { path }: DocumentLeaf) => memberAt(document, path.split('.').slice(1));

/** Values in a form in which they are equal if the database treats them as equal: descriptors in lower case. */
const comparable = (value: JsonValue | undefined, { value: kind }: DocumentLeaf) =>
  value === undefined ? undefined : kind === 'descriptor' ? String(value).toLowerCase() : canonicalText(value);

describe.each([serverEngine])('pages of every resource on $name', ({ open }) => {
  it('have the documents with a value, in order, wherever it is stored', async () => {
    const { plans, script } = ownSet();
    const { model } = plans.mappingSet;
    const database = await open(script);
    try {
      const { connection } = database;
      const store = openDocuments(connection, plans);
      const { descriptors, documents } = generateDocuments(model, 11, { random: 2 });
      const text = (document: JsonObject, member: string) => String(document.get(member));
      await connection.begin();
      await insertDescriptors(
        connection,
        plans,
        descriptors.map(({ resource, document }) => ({
          resource: named(resource),
          namespace: text(document, 'namespace'),
          codeValue: text(document, 'codeValue'),
          shortDescription: 'x',
        })),
      );
      await connection.commit();
      let waiting = documents;
      while (waiting.length > 0) {
        const later: (typeof waiting)[number][] = [];
        for (const label of writeOrder(model)) {
          const own = waiting.filter(({ resource }) => resource === label);
          const outcomes = await store.upsertBatch(named(label), own);
          later.push(...own.filter((_, index) => outcomes[index]?.kind === 'rejected'));
        }
        expect(later.length).toBeLessThan(waiting.length);
        waiting = later;
      }
      let queries = 0;
      let empty = 0;
      for (const label of plans.labels) {
        const all: readonly StoredDocument[] = await store.readPage(named(label), { limit: 1000 });
        for (const leaf of plans.of(named(label)).shape.tables[0]!.leaves) {
          const own = all.map(({ document }) => valueAt(document, leaf));
          // also filter by a value that occurs only at another path with the same column
          const others = plans
            .of(named(label))
            .shape.tables[0]!.leaves.filter((other) => other !== leaf && other.value === leaf.value)
            .flatMap((other) => all.map(({ document }) => valueAt(document, other)));
          const isSameType = (value: JsonValue | undefined) =>
            value !== undefined &&
            own.some(
              (each) => typeof each === typeof value && each instanceof JsonNumber === value instanceof JsonNumber,
            );
          const foreign = others.find(
            (value) => isSameType(value) && !own.some((each) => comparable(each, leaf) === comparable(value, leaf)),
          );
          for (const value of [own.find((each) => each !== undefined), foreign]) {
            if (value === undefined) continue;
            const wanted = all.filter((_, index) => comparable(own[index], leaf) === comparable(value, leaf));
            const filters = [{ path: leaf.path, value }];
            const found = await store.readPage(named(label), { filters, limit: 1000 }).catch((error: Error) => {
              // a value from another column need not fit this one
              if (value === foreign && error.message.startsWith('DOCUMENT_VALUE_INVALID')) return [];
              throw error;
            });
            expect(found, `${label} ${leaf.path}`).toEqual(wanted);
            queries += 1;
            empty += found.length === 0 ? 1 : 0;
          }
          const [second] = own.some((each) => each !== undefined)
            ? await store.readPage(named(label), { offset: 1, limit: 1 })
            : [];
          if (second) expect(second).toEqual(all[1]);
        }
      }
      expect(queries).toBeGreaterThan(plans.labels.length);
      expect(empty).toBeGreaterThan(0);
    } finally {
      await database.close();
    }
  });
});
