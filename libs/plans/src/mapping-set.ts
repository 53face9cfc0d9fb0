import { type MappingVersion, type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { alternatives, fail } from '@dms/diagnostics';
import type { QualifiedResourceName, RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { ResourceReadPlan, ResourceWritePlan } from './plan.ts';
import { compileReadPlan } from './read/compile-read-plan.ts';
import { checkProjectionContract } from './read/projection-contract.ts';
import { compileWritePlan } from './write/compile-write-plan.ts';

/** What plans are valid for: one schema set, one dialect, one version of the mapping rules (design 08 §1). */
export interface MappingSetKey {
  readonly effectiveSchemaHash: string;
  readonly dialect: SqlDialect;
  readonly relationalMappingVersion: MappingVersion;
}

/** All plans of a model; maps are keyed by `Project:Resource` and never iterated to produce output. */
export interface MappingSet {
  readonly key: MappingSetKey;
  readonly model: RelationalModelSet;
  readonly writePlansByResource: ReadonlyMap<string, ResourceWritePlan>;
  readonly readPlansByResource: ReadonlyMap<string, ResourceReadPlan>;
  readonly resourceKeyIdByResource: ReadonlyMap<string, number>;
  readonly resourceKeyById: ReadonlyMap<number, ResourceKeyEntry>;
}

export const mappingSetKeyText = ({ effectiveSchemaHash, dialect, relationalMappingVersion }: MappingSetKey) =>
  `${effectiveSchemaHash}/${dialect}/${relationalMappingVersion}`;

/**
 * Compiles the plans of every relational resource of a sound model (design 08 §9.1). Descriptor resources have none; abstract
 * resources only a key. Throws `PLAN_BATCH_TOO_WIDE`.
 */
export function compileMappingSet(model: RelationalModelSet): MappingSet {
  const writePlansByResource = new Map<string, ResourceWritePlan>();
  const readPlansByResource = new Map<string, ResourceReadPlan>();
  for (const resource of model.resources) {
    if (resource.storageKind !== 'RelationalTables') continue;
    const label = resourceLabel(resource.resourceKey);
    readPlansByResource.set(label, compileReadPlan(model.dialect, resource));
    writePlansByResource.set(label, compileWritePlan(model.dialect, resource));
  }
  const resourceKeyIdByResource = new Map<string, number>();
  const resourceKeyById = new Map<number, ResourceKeyEntry>();
  for (const { resourceKey } of [...model.resources, ...model.abstractIdentityTables]) {
    const label = resourceLabel(resourceKey);
    resourceKeyIdByResource.set(label, resourceKey.id);
    resourceKeyById.set(resourceKey.id, resourceKey);
  }
  const { effectiveSchemaHash, relationalMappingVersion } = model.effectiveSchema;
  return {
    key: { effectiveSchemaHash, dialect: model.dialect, relationalMappingVersion },
    model,
    writePlansByResource,
    readPlansByResource,
    resourceKeyIdByResource,
    resourceKeyById,
  };
}

function missingPlan(mappingSet: MappingSet, resource: QualifiedResourceName): never {
  const label = resourceLabel(resource);
  const key = mappingSetKeyText(mappingSet.key);
  const details = { resource: label, key };
  const model = mappingSet.model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === label);
  if (!model) {
    const known = mappingSet.model.resources.map(({ resourceKey }) => resourceLabel(resourceKey));
    const text = `${label} is no resource of the mapping set ${key}${alternatives(label, known)}`;
    return fail('MAPPING_RESOURCE_UNKNOWN', text, { resource: label }, details);
  }
  if (model.storageKind === 'SharedDescriptorTable') {
    const text = `${label} has no plan in the mapping set ${key}, by intention: descriptors are read and written over dms.Descriptor.`;
    return fail('MAPPING_PLAN_OMITTED', text, { resource: label }, details);
  }
  return fail(
    'MAPPING_INTERNAL',
    `${label} has no plan in the mapping set ${key}; this is a defect of compilation.`,
    { resource: label },
    details,
  );
}

/** The write plan of a resource; throws `MAPPING_*` when it has none (design 08 §9.2). */
export function getWritePlan(mappingSet: MappingSet, resource: QualifiedResourceName): ResourceWritePlan {
  return mappingSet.writePlansByResource.get(resourceLabel(resource)) ?? missingPlan(mappingSet, resource);
}

// read plans that have been compared with their model, per mapping set
const validatedPlans = new WeakSet<ResourceReadPlan>();

/** The read plan of a resource, compared with its model once. Throws `MAPPING_*`, `PLAN_PROJECTION_CONTRACT`. */
export function getReadPlan(mappingSet: MappingSet, resource: QualifiedResourceName): ResourceReadPlan {
  const plan = mappingSet.readPlansByResource.get(resourceLabel(resource)) ?? missingPlan(mappingSet, resource);
  if (!validatedPlans.has(plan)) {
    checkProjectionContract(plan);
    validatedPlans.add(plan);
  }
  return plan;
}
