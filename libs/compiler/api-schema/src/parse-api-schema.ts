import { fail, shellWord } from '@dms/diagnostics';
import { type JsonValue, parseJsonBytes, type UnreadMembers } from '@dms/values';

/**
 * The OpenAPI payloads of an ApiSchema file: the database does not depend on them, and they are most of the file. They
 * occur in exactly three places (design 01 §4.3).
 */
export const openApiMembers = {
  openApiBaseDocuments: 'unread',
  resourceSchemas: { '*': { openApiFragments: 'unread' } },
  abstractResources: { '*': { openApiFragment: 'unread' } },
} as const satisfies UnreadMembers;

/** The first bytes of a zip (`.nupkg`) and of a gzip (`.tgz`). */
const beginnings: readonly (readonly number[])[] = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x1f, 0x8b],
];

/** Refuses a package of ApiSchema files with `INPUT_JSON_INVALID`, which names the command that reads packages. */
function refusePackage(bytes: Uint8Array, name: string): void {
  if (!beginnings.some((beginning) => beginning.every((byte, index) => bytes[index] === byte))) return;
  const text = `${name} is a package or a compressed file, not an ApiSchema file. dms-ddl schemas ${shellWord(name)} --output schemas writes the files in it.`;
  fail('INPUT_JSON_INVALID', text, { file: name });
}

/** Parses the bytes of an ApiSchema file, with `null` for each OpenAPI payload. Throws the codes of `parseJson`. */
export function parseApiSchema(bytes: Uint8Array, name: string): JsonValue {
  refusePackage(bytes, name);
  return parseJsonBytes(bytes, name, { projectSchema: openApiMembers });
}
