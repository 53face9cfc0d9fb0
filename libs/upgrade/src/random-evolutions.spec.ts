import { canonicalText } from '@dms/canonical-json';
import { planUpgrade } from '@dms/change';
import type { Connection } from '@dms/databases';
import { DmsError, diagnosticClasses } from '@dms/diagnostics';
import { propertyRuns, propertyTimeout, random, schemaSets } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Compiled, compiled, contentsOf, openOnServer, readAll } from '../test/bench.ts';
import { invalidDocuments } from '../test/invalid-documents.ts';
import { evolved } from '../test/random-evolution.ts';
import { expectUpgraded, filled } from '../test/upgraded.ts';

const runs = 6;
const allowLoss = ['all'];

let connection: Connection;
beforeAll(async () => {
  connection = await openOnServer();
}, 60_000);
afterAll(() => connection.close());

/** Null for a set that is refused as an input; whatever else is wrong with it is a fault of ours. */
function compiledOrNull(documents: readonly unknown[]): Compiled | null {
  try {
    return compiled(documents);
  } catch (error) {
    if (error instanceof DmsError && diagnosticClasses[error.code] === 'I') return null;
    throw error;
  }
}

const losesSomething = (before: Compiled, after: Compiled) =>
  planUpgrade(before, after).items.some((item) => item.class === 'loss');

/** Without its checks the upgrade fails, changes a document, or keeps one that the later set refuses: they were right. */
async function expectObjection(before: Compiled, after: Compiled, options: { allowLoss: string[] }): Promise<void> {
  await filled(connection, before, { ...contentsOf(before.model), isTolerant: true });
  const texts = async (set: Compiled) =>
    [...(await readAll(connection, set))].map(([uuid, { document }]) => `${uuid} ${canonicalText(document)}`).sort();
  const earlier = await texts(before);
  const { statements } = planUpgrade(before, after, options);
  await connection.begin();
  try {
    for (const { step, sql } of statements) if (step !== 'checks') await connection.execute(sql);
  } catch (error) {
    await connection.rollback();
    if (!(error instanceof DmsError)) throw error;
    return;
  }
  await connection.commit();
  if (invalidDocuments(after, await readAll(connection, after)).size === 0) expect(await texts(after)).not.toEqual(earlier);
}

it(
  'a random change of random schemas keeps every document, or is refused for a reason',
  async () => {
    const outcomes: string[] = [];
    let [refused, all, invalid] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(schemaSets({ longNames: false }), fc.integer(), fc.boolean(), async (documents, seed, isBackwards) => {
        const sets = [compiledOrNull(documents), compiledOrNull(evolved(documents, random(seed)))];
        const [before, after] = isBackwards ? sets.reverse() : sets;
        if (!before || !after) invalid += 1;
        const contents = before ? contentsOf(before.model) : { descriptors: [], documents: [] };
        fc.pre(before !== null && after !== null && contents.documents.length > 0);
        if (!before || !after) return;
        const options = { allowLoss: losesSomething(before, after) ? allowLoss : [] };
        const plan = planUpgrade(before, after, options);
        if (plan.verdict === 'impossible') {
          outcomes.push('impossible');
          expect(plan.items.filter(({ reason }) => reason !== undefined)).not.toEqual([]);
          return;
        }
        all += contents.documents.length;
        try {
          const { outcome } = await expectUpgraded(connection, before, after, {
            ...options,
            contents: { ...contents, isTolerant: true },
            onRefused: ({ code }) => {
              refused += 1;
              expect(code).toMatch(/^DOCUMENT_/);
            },
          });
          outcomes.push(outcome);
        } catch (error) {
          if (!(error instanceof DmsError) || error.code !== 'UPGRADE_ROWS_OBJECT') throw error;
          outcomes.push('refused');
          await expectObjection(before, after, options);
        }
      }),
      { numRuns: propertyRuns(runs), endOnFailure: true },
    );
    expect(outcomes).toContain('upgraded');
    // most changes make a set that is one, and nearly all documents can be written
    expect(invalid).toBeLessThanOrEqual(outcomes.length);
    expect(refused).toBeLessThanOrEqual(all / 10);
  },
  propertyTimeout(120_000),
);
