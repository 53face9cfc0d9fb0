import { readFileSync } from 'node:fs';
import { DmsError } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import {
  breakingRelease,
  completedRules,
  type Document,
  hasSharedData,
  laterPath,
  type MainGeneration,
  mainGenerations,
  memberNames,
  propertyRuns,
  random,
  readSharedJson,
  schemaSets,
  seeds,
  serverEngine,
  withOtherNames,
} from '@dms/testing';
import { compileTranslation } from '@dms/translation';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  carriedDocuments,
  compareEarlier,
  type EarlierSet,
  earlierSet,
  generatedDocuments,
  inBothDatabases,
  replaceDocuments,
} from '../../test/earlier-views.ts';
import { changedRules } from '../../test/random-rules.ts';
import { applyViews } from '../index.ts';
import { deriveEarlier } from './derive-earlier.ts';

/*
 * The law of the views (design 21 §1) as a search: over rules, of which some are left out and some become drops, and over
 * pairs of random sets, the later one with other names.
 */

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const vectors = ['design', 'vectors', 'translation'] as const;
const shared = (...files: readonly string[]) => files.map((file) => readSharedJson(...vectors, ...file.split('/')));

/** Two sets with a translation that has rules of every kind. */
const pairs = {
  'the breaking release': () => ({
    before: breakingRelease.before.map(json),
    after: breakingRelease.after.map(json),
    rules: json(breakingRelease.translation),
  }),
  'the tiny sets of the vectors': () => ({
    before: shared('before/core.json', 'before/extension.json'),
    after: shared('after/core.json'),
    rules: readSharedJson(...vectors, 'base.json'),
  }),
};

const names = Object.keys(pairs) as (keyof typeof pairs)[];

it.each(names.filter((name) => hasSharedData || name === 'the breaking release'))(
  'views over %s have the earlier rows, but for the list, whatever rules are dropped',
  async (name) => {
    const { rules, ...sets } = pairs[name]();
    const before = earlierSet(sets.before, 'v2');
    const after = earlierSet(sets.after, 'v2');
    const [own, later] = await Promise.all([serverEngine.open(before.script), serverEngine.open(after.script)]);
    try {
      await applyViews(own.connection, before.reporting);
      await applyViews(later.connection, after.reporting);
      const databases = { before: own.connection, after: later.connection };
      let dropped = 0;
      for (const seed of seeds(28)) {
        const found = changedRules(rules, before.places, after.places, seed);
        const translation = mustExist(found.translation, 'a complete translation');
        dropped += translation.rules.translation.drops.length;
        const carried = await carriedDocuments(translation, before, generatedDocuments(before, seed % 7));
        await replaceDocuments(own.connection, before.plans, carried.earlier);
        await replaceDocuments(later.connection, after.plans, carried.later);
        const earlier = deriveEarlier(before.mapping, after.mapping, translation, '');
        const { differences } = await compareEarlier({ before, after, translation }, databases, earlier);
        expect([seed, differences]).toEqual([seed, []]);
      }
      expect(dropped).toBeGreaterThan(50);
    } finally {
      await own.close();
      await later.close();
    }
  },
);

/** A compiled set; null if it is refused, which can happen to a set with other names. */
function unlessRefused(documents: readonly Document[], mappingVersion: MainGeneration): EarlierSet | null {
  try {
    return earlierSet(documents, mappingVersion);
  } catch (error) {
    if (error instanceof DmsError) return null;
    throw error;
  }
}

it('views over a random set with other names have the earlier rows, but for the list', async () => {
  let pairs = 0;
  let rows = 0;
  let hidden = 0;
  await fc.assert(
    fc.asyncProperty(schemaSets({ longNames: false }), fc.integer(), async (documents, seed) => {
      const next = random(seed);
      const chosen = new Set(memberNames(documents).filter(() => next() < 0.5));
      const isRenamed = (name: string) => chosen.has(name);
      const mappingVersion = mainGenerations[pairs % mainGenerations.length] ?? 'v2';
      const before = unlessRefused(documents, mappingVersion);
      const after = unlessRefused(withOtherNames(documents, isRenamed) as Document[], mappingVersion);
      fc.pre(before !== null && after !== null);
      if (before === null || after === null) return;
      const drops = next() < 0.5 ? 0 : 0.2;
      const rules = completedRules(
        before.places,
        after.places,
        (path) => laterPath(isRenamed, path),
        () => next() < drops,
      );
      const { translation } = compileTranslation([rules], before.places, after.places);
      fc.pre(translation !== null);
      if (!translation) return;
      const carried = await carriedDocuments(translation, before, generatedDocuments(before, seed));
      await inBothDatabases(serverEngine, { before, after }, carried, async (databases) => {
        const earlier = deriveEarlier(before.mapping, after.mapping, translation, '');
        const found = await compareEarlier({ before, after, translation }, databases, earlier);
        expect(found.differences).toEqual([]);
        // a pair without rows is replaced by another
        fc.pre(found.rows > 0);
        pairs += 1;
        rows += found.rows;
        hidden += found.hidden;
      });
    }),
    { numRuns: propertyRuns(2) },
  );
  console.log(`${pairs} pairs of random sets, ${rows} rows; ${hidden} of documents that no ODS holds`);
  expect(rows).toBeGreaterThan(0);
});
