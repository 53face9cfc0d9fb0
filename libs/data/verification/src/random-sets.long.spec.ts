import { buildEffectiveSchema, fingerprintVersions, type MappingVersion } from '@dms/api-schema';
import { parseTarget } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { deriveMapping } from '@dms/ods';
import { compileMappingSet } from '@dms/plans';
import {
  type build,
  isThorough,
  propertyRuns,
  random,
  schemaSets,
  serverUrl,
  someOf,
  testedGenerations,
  withOrganizations,
  withPeople,
  withShortDescriptors,
  withShortReferences,
} from '@dms/testing';
import { toJsonValue } from '@dms/values';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MutantVerdict } from '../test/explained-mutants.ts';
import { inputOfDocuments } from '../test/inputs.ts';
import { MutantDatabase, type MutantFate } from '../test/mutant-database.ts';
import { scriptMutants } from '../test/script-mutants.ts';
import { type VerificationInput, verifyScript } from './index.ts';

/*
 * Scripts of random legal schema sets pass, whatever their keys are; in every other set all keys have few values, or
 * are dates and times. Single changes of such scripts are found. `npm run search -- verify-random-sets` tries 2,000
 * sets and 300 changes per generation. With a seed that it prints, a run repeats that set as its first one.
 */

const usualSets = 8;

/** Seeds by fingerprint version: generations that share it have the same legal sets. */
type SeedsOfVersion = Readonly<Record<string, readonly number[]>>;

/** Sets whose correct script once failed, and the reasons. A run tries a sixth of them, a search all. */
const failedSeeds: SeedsOfVersion = {
  // a key with room for one document of 1,001; keys over a value whose own flag the other row lacks; members that share
  // one letter, tried with many documents each; a row that several cascades of a statement reach; a descriptor that a
  // constraint makes equal to a date; a reference that may be absent although the key has all of its values; an object
  // that an ODS cannot hold, with the key of its item; a reference in an object that has its value too; a member of an
  // abstract resource that no reference can refer to; a unique constraint within another one; a column of a reference
  // that its key leaves out; a value that is too long for another place that must have it; a target that repeats a value
  // of its referrer; a longer reference whose target has only the value of a shorter one; a value that reaches a row of
  // a disabled key by another one; two rows that one change gives the same key
  v1: [
    8602044, 8602040, 8602062, 1006, 2013037, 4000125, 4000186, 4000241, 4000397, 4000413, 4000515, 5000294, 5000322,
    5001127, 5001104, 5001671, 5001956,
  ],
  // cycles of documents; a cascade into a full key; parts of parts; steps of a cascade; a key of several lengths;
  // values of two targets in one column; two keys with the same position; a document that refers to itself; a cycle
  // through an abstract resource; a value that some of many rows have; another descriptor that gives a row the identity
  // of another one; a third row with the other flag; an extension of an item in a second document; a reference
  // to an abstract resource whose members refer to its owner, but for one; a target that repeats a value of its
  // referrer by way of an abstract resource; a root row that is stamped before its reference follows; a value that
  // reaches other rows by way of an abstract identity
  v2: [
    1, 6, 15, 35, 60, 75, 91, 112, 130, 2013004, 4100070, 4100121, 4100176, 5100026, 5100565, 6101821, 9100373, 9601863,
  ],
};

/** The same with people: a person that refers to something of its own, or has a recorded value that changes later; a
 * row that leads to no person; a value for which a copy has fewer digits; an item in which nothing is stored. */
const failedWithPeople: SeedsOfVersion = {
  v1: [9720011, 9501762, 9801168],
  v2: [9730071, 9730113, 9770026, 7800030],
};

/** The same with organizations: a table below the root with room for the rows of one document. */
const failedWithOrganizations: SeedsOfVersion = { v2: [7800067] };

/**
 * Sets in whose scripts a search once found changes that no check saw: the stamp of a table reads the rows before a
 * statement in place of the rows after it, or the reverse. Only rows that move to other documents show it.
 */
const missedRows: SeedsOfVersion = {
  v1: [2010001, 2011001, 4000408],
  v2: [4000408],
};

const seedsFor = (version: MappingVersion, seeds: SeedsOfVersion) => seeds[fingerprintVersions[version]] ?? [];

/** The number of sets whose script is changed, for each run of the usual number. */
const setsWithMutants = 0.4;
const mutantsOfSet = 3;

/**
 * Codes with which a set may be refused before there is a script (design 15 §8.1, 17 §3), because it is not legal in
 * its generation.
 */
const refusals: ReadonlySet<string> = new Set([
  'ABSTRACT_BINDING_MIXED',
  'ABSTRACT_NAME_AMBIGUOUS',
  // an organization with a parent that has several parts in its identity
  'AUTH_PARENT_IDENTITY_COUNT',
  'COLLECTION_IDENTITY_AMBIGUOUS',
  'PLAN_IDENTITY_EMPTY',
  'PLAN_MERGE_BINDING_MISSING',
  // a path that leads to a person only by way of its own resource
  'SECURABLE_PATH_UNRESOLVED',
]);

/** Lengths of descriptors for which there are sample documents. */
const descriptorLengths = { namespace: 60, codeValue: 12 };

/**
 * What is changed in the sets of a run, in turn: people, and descriptors with less room than their table; education
 * organizations, and references with less room than their targets; nothing. The kind
 * `shortReferences` has organizations only if the first sample can have them.
 */
const kinds = {
  people: (set) => withShortDescriptors(withPeople(set), descriptorLengths),
  organizations: (set) => {
    const changed = withOrganizations(set);
    return changed === set ? null : withShortReferences(changed);
  },
  shortReferences: (set) => withShortReferences(withOrganizations(set)),
  plain: (set) => set,
} satisfies Readonly<Record<string, (set: readonly build.JsonRecord[]) => readonly build.JsonRecord[] | null>>;

/** The samples of a seed that are tried until one can be changed: of six sets, one can have organizations. */
const samplesOfSeed = 16;

type Kind = keyof typeof kinds;

const kindOf = (seed: number): Kind => (['people', 'organizations', 'plain'] as const)[seed % 3] ?? 'plain';

/** The set of a seed; null if it is not legal. */
function inputOfSeed(seed: number, version: MappingVersion, kind = kindOf(seed)): VerificationInput | null {
  const sets = schemaSets({ oddKeys: seed % 2 === 0, distinctItems: version !== 'v1' });
  const samples = fc.sample(sets, { seed, numRuns: kind === 'organizations' ? samplesOfSeed : 1 });
  const documents = samples.map(kinds[kind]).find((changed) => changed !== null);
  if (!documents) return null;
  try {
    const input = inputOfDocuments(documents, 'pgsql', version);
    compileMappingSet(input.model);
    const files = documents.map((root, index) => ({ file: `schema-${index}.json`, root: toJsonValue(root) }));
    return { ...input, ods: deriveMapping(buildEffectiveSchema(files, { mappingVersion: version })).mapping };
  } catch (error) {
    if (error instanceof DmsError && error.diagnostics.every(({ code }) => refusals.has(code))) return null;
    throw error;
  }
}

interface SeededSet {
  readonly seed: number;
  /** Null for a set that is not legal. */
  readonly input: VerificationInput | null;
}

/** Sets with successive seeds, starting with the seed of the test, until `count` are legal. */
function* setsOfRun(count: number, version: MappingVersion): Generator<SeededSet> {
  const { seed: first = 0 } = fc.readConfigureGlobal() ?? {};
  let legal = 0;
  for (let seed = first; legal < count; seed += 1) {
    if (seed - first > 2 * count + 4)
      throw new Error(`Only ${legal} of ${seed - first} sets are legal: correct the generator in @dms/testing.`);
    const input = inputOfSeed(seed, version);
    if (input !== null) legal += 1;
    yield { seed, input };
  }
}

/** The sets that once failed, and then those of the run. */
function* setsToPass(version: MappingVersion): Generator<SeededSet> {
  for (const seed of someOf(seedsFor(version, failedSeeds), 6))
    yield { seed, input: inputOfSeed(seed, version, 'plain') };
  for (const seed of someOf(seedsFor(version, failedWithPeople), 2))
    yield { seed, input: inputOfSeed(seed, version, 'people') };
  for (const seed of isThorough ? seedsFor(version, failedWithOrganizations) : [])
    yield { seed, input: inputOfSeed(seed, version, 'organizations') };
  yield* setsOfRun(propertyRuns(usualSets), version);
}

describe.each(testedGenerations)('random sets of %s', (version) => {
  it('pass', async () => {
    const { target } = parseTarget(await serverUrl(), 'pgsql');
    const failed: string[] = [];
    const tried = { sets: 0, withOrganizations: 0, partly: 0, refused: 0 };
    for (const { seed, input } of setsToPass(version)) {
      if (input === null) {
        tried.refused += 1;
        continue;
      }
      const scratchDatabase = `dms_random_${process.pid}`;
      const { result, diagnostics, behaviour } = await verifyScript(target, input, {
        documents: 2,
        scratchDatabase,
        everyShape: isThorough,
      });
      tried.sets += 1;
      if (input.inventory.authEdOrgHierarchy !== null) tried.withOrganizations += 1;
      if (behaviour.tablesSkipped.length > 0) tried.partly += 1;
      if (result === 'passed') continue;
      const [first] = diagnostics;
      failed.push(`seed ${seed}: ${first?.code} ${first?.message}`);
      console.log(failed.at(-1));
    }
    console.log(
      `${version}: ${tried.sets} sets, ${tried.withOrganizations} with organizations, of ${tried.partly} not all could be tried; ${tried.refused} are not legal; ${failed.length} failed`,
    );
    expect(failed).toEqual([]);
  });

  // some changes are not found yet, so a normal test run cannot expect it
  it.runIf(isThorough)('are not passed with a change (needs DMS_PROPERTY_RUNS above 1)', async () => {
    const fates = { found: 0, refused: 0, survived: 0 } satisfies Record<MutantFate, number>;
    const survivors: { readonly name: string; readonly verdict: MutantVerdict }[] = [];
    for (const { seed, input } of setsOfRun(propertyRuns(setsWithMutants), version)) {
      if (input === null) continue;
      const mutants = scriptMutants(input);
      const next = random(seed);
      const database = await MutantDatabase.open(input);
      try {
        for (let count = 0; count < mutantsOfSet; count += 1) {
          const mutant = mutants[Math.floor(next() * mutants.length)];
          if (!mutant) continue;
          const fate = await database.fateOf(mutant);
          fates[fate] += 1;
          const name = `${mutant.kind} | ${mutant.what}`;
          if (fate !== 'survived') continue;
          const { verdict, why } = await database.verdictOn(name);
          survivors.push({ name: `seed ${seed}: ${name}`, verdict });
          console.log(`${verdict}: seed ${seed}: ${name} (${why})`);
        }
      } finally {
        await database.close();
      }
    }
    console.log(
      `${version}: ${fates.found} changes found, ${fates.refused} refused by the engine, ${fates.survived} survived`,
    );
    expect(survivors.filter(({ verdict }) => verdict === 'not explained').map(({ name }) => name)).toEqual([]);
  });

  it.runIf(isThorough).each(seedsFor(version, missedRows))(
    'are not passed with old rows in place of new ones, seed %i (needs DMS_PROPERTY_RUNS above 1)',
    async (seed) => {
      for (const kind of ['people', 'shortReferences', 'plain'] as const) {
        const input = inputOfSeed(seed, version, kind);
        if (input === null) continue;
        const mutants = scriptMutants(input).filter((mutant) =>
          /^DocumentStamping: (?:old|new) rows instead of/.test(mutant.kind),
        );
        expect(mutants.length).toBeGreaterThan(0);
        const database = await MutantDatabase.open(input);
        try {
          for (const mutant of mutants) {
            const name = `${mutant.kind} | ${mutant.what}`;
            if ((await database.fateOf(mutant)) !== 'survived') continue;
            const { verdict } = await database.verdictOn(name);
            expect({ kind, name, verdict }).toEqual({ kind, name, verdict: 'equivalent' });
          }
        } finally {
          await database.close();
        }
      }
    },
  );
});
