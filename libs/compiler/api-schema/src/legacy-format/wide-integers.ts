import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';

/** A value of an identity that a reference repeats. */
interface RepeatedInteger {
  readonly target: string;
  readonly identityPath: string;
}

interface KnownResource {
  readonly identityPaths: readonly string[];
  /** The abstract resource; undefined unless the resource is a subclass. */
  readonly superclass: string | undefined;
  /** Whether it has the single identity path of the abstract resource under another name. */
  readonly isRenamed: boolean;
  /** The repeated values, by the path that repeats them. */
  readonly repeated: ReadonlyMap<string, RepeatedInteger>;
}

interface KnownAbstract {
  readonly identityPaths: readonly string[];
  readonly subclasses: readonly KnownResource[];
}

/** The paths of a resource whose integers have 64 bits, in the order of its references. */
export type WideIntegers = (resource: JsonObject) => readonly string[];

/**
 * Finds the integers of the older format, which has no `format`, that have 64 bits: the identities of the subclasses of
 * an abstract resource with one identity path, and the values that repeat them (design 01 §12.2). In the published
 * projects these are the ids of education organizations.
 *
 * @param projects all projects of a file; references to other projects are not followed
 */
export function wideIntegers(projects: readonly JsonObject[]): WideIntegers {
  const resources = new Map<string, KnownResource>();
  const resourceByJson = new Map<JsonObject, KnownResource>();
  for (const project of projects) {
    for (const [, resource] of objectsIn(project.get('resourceSchemas'))) {
      const own = knownResource(resource);
      resourceByJson.set(resource, own);
      if (resource.get('isResourceExtension') !== true)
        resources.set(keyOf(project.get('projectName'), resource.get('resourceName')), own);
    }
  }
  const abstracts = new Map<string, KnownAbstract>();
  for (const project of projects) {
    for (const [name, json] of objectsIn(project.get('abstractResources'))) {
      const key = keyOf(project.get('projectName'), name);
      const subclasses = [...resources.values()].filter(({ superclass }) => superclass === key);
      abstracts.set(key, { identityPaths: texts(json.get('identityJsonPaths')), subclasses });
    }
  }

  const isOnlyIdentity = (abstract: KnownAbstract | undefined) =>
    abstract?.identityPaths.length === 1 && abstract.subclasses.length > 0;

  /** Whether the value at a path is such an identity, or repeats one; `seen` stops circular references. */
  function isWideIn(resource: KnownResource, path: string, seen: ReadonlySet<string>): boolean {
    const { superclass, isRenamed, identityPaths, repeated } = resource;
    const isOnly = isRenamed || (superclass !== undefined && isOnlyIdentity(abstracts.get(superclass)));
    if (isOnly && identityPaths.includes(path)) return true;
    const found = repeated.get(path);
    return found !== undefined && isWide(found, seen);
  }

  function isWide({ target, identityPath }: RepeatedInteger, seen: ReadonlySet<string>): boolean {
    const place = `${target} ${identityPath}`;
    if (seen.has(place)) return false;
    const next = new Set([...seen, place]);
    const abstract = abstracts.get(target);
    if (isOnlyIdentity(abstract)) return true;
    // an abstract resource with several identity paths has the identity paths of its subclasses
    const resource = abstract?.subclasses[0] ?? resources.get(target);
    return resource !== undefined && isWideIn(resource, identityPath, next);
  }

  return (json) => {
    const resource = resourceByJson.get(json);
    if (resource === undefined) return [];
    const candidates = [...resource.identityPaths, ...resource.repeated.keys()];
    return [...new Set(candidates)].filter((path) => isWideIn(resource, path, new Set()));
  };
}

const objectsIn = (value: JsonValue | undefined) =>
  isJsonObject(value)
    ? [...value].flatMap(([name, member]) => (isJsonObject(member) ? [[name, member] as const] : []))
    : [];

function knownResource(resource: JsonObject): KnownResource {
  const isSubclass = resource.get('isSubclass') === true;
  return {
    identityPaths: texts(resource.get('identityJsonPaths')),
    superclass: isSubclass
      ? keyOf(resource.get('superclassProjectName'), resource.get('superclassResourceName'))
      : undefined,
    isRenamed: isSubclass && typeof resource.get('superclassIdentityJsonPath') === 'string',
    repeated: repeatedValues(resource),
  };
}

const texts = (value: JsonValue | undefined) => (isJsonArray(value) ? value.map(String) : []);

const keyOf = (project: JsonValue | undefined, resource: JsonValue | undefined) =>
  `${String(project)}:${String(resource)}`;

function repeatedValues(resource: JsonObject): ReadonlyMap<string, RepeatedInteger> {
  const repeated = new Map<string, RepeatedInteger>();
  for (const [, entry] of objectsIn(resource.get('documentPathsMapping'))) {
    const pairs = entry.get('referenceJsonPaths');
    for (const pair of isJsonArray(pairs) ? pairs : []) {
      if (!isJsonObject(pair)) continue;
      const target = keyOf(entry.get('projectName'), entry.get('resourceName'));
      repeated.set(String(pair.get('referenceJsonPath')), {
        target,
        identityPath: String(pair.get('identityJsonPath')),
      });
    }
  }
  return repeated;
}
