import type { Connection } from '@dms/databases';
import {
  laterNames,
  laterPath,
  mainGenerations,
  memberNames,
  propertyRuns,
  schemaSets,
  withOtherNames,
} from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { membersWithOwnNames, schemaObjects } from '../../src/renaming/schema-objects.ts';
import { compiledUnlessRefused, contentsOf } from '../bench.ts';
import { distinguished } from '../random-evolution.ts';
import { expectRenamed } from '../renamed.ts';
import { expectRenamedV2 } from '../renamed-v2.ts';
import { sessionForAll } from '../sessions.ts';

const runs = 3;

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const generations = {
  v1: { accepted: (documents: readonly unknown[]) => documents, expectRenamed },
  v2: { accepted: distinguished, expectRenamed: expectRenamedV2 },
};

describe.each(mainGenerations)('renaming random members of random schemas, in %s,', (version) => {
  const { accepted, expectRenamed: expectRenamedIn } = generations[version];
  it('keeps every value', async () => {
    let renamed = 0;
    await fc.assert(
      fc.asyncProperty(schemaSets({ longNames: false }), fc.infiniteStream(fc.boolean()), async (given, choices) => {
        const documents = accepted(given);
        const chosen = new Set(memberNames(documents).filter(() => choices.next().value));
        const isRenamed = (name: string) => chosen.has(name);
        const before = compiledUnlessRefused(documents, version);
        const after = compiledUnlessRefused(withOtherNames(documents, isRenamed), version);
        const contents = before ? contentsOf(before.model) : { descriptors: [], documents: [] };
        fc.pre(before !== null && after !== null && contents.documents.length > 0 && chosen.size > 0);
        if (!before || !after) return;
        const named = [...schemaObjects(before).paths].filter(
          // an abstract resource follows its members
          ([resource]) => membersWithOwnNames(before.model, resource).length === 0,
        );
        const renames = named.flatMap(([resource, objects]) =>
          [...objects.keys()].flatMap((path) => {
            const name = path.slice(path.lastIndexOf('.') + 1).replace('[*]', '');
            return isRenamed(name) ? [`${resource}.${path}=${resource}.${laterPath(isRenamed, path)}`] : [];
          }),
        );
        renamed += renames.length;
        const { plan } = await expectRenamedIn(connection, before, after, {
          renames,
          contents: { ...contents, isTolerant: true },
          label: (label) => label,
          document: (document) => laterNames(isRenamed, document),
        });
        expect(plan.items.filter((item) => ['loss', 'impossible'].includes(item.class))).toEqual([]);
      }),
      { numRuns: propertyRuns(runs), endOnFailure: true },
    );
    expect(renamed).toBeGreaterThan(0);
  });
});
