import { isJsonObject, type JsonObject, type JsonValue } from '@dms/files';

function without(object: JsonObject, name: string): JsonObject {
  if (!object.has(name)) return object;
  const copy = new Map(object);
  copy.delete(name);
  return copy;
}

function mapMembers(value: JsonValue | undefined, change: (entry: JsonObject) => JsonObject): JsonValue | undefined {
  if (!isJsonObject(value)) return value;
  return new Map([...value].map(([key, entry]) => [key, isJsonObject(entry) ? change(entry) : entry]));
}

/**
 * A copy of a project schema without its OpenAPI payloads, at exactly three places: `openApiBaseDocuments`, the
 * `openApiFragments` of each resource schema and the `openApiFragment` of each abstract resource (design 01 §4.3).
 */
export function stripOpenApi(projectSchema: JsonObject): JsonObject {
  const stripped = new Map(without(projectSchema, 'openApiBaseDocuments'));
  const resources = mapMembers(stripped.get('resourceSchemas'), (entry) => without(entry, 'openApiFragments'));
  const abstracts = mapMembers(stripped.get('abstractResources'), (entry) => without(entry, 'openApiFragment'));
  if (resources !== undefined) stripped.set('resourceSchemas', resources);
  if (abstracts !== undefined) stripped.set('abstractResources', abstracts);
  return stripped;
}
