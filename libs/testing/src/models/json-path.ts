import { compileJsonPath, type JsonPath } from '@dms/api-schema';

/** A path from its text. */
export function path(text: string): JsonPath {
  return compileJsonPath(text, {}, 'test');
}
