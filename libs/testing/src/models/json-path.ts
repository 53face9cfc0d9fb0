import { compileJsonPath, type JsonPath } from '@dms/api-schema';

/** Compiles a path from its text. */
export function path(text: string): JsonPath {
  return compileJsonPath(text, {}, 'test');
}
