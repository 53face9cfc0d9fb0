import { type JsonPath, propertyNames } from '@dms/api-schema';
import { pascalCase, pascalCaseAll, singularize } from './base-names.ts';

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

const lastName = ({ segments }: JsonPath) => propertyNames(segments).at(-1) ?? '';

const referenceSuffix = /Reference$/;

/** Whether a reference has another name than its target resource (design 15 §5). */
export function isReferenceRoleNamed(referenceObjectPath: JsonPath, targetResourceName: string): boolean {
  return pascalCase(lastName(referenceObjectPath).replace(referenceSuffix, '')) !== targetResourceName;
}

/** Whether a descriptor value has another name than its descriptor resource (design 15 §5). */
export function isDescriptorRoleNamed(valuePath: JsonPath, descriptorResourceName: string): boolean {
  const name = lastName(valuePath);
  const isElement = valuePath.segments.at(-1)?.kind === 'anyElement';
  return pascalCase(isElement ? singularize(name) : name) !== descriptorResourceName;
}
