import { failIfAny } from '@dms/diagnostics';
import {
  canonicalText,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type UnreadMembers,
  unreadMember,
} from '@dms/values';
import { checkShape, checkValues } from './effective-schema/check-schema-set.ts';
import type { ApiSchemaDocument } from './load.ts';
import { openApiMembers } from './parse-api-schema.ts';

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

/** A copy of an object without the unread members; the object itself if it has none. */
function without(object: JsonObject, unread: UnreadMembers): JsonObject {
  const kept = new Map<string, JsonValue>();
  let isSame = true;
  for (const [name, value] of object) {
    const member = unreadMember(unread, name);
    const rest = typeof member === 'object' && isJsonObject(value) ? without(value, member) : value;
    if (member !== 'unread') kept.set(name, rest);
    isSame &&= member !== 'unread' && rest === value;
  }
  return isSame ? object : kept;
}

/** A copy of a project schema without its OpenAPI payloads. */
export const stripOpenApi = (projectSchema: JsonObject): JsonObject => without(projectSchema, openApiMembers);
