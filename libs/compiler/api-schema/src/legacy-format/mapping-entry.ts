import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@dms/values';
import { compileJsonPath, type JsonPath, parentPath } from '../json-path.ts';

/** An entry of `documentPathsMapping` with the path of its place. */
export interface MappingEntry {
  readonly key: string;
  readonly members: Map<string, JsonValue>;
  readonly isReference: boolean;
  /** The entry's own path, or for a document reference the path of the reference object (`p` of design 01 §12.2). */
  readonly place: JsonPath;
  /** The paths that a uniqueness constraint lists for the entry: its path, or all its reference paths. */
  readonly paths: readonly string[];
  readonly isPartOfIdentity: boolean;
  readonly insertSchema: JsonValue | undefined;
}

/**
 * The mapping entries of a legacy resource with `isPartOfIdentity` filled in (design 01 §12.2 step 3), in source order.
 */
export function readMappingEntries(label: string, resource: JsonObject): MappingEntry[] {
  const mapping = resource.get('documentPathsMapping');
  if (!isJsonObject(mapping)) return [];
  const identityPaths = resource.get('identityJsonPaths');
  const identity = new Set(isJsonArray(identityPaths) ? identityPaths : []);
  const entries: MappingEntry[] = [];
  for (const [key, value] of mapping) {
    if (!isJsonObject(value)) continue;
    const members = new Map(value);
    const path = members.get('path');
    if (!members.has('isPartOfIdentity'))
      members.set('isPartOfIdentity', typeof path === 'string' && identity.has(path));
    const references = typeof path === 'string' ? [] : referencePaths(label, members, key);
    const [firstReference] = references;
    if (typeof path !== 'string' && !firstReference) continue;
    const place =
      typeof path === 'string'
        ? compileJsonPath(path, { resource: label }, `documentPathsMapping.${key}`)
        : parentPath(firstReference as JsonPath);
    entries.push({
      key,
      members,
      isReference: typeof path !== 'string',
      place,
      paths: typeof path === 'string' ? [path] : references.map((reference) => reference.canonical),
      isPartOfIdentity: members.get('isPartOfIdentity') === true,
      insertSchema: resource.get('jsonSchemaForInsert'),
    });
  }
  return entries;
}

function referencePaths(label: string, entry: JsonObject, key: string): JsonPath[] {
  const pairs = entry.get('referenceJsonPaths');
  if (!isJsonArray(pairs)) return [];
  return pairs.flatMap((pair) => {
    const text = isJsonObject(pair) ? pair.get('referenceJsonPath') : undefined;
    return typeof text === 'string' ? [compileJsonPath(text, { resource: label }, `documentPathsMapping.${key}`)] : [];
  });
}

/** The schema at `path` of an insert schema; undefined if the path does not exist. */
export function schemaAt(insertSchema: JsonValue | undefined, path: JsonPath): JsonObject | undefined {
  let schema = insertSchema;
  for (const segment of path.segments) {
    if (!isJsonObject(schema)) return undefined;
    if (segment.kind === 'anyElement') schema = schema.get('items');
    else {
      const properties = schema.get('properties');
      schema = isJsonObject(properties) ? properties.get(segment.name) : undefined;
    }
  }
  return isJsonObject(schema) ? schema : undefined;
}

/** A copy of an insert schema with another schema at `path`; the schema itself if the path does not exist. */
export function withSchemaAt(
  insertSchema: JsonValue | undefined,
  { segments }: JsonPath,
  change: (schema: JsonObject) => JsonObject,
): JsonValue | undefined {
  const changed = (schema: JsonValue | undefined, depth: number): JsonValue | undefined => {
    const segment = segments[depth];
    if (!isJsonObject(schema)) return schema;
    if (segment === undefined) return change(schema);
    const member = segment.kind === 'anyElement' ? 'items' : 'properties';
    const inner = schema.get(member);
    if (segment.kind === 'anyElement') return withMember(schema, member, changed(inner, depth + 1));
    if (!isJsonObject(inner)) return schema;
    const property = changed(inner.get(segment.name), depth + 1);
    return withMember(schema, member, withMember(inner, segment.name, property));
  };
  return changed(insertSchema, 0);
}

/** A copy of an object with another value of a member; the object itself if nothing changes. */
function withMember(object: JsonObject, name: string, value: JsonValue | undefined): JsonObject {
  return value === undefined || value === object.get(name) ? object : new Map([...object, [name, value]]);
}

/** The names of an object schema's properties, except `_ext`. */
export function ownProperties(schema: JsonObject | undefined): string[] {
  const properties = schema?.get('properties');
  return isJsonObject(properties) ? [...properties.keys()].filter((name) => name !== '_ext') : [];
}

/** Whether an object schema lists `name` in `required`. */
export function requires(schema: JsonObject | undefined, name: string): boolean {
  const required = schema?.get('required');
  return isJsonArray(required) && required.includes(name);
}
