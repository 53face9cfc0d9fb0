import {
  type EffectiveSchemaInfo,
  type ResourceKeyEntry,
  resourceKeyLimit,
  resourceKeySeedHash,
} from '@dms/api-schema';
import { hexOf } from '@dms/files';
import type { MappingSetKey } from '@dms/plans';
import { failInvariant, type PackPlace } from '../fail-pack.ts';
import type * as format from '../wire/pack-format.ts';
import { nameOf } from './payload-reader.ts';

/* The schema set of a pack: its projects, and the keys of its resources (design 08 §12.3). */

type SchemaMembers = Omit<format.MappingPackPayload, 'resources'>;

/**
 * Checks the resource keys of a payload: their number, their order and their hash (design 08 §12.5, step 6). Throws
 * `PACK_INVARIANT`.
 */
function checkedResourceKeys(payload: SchemaMembers, at: PackPlace): ResourceKeyEntry[] {
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

/** The members of a payload that say what its schema set is. */
export const effectiveSchemaMembers = {
  write: (effectiveSchema: EffectiveSchemaInfo): SchemaMembers => ({
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
    payload: SchemaMembers,
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
