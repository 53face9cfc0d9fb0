import {
  byResource,
  type EffectiveSchemaInfo,
  type ResourceKeyEntry,
  resourceKeyLimit,
  resourceKeySeedHash,
  resourceLabel,
} from '@dms/api-schema';
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
import * as format from '../wire/pack-format.ts';
import { checkModel, type LoadedModel } from './check-model.ts';
import { checkReadPlan, checkWritePlan } from './check-plans.ts';
import { pathReader } from './path-reader.ts';
import { rebuiltDescriptorCapability, rebuiltQueryCapability } from './rebuild-capabilities.ts';
import { descriptorModel, nameOf, type PayloadReader, relationalModel } from './rebuild-model.ts';
import { rebuiltReadPlan, rebuiltWritePlan } from './rebuild-plans.ts';

/**
 * Checks the resource keys of a payload: their number, their order and their hash (design 08 §12.5, step 6). Throws
 * `PACK_INVARIANT`.
 */
function checkedResourceKeys(payload: format.MappingPackPayload, at: PackPlace): ResourceKeyEntry[] {
  const { resourceKeyCount, resourceKeySeedHash: seedHash } = payload;
  const keys = payload.resourceKeys.map((key) => ({
    id: key.resourceKeyId,
    projectName: nameOf(key.projectName, at, 'resource_keys.project_name'),
    resourceName: nameOf(key.resourceName, at, 'resource_keys.resource_name'),
    resourceVersion: key.resourceVersion,
    isAbstract: key.isAbstractResource,
  }));
  if (keys.length !== resourceKeyCount) refuseInvariant(at, 'resource_key_count', keys.length, resourceKeyCount);
  let previous = 0;
  for (const { id } of keys) {
    if (id <= previous || id > resourceKeyLimit) {
      refuseInvariant(at, 'resource_key_id', `above ${previous}, at most ${resourceKeyLimit}`, id);
    }
    previous = id;
  }
  const hexOf = (hash: Uint8Array) => Buffer.from(hash).toString('hex');
  const [due, found] = [hexOf(resourceKeySeedHash(keys)), hexOf(seedHash)];
  if (found !== due) refuseInvariant(at, 'resource_key_seed_hash', due, found || 'none');
  return keys;
}

/** The keys of the resources of a payload, in its order; there is one per resource, sorted by name. Throws `PACK_INVARIANT`. */
function keysOfResources(
  { resources }: format.MappingPackPayload,
  keys: readonly ResourceKeyEntry[],
  at: PackPlace,
): ResourceKeyEntry[] {
  const due = [...keys].sort(byResource((key) => key));
  if (resources.length !== due.length) refuseInvariant(at, 'number of resources', due.length, resources.length);
  for (const [index, key] of due.entries()) {
    const resource = resources[index];
    const [expected, found] = [resourceLabel(key), resource ? resourceLabel(resource) : 'none'];
    if (expected !== found) refuseInvariant(at, `resources[${index}]`, expected, found);
    const next = due[index + 1];
    if (next && resourceLabel(next) === expected)
      refuseInvariant(at, 'resource_keys', 'distinct resources', `${expected} twice`);
  }
  return due;
}

type Parts = Pick<format.ResourcePack, 'relationalModel' | 'writePlan' | 'readPlan'>;

/** Checks that a resource has the parts of its kind: a model and plans if it has tables of its own, otherwise none. */
function checkParts(resource: format.ResourcePack, key: ResourceKeyEntry, at: PackPlace): void {
  const { relationalTables, sharedDescriptorTable, unspecified } = format.resourceStorageKind;
  const { isAbstractResource, storageKind } = resource;
  if (isAbstractResource !== key.isAbstract) refuseInvariant(at, 'is_abstract_resource', key.isAbstract, isAbstractResource);
  const kinds: readonly number[] = isAbstractResource ? [unspecified] : [relationalTables, sharedDescriptorTable];
  if (!kinds.includes(storageKind)) refuseInvariant(at, 'storage_kind', kinds.join(' or '), storageKind);
  const parts: readonly (keyof Parts)[] = ['relationalModel', 'writePlan', 'readPlan'];
  for (const part of parts) {
    const [due, found] = [storageKind === relationalTables, resource[part] !== null];
    if (due !== found)
      refuseInvariant(
        at,
        `${part} of a resource with storage_kind ${storageKind}`,
        due ? 'set' : 'none',
        found ? 'set' : 'none',
      );
  }
}

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
      resources.push(
        descriptorModel(
          resourceKey,
          required(physicalSchemas.get(resourceKey.projectName), at, `schema_components of ${resourceKey.projectName}`),
        ),
      );
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
