import { byResource, type ResourceKeyEntry, resourceKeyLimit, resourceKeySeedHash, resourceLabel } from '@dms/api-schema';
import { type PackPlace, refuseInvariant } from '../refusal.ts';
import * as format from '../wire/pack-format.ts';
import { nameOf } from './rebuild-model.ts';

/**
 * Checks the resource keys of a payload: their number, their order and their hash (design 08 §12.5, step 6). Throws
 * `PACK_INVARIANT`.
 */
export function checkedResourceKeys(payload: format.MappingPackPayload, at: PackPlace): ResourceKeyEntry[] {
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
  const [due, found] = [resourceKeySeedHash(keys), seedHash].map((hash) => Buffer.from(hash).toString('hex'));
  if (found !== due) refuseInvariant(at, 'resource_key_seed_hash', due ?? '', found || 'none');
  return keys;
}

/** The keys of the resources of a payload, in its order; there is one per resource, sorted by name. Throws `PACK_INVARIANT`. */
export function keysOfResources(
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
export function checkParts(resource: format.ResourcePack, key: ResourceKeyEntry, at: PackPlace): void {
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
