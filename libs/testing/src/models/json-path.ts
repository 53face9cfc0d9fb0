import { compileJsonPath, type JsonPath } from '@dms/api-schema';

/** A path that a test writes as text. */
export function path(text: string): JsonPath {
  return compileJsonPath(text, {}, 'test');
}
