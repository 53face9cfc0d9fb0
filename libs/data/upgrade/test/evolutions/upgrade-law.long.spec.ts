import { readFileSync } from 'node:fs';
import { labelledResource, resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { type Diagnostic, DmsError } from '@dms/diagnostics';
import { checkDocument, generateDocuments, mergedDiagnostics, schemaCheck } from '@dms/documents';
import { trusted } from '@dms/sql';
import { type MainGeneration, mainGenerations, propertyRuns, random, schemaSets } from '@dms/testing';
import { canonicalText, type JsonObject } from '@dms/values';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { laterDocuments, newDiagnostics, rejectedDocuments } from '../../src/applying/document-checks.ts';
import { applyUpgrade } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import type { UpgradePlan } from '../../src/plan/upgrade-plan.ts';
import { type Compiled, compiledUnlessRefused, DatabasesOfSeries, readAll, type Written } from '../bench.ts';
import { codesOfReload, loadedUnchecked, unlessIndistinct } from '../dumped.ts';
import { distinguished, seenValues, withOtherValues, withRules } from '../random-evolution.ts';

/*
 * The law of upgrades, as a search (design 12 §1, §3.8): the documents of an upgraded database can be loaded into a new
 * database of the later set, except those that the upgrade named; and it names a document only for problems that the
 * later set newly reports. Sets differ by up to three changes, by rules of their schemas, and by values that are
 * removed or get another type, in both directions. Documents have many items, lack optional values, and break some
 * rules of the earlier set. `npm run search -- upgrades` tries 1,000 pairs per generation.
 */

const runs = 5;

const databases = new DatabasesOfSeries();
let connection: Connection;
afterAll(() => databases.close());

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../../fixtures/schemas/${name}/ApiSchema.json`, import.meta.url), 'utf8'));
const fixtures = [[fixture('campus')], [fixture('campus'), fixture('district')]];

function setsOf(given: readonly unknown[], version: MainGeneration, seed: number): readonly (Compiled | null)[] {
  const next = random(seed);
  const chosen = next() < 0.3 ? (fixtures[Math.floor(next() * fixtures.length)] ?? given) : given;
  const documents = version === 'v1' ? chosen : distinguished(chosen);
  const plain = compiledUnlessRefused(documents, version);
  if (plain === null) return [];
  const generated = generateDocuments(plain.model, 1, { random: 1 });
  const seen = seenValues([...generated.descriptors, ...generated.documents]);
  const first = next() < 0.3 ? documents : withRules(documents, next, seen);
  const second = withOtherValues(withRules(first, next, seen), next);
  return [compiledUnlessRefused(first, version), compiledUnlessRefused(second, version)];
}

interface ReadBack {
  readonly documents: ReadonlyMap<string, string>;
  /** By uuid, the messages that a load would give and did not give before. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
}

const messages = (problems: readonly Diagnostic[]) => problems.map(({ message }) => message);

/** The diagnostics of a load into a set for a document, of both its checks. */
function diagnosticsIn({ schemas, plans }: Compiled) {
  const check = schemaCheck(schemas, { mostListed: Number.POSITIVE_INFINITY });
  return (resource: string, document: JsonObject) => ({
    ofModel: checkDocument(plans, labelledResource(resource), document).diagnostics,
    ofSchema: check.diagnosticsOf(resource, [{ document, file: resource, line: 1 }], () => undefined).flat(),
  });
}

/** The documents and problems that the upgrade foresees in the database of the earlier set. */
async function foreseen(before: Compiled, after: Compiled, plan: UpgradePlan): Promise<ReadBack> {
  const documents = new Map<string, string>();
  const problems = new Map<string, readonly string[]>();
  const uuids = new Map(
    (
      await connection.query<{ id: unknown; uuid: string }>(
        trusted('SELECT "DocumentId" AS id, "DocumentUuid"::text AS uuid FROM dms."Document"'),
      )
    ).map(({ id, uuid }) => [String(id), uuid]),
  );
  const known = new Set(after.model.resources.map(({ resourceKey }) => resourceLabel(resourceKey)));
  const question = { plan, before, after };
  await connection.begin();
  for (const { resourceKey, storageKind } of before.model.resources) {
    const label = resourceLabel(resourceKey);
    const resource = { before: label, after: plan.renaming.resource(label) };
    if (!known.has(resource.after) || storageKind !== 'RelationalTables') continue;
    for await (const { found } of laterDocuments(connection, question, resource))
      for (const { documentId, document } of found) documents.set(uuids.get(documentId) ?? '', canonicalText(document));
    for await (const page of rejectedDocuments(connection, question, resource))
      for (const { documentId, diagnostics: own } of page) {
        problems.set(uuids.get(documentId) ?? '', messages(own));
      }
  }
  await connection.rollback();
  return { documents, problems };
}

/** The actual documents and problems, read from the database of the later set. */
function happened(
  before: Compiled,
  after: Compiled,
  plan: UpgradePlan,
  earlier: ReadonlyMap<string, Written>,
  later: ReadonlyMap<string, Written>,
): ReadBack {
  const then = diagnosticsIn(before);
  const now = diagnosticsIn(after);
  const problems = new Map<string, readonly string[]>();
  for (const [uuid, { resource, document }] of later) {
    const known = earlier.get(uuid);
    if (known === undefined) throw new Error(uuid);
    const was = then(known.resource, known.document);
    const all = [...was.ofModel, ...was.ofSchema];
    const renamed = (path: string) => plan.renaming.path(known.resource, path);
    const { ofModel, ofSchema } = now(resource, document);
    const found = mergedDiagnostics(newDiagnostics(ofModel, all, renamed), newDiagnostics(ofSchema, all, renamed));
    if (found.length > 0) problems.set(uuid, messages(found));
  }
  return { documents: new Map([...later].map(([uuid, { document }]) => [uuid, canonicalText(document)])), problems };
}

const sorted = <Value>(map: ReadonlyMap<string, Value>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

describe.each(mainGenerations)('after a random upgrade with all permissions, in %s,', (version) => {
  it('documents are as foreseen, and a new database refuses those that were named, and no others', async () => {
    const outcomes: string[] = [];
    await fc.assert(
      fc.asyncProperty(
        schemaSets({ longNames: false }),
        fc.integer(),
        fc.boolean(),
        async (given, seed, isBackwards) => {
          const sets = [...setsOf(given, version, seed)];
          const [before, after] = isBackwards ? sets.reverse() : sets;
          fc.pre(Boolean(before && after));
          if (!before || !after) return;
          const plan = planUpgrade(before, after, { allowLoss: ['all'] });
          fc.pre(plan.script !== null);
          connection = await databases.forNextSet();
          const contents = generateDocuments(before.model, Math.abs(seed % 1000), { random: 2 });
          fc.pre(
            contents.documents.length > 0 &&
              (await unlessIndistinct(() => loadedUnchecked(connection, before, contents))) !== 0,
          );
          const earlier = await readAll(connection, before);
          const expected = await foreseen(before, after, plan);
          const allowInvalid = plan.documentChecks.map(({ resource }) => resource.after);
          try {
            await applyUpgrade(connection, before, after, { allowLoss: ['all'], allowInvalid });
          } catch (error) {
            if (!(error instanceof DmsError) || error.code !== 'UPGRADE_ROWS_OBJECT') throw error;
            outcomes.push('refused');
            expect(error.diagnostics.every(({ details }) => String(details.check).startsWith('C'))).toBe(true);
            return;
          }
          outcomes.push('upgraded');
          const later = await readAll(connection, after);
          const actual = happened(before, after, plan, earlier, later);
          expect(sorted(actual.documents)).toEqual(sorted(expected.documents));
          expect(sorted(actual.problems)).toEqual(sorted(expected.problems));
          // the proofs that other resources need not be read are right
          const named = [...actual.problems.keys()].map((uuid) => later.get(uuid)?.resource ?? uuid);
          expect(named.filter((resource) => !allowInvalid.includes(resource))).toEqual([]);
          const now = diagnosticsIn(after);
          const invalid = [...later.values()].filter(({ resource, document }) => {
            const { ofModel, ofSchema } = now(resource, document);
            return ofModel.length + ofSchema.length > 0;
          });
          const codes = await unlessIndistinct(() => codesOfReload(connection, after));
          if (codes !== 0) expect(codes).toHaveLength(invalid.length);
        },
      ),
      { numRuns: propertyRuns(runs), endOnFailure: true },
    );
    expect(outcomes).toContain('upgraded');
  });
});
