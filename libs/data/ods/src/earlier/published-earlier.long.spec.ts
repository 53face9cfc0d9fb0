import { readFileSync } from 'node:fs';
import { buildEffectiveSchema, coreFirst, documentSchemas, loadApiSchemaFiles, mappingVersions } from '@dms/api-schema';
import { sampleDocuments } from '@dms/documents';
import {
  hasSharedData,
  isThorough,
  once,
  propertyTimeout,
  readSharedJson,
  serverEngine,
  sharedFile,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  carriedDocuments,
  compareEarlier,
  completeTranslation,
  earlierSet,
  replaceDocuments,
} from '../../test/earlier-views.ts';
import { applyViews } from '../index.ts';
import { deriveEarlier } from './derive-earlier.ts';
import type { NotGivenBack } from './earlier-mapping.ts';

/*
 * The views of 5.2 and TPDM 1.1 over a database of 6.1 (design 21 §1, §4). DMS_PROPERTY_RUNS asks for 6,000 documents of
 * three seeds in each generation.
 */

const rules = () =>
  JSON.parse(
    readFileSync(new URL('../../../translation/data/ed-fi-5.2-to-6.1.json', import.meta.url), 'utf8'),
  ) as Record<string, unknown>;

const input = (name: string) => readSharedJson('inputs', name);
const files = {
  v1: ['ds-5.2-core.json', 'tpdm-1.1-extension.json'],
  v2: ['ds-5.2-core.later.json', 'tpdm-1.1-extension.later.json'],
} as const;

const timeout = propertyTimeout(600_000);

/** The members of an entry that the list of the chapter has. */
const asked = ({ rule: _, ...entry }: NotGivenBack) => entry;

describe.skipIf(!hasSharedData).each(mappingVersions)(
  'views of 5.2 over 6.1 in %s (need the shared data)',
  (version) => {
    const sets = once(() => {
      const before = earlierSet(files[version].map(input), version);
      const after = earlierSet([input('ds-6.1-core.json')], version);
      const translation = completeTranslation(rules(), before, after);
      return { before, after, translation, earlier: deriveEarlier(before.mapping, after.mapping, translation, '') };
    });

    it('say what cannot come back', { timeout }, () => {
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

    it.runIf(isThorough || version === 'v2').each(isThorough ? [1, 2, 3] : [1])(
      'have the rows of the views of 5.2: seed %d (in v1 and with more seeds: needs DMS_PROPERTY_RUNS above 1)',
      { timeout },
      async (seed) => {
        const { before, after, translation, earlier } = sets();
        const documents = coreFirst(
          await loadApiSchemaFiles(files[version].map((name) => ({ file: sharedFile('inputs', name) }))),
        );
        const schemas = documentSchemas(buildEffectiveSchema(documents, { mappingVersion: version }));
        const generated = [...sampleDocuments(before.model, { documents: isThorough ? 6000 : 700, seed, schemas })].map(
          ({ resource, document }) => ({ resource, document }),
        );
        const carried = await carriedDocuments(translation, before, generated);
        const [own, later] = await Promise.all([serverEngine.open(before.script), serverEngine.open(after.script)]);
        try {
          await replaceDocuments(own.connection, before.plans, carried.earlier);
          await replaceDocuments(later.connection, after.plans, carried.later);
          await applyViews(own.connection, before.reporting);
          await applyViews(later.connection, after.reporting);
          const databases = { before: own.connection, after: later.connection };
          const found = await compareEarlier({ before, after, translation }, databases, earlier);
          expect(found.differences).toEqual([]);
          expect(found.tables).toBe(677);
          expect(found.filled).toBeGreaterThan(400);
        } finally {
          await own.close();
          await later.close();
        }
      },
    );
  },
);
