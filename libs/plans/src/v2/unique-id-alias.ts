import { type JsonPath, propertyNames } from '@dms/api-schema';
import type { DocumentReferenceBinding, ReferenceIdentityBinding } from '@dms/model';

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The properties of a path; empty for a path with arrays. */
function properties({ segments }: Pick<JsonPath, 'segments'>): string[] {
  const names = propertyNames(segments);
  return names.length === segments.length ? names : [];
}

/** The names of a part of a reference. */
export interface ReferencePart extends Pick<ReferenceIdentityBinding, 'identityJsonPath' | 'referenceJsonPath'> {
  readonly binding: Pick<DocumentReferenceBinding, 'referenceObjectPath' | 'targetResource'>;
}

/** The references that may contain the identity of a person. */
const personReferences: Readonly<Record<string, string>> = {
  studentUniqueId: 'studentReference',
  staffUniqueId: 'staffReference',
  contactUniqueId: 'contactReference',
};

/**
 * Whether the path of a query field means a part of a reference, although no property of the document has that path.
 * Older schemas name the id of a person after the target of the reference (design 17a §2).
 */
export function namedByUniqueId(
  field: string,
  path: JsonPath,
  { binding, identityJsonPath, referenceJsonPath }: ReferencePart,
  superclass: string | null,
): boolean {
  const [parent, leaf, ...deeper] = properties(path);
  if (parent === undefined || leaf === undefined || deeper.length > 0 || !leaf.endsWith('UniqueId')) return false;
  const [object, ...inObject] = properties(binding.referenceObjectPath);
  if (object === undefined || inObject.length > 0) return false;
  const target = lowerFirst(binding.targetResource.resourceName);
  const base = `${target}Reference`;
  const isRoleNamed = object.endsWith(upperFirst(base)) && object.length > base.length;
  if (object !== base && !isRoleNamed) return false;
  const role = object === base ? '' : object.slice(0, -base.length);
  const inRole = (name: string) => (role === '' ? name : role + upperFirst(name));
  const [owner, own, ...below] = properties(referenceJsonPath);
  const isAt = (name: string) => owner === object && own === name && below.length === 0;
  const [first, second, ...rest] = properties(identityJsonPath);
  if (first === undefined || rest.length > 0) return false;
  if (second === undefined) {
    const inherited = superclass === null ? undefined : `${lowerFirst(superclass)}UniqueId`;
    return parent === object && field === inRole(first) && leaf === inherited && isAt(first);
  }
  const person = Object.hasOwn(personReferences, second) ? personReferences[second] : undefined;
  return (
    second.endsWith('UniqueId') &&
    field === inRole(second) &&
    leaf === `${target}UniqueId` &&
    isAt(second) &&
    (parent === inRole(first) || (person !== undefined && parent === inRole(person)))
  );
}
