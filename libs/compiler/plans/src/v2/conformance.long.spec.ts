import { deriveModel } from '@dms/derivation';
import { dialects, type SqlDialect } from '@dms/sql';
import { diagnosticsOf, fragmentSet, hasSharedData, readSharedJson, readSharedText, sharedSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { expectVectorProbes, expectVectorStatements } from '../../test/probe-vectors.ts';
import { compileMappingSet, mappingSetManifestText } from '../index.ts';

const manifests = [
  'plans-minimal',
  'plans-key-unification-presence-gating',
  'plans-collections-nested-extension',
  'plans-extension-child-collections',
];

const compiled = (fixture: string, dialect: SqlDialect) =>
  compileMappingSet(
    deriveModel(fragmentSet('v2', 'fixtures-v2', fixture), dialect, { strict: false, validate: true }).model,
  );

describe.runIf(hasSharedData)('plans of the second generation (needs the shared conformance data)', () => {
  it.each(manifests)('mappingset.manifest.json of %s is byte-equal', (fixture) => {
    const folder = ['fixtures-v2', fixture, 'expected'];
    const [{ mapping_set_key: key }] = readSharedJson(...folder, 'mappingset.manifest.json').mapping_sets;
    const sets = dialects.map((dialect) => ({
      ...compiled(fixture, dialect),
      // the known answers have their own key
      key: {
        effectiveSchemaHash: key.effective_schema_hash,
        dialect,
        relationalMappingVersion: 'v2' as const,
      },
    }));
    const text = mappingSetManifestText(sets).replaceAll('"v2"', JSON.stringify(key.relational_mapping_version));
    expect(text).toBe(readSharedText(...folder, 'mappingset.manifest.json'));
  });

  it('a collection that nothing tells apart stops a strict derivation; without it the merge plan has no identity', () => {
    const fixture = 'plans-negative-missing-semantic-identity';
    const [missing] = diagnosticsOf(() => deriveModel(fragmentSet('v2', 'fixtures-v2', fixture), 'pgsql'));
    expect(missing).toMatchObject({ code: 'COLLECTION_IDENTITY_MISSING', where: { resource: 'Ed-Fi:School' } });
    expect(missing?.message).toContain('$.addresses[*]');
    for (const dialect of dialects) {
      const plans = compiled(fixture, dialect).writePlansByResource.get('Ed-Fi:School')?.tablePlansInDependencyOrder;
      expect(plans?.map(({ collectionMergePlan }) => collectionMergePlan?.semanticIdentityBindings)).toEqual([
        undefined,
        [],
      ]);
    }
  });

  it.each(dialects)('the data standard 5.2 in %s has the totals of the chapter', async (dialect) => {
    const model = deriveModel(await sharedSet('v2', 'fixtures-v2', 'ds-5.2'), dialect, { validate: true }).model;
    const { writePlansByResource, readPlansByResource, queryCapabilities, descriptorQueryCapabilities } =
      compileMappingSet(model);
    const tables = [...writePlansByResource.values()].flatMap((plan) => plan.tablePlansInDependencyOrder);
    const merges = tables.flatMap(({ collectionMergePlan }) => collectionMergePlan ?? []);
    const members = tables.flatMap(({ keyUnificationPlans }) =>
      keyUnificationPlans.flatMap((plan) => plan.membersInOrder),
    );
    const reads = [...readPlansByResource.values()];
    expect({
      tables: tables.length,
      merges: merges.length,
      identities: merges.flatMap(({ semanticIdentityBindings }) => semanticIdentityBindings).length,
      withReferences: reads.filter((plan) => plan.referenceIdentityProjectionPlansInDependencyOrder.length > 0).length,
      withDescriptors: reads.filter((plan) => plan.descriptorProjectionPlansInOrder.length > 0).length,
      derivedMembers: members.filter(({ kind }) => kind === 'reference_derived').length,
      scalarMembers: members.filter(({ kind }) => kind === 'scalar').length,
      otherMembers: members.filter(({ kind }) => kind === 'descriptor').length,
    }).toEqual({
      tables: 465,
      merges: 327,
      identities: 511,
      withReferences: 122,
      withDescriptors: 114,
      derivedMembers: 91,
      scalarMembers: 2,
      otherMembers: 0,
    });
    expectVectorProbes('ds-5.2', model);
    if (dialect === 'pgsql') expectVectorStatements(model);
    // design 17a §2: every relational resource and every descriptor is supported
    const capabilities = [...queryCapabilities];
    expect(capabilities.filter(([, { support }]) => support.kind === 'supported')).toHaveLength(138);
    expect(
      capabilities.flatMap(([label, { unsupportedFields }]) => unsupportedFields.map(({ field }) => [label, field])),
    ).toEqual([]);
    const descriptors = model.resources.filter(({ storageKind }) => storageKind === 'SharedDescriptorTable');
    expect(descriptorQueryCapabilities.size).toBe(descriptors.length);
    expect([...descriptorQueryCapabilities].filter(([, { support }]) => support.kind !== 'supported')).toEqual([]);
  });
});
