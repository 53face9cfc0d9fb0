import { failIfAny } from '@dms/diagnostics';
import { canonicalText, isJsonObject, type JsonObject, type JsonValue } from '@dms/files';
import type { ApiSchemaDocument } from './load.ts';
import { checkShape, checkValues } from './validate.ts';

/**
 * The text of `schema.normalized.json`: the canonical form of version and stripped project, then one LF (design 01
 * §5.5). It holds exactly what is hashed. Checks this document alone; throws the `INPUT_*` codes of design 01 §4.1 and
 * of rules 6 and 7 of §4.2.
 */
export function normalizedSchemaText(document: ApiSchemaDocument): string {
  const { found, schema } = checkShape(document, document.file);
  failIfAny([...found, ...(schema ? checkValues(schema) : [])]);
  if (!schema) throw new Error('unreachable');
  const normalized = new Map<string, JsonValue>([
    ['apiSchemaVersion', schema.apiSchemaVersion],
    ['projectSchema', stripOpenApi(schema.projectSchema)],
  ]);
  return `${canonicalText(normalized)}\n`;
}

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
