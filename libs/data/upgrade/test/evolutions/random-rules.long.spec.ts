import type { Connection } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { generateDocuments } from '@dms/documents';
import { type MainGeneration, propertyRuns, random, schemaSets, usualGenerations } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { type Compiled, compiledUnlessRefused, DatabasesOfSeries, readAll } from '../bench.ts';
import { expectDumpLoads, loaded, unlessIndistinct } from '../dumped.ts';
import { invalidDocuments } from '../invalid-documents.ts';
import { distinguished, seenValues, withRules } from '../random-evolution.ts';

/*
 * The law of rules that no table enforces (design 12 §1, §3.8): after an upgrade without permissions, a dump loads into
 * a new database of the later set without a refusal, and both databases are equal.
 */

const runs = 6;

const databases = new DatabasesOfSeries();
let connection: Connection;
afterAll(() => databases.close());

/**
 * Two sets: a random one, in half of the cases with rules, and the same with other rules; either may be the earlier
 * one.
 */
function setsOf(given: readonly unknown[], version: MainGeneration, seed: number): readonly (Compiled | null)[] {
  const next = random(seed);
  const documents = version === 'v1' ? given : distinguished(given);
  const plain = compiledUnlessRefused(documents, version);
  if (plain === null) return [];
  const generated = generateDocuments(plain.model, 1, { random: 1 });
  const seen = seenValues([...generated.descriptors, ...generated.documents]);
  const first = next() < 0.5 ? documents : withRules(documents, next, seen);
  return [compiledUnlessRefused(first, version), compiledUnlessRefused(withRules(first, next, seen), version)];
}

/** Fills a database; false if a set has no documents, or nothing distinguishes the items of one of its collections. */
async function isFilled(set: Compiled): Promise<boolean> {
  const contents = generateDocuments(set.model, 1, { random: 1 });
  return contents.documents.length > 0 && (await unlessIndistinct(() => loaded(connection, set, contents))) !== 0;
}

describe.each(usualGenerations('v1'))('after a random change of rules, in %s,', (version) => {
  it('what is dumped can be loaded into a new database, or the upgrade is refused', async () => {
    const outcomes: string[] = [];
    await fc.assert(
      fc.asyncProperty(
        schemaSets({ longNames: false }),
        fc.integer(),
        fc.boolean(),
        async (documents, seed, isBackwards) => {
          const sets = [...setsOf(documents, version, seed)];
          const [before, after] = isBackwards ? sets.reverse() : sets;
          fc.pre(Boolean(before && after));
          if (!before || !after) return;
          const plan = planUpgrade(before, after);
          fc.pre(plan.script !== null);
          connection = await databases.forNextSet();
          fc.pre(await isFilled(before));
          try {
            await applyUpgrade(connection, before, after);
          } catch (error) {
            if (!(error instanceof DmsError) || error.code !== 'UPGRADE_ROWS_OBJECT') throw error;
            outcomes.push('refused');
            const checked = error.diagnostics.flatMap(({ details }) =>
              String(details.check).startsWith('D') ? [details] : [],
            );
            if (checked.length < error.diagnostics.length) return;
            // the documents were the only reason, and the reason was right
            const resources = [...new Set(plan.documentChecks.map(({ resource }) => resource.after))];
            await applyUpgrade(connection, before, after, { allowInvalid: resources });
            const documents = await readAll(connection, after);
            const found = invalidDocuments(after, documents);
            // descriptors are not read here
            const named = checked
              .flatMap((details) => details.documents as string[])
              .filter((uuid) => documents.has(uuid));
            for (const uuid of named) expect(found.has(uuid), uuid).toBe(true);
            return;
          }
          outcomes.push('upgraded');
          fc.pre((await unlessIndistinct(() => expectDumpLoads(connection, after))) !== 0);
        },
      ),
      { numRuns: propertyRuns(runs), endOnFailure: true },
    );
    expect(outcomes).toContain('upgraded');
  });
});
