import { schemaObjects } from '@dms/change';
import type { Connection } from '@dms/databases';
import { DmsError, diagnosticClasses } from '@dms/diagnostics';
import { propertyRuns, propertyTimeout, schemaSets } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Compiled, compiled, contentsOf, openOnServer } from '../test/bench.ts';
import { laterNames, laterPath, memberNames, withOtherNames } from '../test/random-names.ts';
import { expectRenamed } from '../test/renamed.ts';

const runs = 4;

let connection: Connection;
beforeAll(async () => {
  connection = await openOnServer();
}, 60_000);
afterAll(() => connection.close());

/** Null if a set is refused as an input. */
function compiledOrNull(documents: readonly unknown[]): Compiled | null {
  try {
    return compiled(documents);
  } catch (error) {
    if (error instanceof DmsError && diagnosticClasses[error.code] === 'I') return null;
    throw error;
  }
}

it(
  'renaming random members of random schemas keeps every value',
  async () => {
    let renamed = 0;
    await fc.assert(
      fc.asyncProperty(schemaSets({ longNames: false }), fc.infiniteStream(fc.boolean()), async (documents, choices) => {
        const chosen = new Set(memberNames(documents).filter(() => choices.next().value));
        const isRenamed = (name: string) => chosen.has(name);
        const before = compiledOrNull(documents);
        const after = compiledOrNull(withOtherNames(documents, isRenamed));
        const contents = before ? contentsOf(before.model) : { descriptors: [], documents: [] };
        fc.pre(before !== null && after !== null && contents.documents.length > 0 && chosen.size > 0);
        if (!before || !after) return;
        const renames = [...schemaObjects(before).paths].flatMap(([resource, objects]) =>
          [...objects.keys()].flatMap((path) => {
            const name = path.slice(path.lastIndexOf('.') + 1).replace('[*]', '');
            return isRenamed(name) ? [`${resource}.${path}=${resource}.${laterPath(isRenamed, path)}`] : [];
          }),
        );
        renamed += renames.length;
        const { plan } = await expectRenamed(connection, before, after, {
          ...{ renames, contents: { ...contents, isTolerant: true } },
          label: (label) => label,
          document: (document) => laterNames(isRenamed, document),
        });
        expect(plan.items.filter((item) => ['loss', 'impossible'].includes(item.class))).toEqual([]);
      }),
      { numRuns: propertyRuns(runs), endOnFailure: true },
    );
    expect(renamed).toBeGreaterThan(0);
  },
  propertyTimeout(120_000),
);
