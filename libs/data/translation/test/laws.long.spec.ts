import { readFileSync } from 'node:fs';
import { valueAt } from '@dms/api-schema';
import {
  breakingRelease,
  type build,
  completedRules,
  laterNames,
  laterPath,
  memberNames,
  modelOf,
  propertyRuns,
  random,
  schemaSets,
  seeds,
  versionsOf,
  withOtherNames,
  withPart,
} from '@dms/testing';
import { canonicalText, type JsonObject } from '@dms/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTranslation, unchangedRule } from '../src/index.ts';
import {
  comparable,
  countValues,
  type FilledSet,
  filledSet,
  outcomeOf,
  type TranslationOutcome,
  translated,
} from './translated.ts';

/* The laws of translations, tested on random sets and rules (design 20 §5, §8). */

/** The numbers of pairs of sets on which a law was tried. */
interface Tried {
  pairs: number;
  /** Pairs of sets whose rules the check refuses. */
  refused: number;
  documents: number;
  /** Pairs of sets whose rules moved, made, dropped or rejected values, or changed them. */
  effective: number;
}

const nothingTried = (): Tried => ({ pairs: 0, refused: 0, documents: 0, effective: 0 });

/** Counts a pair, and whether its rules had an effect. */
function count(tried: Tried, given: readonly unknown[], { report, rejects }: TranslationOutcome): void {
  tried.pairs += 1;
  tried.documents += given.length;
  const { carried, dropped } = [...report.rules].reduce(
    (all, [rule, own]) => ({
      carried: all.carried + (rule === unchangedRule ? 0 : own.carried),
      dropped: all.dropped + own.dropped,
    }),
    { carried: 0, dropped: 0 },
  );
  if (carried + dropped + report.documents.made + rejects.length > 0) tried.effective += 1;
}

const tell = (law: string, tried: Tried) => console.log(`${law}: ${JSON.stringify(tried)}`);

/** The model of a set; null if it is refused, which can happen to a renamed set. */
function unlessRefused(documents: readonly build.JsonRecord[]) {
  try {
    return modelOf(documents);
  } catch {
    return null;
  }
}

it('a translation of a set to itself changes nothing', async () => {
  const tried = nothingTried();
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
      count(tried, given, outcome);
    }),
    { numRuns: propertyRuns(40) },
  );
  tell('a set to itself', tried);
  expect(tried.documents).toBeGreaterThan(0);
  expect(tried.effective).toBe(0);
});

it('renamed members are moved, each with its value', async () => {
  const tried = nothingTried();
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
      count(tried, given, outcome);
    }),
    { numRuns: propertyRuns(40) },
  );
  tell('renamed members', tried);
  expect(tried.effective).toBeGreaterThan(0);
});

it('members that are dropped take with them what cannot be without them, and nothing else', async () => {
  const tried = nothingTried();
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
      if (!translation) tried.refused += 1;
      fc.pre(translation !== null);
      if (!translation) return;
      const { outcome, broken } = await translated(translation, given);
      expect(broken).toEqual([]);
      count(tried, given, outcome);
      rejected += outcome.rejects.length;
    }),
    { numRuns: propertyRuns(60) },
  );
  tell('members that are dropped', tried);
  expect(rejected).toBeGreaterThan(0);
});

it('a member that becomes a resource is there with its identity, wherever a document has it', async () => {
  const tried = nothingTried();
  await fc.assert(
    fc.asyncProperty(schemaSets({ longNames: false }), fc.integer(), async (documents, seed) => {
      const split = withPart(documents, random(seed));
      const model = split && unlessRefused(split.documents);
      fc.pre(split !== null && model !== null);
      if (split === null || model === null) return;
      const { part } = split;
      const { places: before, documents: given } = filledSet(modelOf(documents), seed);
      const { places: after } = filledSet(model, seed);
      const file = {
        ...{ before: versionsOf(before), after: versionsOf(after) },
        documents: [{ before: part.before, after: part.after, members: [part.path] }],
      };
      const { translation, problems } = compileTranslation([file], before, after);
      expect(problems).toEqual([]);
      if (!translation) throw new Error('a translation without problems is not complete');
      const { outcome, broken } = await translated(translation, given);
      expect([broken, outcome.rejects]).toEqual([[], []]);
      const [, name = ''] = part.path.replace('[*]', '').split('.');
      const textOf = (document: JsonObject) =>
        canonicalText([...part.identity.map((path) => valueAt(document, path) ?? null), document.get(name) ?? null]);
      const expected = given
        .filter(({ resource, document }) => resource === part.before && countValues(document.get(name) ?? null) > 0)
        .map(({ document }) => textOf(document));
      const found = outcome.documents.filter(({ resource }) => resource === part.after);
      expect(found.map(({ document }) => textOf(document)).sort()).toEqual(expected.sort());
      for (const { resource, document } of outcome.documents)
        if (resource === part.before) expect(document.get(name)).toBeUndefined();
      count(tried, given, outcome);
    }),
    { numRuns: propertyRuns(30) },
  );
  tell('members that become resources', tried);
  expect(tried.effective).toBeGreaterThan(0);
});

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
    // the names of rules contain their positions, so they differ
    expect([texts, rejects.length]).toEqual([expected, others.length]);
  });

  it('hold the laws where rules are left out, become drops, or take the first', async () => {
    const tried = nothingTried();
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
      if (!translation) {
        tried.refused += 1;
        continue;
      }
      const { outcome, broken } = await translated(translation, documents);
      expect([seed, broken]).toEqual([seed, []]);
      count(tried, documents, outcome);
    }
    tell('rules left out, dropped or first', tried);
    expect(tried.effective).toBeGreaterThan(0);
  });
});
