import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { groupBy, isJsonObject, sha256 } from '@dms/values';
import { byResource, type EffectiveProject, type ResourceKeyEntry, resourceLabel } from './effective-schema.ts';

/** First line of the text that is hashed into the EffectiveSchemaHash (design 01 §6.2). */
export const effectiveSchemaHashHeader = 'dms-effective-schema-hash:v1';

/** First line of the text that is hashed into the ResourceKeySeedHash (design 01 §7.3). */
export const resourceKeySeedHashHeader = 'resource-key-seed-hash:v1';

/** The largest resource key id, and so the largest number of resources: ids are `smallint` in both databases. */
export const resourceKeyLimit = 32767;

/** `place` is the place in the schema, and `path` the path to it from the root of the file. */
type UnnumberedKey = Omit<ResourceKeyEntry, 'id'> & { readonly place: string; readonly path: string };

/**
 * The keys of a set, and the diagnostics about names that occur twice: only the first resource of such a name has a
 * key.
 */
interface NumberedResources {
  readonly keys: ResourceKeyEntry[];
  readonly found: readonly Diagnostic[];
}

/**
 * Numbers the resources of a set: concrete ones, descriptors included, and abstract ones, by project name and resource
 * name, ids 1…n (design 01 §7).
 */
export function numberResources(projects: readonly EffectiveProject[]): NumberedResources {
  const all = projects.flatMap(collectKeys).sort(byResource((key) => key));
  const isRepeated = (key: UnnumberedKey, other: UnnumberedKey | undefined) =>
    key.projectName === other?.projectName && key.resourceName === other.resourceName;
  const keys = all.filter((key, index) => !isRepeated(key, all[index - 1]));
  const found = keys.length === all.length ? [] : repeatedNames(groupBy(all, resourceLabel));
  if (keys.length > resourceKeyLimit) {
    const text = `The set has ${counted(keys.length, 'resource')}; at most ${resourceKeyLimit} can be numbered.`;
    found.push(diagnostic('RESOURCE_KEY_LIMIT', text, {}, { count: keys.length, limit: resourceKeyLimit }));
  }
  return { keys: keys.map(({ place: _place, path: _path, ...key }, index) => ({ id: index + 1, ...key })), found };
}

function collectKeys(project: EffectiveProject): UnnumberedKey[] {
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
        path: `projectSchema.resourceSchemas[${JSON.stringify(key)}]`,
      });
    }
  }
  const abstracts = project.projectSchema.get('abstractResources');
  if (isJsonObject(abstracts))
    for (const key of abstracts.keys())
      keys.push({
        projectName,
        resourceName: key,
        resourceVersion,
        isAbstract: true,
        place: `abstractResources.${key}`,
        path: `projectSchema.abstractResources[${JSON.stringify(key)}]`,
      });
  return keys;
}

function repeatedNames(byLabel: ReadonlyMap<string, readonly UnnumberedKey[]>): Diagnostic[] {
  return [...byLabel].flatMap(([resource, group]) => {
    const [, second] = group;
    if (second === undefined) return [];
    const locations = group.map(({ place }) => place).sort();
    const text = `${resource} occurs twice (${locations.join(' and ')}); a name stands for one resource, concrete or abstract. Rename or remove one of them.`;
    const details = { resource, project: second.projectName, locations };
    return [diagnostic('RESOURCE_KEY_DUPLICATE', text, { resource, path: second.path }, details)];
  });
}

/**
 * The 32 bytes of the ResourceKeySeedHash: the hash of a header and one line per key, each ended by LF (design 01
 * §7.3).
 */
export function resourceKeySeedHash(keys: readonly ResourceKeyEntry[]): Uint8Array {
  const lines = keys.map((key) => `${key.id}|${key.projectName}|${key.resourceName}|${key.resourceVersion}`);
  return sha256([resourceKeySeedHashHeader, ...lines].map((line) => `${line}\n`).join(''));
}
