import { isJsonObject, sha256 } from '@dms/canonical-json';
import { diagnostic, fail, failIfAny } from '@dms/diagnostics';
import { resourceKeyLimit, resourceKeySeedHashHeader } from './constants.ts';
import { byResource, type EffectiveProject, type ResourceKeyEntry, resourceLabel } from './effective-schema.ts';

/** `place` is its place in the schema. */
type UnnumberedKey = Omit<ResourceKeyEntry, 'id'> & { readonly place: string };

function keysOf(project: EffectiveProject): UnnumberedKey[] {
  const { projectName, projectVersion: resourceVersion } = project;
  const keys: UnnumberedKey[] = [];
  const resources = project.projectSchema.get('resourceSchemas');
  if (isJsonObject(resources)) {
    for (const [key, entry] of resources) {
      if (!isJsonObject(entry) || entry.get('isResourceExtension') === true) continue;
      const name = entry.get('resourceName');
      keys.push({
        projectName,
        resourceName: typeof name === 'string' ? name : key,
        resourceVersion,
        isAbstract: false,
        place: `resourceSchemas.${key}`,
      });
    }
  }
  const abstracts = project.projectSchema.get('abstractResources');
  if (isJsonObject(abstracts))
    for (const key of abstracts.keys())
      keys.push({ projectName, resourceName: key, resourceVersion, isAbstract: true, place: `abstractResources.${key}` });
  return keys;
}

/**
 * Numbers the resources of a set: concrete ones, descriptors included, and abstract ones, by project name and resource name,
 * ids 1…n (design 01 §7). Throws `RESOURCE_KEY_DUPLICATE`, `RESOURCE_KEY_LIMIT`.
 */
export function numberResources(projects: readonly EffectiveProject[]): ResourceKeyEntry[] {
  const keys = projects.flatMap(keysOf).sort(byResource((key) => key));
  const isRepeated = (key: UnnumberedKey, previous: UnnumberedKey | undefined) =>
    key.projectName === previous?.projectName && key.resourceName === previous.resourceName;
  const groups = keys.filter((key, index) => isRepeated(key, keys[index + 1]) && !isRepeated(key, keys[index - 1]));
  failIfAny(
    groups.map((first) => {
      const resource = resourceLabel(first);
      const locations = keys.filter((key) => isRepeated(key, first)).map(({ place }) => place);
      const text = `${resource} occurs twice (${locations.sort().join(' and ')}); a name stands for one resource, concrete or abstract.`;
      return diagnostic('RESOURCE_KEY_DUPLICATE', text, { resource }, { resource, locations });
    }),
  );
  if (keys.length > resourceKeyLimit) {
    const text = `The set has ${keys.length} resources; at most ${resourceKeyLimit} can be numbered.`;
    fail('RESOURCE_KEY_LIMIT', text, {}, { count: keys.length, limit: resourceKeyLimit });
  }
  return keys.map(({ place: _, ...key }, index) => ({ id: index + 1, ...key }));
}

/** The 32 bytes of the ResourceKeySeedHash: the hash of a header and one line per key, each ended by LF (design 01 §7.3). */
export function resourceKeySeedHash(keys: readonly ResourceKeyEntry[]): Uint8Array {
  const lines = keys.map((key) => `${key.id}|${key.projectName}|${key.resourceName}|${key.resourceVersion}`);
  return sha256([resourceKeySeedHashHeader, ...lines].map((line) => `${line}\n`).join(''));
}
