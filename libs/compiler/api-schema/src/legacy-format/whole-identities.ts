import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import { parseJsonPath } from '../json-path.ts';
import type { ConversionLog } from './conversion-log.ts';
import { schemaAt, withSchemaAt } from './mapping-entry.ts';

/** A resource that is being completed. */
interface OpenResource {
  readonly label: string;
  readonly json: Map<string, JsonValue>;
}

/** An identity path that the file lacks, with the JSON schema and the type of its value. */
interface LostPath {
  readonly path: string;
  readonly schema: JsonObject;
  readonly type: JsonValue;
}

/** A lost path that the references to `target` also lack. */
interface RepeatedPath extends LostPath {
  readonly target: string;
}

/**
 * Projects of the older format with complete identities (design 01 §12.2). The format lacks the identity paths that lie
 * in an inlined object, although their mapping entries mark them as parts of the identity. References to such a
 * resource lack them too, and so do the identities that contain these references. The projects are not changed.
 */
export function withWholeIdentities(projects: readonly JsonObject[], log: ConversionLog): readonly JsonObject[] {
  const byKey = new Map<string, OpenResource>();
  const copies = projects.map((project) => {
    const resources = project.get('resourceSchemas');
    if (!isJsonObject(resources)) return project;
    const schemas = [...resources].map(([endpoint, resource]): [string, JsonValue] => {
      if (!isJsonObject(resource)) return [endpoint, resource];
      const label = `${String(project.get('projectName'))}:${String(resource.get('resourceName'))}`;
      const json = new Map(resource);
      byKey.set(`${label} ${endpoint}`, { label, json });
      return [endpoint, json];
    });
    return new Map([...project, ['resourceSchemas', new Map(schemas)]]);
  });
  const all = [...byKey.values()];
  const waiting: RepeatedPath[] = [];
  for (const resource of all) {
    for (const lost of lostPaths(resource.json)) {
      addIdentity(resource, lost.path, log);
      waiting.push({ ...lost, target: resource.label });
    }
  }
  for (let lost = waiting.shift(); lost !== undefined; lost = waiting.shift())
    for (const resource of all) waiting.push(...repeatInReferences(resource, lost, log));
  return copies;
}

/** Entries that are marked as parts of the identity, although `identityJsonPaths` lacks them. */
function lostPaths(json: JsonObject): readonly LostPath[] {
  const identity = new Set(textsOf(json.get('identityJsonPaths')));
  return entriesOf(json).flatMap(([, entry]) => {
    const path = entry.get('path');
    if (entry.get('isPartOfIdentity') !== true || !isOwnProperty(path) || identity.has(path)) return [];
    const schema = findSchema(json, path);
    return schema === undefined ? [] : [{ path, schema, type: entry.get('type') ?? 'string' }];
  });
}

const textsOf = (value: JsonValue | undefined): readonly string[] =>
  isJsonArray(value) ? value.filter((each) => typeof each === 'string') : [];

function entriesOf(json: JsonObject): readonly (readonly [string, JsonObject])[] {
  const mapping = json.get('documentPathsMapping');
  return isJsonObject(mapping)
    ? [...mapping].flatMap(([key, entry]) => (isJsonObject(entry) ? [[key, entry] as const] : []))
    : [];
}

/** A property directly below the document. */
const isOwnProperty = (path: JsonValue | undefined): path is string =>
  typeof path === 'string' && /^\$\.[^.[\]]+$/.test(path);

function findSchema(json: JsonObject, path: string): JsonObject | undefined {
  const parsed = parseJsonPath(path);
  return 'path' in parsed ? schemaAt(json.get('jsonSchemaForInsert'), parsed.path) : undefined;
}

function addIdentity({ label, json }: OpenResource, path: string, log: ConversionLog): void {
  json.set('identityJsonPaths', [...textsOf(json.get('identityJsonPaths')), path].sort());
  log.count('identityJsonPaths');
  log.note(label, `guessed: ${path} belongs to the identity`);
}

/**
 * Adds an identity path to the references of a resource that point to the owner of the path. Returns the paths that the
 * identity of the resource thereby gains: references to the resource lack them too.
 */
function repeatInReferences(resource: OpenResource, lost: RepeatedPath, log: ConversionLog): RepeatedPath[] {
  const repeated: RepeatedPath[] = [];
  for (const [key, entry] of entriesOf(resource.json)) {
    if (`${String(entry.get('projectName'))}:${String(entry.get('resourceName'))}` !== lost.target) continue;
    const added = addToReference(resource, key, entry, lost, log);
    if (added === undefined) continue;
    addIdentity(resource, added, log);
    repeated.push({ ...lost, path: added, target: resource.label });
  }
  return repeated;
}

/**
 * Adds a lost path to a reference. Returns the new path if the reference belongs to the identity of the resource, which
 * then lacks it too.
 */
function addToReference(
  resource: OpenResource,
  key: string,
  entry: JsonObject,
  { path, schema, type }: RepeatedPath,
  log: ConversionLog,
): string | undefined {
  const { json, label } = resource;
  const pairs = entry.get('referenceJsonPaths');
  const [first] = isJsonArray(pairs) ? pairs : [];
  const referencePath = isJsonObject(first) ? first.get('referenceJsonPath') : undefined;
  if (!isJsonArray(pairs) || typeof referencePath !== 'string') return undefined;
  const reference = objectIn(referencePath);
  const parsed = parseJsonPath(reference);
  const name = nameIn(path);
  const added = `${reference}.${name}`;
  if (!('path' in parsed) || findSchema(json, added) !== undefined) return undefined;
  const schemas = withSchemaAt(json.get('jsonSchemaForInsert'), parsed.path, (object) =>
    withMember(object, name, schema),
  );
  if (schemas !== undefined) json.set('jsonSchemaForInsert', schemas);
  const pair = new Map<string, JsonValue>([
    ['identityJsonPath', path],
    ['referenceJsonPath', added],
    ['type', type],
  ]);
  const mapping = json.get('documentPathsMapping');
  const entries = new Map<string, JsonValue>(isJsonObject(mapping) ? mapping : []);
  json.set('documentPathsMapping', entries.set(key, new Map([...entry, ['referenceJsonPaths', [...pairs, pair]]])));
  if (schema.get('type') === 'number' || schema.get('type') === 'integer')
    json.set('numericJsonPaths', [...textsOf(json.get('numericJsonPaths')), added].sort());
  log.note(label, `guessed: the reference ${key} has ${added}`);
  const isInIdentity = textsOf(json.get('identityJsonPaths')).some((part) => objectIn(part) === reference);
  return isInIdentity ? added : undefined;
}

const objectIn = (path: string) => path.slice(0, path.lastIndexOf('.'));

const nameIn = (path: string) => path.slice(path.lastIndexOf('.') + 1);

/** The object schema of a reference with one more member that it requires. */
function withMember(reference: JsonObject, name: string, schema: JsonObject): JsonObject {
  const properties = reference.get('properties');
  const members = new Map<string, JsonValue>(isJsonObject(properties) ? properties : []);
  const required = textsOf(reference.get('required'));
  return new Map<string, JsonValue>([
    ...reference,
    ['properties', members.set(name, schema)],
    ['required', [...required, name].sort()],
  ]);
}
