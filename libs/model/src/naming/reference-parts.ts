import { type JsonPath, propertyNames } from '@dms/api-schema';
import { pascalCaseAll } from './pascal-case.ts';

/**
 * Whether the name of a part within its reference is the name of the identity path that it repeats (design 15 §8.1).
 */
export function isFieldMatchedPart(
  referenceObjectPath: JsonPath,
  referenceJsonPath: JsonPath,
  identityJsonPath: JsonPath,
): boolean {
  const field = pascalCaseAll(propertyNames(referenceJsonPath.segments.slice(referenceObjectPath.segments.length)));
  return field === pascalCaseAll(propertyNames(identityJsonPath.segments));
}
