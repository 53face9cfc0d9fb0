import { type Connection, introspect } from '@dms/databases';
import { type GeneratedDocuments, generateDocuments } from '@dms/documents';
import type { MappingVersion } from '@dms/model';
import {
  type build,
  completedRules,
  laterPath,
  memberNames,
  propertyRuns,
  propertyTimeout,
  random,
  schemaSets,
  withOtherNames,
} from '@dms/testing';
import { compileTranslation, type SetPlaces, setPlaces, valueAt } from '@dms/translation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, upgradeTranslation } from '../../src/index.ts';
import { type Compiled, compiledUnlessRefused, DatabasesOfSeries } from '../bench.ts';
import { comparedDatabase, expectSameDatabase, loaded, loadedUnchecked, unlessIndistinct } from '../dumped.ts';
import { wrongMirrors } from '../upgraded-v2.ts';
import { separated, storedIn, translatedFrom } from './translated-documents.ts';

/*
 * The law of a translation in place, between random sets with random rules: the database is a fresh one with the
 * translated documents (design 12 §15). `npm run search -- upgrade-translations` tries more of them.
 */

/** A move of texts of documents to other ones, in a random order; some become one, and some are forgotten. */
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

interface Tried {
  /** Pairs whose databases were compared, and how many of them were rewritten. */
  compared: number;
  rewritten: number;
  documents: number;
  rejected: number;
}

/** Whether there were two databases to compare. */
async function compare(
  connection: Connection,
  { before, after }: Readonly<Record<'before' | 'after', Compiled>>,
  isRenamed: (name: string) => boolean,
  seed: number,
  tried: Tried,
): Promise<boolean> {
  const next = random(seed);
  const contents = generateDocuments(before.model, seed, { random: 3 });
  const [earlier, later] = [before, after].map(({ plans, schemas }) => setPlaces(plans, schemas)) as [
    SetPlaces,
    SetPlaces,
  ];
  const pathOf = (path: string) => laterPath(isRenamed, path);
  const moves = [0, 1].flatMap(() => (next() < 0.7 ? (valueMove(earlier, contents, pathOf, next) ?? []) : []));
  const given = moves.filter((move, index) => moves.findIndex((each) => each.before === move.before) === index);
  const file = completedRules(earlier, later, pathOf, () => next() < 0.15, given);
  const { translation: complete } = compileTranslation([file], earlier, later);
  // a folder without documents is not an input
  if (complete === null || contents.documents.length === 0) return false;
  const translation = upgradeTranslation(complete, before, after);
  const sets = { before, after, translation };
  await loaded(connection, before, contents);
  const stored = await storedIn(connection, before);
  const { rejected, documents } = await translatedFrom(sets, stored);
  const kept: string[] = [];
  const rejects = {
    add: async (_: unknown, { uuid }: { readonly uuid: string | null }) => void kept.push(uuid ?? ''),
    finish: async () => undefined,
  };
  const apply = () => applyUpgrade(connection, before, after, { translation, rejects, allowLoss: ['all'] });
  if (!translation.isRewriting && rejected.length > 0) {
    // where no document is read, the checks of a plan name them
    await expect(apply()).rejects.toMatchObject({ code: 'UPGRADE_ROWS_OBJECT' });
    return false;
  }
  expect((await apply()).outcome).toBe('upgraded');
  if (translation.isRewriting) expect(kept).toEqual([...new Set(rejected.map(({ uuid }) => uuid))]);
  expect((await introspect(connection)).catalog.fingerprint?.effectiveSchemaHash).toBe(after.info.effectiveSchemaHash);
  if (after.info.relationalMappingVersion === 'v2') expect(await wrongMirrors(connection, after)).toEqual([]);
  const upgraded = await comparedDatabase(connection, after);
  if (documents.length === 0) return false;
  await loadedUnchecked(connection, after, separated(documents));
  expectSameDatabase(upgraded, await comparedDatabase(connection, after));
  tried.compared += 1;
  tried.documents += stored.length;
  tried.rejected += rejected.length;
  if (translation.isRewriting) tried.rewritten += 1;
  return true;
}

describe.each<MappingVersion>(['v1', 'v2'])('random sets with random rules in place, in %s', (version) => {
  it(
    'become what fresh databases with the translated documents are',
    async () => {
      const tried: Tried = { compared: 0, rewritten: 0, documents: 0, rejected: 0 };
      const databases = new DatabasesOfSeries();
      try {
        await fc.assert(
          fc.asyncProperty(schemaSets({ longNames: false }), fc.integer(), async (schemas, seed) => {
            const next = random(seed);
            const chosen = new Set(memberNames(schemas).filter(() => next() < 0.3));
            const isRenamed = (name: string) => chosen.has(name);
            const before = compiledUnlessRefused(schemas, version);
            const later = withOtherNames(schemas, isRenamed) as build.JsonRecord[];
            // another version, where no name changes
            const released = later.map((each) => ({ ...each, apiSchemaVersion: '1.0.1' }));
            const after = compiledUnlessRefused(released, version);
            fc.pre(before !== null && after !== null);
            if (before === null || after === null) return;
            const connection = await databases.forNextSet();
            // a pair that cannot be compared is replaced by another
            fc.pre(
              (await unlessIndistinct(() => compare(connection, { before, after }, isRenamed, seed, tried))) === true,
            );
          }),
          { numRuns: propertyRuns(4) },
        );
      } finally {
        await databases.close();
      }
      console.log(`${version}: ${JSON.stringify(tried)}`);
      expect(tried.compared).toBeGreaterThan(0);
    },
    propertyTimeout(120_000),
  );
});
