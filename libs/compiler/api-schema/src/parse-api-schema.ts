import { type JsonValue, parseJsonBytes, type UnreadMembers } from '@dms/files';

/**
 * The OpenAPI payloads of an ApiSchema file: the database does not depend on them, and they are most of it. They stand at
 * exactly three places (design 01 §4.3).
 */
export const openApiMembers = {
  openApiBaseDocuments: 'unread',
  resourceSchemas: { '*': { openApiFragments: 'unread' } },
  abstractResources: { '*': { openApiFragment: 'unread' } },
} as const satisfies UnreadMembers;

/** Parses the bytes of an ApiSchema file, with `null` for each OpenAPI payload. Throws as `parseJson` does. */
export function parseApiSchema(bytes: Uint8Array, name: string): JsonValue {
  return parseJsonBytes(bytes, name, { projectSchema: openApiMembers });
}
