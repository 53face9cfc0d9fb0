import type { JsonPath } from '@dms/api-schema';
import { compareBy } from '@dms/values';

/**
 * The part of references that represents a path with several parts: a field-matched part first, then the part with the
 * smaller identity path (design 15 §8.1).
 */
export function representativePart<Part extends { readonly identityJsonPath: JsonPath }>(
  parts: readonly Part[],
  isFieldMatched: (part: Part) => boolean,
): Part | undefined {
  return parts.toSorted(
    compareBy(
      (part) => (isFieldMatched(part) ? '0' : '1'),
      ({ identityJsonPath }) => identityJsonPath.canonical,
    ),
  )[0];
}
