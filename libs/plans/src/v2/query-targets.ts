import { arrayDepth, type JsonPath, propertyNames } from '@dms/api-schema';
import {
  type Column,
  type DbTableName,
  type DocumentReferenceBinding,
  mustExist,
  qualified,
  type ReferenceIdentityBinding,
  type ResourceModel,
  type ScalarType,
} from '@dms/model';
import type { QueryFieldFailure, QueryFieldPath, QueryFieldTarget } from '../query/query-capability.ts';
import { logicalFields } from '../read/reference-identity-projection.ts';

type Failure = { readonly failure: QueryFieldFailure };

/** The parts of a reference with the same path in the document, each with its column. */
type ReferenceGroup = readonly (ReferencePart & { readonly column: Column })[];

/** The places to look up query fields: the root table of a resource, its references, and the other tables. */
interface QueriedResource {
  readonly columns: readonly Column[];
  /** The descriptor columns of the root, by path. */
  descriptorsAt(path: string): readonly Column[];
  readonly groups: readonly ReferenceGroup[];
  isScalarElsewhere(path: string): boolean;
  /** The name of the superclass. */
  readonly superclass: string | null;
}

const isScalarAt = ({ kind, sourcePath }: Column, path: string) => kind === 'Scalar' && sourcePath?.canonical === path;

export function queriedResource(resource: ResourceModel): QueriedResource {
  const [first, ...others] = resource.tablesInDependencyOrder;
  const root = mustExist(first, 'the root table');
  const isOnRoot = ({ table }: { readonly table: DbTableName }) => qualified(table) === qualified(root.table);
  const columnOf = (name: string) =>
    mustExist(
      root.columns.find((column) => column.name === name),
      `${qualified(root.table)}.${name}`,
    );
  const edges = resource.descriptorEdgeSources.filter(isOnRoot);
  return {
    columns: root.columns,
    descriptorsAt: (path) => [
      ...new Set(
        edges
          .filter(({ descriptorValuePath }) => descriptorValuePath.canonical === path)
          .map(({ fkColumn }) => columnOf(fkColumn)),
      ),
    ],
    groups: resource.documentReferenceBindings
      .filter(isOnRoot)
      .flatMap((binding) =>
        logicalFields(binding).map(({ members }) =>
          members.map((part) => ({ ...part, binding, column: columnOf(part.column) })),
        ),
      ),
    isScalarElsewhere: (path) => others.some(({ columns }) => columns.some((column) => isScalarAt(column, path))),
    superclass: resource.superclass?.resource.resourceName ?? null,
  };
}

/** The API type that a column of each kind can be compared with. */
const apiTypes: Readonly<Record<ScalarType['kind'], string>> = {
  Boolean: 'boolean',
  Date: 'date',
  DateTime: 'date-time',
  Time: 'time',
  String: 'string',
  Int32: 'number',
  Int64: 'number',
  Decimal: 'number',
};

/** The target for a column; a descriptor is compared by its id. */
function targetOf({ name, kind, targetResource }: Column): QueryFieldTarget {
  if (kind !== 'DescriptorFk') return { kind: 'root_column', column: name };
  const descriptorResource = mustExist(targetResource, `the descriptor of ${name}`);
  return { kind: 'descriptor_id_column', column: name, descriptorResource };
}

const ambiguous: Failure = { failure: 'ambiguous_root_target' };
const unmapped: Failure = { failure: 'unmapped_path' };

/** The first column of a group, if it was the only group found. */
function chooseFirst(groups: readonly ReferenceGroup[]): QueryFieldTarget | Failure {
  const [group, ...others] = groups;
  const [first] = group ?? [];
  return first && others.length === 0 ? targetOf(first.column) : ambiguous;
}

const sameTarget = ({ targetResource: a }: Column, { targetResource: b }: Column) =>
  a?.projectName === b?.projectName && a?.resourceName === b?.resourceName;

/** The target for the columns of one path: the only column, or the part of a reference that all of them repeat. */
function chooseOne(
  columns: readonly Column[],
  path: string,
  groups: readonly ReferenceGroup[],
): QueryFieldTarget | Failure {
  const [first, ...others] = columns;
  if (!first) return unmapped;
  if (others.length === 0) return targetOf(first);
  if (others.some((column) => !sameTarget(column, first))) return ambiguous;
  const isAtPath = ({ identityJsonPath, referenceJsonPath }: ReferencePart) =>
    identityJsonPath.canonical === path || referenceJsonPath.canonical === path;
  const touched = groups.filter((group) => group.some(isAtPath));
  const repeating = new Set((touched[0] ?? []).filter(isAtPath).map(({ column }) => column));
  const isSame = repeating.size === columns.length && columns.every((column) => repeating.has(column));
  return isSame ? chooseFirst(touched) : ambiguous;
}

function targetAt(resource: QueriedResource, field: string, path: JsonPath): QueryFieldTarget | Failure {
  const { columns, groups, superclass } = resource;
  const { canonical } = path;
  if (canonical === '$.id') return { kind: 'document_uuid' };
  const descriptors = resource.descriptorsAt(canonical);
  if (descriptors.length > 0) return chooseOne(descriptors, canonical, groups);
  const scalars = columns.filter((column) => isScalarAt(column, canonical));
  if (scalars.length > 0) return chooseOne(scalars, canonical, groups);
  if (arrayDepth(path) > 0) return { failure: 'array_crossing' };
  if (resource.isScalarElsewhere(canonical)) return { failure: 'non_root_table' };
  const named = groups.filter((group) => group.some((part) => namedByUniqueId(field, path, part, superclass)));
  return named.length === 0 ? unmapped : chooseFirst(named);
}

/** Whether a value of an API type can be compared with the target. */
function fits({ columns }: QueriedResource, target: QueryFieldTarget, type: string): boolean {
  if (target.kind !== 'root_column') return type === 'string';
  const kind = columns.find(({ name }) => name === target.column)?.scalarType?.kind;
  return kind !== undefined && apiTypes[kind] === type;
}

/** The target of a query field, or why it has none: the first matching row of the table in design 17a §2. */
export function queryTarget(
  resource: QueriedResource,
  field: string,
  paths: readonly QueryFieldPath[],
): (QueryFieldPath & { readonly target: QueryFieldTarget }) | Failure {
  const [only, ...others] = paths;
  if (!only || others.length > 0) return { failure: 'multi_path' };
  const target = targetAt(resource, field, only.path);
  if ('failure' in target) return target;
  return fits(resource, target, only.type) ? { ...only, target } : unmapped;
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The properties of a path; empty for a path with arrays. */
function properties({ segments }: Pick<JsonPath, 'segments'>): string[] {
  const names = propertyNames(segments);
  return names.length === segments.length ? names : [];
}

/** The names of a part of a reference. */
interface ReferencePart extends Pick<ReferenceIdentityBinding, 'identityJsonPath' | 'referenceJsonPath'> {
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
function namedByUniqueId(
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
