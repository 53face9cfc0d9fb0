import { type JsonPath, propertyNames } from '@dms/api-schema';
import { pascalCase } from './pascal-case.ts';
import { singularize } from './singularize.ts';

const lastName = ({ segments }: JsonPath) => propertyNames(segments).at(-1) ?? '';

const referenceSuffix = /Reference$/;

/** Whether the name of a reference differs from that of its target resource (design 15 §5). */
export function isReferenceRoleNamed(referenceObjectPath: JsonPath, targetResourceName: string): boolean {
  return pascalCase(lastName(referenceObjectPath).replace(referenceSuffix, '')) !== targetResourceName;
}

/** Whether the name of a descriptor value differs from that of its descriptor resource (design 15 §5). */
export function isDescriptorRoleNamed(valuePath: JsonPath, descriptorResourceName: string): boolean {
  const name = lastName(valuePath);
  const isElement = valuePath.segments.at(-1)?.kind === 'anyElement';
  return pascalCase(isElement ? singularize(name) : name) !== descriptorResourceName;
}
