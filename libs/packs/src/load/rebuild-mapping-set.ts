import { type EffectiveSchemaInfo, resourceLabel } from '@dms/api-schema';
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
import { generations } from '../generations.ts';
import type { PackLimits } from '../limits.ts';
import { type PackPlace, refuseInvariant, required } from '../refusal.ts';
import type * as format from '../wire/pack-format.ts';
import { checkModel, type LoadedModel } from './check-model.ts';
import { checkReadPlan, checkWritePlan } from './check-plans.ts';
import { checkedResourceKeys, checkParts, keysOfResources } from './check-resource-keys.ts';
import { pathReader } from './path-reader.ts';
import { rebuiltDescriptorCapability, rebuiltQueryCapability } from './rebuild-capabilities.ts';
import { descriptorModel, type PayloadReader, relationalModel } from './rebuild-model.ts';
import { rebuiltReadPlan, rebuiltWritePlan } from './rebuild-plans.ts';

function effectiveSchemaOf(
  payload: format.MappingPackPayload,
  { effectiveSchemaHash, relationalMappingVersion }: MappingSetKey,
  at: PackPlace,
): EffectiveSchemaInfo {
  return {
    apiSchemaFormatVersion: payload.apiSchemaFormatVersion,
    relationalMappingVersion,
    effectiveSchemaHash,
    resourceKeyCount: payload.resourceKeyCount,
    resourceKeySeedHash: payload.resourceKeySeedHash,
    schemaComponents: payload.schemaComponents.map(
      ({ projectEndpointName, projectName, projectVersion, isExtensionProject }) => {
        return { projectEndpointName, projectName, projectVersion, isExtensionProject, projectHash: '' };
      },
    ),
    resourceKeys: checkedResourceKeys(payload, at),
  };
}

/**
 * Builds a mapping set from a payload, in its order, and checks everything that the payload says about itself (design 08 §12.5,
 * steps 6 and 7). Throws `PACK_INVARIANT`.
 */
export function rebuildMappingSet(
  payload: format.MappingPackPayload,
  key: MappingSetKey,
  file: string,
  { maximumPathCharacters }: PackLimits,
): MappingSet {
  const { dialect, relationalMappingVersion: version } = key;
  const reader: PayloadReader = { version, rules: generations[version], pathOf: pathReader(maximumPathCharacters) };
  const { read: rules } = reader.rules;
  const effectiveSchema = effectiveSchemaOf(payload, key, { file });
  const sqlRules = dialectRules[dialect];
  const projects = effectiveSchema.schemaComponents.map(({ projectHash: _, ...project }): ProjectSchemaInfo => {
    return { ...project, physicalSchema: limitIdentifier(sqlRules, physicalSchemaName(project.projectEndpointName)) };
  });
  const physicalSchemas = new Map<string, FinalName>(projects.map((each) => [each.projectName, each.physicalSchema]));
  const resources: ResourceModel[] = [];
  const tables = new Map<string, string>();
  const writePlansByResource = new Map<string, ResourceWritePlan>();
  const readPlansByResource = new Map<string, ResourceReadPlan>();
  const queryCapabilities = new Map<string, QueryCapability>();
  const descriptorQueryCapabilities = new Map<string, DescriptorQueryCapability>();
  for (const [index, resourceKey] of keysOfResources(payload, effectiveSchema.resourceKeys, { file }).entries()) {
    const label = resourceLabel(resourceKey);
    const at = { file, resource: label };
    const resource = required(payload.resources[index], at, 'resources');
    checkParts(resource, resourceKey, at);
    rules.checkResource(resource, at);
    if (resource.isAbstractResource) continue;
    const { relationalModel: message, writePlan, readPlan, queryCapability, descriptorQueryCapability } = resource;
    if (descriptorQueryCapability) {
      descriptorQueryCapabilities.set(label, rebuiltDescriptorCapability(descriptorQueryCapability, at));
    }
    if (message === null || writePlan === null || readPlan === null) {
      if (queryCapability) queryCapabilities.set(label, rebuiltQueryCapability(queryCapability, null, at, reader));
      resources.push(descriptorModel(resourceKey, physicalSchemas.get(resourceKey.projectName) ?? ''));
      continue;
    }
    const loaded = checkModel(relationalModel(resourceKey, message, at, reader), message, at, rules);
    checkOwnTables(loaded, label, tables);
    const write = rebuiltWritePlan(loaded, writePlan, reader.pathOf);
    checkWritePlan(dialect, loaded, write, rules);
    const read = rebuiltReadPlan(dialect, loaded, readPlan, reader);
    checkReadPlan(loaded, read, reader);
    if (queryCapability) queryCapabilities.set(label, rebuiltQueryCapability(queryCapability, loaded, at, reader));
    resources.push(loaded.model);
    writePlansByResource.set(label, write);
    readPlansByResource.set(label, read);
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

/** A table must belong to only one resource. */
function checkOwnTables({ tablesByName, at }: LoadedModel, label: string, owners: Map<string, string>): void {
  for (const name of tablesByName.keys()) {
    const owner = owners.get(name);
    if (owner !== undefined) refuseInvariant({ ...at, table: name }, 'owner of the table', label, owner);
    owners.set(name, label);
  }
}
