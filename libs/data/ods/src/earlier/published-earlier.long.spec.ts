import { buildEffectiveSchema, coreFirst, documentSchemas, loadApiSchemaFiles } from '@dms/api-schema';
import { sampleDocuments } from '@dms/documents';
import { trusted } from '@dms/sql';
import {
  embeddedEngine,
  hasSharedData,
  isThorough,
  mainGenerations,
  once,
  readSharedJson,
  serverEngine,
  sharedFile,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { carriedDocuments, compareEarlier, type GivenDocument, inBothDatabases } from '../../test/earlier-views.ts';
import { files52, type PublishedMove, publishedMove, publishedSamples } from '../../test/published-earlier.ts';
import { applyViews, earlierScript, usualOptions } from '../index.ts';
import type { NotGivenBack } from './earlier-mapping.ts';

/*
 * The views of 5.2 and TPDM 1.1 over a database of 6.1 (design 21 §1, §4). `npm run search -- earlier-views` compares the
 * rows of 6,000 documents of three seeds and of the published samples in each generation.
 */

/**
 * Expects equal rows in the views of 5.2 for the documents that the translation carries, except for the listed losses.
 */
async function expectSameRows(move: PublishedMove, documents: readonly GivenDocument[]) {
  const { before, translation, earlier } = move;
  const carried = await carriedDocuments(translation, before, documents);
  return inBothDatabases(serverEngine, move, carried, async (databases) => {
    const found = await compareEarlier(move, databases, earlier);
    expect(found).toMatchObject({ differences: [], hidden: 0 });
    expect(found.tables).toBe(677);
    return { ...found, carried: carried.earlier.length };
  });
}

/** An entry with the members that the list in the chapter has. */
const asked = ({ rule: _, ...entry }: NotGivenBack) => entry;

describe.skipIf(!hasSharedData).each(isThorough ? mainGenerations : (['v2'] as const))(
  'views of 5.2 over 6.1 in %s (need the shared data, in v1 DMS_PROPERTY_RUNS above 1)',
  (version) => {
    const sets = once(() => publishedMove(version));

    it('say what cannot come back', () => {
      const { notGivenBack } = readSharedJson('design', 'vectors', 'earlier-views', 'not-given-back.json') as {
        notGivenBack: readonly NotGivenBack[];
      };
      const { earlier } = sets();
      const byPlace = (list: readonly object[]) =>
        list.map((each) => JSON.stringify(Object.entries(each).sort())).sort();
      expect(byPlace(earlier.notGivenBack.map(asked))).toEqual(
        byPlace(notGivenBack.map((entry) => ({ ...entry, tables: [...entry.tables].sort() }))),
      );
      expect(earlier.tables).toHaveLength(677);
      expect(earlier.tables.filter(({ arms }) => arms.length === 0)).toHaveLength(6);
      const isPlain = ({ arms }: (typeof earlier.tables)[number]) =>
        arms.length === 1 &&
        arms.every(
          ({ joins, where, columns }) =>
            joins.length + where.length === 0 && !JSON.stringify(columns).includes('"first"'),
        );
      expect(earlier.tables.filter(isPlain).length).toBeGreaterThanOrEqual(644);
    });

    it.runIf(isThorough)('are applied and read on PGlite too (needs DMS_PROPERTY_RUNS above 1)', async () => {
      const { after, earlier } = sets();
      const { connection, close } = await embeddedEngine.open(after.script);
      try {
        await applyViews(connection, after.reporting);
        const own = { mapping: after.mapping, model: after.model, options: usualOptions };
        const script = earlierScript(earlier, own, {
          suffix: null,
          changeColumns: false,
          exactTypes: false,
          descriptorTable: false,
          grants: [],
        });
        expect(await applyViews(connection, script)).toEqual({ views: 677, earlier: 0, descriptorTable: null });
        for (const { schema, name } of script.names)
          expect(await connection.query(trusted(`SELECT * FROM ${schema}.${name} LIMIT 1`))).toEqual([]);
      } finally {
        await close();
      }
    });

    it.runIf(isThorough).each([1, 2, 3])(
      'have the rows of the views of 5.2: seed %d (needs DMS_PROPERTY_RUNS above 1)',
      async (seed) => {
        const { before } = sets();
        const files = coreFirst(
          await loadApiSchemaFiles(files52[version].map((name) => ({ file: sharedFile('inputs', name) }))),
        );
        const schemas = documentSchemas(buildEffectiveSchema(files, { mappingVersion: version }));
        const generated = [...sampleDocuments(before.model, { documents: 6000, seed, schemas })];
        expect((await expectSameRows(sets(), generated)).filled).toBeGreaterThan(400);
      },
    );

    it.runIf(isThorough)(
      'have the rows of the views of 5.2 of the published samples (needs DMS_PROPERTY_RUNS above 1)',
      async () => {
        const { before } = sets();
        const { carried, rows } = await expectSameRows(sets(), await publishedSamples(before));
        expect(carried).toBeGreaterThan(19_000);
        expect(rows).toBeGreaterThan(19_000);
      },
    );
  },
);
