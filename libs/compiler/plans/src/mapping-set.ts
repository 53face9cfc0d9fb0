import { type MappingVersion, type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { alternatives, fail, forEachReported } from '@dms/diagnostics';
import { modelIndex, type QualifiedResourceName, type RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { MappingSetDescription } from './description/description.ts';
import type { DocumentRules } from './document-rules.ts';
import { generations } from './generations.ts';
import type { ResourceReadPlan, ResourceWritePlan } from './plan.ts';
import { compileProbes } from './probes/compile-probes.ts';
import type { DescriptorQueryCapability, QueryCapabilities, QueryCapability } from './query/query-capability.ts';
import { compileReadPlan } from './read/compile-read-plan.ts';
import { checkProjectionContract } from './read/projection-contract.ts';
import { compileWritePlan } from './write/compile-write-plan.ts';

/** The rules of a generation for the rows of documents. */
export const documentRulesOf = (version: MappingVersion): DocumentRules => generations[version].documents;

/** Whether documents of a generation are found by natural keys, with probes (design 22 §4). */
export const hasProbes = (version: MappingVersion): boolean => !generations[version].core.storesReferentialIds;

/** The key for which plans are valid: one schema set, one dialect, one mapping version (design 08 §1). */
export interface MappingSetKey {
  readonly effectiveSchemaHash: string;
  readonly dialect: SqlDialect;
  readonly relationalMappingVersion: MappingVersion;
}

/**
 * All plans of a model and, in a generation that compiles them, the query capabilities of its resources. Maps are keyed
 * by `Project:Resource` and never iterated to produce output.
 */
export interface MappingSet extends QueryCapabilities {
  readonly key: MappingSetKey;
  readonly model: RelationalModelSet;
  readonly writePlansByResource: ReadonlyMap<string, ResourceWritePlan>;
  readonly readPlansByResource: ReadonlyMap<string, ResourceReadPlan>;
  readonly resourceKeyIdByResource: ReadonlyMap<string, number>;
  readonly resourceKeyById: ReadonlyMap<number, ResourceKeyEntry>;
  /** The description in the pack of a mapping set, or null if the pack has none. Absent if the model is complete. */
  readonly description?: MappingSetDescription | null;
}

const mappingSetKeyText = ({ effectiveSchemaHash, dialect, relationalMappingVersion }: MappingSetKey) =>
  `${effectiveSchemaHash}/${dialect}/${relationalMappingVersion}`;

/**
 * Compiles the plans of every relational resource of a valid model (design 08 §9.1, 17 §6). Descriptor resources have
 * no plans, abstract resources only a key. Errors in several resources are reported together. Throws
 * `PLAN_BATCH_TOO_WIDE`, `PLAN_MERGE_BINDING_MISSING`, `QUERY_FIELD_COLLISION`, and in a generation that finds documents
 * by natural keys `PLAN_PROBE_EMPTY`, `PLAN_PROBE_TARGET`, `PLAN_PROBE_OWN`.
 */
export function compileMappingSet(model: RelationalModelSet): MappingSet {
  const { dialect } = model;
  const version = model.effectiveSchema.relationalMappingVersion;
  const generation = generations[version];
  const writePlansByResource = new Map<string, ResourceWritePlan>();
  const readPlansByResource = new Map<string, ResourceReadPlan>();
  const queryCapabilities = new Map<string, QueryCapability>();
  const descriptorQueryCapabilities = new Map<string, DescriptorQueryCapability>();
  forEachReported(model.resources, (resource) => {
    const label = resourceLabel(resource.resourceKey);
    const isRelational = resource.storageKind === 'RelationalTables';
    if (isRelational) readPlansByResource.set(label, compileReadPlan(dialect, resource, version));
    const capability = generation.queryCapability(resource);
    if (capability) queryCapabilities.set(label, capability);
    const descriptorCapability = generation.descriptorQueryCapability(resource);
    if (descriptorCapability) descriptorQueryCapabilities.set(label, descriptorCapability);
    if (isRelational) writePlansByResource.set(label, compileWritePlan(dialect, resource, version));
  });
  // the description has them; their mistakes are reported before a text is made
  if (hasProbes(version)) compileProbes(model);
  const resourceKeyIdByResource = new Map<string, number>();
  const resourceKeyById = new Map<number, ResourceKeyEntry>();
  for (const { resourceKey } of [...model.resources, ...model.abstractIdentityTables]) {
    const label = resourceLabel(resourceKey);
    resourceKeyIdByResource.set(label, resourceKey.id);
    resourceKeyById.set(resourceKey.id, resourceKey);
  }
  return {
    key: { effectiveSchemaHash: model.effectiveSchema.effectiveSchemaHash, dialect, relationalMappingVersion: version },
    model,
    writePlansByResource,
    readPlansByResource,
    queryCapabilities,
    descriptorQueryCapabilities,
    resourceKeyIdByResource,
    resourceKeyById,
  };
}

function missingPlan(mappingSet: MappingSet, resource: QualifiedResourceName): never {
  const label = resourceLabel(resource);
  const key = mappingSetKeyText(mappingSet.key);
  const details = { resource: label, key };
  const { resources } = modelIndex(mappingSet.model);
  const model = resources.get(label);
  if (!model) {
    const text = `${label} is not a resource of the mapping set ${key}${alternatives(label, [...resources.keys()])}`;
    return fail('MAPPING_RESOURCE_UNKNOWN', text, { resource: label }, details);
  }
  if (model.storageKind === 'SharedDescriptorTable') {
    const text = `${label} has no plan in the mapping set ${key}, by design: descriptors are read and written over dms.Descriptor.`;
    return fail('MAPPING_PLAN_OMITTED', text, { resource: label }, details);
  }
  return fail(
    'MAPPING_INTERNAL',
    `${label} has no plan in the mapping set ${key}; this is a defect of compilation.`,
    { resource: label },
    details,
  );
}

/** The write plan of a resource; throws `MAPPING_*` if it has none (design 08 §9.2). */
export function getWritePlan(mappingSet: MappingSet, resource: QualifiedResourceName): ResourceWritePlan {
  return mappingSet.writePlansByResource.get(resourceLabel(resource)) ?? missingPlan(mappingSet, resource);
}

// read plans that were already compared with their model, per mapping set
const validatedPlans = new WeakSet<ResourceReadPlan>();

/** The read plan of a resource, compared with its model once. Throws `MAPPING_*`, `PLAN_PROJECTION_CONTRACT`. */
export function getReadPlan(mappingSet: MappingSet, resource: QualifiedResourceName): ResourceReadPlan {
  const plan = mappingSet.readPlansByResource.get(resourceLabel(resource)) ?? missingPlan(mappingSet, resource);
  if (!validatedPlans.has(plan)) {
    checkProjectionContract(plan, mappingSet.key.relationalMappingVersion);
    validatedPlans.add(plan);
  }
  return plan;
}
