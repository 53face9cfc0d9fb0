import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import { compileMappingSet } from '@dms/plans';
import { trusted } from '@dms/sql';
import {
  hasSharedData,
  isThorough,
  ownSchema,
  ownSchemasV2,
  propertyRuns,
  sharedSet,
  usualProvisionedEngines,
} from '@dms/testing';
import { canonicalText, type JsonObject } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import { describe, expect, it } from 'vitest';
import { type CompiledClub, compiled, named } from '../../test/bench.ts';
import { expectProbesFind } from '../../test/probes.ts';
import {
  documentPlans,
  insertDescriptors,
  openDocuments,
  readChanges,
  type TrackedChange,
  type Written,
  writeOrder,
} from '../index.ts';
import { generateDocuments } from '../sampling/sample-documents.ts';

/* Documents of every resource in the second generation: written, read, replaced and removed (design 17 §12). */

type StableGeneration = 'v2' | 'v2-natural';

async function publishedSet(version: StableGeneration): Promise<CompiledClub> {
  const { model } = deriveModel(await sharedSet(version, 'fixtures-v2', 'ds-5.2'), 'pgsql');
  const inventory = deriveInventory(model);
  return { plans: documentPlans(compileMappingSet(model), inventory), script: emitDdl(model, inventory).script };
}

const setsOf = (version: StableGeneration) => [
  {
    name: `district and transport, ${version}`,
    isThere: true,
    version,
    set: async () => compiled(ownSchemasV2.map(ownSchema), 'pgsql', version),
  },
  ...(isThorough
    ? [
        {
          name: `the data standard 5.2, ${version} (needs the shared conformance data)`,
          isThere: hasSharedData,
          version,
          set: () => publishedSet(version),
        },
      ]
    : []),
];

const sets = [...setsOf('v2'), ...(isThorough ? setsOf('v2-natural') : [])];

// one engine: smaller specs test the differences between engines
const [engine] = usualProvisionedEngines();

describe.each(sets)('documents of every resource of $name', ({ isThere, version, set }) => {
  it.skipIf(!isThere)('come back as they were written, and go with a tombstone each', async () => {
    const { plans, script } = await set();
    const database = await engine?.open(script);
    if (!database) throw new Error('no engine');
    try {
      const { connection } = database;
      const store = openDocuments(connection, plans);
      const { descriptors, documents, skipped } = generateDocuments(plans.mappingSet.model, 17, {
        random: propertyRuns(1) - 1,
      });
      const text = (document: JsonObject, member: string) => String(document.get(member));
      await connection.begin();
      for (const piece of chunk(descriptors, 500))
        await insertDescriptors(
          connection,
          plans,
          piece.map(({ resource, document }) => ({
            resource: named(resource),
            namespace: text(document, 'namespace'),
            codeValue: text(document, 'codeValue'),
            shortDescription: 'x',
          })),
        );
      await connection.commit();
      expect(
        new Set(documents.map(({ resource }) => resource)).size + new Set(skipped.map(({ resource }) => resource)).size,
      ).toBeGreaterThanOrEqual(plans.labels.length);

      type Generated = (typeof documents)[number];
      const uuids = new Map<Generated, string>();
      /**
       * Writes all documents, in as many rounds as circles of references need, and compares the documents as read
       * with those written.
       */
      const write = async (
        all: readonly Generated[],
        contentOf: (each: Generated) => JsonObject,
        kinds: readonly Written['kind'][],
      ) => {
        let waiting = all;
        while (waiting.length > 0) {
          const later: Generated[] = [];
          for (const label of writeOrder(plans.mappingSet.model)) {
            const own = waiting.filter(({ resource }) => resource === label);
            if (own.length === 0) continue;
            const outcomes = await store.upsertBatch(
              named(label),
              own.map((each) => ({ document: contentOf(each) })),
            );
            for (const [index, outcome] of outcomes.entries()) {
              const each = own[index] as Generated;
              if (outcome.kind === 'rejected') {
                expect(outcome.diagnostics.map(({ code }) => code)).toContain('DOCUMENT_REFERENCE_UNRESOLVED');
                later.push(each);
                continue;
              }
              expect(kinds, label).toContain(outcome.kind);
              uuids.set(each, outcome.uuid);
            }
          }
          expect(later.length).toBeLessThan(waiting.length);
          waiting = later;
        }
        for (const piece of chunk(all, 500)) {
          const found = await store.read(piece.map((each) => uuids.get(each) ?? ''));
          for (const [index, each] of piece.entries())
            expect(canonicalText(found[index]?.document ?? null), each.resource).toBe(canonicalText(contentOf(each)));
        }
      };
      await write(documents, ({ document }) => document, ['inserted']);
      await write(documents, ({ document }) => document, ['unchanged']);
      // only `v2` stores hashes with which the results of probes can be compared
      if (version === 'v2')
        await expectProbesFind(
          connection,
          plans,
          documents.map((each) => ({ ...each, uuid: uuids.get(each) ?? '' })),
        );
      const replaced = documents.filter(({ replacement }) => replacement !== null);
      const contentOf = ({ document, replacement }: Generated) => replacement ?? document;
      await write(replaced, contentOf, ['replaced', 'unchanged']);
      await write(replaced, contentOf, ['unchanged']);
      // one by one, with the statements for a single document
      for (const each of replaced.filter((_, index) => index % 5 === 0)) {
        const outcome = await store.replace(named(each.resource), uuids.get(each) ?? '', each.document);
        const [found] = await store.read([outcome.uuid]);
        expect(canonicalText(found?.document ?? null)).toBe(canonicalText(each.document));
      }

      const [{ before } = { before: '0' }] = await connection.query<{ before: string }>(
        trusted(`SELECT max("ContentVersion")::text AS before FROM dms."Document"`),
      );
      await store.removeBatch([...uuids.values()]);
      const changes: TrackedChange[] = [];
      for await (const page of readChanges(connection, plans, { since: BigInt(before) })) changes.push(...page);
      const removed = documents.map((each) => `${each.resource} ${uuids.get(each)} delete`);
      expect(changes.map(({ resource, uuid, kind }) => `${resource} ${uuid} ${kind}`).toSorted()).toEqual(
        removed.toSorted(),
      );
      const tables = plans.mappingSet.model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
      for (const piece of chunk(tables, 100)) {
        const arms = piece.map(
          ({ table: { schema, name } }) =>
            `SELECT '${name}' AS name WHERE EXISTS (SELECT 1 FROM "${schema}"."${name}")`,
        );
        expect(await connection.query(trusted(arms.join(' UNION ALL ')))).toEqual([]);
      }
    } finally {
      await database.close();
    }
  });
});
