import type { Connection } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { givenScript, textOf } from '@dms/sql';
import { type MainGeneration, mainGenerations, propertyRuns, random, schemaSets } from '@dms/testing';
import { canonicalText } from '@dms/values';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ApplyOptions } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import {
  type Compiled,
  type Contents,
  compiledUnlessRefused,
  contentsOf,
  DatabasesOfSeries,
  readAll,
} from '../bench.ts';
import { expectDumpLoads, unlessIndistinct } from '../dumped.ts';
import { invalidDocuments } from '../invalid-documents.ts';
import { distinguished, evolved } from '../random-evolution.ts';
import { expectUpgraded, filled } from '../upgraded.ts';
import { expectUpgradedV2, provisioned } from '../upgraded-v2.ts';

/** How many sets a run tries. */
const runs = 4;

/**
 * How many documents may be refused: random values may break a rule of their set, and in a short run one set may have
 * most of the documents.
 */
const mostRefused = (documents: number) => documents / 2 + 20;

const databases = new DatabasesOfSeries();
let connection: Connection;
afterAll(() => databases.close());

const losesSomething = (before: Compiled, after: Compiled) =>
  planUpgrade(before, after).items.some((item) => item.class === 'loss');

/** The generated documents of a set that its schemas and its model accept. */
function validContents(set: Compiled): Contents {
  const contents = contentsOf(set.model);
  const invalid = invalidDocuments(set, new Map(contents.documents.map((written) => [written.uuid, written])));
  return { ...contents, documents: contents.documents.filter(({ uuid }) => !invalid.has(uuid)), isTolerant: true };
}

interface RandomGeneration {
  /** A random set that the generation accepts. */
  readonly documents: (given: readonly unknown[]) => readonly unknown[];
  /** A new database of a set with the contents that it takes. */
  readonly fill: (set: Compiled, contents: Contents) => Promise<unknown>;
  readonly expectUpgraded: (
    before: Compiled,
    after: Compiled,
    options: ApplyOptions & { readonly contents: Contents; readonly onRefused: () => void },
  ) => ReturnType<typeof expectUpgraded>;
}

const generations: Readonly<Record<MainGeneration, RandomGeneration>> = {
  v1: {
    documents: (given) => given,
    fill: (set, contents) => filled(connection, set, contents),
    expectUpgraded: (before, after, options) => expectUpgraded(connection, before, after, options),
  },
  v2: {
    documents: distinguished,
    fill: (set, contents) => provisioned(connection, set, contents),
    expectUpgraded: (before, after, options) => expectUpgradedV2(connection, before, after, options),
  },
};

/**
 * Expects the checks to be right: without them the upgrade fails, changes a document, or keeps one that the later set
 * refuses.
 */
async function expectFinding(before: Compiled, after: Compiled, options: ApplyOptions): Promise<void> {
  const texts = async (set: Compiled) =>
    [...(await readAll(connection, set))].map(([uuid, { document }]) => `${uuid} ${canonicalText(document)}`).sort();
  const earlier = await texts(before);
  const { statements } = planUpgrade(before, after, options);
  await connection.begin();
  try {
    for (const { step, sql } of statements) if (step !== 'checks') await connection.execute(givenScript(textOf(sql)));
  } catch (error) {
    await connection.rollback();
    if (!(error instanceof DmsError)) throw error;
    return;
  }
  await connection.commit();
  if (invalidDocuments(after, await readAll(connection, after)).size === 0)
    expect(await texts(after)).not.toEqual(earlier);
}

describe.each(mainGenerations)('a random change of random schemas, in %s,', (version) => {
  const { documents: accepted, fill, expectUpgraded: expectUpgradedIn } = generations[version];

  it('keeps every document, or is refused for a reason', async () => {
    const outcomes: string[] = [];
    let refused = 0;
    let all = 0;
    await fc.assert(
      fc.asyncProperty(
        schemaSets({ longNames: false }),
        fc.integer(),
        fc.boolean(),
        async (given, seed, isBackwards) => {
          const documents = accepted(given);
          const sets = [documents, evolved(documents, random(seed))].map((each) =>
            compiledUnlessRefused(each, version),
          );
          const [before, after] = isBackwards ? sets.reverse() : sets;
          const contents = before ? validContents(before) : { descriptors: [], documents: [] };
          fc.pre(before !== null && after !== null && contents.documents.length > 0);
          if (!before || !after) return;
          connection = await databases.forNextSet();
          const mayLose = losesSomething(before, after);
          const options = { allowLoss: mayLose ? ['all'] : [] };
          const plan = planUpgrade(before, after, options);
          if (plan.verdict === 'impossible') {
            outcomes.push('impossible');
            expect(plan.items.filter(({ reason }) => reason !== undefined)).not.toEqual([]);
            return;
          }
          all += contents.documents.length;
          const onRefused = () => {
            refused += 1;
          };
          try {
            const { outcome } = await expectUpgradedIn(before, after, { ...options, contents, onRefused });
            outcomes.push(outcome);
            // the database is a new one with the documents of the upgraded one, which had the same rows
            if (!mayLose) await unlessIndistinct(() => expectDumpLoads(connection, after));
          } catch (error) {
            if (!(error instanceof DmsError) || error.code !== 'UPGRADE_ROWS_OBJECT') throw error;
            outcomes.push('refused');
            await fill(before, contents);
            await expectFinding(before, after, options);
          }
        },
      ),
      { numRuns: propertyRuns(runs), endOnFailure: true },
    );
    expect(outcomes).toContain('upgraded');
    expect(refused).toBeLessThanOrEqual(mostRefused(all));
  });
});
