import { planUpgrade } from '@dms/change';
import type { Connection } from '@dms/databases';
import { DmsError, diagnosticClasses } from '@dms/diagnostics';
import type { MappingVersion } from '@dms/model';
import { propertyRuns, propertyTimeout, random, schemaSets } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Compiled, compiled, contentsOf, emptied, openOnServer, readAll } from '../test/bench.ts';
import { invalidDocuments } from '../test/invalid-documents.ts';
import { withRules } from '../test/random-evolution.ts';
import { filled } from '../test/upgraded.ts';
import { provisioned } from '../test/upgraded-v2.ts';
import { applyUpgrade } from './index.ts';

const runs = 6;

let connection: Connection;
beforeAll(async () => {
  connection = await openOnServer();
}, 60_000);
afterAll(() => connection.close());

/** Null for a set that is refused as an input, or whose documents cannot be written. */
function compiledOrNull(documents: readonly unknown[], version: MappingVersion): Compiled | null {
  try {
    return compiled(documents, 'pgsql', version);
  } catch (error) {
    if (error instanceof DmsError && diagnosticClasses[error.code] === 'I') return null;
    throw error;
  }
}

const fillOf: Readonly<Record<MappingVersion, (set: Compiled) => Promise<unknown>>> = {
  v1: (set) => filled(connection, set, { ...contentsOf(set.model), isTolerant: true }),
  v2: async (set) => {
    await emptied(connection);
    await provisioned(connection, set, contentsOf(set.model)).catch((error: unknown) => {
      // the writer of the tests does not find the target of every generated reference to an abstract resource
      if (!(error instanceof Error) || !/^no \S+ \[/.test(error.message)) throw error;
      fc.pre(false);
    });
  },
};

describe.each<MappingVersion>(['v1', 'v2'])('after a random change of rules, in %s,', (version) => {
  it(
    'a document that could be loaded before can be loaded afterwards, or the upgrade is refused',
    async () => {
      const outcomes: string[] = [];
      await fc.assert(
        fc.asyncProperty(schemaSets({ longNames: false }), fc.integer(), fc.boolean(), async (documents, seed, isBackwards) => {
          const sets = [compiledOrNull(documents, version), compiledOrNull(withRules(documents, random(seed)), version)];
          const [before, after] = isBackwards ? sets.reverse() : sets;
          fc.pre(before !== null && after !== null && contentsOf((before as Compiled).model).documents.length > 0);
          if (!before || !after) return;
          const plan = planUpgrade(before, after);
          fc.pre(plan.script !== null);
          await fillOf[version](before);
          const earlier = await readAll(connection, before);
          const invalid = invalidDocuments(before, earlier);
          try {
            await applyUpgrade(connection, before, after);
            outcomes.push('upgraded');
          } catch (error) {
            if (!(error instanceof DmsError) || error.code !== 'UPGRADE_ROWS_OBJECT') throw error;
            outcomes.push('refused');
            const checked = error.diagnostics.flatMap(({ details }) =>
              String(details.check).startsWith('D') ? [details] : [],
            );
            const resources = [...new Set(plan.documentChecks.map(({ resource }) => resource.after))];
            if (checked.length < error.diagnostics.length) return;
            // the documents were the only reason, and the reason was right
            await applyUpgrade(connection, before, after, { allowInvalid: resources });
            const found = invalidDocuments(after, await readAll(connection, after));
            for (const uuid of checked.flatMap(({ documents: named }) => named as string[]))
              expect(found.has(uuid), uuid).toBe(true);
            return;
          }
          for (const [uuid, message] of invalidDocuments(after, await readAll(connection, after)))
            expect(invalid.has(uuid), message).toBe(true);
        }),
        { numRuns: propertyRuns(runs), endOnFailure: true },
      );
      expect(outcomes).toContain('upgraded');
    },
    propertyTimeout(120_000),
  );
});
