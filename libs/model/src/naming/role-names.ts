import { type JsonPath, propertyNames } from '@dms/api-schema';
import { pascalCase } from './pascal-case.ts';
import { singularize } from './singularize.ts';

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
