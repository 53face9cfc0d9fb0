import { isDeepStrictEqual } from 'node:util';
import {
  byResource,
  type EffectiveSchemaInfo,
  type JsonPath,
  parseJsonPath,
  type ResourceKeyEntry,
  resourceKeyLimit,
  resourceKeySeedHash,
  resourceLabel,
} from '@dms/api-schema';
import { type FinalName, type ProjectSchemaInfo, physicalSchemaName, type ResourceModel } from '@dms/model';
import {
  type DescriptorProbeTarget,
  type DescriptorQueryCapability,
  descriptorProbe,
  hasProbes,
  type MappingSet,
  type MappingSetKey,
  type NaturalKeyProbes,
  type QueryCapability,
  type ResourceReadPlan,
  type ResourceWritePlan,
} from '@dms/plans';
import { dialectRules, limitIdentifier } from '@dms/sql';
import { hexOf } from '@dms/values';
import { checkPackProbes } from '../check-probes.ts';
import type { LoadedModel } from '../check-resource.ts';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import { generations } from '../generations.ts';
import type { PackLimits } from '../limits.ts';
import type { PayloadReader } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import { nameOf } from './message-codec.ts';
import { descriptorProbeMessage, probesMessage } from './probes.ts';
import { type ResourceReader, resourceMessage } from './resource.ts';

/* The schema set of a pack: its projects, and the keys of its resources (design 08 §12.3). */

type PayloadMembers = Omit<PackMessage<'MappingPackPayload'>, 'resources' | 'descriptorProbeTarget'>;

/** Checks the resource keys of a payload: their number, their order and their hash (design 08 §12.5, step 6). */
function checkedResourceKeys(payload: PayloadMembers, at: PackPlace): ResourceKeyEntry[] {
  const { resourceKeyCount, resourceKeySeedHash: seedHash } = payload;
  const keys = payload.resourceKeys.map((key) => ({
    id: key.resourceKeyId,
    projectName: nameOf(key.projectName, at, 'resource_keys.project_name'),
    resourceName: nameOf(key.resourceName, at, 'resource_keys.resource_name'),
    resourceVersion: key.resourceVersion,
    isAbstract: key.isAbstractResource,
  }));
  if (keys.length !== resourceKeyCount) failInvariant(at, 'resource_key_count', keys.length, resourceKeyCount);
  let previous = 0;
  for (const { id } of keys) {
    if (id <= previous || id > resourceKeyLimit) {
      failInvariant(at, 'resource_key_id', `above ${previous}, at most ${resourceKeyLimit}`, id);
    }
    previous = id;
  }
  const due = hexOf(resourceKeySeedHash(keys));
  const found = hexOf(seedHash);
  if (found !== due) failInvariant(at, 'resource_key_seed_hash', due, found || 'none');
  return keys;
}

/** The members of a payload that describe its schema set. */
const effectiveSchemaMembers = {
  write: (effectiveSchema: EffectiveSchemaInfo): PayloadMembers => ({
    apiSchemaFormatVersion: effectiveSchema.apiSchemaFormatVersion,
    schemaComponents: effectiveSchema.schemaComponents.map((component) => ({
      projectEndpointName: component.projectEndpointName,
      projectName: component.projectName,
      projectVersion: component.projectVersion,
      isExtensionProject: component.isExtensionProject,
    })),
    resourceKeyCount: effectiveSchema.resourceKeyCount,
    resourceKeySeedHash: effectiveSchema.resourceKeySeedHash,
    resourceKeys: effectiveSchema.resourceKeys.map((key) => ({
      resourceKeyId: key.id,
      projectName: key.projectName,
      resourceName: key.resourceName,
      resourceVersion: key.resourceVersion,
      isAbstractResource: key.isAbstract,
    })),
  }),
  read: (
    payload: PayloadMembers,
    { effectiveSchemaHash, relationalMappingVersion }: MappingSetKey,
    at: PackPlace,
  ): EffectiveSchemaInfo => ({
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
  }),
} as const;

/* The payload of a pack: everything needed to execute the plans, and the resource keys (design 08 §12.3). */

/** The keys of the resources of a payload, in its order; there must be one per resource, sorted by name. */
function keysOfResources(
  { resources }: PackMessage<'MappingPackPayload'>,
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

/**
 * Compiles paths, each text once, because most occur several times. Their total length is limited, because each segment
 * takes memory.
 */
function pathReader(maximumCharacters: number): PayloadReader['pathOf'] {
  const known = new Map<string, JsonPath>();
  let characters = 0;
  return (text, at, what) => {
    const path = known.get(text);
    if (path) return path;
    characters += text.length;
    if (characters > maximumCharacters)
      failInvariant(at, 'length of all paths', `at most ${maximumCharacters}`, 'more');
    const parsed = parseJsonPath(text);
    if (!('path' in parsed)) return failInvariant(at, what, 'a JSONPath', text === '' ? 'none' : text);
    known.set(text, parsed.path);
    return parsed.path;
  };
}

/** The payload message of a mapping set. */
function write(mappingSet: MappingSet): PackMessage<'MappingPackPayload'> {
  const { effectiveSchema, resources } = mappingSet.model;
  const rules = generations[mappingSet.key.relationalMappingVersion];
  const models = new Map(resources.map((model) => [resourceLabel(model.resourceKey), model]));
  return {
    ...effectiveSchemaMembers.write(effectiveSchema),
    resources: effectiveSchema.resourceKeys
      .toSorted(byResource((key) => key))
      .map((key) => resourceMessage.write(key, models.get(resourceLabel(key)), mappingSet, rules)),
    descriptorProbeTarget: descriptorProbeMessage.write(dueDescriptorProbe(mappingSet.key)),
  };
}

/** The probe of descriptors that a pack must have; null in a generation without probes. */
const dueDescriptorProbe = ({ relationalMappingVersion, dialect }: MappingSetKey): DescriptorProbeTarget | null =>
  hasProbes(relationalMappingVersion) ? descriptorProbe(dialect) : null;

/** A mapping set without its description, which is outside the payload, and the probes that the description has. */
export interface PackedPlans {
  readonly mappingSet: MappingSet;
  /** By `Project:Resource`; empty in a generation without probes. */
  readonly probes: ReadonlyMap<string, NaturalKeyProbes>;
}

/**
 * Reads the mapping set of a payload, in its order, after checking the consistency of the payload (design 08 §12.5,
 * steps 6 and 7).
 */
function read(
  payload: PackMessage<'MappingPackPayload'>,
  key: MappingSetKey,
  file: string,
  { maximumPathCharacters }: PackLimits,
): PackedPlans {
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
  const probes = new Map<string, NaturalKeyProbes>();
  for (const [index, resourceKey] of keysOfResources(payload, effectiveSchema.resourceKeys, { file }).entries()) {
    const label = resourceLabel(resourceKey);
    const at = { file, resource: label };
    const message = required(payload.resources[index], at, 'resources');
    const found = resourceMessage.read(message, resourceKey, at, reader);
    const { target, own } = probesMessage.read(message, at, reader);
    if (target || own) probes.set(label, { target, own });
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
  const model = {
    effectiveSchema,
    dialect,
    projects,
    resources,
    abstractIdentityTables: [],
    abstractUnionViews: [],
    propagationFallbacks: [],
    shortenedNames: [],
  };
  checkPackProbes(model, probes, file);
  const descriptors = descriptorProbeMessage.read(payload.descriptorProbeTarget, { file }, reader);
  const due = dueDescriptorProbe(key);
  if (!isDeepStrictEqual(descriptors, due))
    failInvariant({ file }, 'descriptor_probe_target', due ? 'that of the dialect' : 'none', 'another');
  const mappingSet: MappingSet = {
    key,
    model,
    writePlansByResource,
    readPlansByResource,
    queryCapabilities,
    descriptorQueryCapabilities,
    resourceKeyIdByResource: new Map(resourceKeys.map((entry) => [resourceLabel(entry), entry.id])),
    resourceKeyById: new Map(resourceKeys.map((entry) => [entry.id, entry])),
    description: null,
  };
  return { mappingSet, probes };
}

export const payloadMessage = { write, read } as const;
