import { byResource, type ResourceKeyEntry, resourceLabel } from '@dms/api-schema';
import { type FinalName, type ProjectSchemaInfo, physicalSchemaName, type ResourceModel } from '@dms/model';
import type {
  DescriptorQueryCapability,
  MappingSet,
  MappingSetKey,
  QueryCapability,
  ResourceReadPlan,
  ResourceWritePlan,
} from '@dms/plans';
import { dialectRules, limitIdentifier } from '@dms/sql';
import type { LoadedModel } from '../checking/check-model.ts';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import { generations } from '../generations.ts';
import type { PackLimits } from '../limits.ts';
import type * as format from '../wire/pack-format.ts';
import { effectiveSchemaMembers } from './effective-schema.ts';
import { pathReader } from './path-reader.ts';
import { type ResourceReader, resourceMessage } from './resource.ts';

/* The payload of a pack: everything needed to execute the plans, and the resource keys (design 08 §12.3). */

/** The keys of the resources of a payload, in its order; there is one per resource, sorted by name. */
function keysOfResources(
  { resources }: format.MappingPackPayload,
  keys: readonly ResourceKeyEntry[],
  at: PackPlace,
): ResourceKeyEntry[] {
  const due = [...keys].sort(byResource((key) => key));
  if (resources.length !== due.length) failInvariant(at, 'number of resources', due.length, resources.length);
  for (const [index, key] of due.entries()) {
    const resource = resources[index];
    const expected = resourceLabel(key);
    const found = resource ? resourceLabel(resource) : 'none';
    if (expected !== found) failInvariant(at, `resources[${index}]`, expected, found);
    const next = due[index + 1];
    if (next && resourceLabel(next) === expected)
      failInvariant(at, 'resource_keys', 'distinct resources', `${expected} twice`);
  }
  return due;
}

/** A table must belong to only one resource. */
function ownTables(): (loaded: LoadedModel) => void {
  const owners = new Map<string, string>();
  return ({ model, tablesByName, at }) => {
    const label = resourceLabel(model.resourceKey);
    for (const name of tablesByName.keys()) {
      const owner = owners.get(name);
      if (owner !== undefined) failInvariant({ ...at, table: name }, 'owner of the table', label, owner);
      owners.set(name, label);
    }
  };
}

/** The payload of a mapping set. */
function write(mappingSet: MappingSet): format.MappingPackPayload {
  const { effectiveSchema, resources } = mappingSet.model;
  const rules = generations[mappingSet.key.relationalMappingVersion];
  const models = new Map(resources.map((model) => [resourceLabel(model.resourceKey), model]));
  return {
    ...effectiveSchemaMembers.write(effectiveSchema),
    resources: effectiveSchema.resourceKeys
      .toSorted(byResource((key) => key))
      .map((key) => resourceMessage.write(key, models.get(resourceLabel(key)), mappingSet, rules)),
  };
}

/**
 * The mapping set of a payload, in its order, after a check of everything that the payload says about itself (design 08
 * §12.5, steps 6 and 7).
 */
function read(
  payload: format.MappingPackPayload,
  key: MappingSetKey,
  file: string,
  { maximumPathCharacters }: PackLimits,
): MappingSet {
  const { dialect, relationalMappingVersion: version } = key;
  const effectiveSchema = effectiveSchemaMembers.read(payload, key, { file });
  const sqlRules = dialectRules[dialect];
  const projects = effectiveSchema.schemaComponents.map(({ projectHash: _, ...project }): ProjectSchemaInfo => {
    return { ...project, physicalSchema: limitIdentifier(sqlRules, physicalSchemaName(project.projectEndpointName)) };
  });
  const physicalSchemas = new Map<string, FinalName>(projects.map((each) => [each.projectName, each.physicalSchema]));
  const reader: ResourceReader = {
    version,
    dialect,
    rules: generations[version],
    pathOf: pathReader(maximumPathCharacters),
    schemaOf: ({ projectName }, at) =>
      required(physicalSchemas.get(projectName), at, `schema_components of ${projectName}`),
    claimTables: ownTables(),
  };
  const resources: ResourceModel[] = [];
  const writePlansByResource = new Map<string, ResourceWritePlan>();
  const readPlansByResource = new Map<string, ResourceReadPlan>();
  const queryCapabilities = new Map<string, QueryCapability>();
  const descriptorQueryCapabilities = new Map<string, DescriptorQueryCapability>();
  for (const [index, resourceKey] of keysOfResources(payload, effectiveSchema.resourceKeys, { file }).entries()) {
    const label = resourceLabel(resourceKey);
    const at = { file, resource: label };
    const found = resourceMessage.read(required(payload.resources[index], at, 'resources'), resourceKey, at, reader);
    if (found === null) continue;
    const { model, plans, queryCapability, descriptorQueryCapability } = found;
    resources.push(model);
    if (queryCapability) queryCapabilities.set(label, queryCapability);
    if (descriptorQueryCapability) descriptorQueryCapabilities.set(label, descriptorQueryCapability);
    if (plans === null) continue;
    writePlansByResource.set(label, plans.write);
    readPlansByResource.set(label, plans.read);
  }
  const { resourceKeys } = effectiveSchema;
  return {
    key,
    model: {
      effectiveSchema,
      dialect,
      projects,
      resources,
      abstractIdentityTables: [],
      abstractUnionViews: [],
      propagationFallbacks: [],
      shortenedNames: [],
    },
    writePlansByResource,
    readPlansByResource,
    queryCapabilities,
    descriptorQueryCapabilities,
    resourceKeyIdByResource: new Map(resourceKeys.map((entry) => [resourceLabel(entry), entry.id])),
    resourceKeyById: new Map(resourceKeys.map((entry) => [entry.id, entry])),
  };
}

export const payloadMessage = { write, read } as const;
