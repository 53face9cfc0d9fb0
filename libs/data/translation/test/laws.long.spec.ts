import { readFileSync } from 'node:fs';
import { canonicalText } from '@dms/files';
import {
  breakingRelease,
  type build,
  completedRules,
  laterNames,
  laterPath,
  memberNames,
  modelOf,
  propertyRuns,
  propertyTimeout,
  random,
  schemaSets,
  seeds,
  versionsOf,
  withOtherNames,
} from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTranslation } from '../src/index.ts';
import { comparable, type FilledSet, filledSet, outcomeOf, translated } from './translated.ts';

/* The laws of translations as searches over random sets and rules (design 20 §5, §8). */

/** The model of a set; null where it is refused, as a renamed one may be. */
function unlessRefused(documents: readonly build.JsonRecord[]) {
  try {
    return modelOf(documents);
  } catch {
    return null;
  }
}

it(
  'a translation of a set to itself changes nothing',
  async () => {
    let translations = 0;
    await fc.assert(
      fc.asyncProperty(schemaSets(), fc.integer(), async (documents, seed) => {
        const { places, documents: given } = filledSet(modelOf(documents), seed);
        const file = { before: versionsOf(places), after: versionsOf(places) };
        const { translation, problems } = compileTranslation([file], places, places);
        expect(problems).toEqual([]);
        if (!translation) throw new Error('a translation without rules is not complete');
        const { outcome, broken } = await translated(translation, given);
        expect([broken, outcome.rejects]).toEqual([[], []]);
        const texts = (all: readonly (typeof given)[number][]) =>
          all.map(({ resource, uuid, document }) => `${resource} ${uuid} ${canonicalText(document)}`).sort();
        expect(texts(outcome.documents)).toEqual(texts(given));
        translations += given.length;
      }),
      { numRuns: propertyRuns(40) },
    );
    expect(translations).toBeGreaterThan(0);
  },
  propertyTimeout(600_000),
);

it(
  'renamed members are moved, each with its value',
  async () => {
    let renamed = 0;
    await fc.assert(
      fc.asyncProperty(schemaSets({ longNames: false }), fc.integer(), async (documents, seed) => {
        const next = random(seed);
        const chosen = new Set(memberNames(documents).filter(() => next() < 0.5));
        const isRenamed = (name: string) => chosen.has(name);
        const model = unlessRefused(withOtherNames(documents, isRenamed) as build.JsonRecord[]);
        fc.pre(model !== null);
        if (model === null) return;
        const { places: before, documents: given } = filledSet(modelOf(documents), seed);
        const { places: after } = filledSet(model, seed);
        const file = completedRules(
          before,
          after,
          (path) => laterPath(isRenamed, path),
          () => false,
        );
        const { translation, problems } = compileTranslation([file], before, after);
        expect(problems).toEqual([]);
        if (!translation) throw new Error('a translation without problems is not complete');
        const { outcome, broken } = await translated(translation, given);
        expect([broken, outcome.rejects]).toEqual([[], []]);
        const expected = given.map(({ resource, document }) => {
          const isDescriptor = before.resources.get(resource)?.kind === 'descriptor';
          return `${resource} ${canonicalText(isDescriptor ? document : laterNames(isRenamed, document))}`;
        });
        const found = outcome.documents.map(({ resource, document }) => `${resource} ${canonicalText(document)}`);
        expect(found.sort()).toEqual(expected.sort());
        renamed += (file.moves as readonly unknown[]).length;
      }),
      { numRuns: propertyRuns(40) },
    );
    expect(renamed).toBeGreaterThan(0);
  },
  propertyTimeout(600_000),
);

it(
  'members that are dropped take with them what cannot be without them, and nothing else',
  async () => {
    let rejected = 0;
    await fc.assert(
      fc.asyncProperty(schemaSets({ longNames: false }), fc.integer(), async (documents, seed) => {
        const next = random(seed);
        const chosen = new Set(memberNames(documents).filter(() => next() < 0.7));
        const isRenamed = (name: string) => chosen.has(name);
        const model = unlessRefused(withOtherNames(documents, isRenamed) as build.JsonRecord[]);
        fc.pre(model !== null);
        if (model === null) return;
        const { places: before, documents: given } = filledSet(modelOf(documents), seed);
        const { places: after } = filledSet(model, seed);
        const file = completedRules(
          before,
          after,
          (path) => laterPath(isRenamed, path),
          () => next() < 0.3,
        );
        const { translation } = compileTranslation([file], before, after);
        fc.pre(translation !== null);
        if (!translation) return;
        const { outcome, broken } = await translated(translation, given);
        expect(broken).toEqual([]);
        rejected += outcome.rejects.length;
      }),
      { numRuns: propertyRuns(60) },
    );
    expect(rejected).toBeGreaterThan(0);
  },
  propertyTimeout(600_000),
);

/* The breaking release in miniature, whose rules are of every kind. */

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const model = (files: readonly string[]) => modelOf(files.map(json));

/** A list in a random order. */
function mixed<Item>(list: readonly Item[], next: () => number): Item[] {
  return list
    .map((item) => ({ item, rank: next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

describe('rules of every kind', () => {
  const rules = json(breakingRelease.translation);
  const after = filledSet(model(breakingRelease.after), 1).places;
  const filled = (seed: number): FilledSet => filledSet(model(breakingRelease.before), seed);

  it.each(seeds(12))('hold the laws, whatever the order of the rules, with the documents of seed %i', async (seed) => {
    const { places: before, documents } = filled(seed);
    const { translation, problems } = compileTranslation([rules], before, after);
    expect(problems).toEqual([]);
    if (!translation) throw new Error('the translation is not complete');
    const { outcome, broken } = await translated(translation, documents);
    expect(broken).toEqual([]);
    const next = random(seed);
    const other = Object.fromEntries(
      Object.entries(rules).map(([name, list]) => [name, Array.isArray(list) ? mixed(list, next) : list]),
    );
    const second = compileTranslation([other], before, after).translation;
    if (!second) throw new Error('the order of the rules matters');
    const { rules: _, rejects, ...texts } = comparable(await outcomeOf(second, documents));
    const { rules: _own, rejects: others, ...expected } = comparable(outcome);
    // the names of rules have their numbers
    expect([texts, rejects.length]).toEqual([expected, others.length]);
  });

  it('hold the laws where rules are left out, become drops, or take the first', async () => {
    let complete = 0;
    for (const seed of seeds(150)) {
      const next = random(seed);
      const { places: before, documents } = filled(seed % 7);
      const changed = structuredClone(rules);
      const lists = ['moves', 'documents', 'fills'].filter((name) => changed[name].length > 0);
      for (let count = 1 + Math.floor(next() * 2); count > 0; count -= 1) {
        const name = lists[Math.floor(next() * lists.length)] as string;
        const [gone] = changed[name].splice(Math.floor(next() * changed[name].length), 1);
        if (next() < 0.6 && gone?.before?.includes('.$')) changed.drops.push({ before: gone.before });
      }
      for (const place of [...before.resources.values()].flatMap(({ label, places }) =>
        [...places.values()].map(({ path }) => `${label}.${path}`),
      ))
        if (next() < 0.02 && !changed.drops.some((drop: { before: string }) => drop.before === place))
          changed.drops.push({ before: place });
      const { translation, problems } = compileTranslation([changed], before, after);
      expect(translation === null).toBe(problems.length > 0);
      if (!translation) continue;
      complete += 1;
      const { broken } = await translated(translation, documents);
      expect([seed, broken]).toEqual([seed, []]);
    }
    expect(complete).toBeGreaterThan(0);
  });
});
