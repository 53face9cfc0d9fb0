import { readFileSync } from 'node:fs';
import { mustExist } from '@dms/model';
import {
  breakingRelease,
  hasSharedData,
  propertyRuns,
  propertyTimeout,
  provisionedEngines,
  readSharedJson,
  seeds,
} from '@dms/testing';
import { expect, it } from 'vitest';
import {
  carriedDocuments,
  compareEarlier,
  earlierSet,
  generatedDocuments,
  replaceDocuments,
} from '../../test/earlier-views.ts';
import { changedRules } from '../../test/random-rules.ts';
import { applyViews } from '../index.ts';
import { deriveEarlier } from './derive-earlier.ts';

/* The law of the views (design 21 §1) as a search over rules: some are left out, some become drops. */

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
    const engine = mustExist(provisionedEngines()[0], 'an engine');
    const [own, later] = await Promise.all([engine.open(before.script), engine.open(after.script)]);
    try {
      await applyViews(own.connection, before.reporting);
      await applyViews(later.connection, after.reporting);
      const databases = { before: own.connection, after: later.connection };
      let dropped = 0;
      for (const seed of seeds(propertyRuns(25))) {
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
  propertyTimeout(600_000),
);
