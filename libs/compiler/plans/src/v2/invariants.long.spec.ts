import { effectiveSchemaManifestText, readEffectiveSchemaManifest } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { DmsError } from '@dms/diagnostics';
import { modelText, type RelationalModelSet, readModel } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  type build,
  hasSharedData,
  once,
  ownSchema,
  propertyRuns,
  schemaSetOf,
  schemaSets,
  seeds,
  sharedSet,
  shuffled,
} from '@dms/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mappingSetFindings, planFindings } from '../../test/plan-invariants.ts';
import {
  compileMappingSet,
  type MappingSet,
  mappingSetManifestText,
  plansText,
  type ResourceReadPlan,
  type ResourceWritePlan,
  type TableWritePlan,
} from '../index.ts';

type SecondDocuments = readonly build.JsonRecord[];

const own = [ownSchema('campus'), ownSchema('athletics')];

// some collections of these sets have no semantic identity, which plans accept
const settings = { strict: false, validate: true };

/**
 * The codes with which a random set may be refused: two rules for a collection; on SQL Server cascades in a circle; a
 * value in a shared column; several names, or kinds, of the columns of the same abstract path (design 15 §8.1).
 */
const refusals = [
  'ABSTRACT_BINDING_MIXED',
  'ABSTRACT_NAME_AMBIGUOUS',
  'COLLECTION_IDENTITY_AMBIGUOUS',
  'MSSQL_CASCADE_CYCLE',
  'MSSQL_CASCADE_UNSAFE',
  'PLAN_MERGE_BINDING_MISSING',
];

function compiled(documents: SecondDocuments, dialect: SqlDialect): MappingSet | undefined {
  try {
    return compileMappingSet(deriveModel(schemaSetOf('v2', documents), dialect, settings).model);
  } catch (error) {
    if (error instanceof DmsError && refusals.includes(error.code)) return undefined;
    throw error;
  }
}

function expectInvariants(documents: SecondDocuments): void {
  for (const dialect of dialects) {
    const mappingSet = compiled(documents, dialect);
    if (mappingSet) expect(mappingSetFindings(mappingSet), dialect).toEqual([]);
  }
}

const textsOf = (mappingSet: MappingSet | undefined) =>
  mappingSet && [mappingSetManifestText([mappingSet]), plansText(mappingSet)];

function expectSameTexts(documents: SecondDocuments, dialect: SqlDialect, seed: number): void {
  const texts = textsOf(compiled(documents, dialect));
  if (!texts) return;
  const other = documents.map((document) => shuffled(document, seed));
  expect(textsOf(compiled(seed % 2 === 0 ? other : other.reverse(), dialect)), `seed ${seed}`).toEqual(texts);
  const set = schemaSetOf('v2', documents);
  const manifest = readEffectiveSchemaManifest(Buffer.from(effectiveSchemaManifestText(set.info)), 'manifest');
  const model: RelationalModelSet = deriveModel(set, dialect, settings).model;
  expect(textsOf(compileMappingSet(readModel(modelText(model), 'model.json', dialect, manifest))), 'read back').toEqual(
    texts,
  );
}

// design 08 §15 with the changes of design 17 §12
describe('the invariants of plans, in the second generation', () => {
  it('2 to 15 and 17 hold for the campus and athletics schemas', () => expectInvariants(own));

  it('2 to 15 and 17 hold for random schema sets', () => {
    fc.assert(
      fc.property(schemaSets(), (documents) => expectInvariants(documents)),
      { numRuns: propertyRuns(20) },
    );
  });

  it('2 to 15 and 17 hold for larger random schema sets', () => {
    fc.assert(
      fc.property(schemaSets({ size: 'large', longNames: true }), (documents) => expectInvariants(documents)),
      { numRuns: propertyRuns(6) },
    );
  });

  it.each(dialects)(
    '1: the order of files and members is irrelevant, a model file as good as the model, in %s',
    (dialect) => {
      for (const seed of seeds(3)) expectSameTexts(own, dialect, seed);
      fc.assert(
        fc.property(schemaSets(), fc.nat(), (documents, seed) => expectSameTexts(documents, dialect, seed)),
        { numRuns: propertyRuns(8) },
      );
    },
  );
});

const sample = once(() =>
  fc
    .sample(schemaSets(), { numRuns: 60, seed: 5 })
    .flatMap((documents) => dialects.flatMap((dialect) => compiled(documents, dialect) ?? [])),
);

const tablesOf = ({ writePlansByResource }: MappingSet) =>
  [...writePlansByResource.values()].flatMap((plan) => plan.tablePlansInDependencyOrder);
const readsOf = ({ readPlansByResource }: MappingSet) => [...readPlansByResource.values()];

describe('the random schema sets', () => {
  it.each<[string, (mappingSet: MappingSet) => boolean]>([
    ['models of SQL Server', ({ key }) => key.dialect === 'mssql'],
    [
      'collections with an identity of several columns',
      (set) =>
        tablesOf(set).some(
          ({ collectionMergePlan }) =>
            new Set(collectionMergePlan?.semanticIdentityBindings.map(({ bindingIndex }) => bindingIndex)).size > 1,
        ),
    ],
    [
      'collections without an identity',
      (set) =>
        tablesOf(set).some(({ collectionMergePlan }) => collectionMergePlan?.semanticIdentityBindings.length === 0),
    ],
    [
      'members of a class that come from a reference',
      (set) =>
        tablesOf(set).some(({ keyUnificationPlans }) =>
          keyUnificationPlans.some(({ membersInOrder }) =>
            membersInOrder.some(({ kind }) => kind === 'reference_derived'),
          ),
        ),
    ],
    [
      'nested collections',
      (set) =>
        tablesOf(set).some(({ columnBindings }) =>
          columnBindings.some(({ column }) => column.name === 'ParentCollectionItemId'),
        ),
    ],
    [
      'extensions of elements',
      (set) => tablesOf(set).some(({ tableModel }) => tableModel.identity.tableKind === 'CollectionExtensionScope'),
    ],
    [
      'tables with several references',
      (set) =>
        readsOf(set).some((plan) =>
          plan.referenceIdentityProjectionPlansInDependencyOrder.some(
            ({ bindingsInOrder }) => bindingsInOrder.length > 1,
          ),
        ),
    ],
    [
      'tables with several descriptors on SQL Server',
      (set) =>
        readsOf(set).some((plan) =>
          plan.descriptorProjectionPlansInOrder.some(({ selectByKeysetSql }) =>
            selectByKeysetSql.includes('CROSS APPLY'),
          ),
        ),
    ],
  ])('hold %s, so that their rules are put to the test', (_, shows) => {
    expect(sample().filter(shows).length).toBeGreaterThan(0);
  });
});

/** Sound plans of a resource with a collection of its own. */
function soundPlans(): { readonly write: ResourceWritePlan; readonly read: ResourceReadPlan; readonly merged: number } {
  for (const mappingSet of sample()) {
    if (mappingSet.key.dialect !== 'pgsql') continue;
    for (const [label, write] of mappingSet.writePlansByResource) {
      const read = mappingSet.readPlansByResource.get(label);
      const merged = write.tablePlansInDependencyOrder.findIndex(
        ({ collectionMergePlan }) => (collectionMergePlan?.semanticIdentityBindings.length ?? 0) > 0,
      );
      if (read?.documentReferenceLookup && merged >= 0) return { write, read, merged };
    }
  }
  throw new Error('no random set has such a resource');
}

// tests of the checks themselves: they must detect one change in sound plans
describe('a plan that breaks an invariant of the second generation is found out', () => {
  const { write, read, merged } = soundPlans();
  const withTable = (change: (plan: TableWritePlan) => TableWritePlan): ResourceWritePlan => ({
    ...write,
    tablePlansInDependencyOrder: write.tablePlansInDependencyOrder.map((plan, index) =>
      index === merged ? change(plan) : plan,
    ),
  });
  const withMerge = (changes: Partial<NonNullable<TableWritePlan['collectionMergePlan']>>) =>
    withTable((plan) => ({
      ...plan,
      collectionMergePlan: plan.collectionMergePlan && { ...plan.collectionMergePlan, ...changes },
    }));
  const violations = (changedWrite: ResourceWritePlan, changedRead: ResourceReadPlan = read) =>
    planFindings('pgsql', changedWrite, changedRead, 'v2');
  const merge = write.tablePlansInDependencyOrder[merged]?.collectionMergePlan;
  if (!merge) throw new Error('there is no merge plan');

  it('but a sound one is not', () => expect(violations(write)).toEqual([]));

  it.each<[string, ResourceWritePlan]>([
    ['no merge plan', withTable((plan) => ({ ...plan, collectionMergePlan: null }))],
    ['no id that is reserved', withTable((plan) => ({ ...plan, collectionKeyPreallocationPlan: null }))],
    ['an update by key', withTable((plan) => ({ ...plan, updateSql: plan.insertSql }))],
    ['a delete by parent', withTable((plan) => ({ ...plan, deleteByParentSql: plan.insertSql }))],
    ['an identity too few', withMerge({ semanticIdentityBindings: merge.semanticIdentityBindings.slice(1) })],
    ['another row identity', withMerge({ stableRowIdentityBindingIndex: merge.ordinalBindingIndex })],
    ['another position', withMerge({ ordinalBindingIndex: merge.stableRowIdentityBindingIndex })],
    ['a comparison too few', withMerge({ compareBindingIndexesInOrder: merge.compareBindingIndexesInOrder.slice(1) })],
    ['an update of other rows', withMerge({ updateByStableRowIdentitySql: merge.deleteByStableRowIdentitySql })],
    ['a delete of all rows', withMerge({ deleteByStableRowIdentitySql: 'DELETE FROM "a"."b"\n;\n' })],
  ])('with %s', (_, changed) => {
    expect(violations(changed)).not.toEqual([]);
  });

  it.each<[string, ResourceReadPlan]>([
    ['no look-up of documents', { ...read, documentReferenceLookup: null }],
    [
      'no text for one document',
      {
        ...read,
        tablePlansInDependencyOrder: read.tablePlansInDependencyOrder.map((plan) => ({
          ...plan,
          selectBySingleDocumentSql: null,
        })),
      },
    ],
    [
      'columns that triggers write',
      {
        ...read,
        tablePlansInDependencyOrder: read.tablePlansInDependencyOrder.map((plan) => ({
          ...plan,
          selectListColumnsInOrder: plan.tableModel.columns,
        })),
      },
    ],
  ])('with %s', (_, changed) => {
    expect(violations(write, changed)).not.toEqual([]);
  });
});

describe.runIf(hasSharedData)(
  'the invariants of plans, in the second generation (needs the shared conformance data)',
  () => {
    it.each(dialects)('hold for the data standard 5.2 in %s', async (dialect) => {
      const { model } = deriveModel(await sharedSet('v2', 'fixtures-v2', 'ds-5.2'), dialect);
      expect(mappingSetFindings(compileMappingSet(model))).toEqual([]);
    });
  },
);
