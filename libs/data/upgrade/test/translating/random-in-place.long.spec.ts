import { isWithin, valueAt } from '@dms/api-schema';
import { type Connection, introspect } from '@dms/databases';
import { type GeneratedDocuments, generateDocuments } from '@dms/documents';
import {
  type build,
  completedRules,
  laterPath,
  mainGenerations,
  memberNames,
  propertyRuns,
  random,
  schemaSets,
  type TakenPart,
  withOtherNames,
  withPart,
} from '@dms/testing';
import { compileTranslation, type SetPlaces, setPlaces } from '@dms/translation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, type TranslationRejects, type UpgradeTranslation, upgradeTranslation } from '../../src/index.ts';
import type { TranslatedResource } from '../../src/translating/translation-in-place.ts';
import { type Compiled, compiledUnlessRefused, DatabasesOfSeries } from '../bench.ts';
import { comparedDatabase, expectSameDatabase, loaded, loadedUnchecked, unlessIndistinct } from '../dumped.ts';
import { wrongMirrors } from '../upgraded-v2.ts';
import { separated, storedIn, translatedFrom } from './translated-documents.ts';

/*
 * The law of a translation in place, between random sets with random rules: the database is a fresh one with the
 * translated documents (design 12a §6). `npm run search -- upgrade-translations` tries more of them.
 */

/** A move that maps texts of documents to other texts, in a random order; some become equal, and some are left out. */
function valueMove(
  { resources }: SetPlaces,
  { documents }: GeneratedDocuments,
  later: (path: string) => string,
  next: () => number,
) {
  const texts = [...resources].flatMap(([label, { places, kind }]) =>
    kind === 'resource'
      ? [...places.values()].flatMap(({ path, leaf }) =>
          leaf?.value === 'scalar' &&
          leaf.scalarType.kind === 'String' &&
          !path.includes('[*]') &&
          !path.includes('Reference')
            ? [{ label, path }]
            : [],
        )
      : [],
  );
  const chosen = texts[Math.floor(next() * texts.length)];
  if (!chosen) return null;
  const { label, path } = chosen;
  const found = documents.flatMap(({ resource, document }) => {
    const value = resource === label ? valueAt(document, path) : undefined;
    return typeof value === 'string' ? [value] : [];
  });
  const values = [...new Set(found)].sort();
  const isUniting = next() < 0.3;
  const isForgetting = next() < 0.3;
  const pairs = values.map((value, index) => [value, isUniting ? values[0] : values[(index + 1) % values.length]]);
  const known = isForgetting ? pairs.slice(1) : pairs;
  if (known.length === 0) return null;
  return { before: `${label}.${path}`, after: `${label}.${later(path)}`, values: Object.fromEntries(known) };
}

/** The rule for a part that the later set has in a resource of its own. */
function partRule({ before, after, path, identity }: TakenPart, later: (path: string) => string) {
  const other = later(path);
  return {
    before,
    after,
    members: [other === path ? path : { before: path, after: other }],
    identity: Object.fromEntries(identity.map((each) => [later(each), each])),
  };
}

/** The numbers of pairs of sets and documents, by outcome. */
interface TriedPairs {
  /** Pairs of sets that were compiled. */
  pairs: number;
  /** Pairs whose rules the check refuses, and (`empty`) pairs of which no document can be stored. */
  refused: number;
  empty: number;
  /** Pairs whose databases were compared, and how many of them had documents that rules are about. */
  compared: number;
  effective: number;
  rewritten: number;
  moved: number;
  new: number;
  documents: number;
  rejected: number;
}

/** Counts the outcomes of a compared pair of sets. */
function count(
  tried: TriedPairs,
  { resources }: UpgradeTranslation,
  stored: ReadonlySet<string>,
  later: ReadonlySet<string>,
) {
  const has = (kind: TranslatedResource['is']) =>
    resources.some(
      ({ is, before, after }) => is === kind && (kind === 'new' ? later.has(after ?? '') : stored.has(before ?? '')),
    );
  const found = (['rewritten', 'moved', 'new'] as const).filter(has);
  for (const kind of found) tried[kind] += 1;
  if (found.length > 0) tried.effective += 1;
  tried.compared += 1;
}

/** Two sets, and the part that the later one has taken out of a resource. */
interface SetPair {
  readonly before: Compiled;
  readonly after: Compiled;
  readonly part: TakenPart | null;
}

/** Compares both databases. */
async function compare(
  connection: Connection,
  { before, after, part }: SetPair,
  isRenamed: (name: string) => boolean,
  seed: number,
  tried: TriedPairs,
): Promise<void> {
  const next = random(seed);
  const contents = generateDocuments(before.model, seed, { random: 3 });
  const [earlier, later] = [before, after].map(({ plans, schemas }) => setPlaces(plans, schemas)) as [
    SetPlaces,
    SetPlaces,
  ];
  const pathOf = (path: string) => laterPath(isRenamed, path);
  const isTaken = (place: string) => part !== null && isWithin(place, `${part.before}.${part.path}`);
  const moves = [0, 1, 2].flatMap(() => {
    const move = next() < 0.7 ? valueMove(earlier, contents, pathOf, next) : null;
    return move === null || isTaken(move.before) ? [] : [move];
  });
  const given = moves.filter((move, index) => moves.findIndex((each) => each.before === move.before) === index);
  const documents = part === null ? [] : [partRule(part, pathOf)];
  const file = completedRules(earlier, later, pathOf, () => next() < 0.15, { moves: given, documents });
  const { translation: complete } = compileTranslation([file], earlier, later);
  tried.pairs += 1;
  if (complete === null) {
    tried.refused += 1;
    return;
  }
  // a folder without documents is not an input
  const isEmpty = contents.documents.length === 0 || (await loaded(connection, before, contents)) === 0;
  if (isEmpty) {
    tried.empty += 1;
    return;
  }
  const translation = upgradeTranslation(complete, before, after);
  const sets = { before, after, translation };
  const stored = await storedIn(connection, before);
  const { rejected, documents: translated } = await translatedFrom(sets, stored);
  const kept: string[] = [];
  const rejects = {
    add: async (_: unknown, { uuid }: { readonly uuid: string | null }) => void kept.push(uuid ?? ''),
    finish: async () => undefined,
  };
  const apply = (...keeping: readonly TranslationRejects[]) =>
    applyUpgrade(connection, before, after, { translation, rejects: keeping[0], allowLoss: ['all'] });
  if (rejected.length > 0) await expect(apply()).rejects.toMatchObject({ code: 'UPGRADE_ROWS_OBJECT' });
  expect((await apply(rejects)).outcome).toBe('upgraded');
  expect(kept).toEqual([...new Set(rejected.map(({ uuid }) => uuid))]);
  expect((await introspect(connection)).catalog.fingerprint?.effectiveSchemaHash).toBe(after.info.effectiveSchemaHash);
  if (after.info.relationalMappingVersion === 'v2') expect(await wrongMirrors(connection, after)).toEqual([]);
  const upgraded = await comparedDatabase(connection, after);
  if (translated.length === 0) {
    tried.empty += 1;
    return;
  }
  await loadedUnchecked(connection, after, separated(translated));
  expectSameDatabase(upgraded, await comparedDatabase(connection, after));
  const labels = (all: readonly { readonly resource: string }[]) => new Set(all.map(({ resource }) => resource));
  count(tried, translation, labels(stored), labels(translated));
  tried.documents += stored.length;
  tried.rejected += rejected.length;
}

describe.each(mainGenerations)('random sets with random rules in place, in %s', (version) => {
  it('become what fresh databases with the translated documents are', async () => {
    const tried: TriedPairs = {
      ...{ pairs: 0, refused: 0, empty: 0, compared: 0, effective: 0, rewritten: 0, moved: 0, new: 0 },
      ...{ documents: 0, rejected: 0 },
    };
    const databases = new DatabasesOfSeries();
    try {
      await fc.assert(
        fc.asyncProperty(
          schemaSets({ longNames: false, distinctItems: version === 'v2' }),
          fc.integer(),
          async (schemas, seed) => {
            const next = random(seed);
            const chosen = new Set(memberNames(schemas).filter(() => next() < 0.3));
            const isRenamed = (name: string) => chosen.has(name);
            const before = compiledUnlessRefused(schemas, version);
            const split = next() < 0.7 ? withPart(schemas, next) : null;
            const renamed = withOtherNames(split?.documents ?? schemas, isRenamed) as build.JsonRecord[];
            // a new version, so that the sets also differ if no name changes
            const released = renamed.map((each) => ({ ...each, apiSchemaVersion: '1.0.1' }));
            const after = compiledUnlessRefused(released, version);
            fc.pre(before !== null && after !== null);
            if (before === null || after === null) return;
            const connection = await databases.forNextSet();
            const { effective } = tried;
            const pair = { before, after, part: split?.part ?? null };
            await unlessIndistinct(() => compare(connection, pair, isRenamed, seed, tried));
            // a pair of which the rules change no document is replaced by another
            fc.pre(tried.effective > effective);
          },
        ),
        { numRuns: propertyRuns(4) },
      );
    } finally {
      await databases.close();
    }
    console.log(`${version}: ${JSON.stringify(tried)}`);
    expect(tried.effective).toBeGreaterThan(0);
  });
});
