import { arrayDepth, type JsonPath, propertyNames, resourceLabel } from '@dms/api-schema';
import { diagnostic, failIfAny } from '@dms/diagnostics';
import {
  type Column,
  type DbTableName,
  type DocumentReferenceBinding,
  mustExist,
  type QueryField,
  qualified,
  type ReferenceIdentityBinding,
  type ResourceModel,
} from '@dms/model';
import { kindFacts, ofKinds } from '@dms/sql';
import { compareOrdinal, groupBy } from '@dms/values';
import { foldedName } from '../parameter-names.ts';
import {
  type DescriptorQueryCapability,
  type DescriptorTarget,
  descriptorTargets,
  type QueryCapability,
  type QueryFieldFailure,
  type QueryFieldPath,
  type QueryFieldTarget,
  queryFieldFailureTexts,
  type SupportedQueryField,
  type UnsupportedQueryField,
} from '../query/query-capability.ts';
import { logicalFields } from '../read/projections.ts';

/** Descriptors are queried over their shared table. */
const descriptorCapability: QueryCapability = {
  support: {
    kind: 'omitted',
    omissionKind: 'descriptor_resource',
    reason:
      "storage kind 'SharedDescriptorTable' uses descriptor-specific query capability metadata instead of compiled relational GET-many support.",
  },
  supportedFields: [],
  unsupportedFields: [],
};

/**
 * The query fields of a resource that become a predicate on its root table (design 17a §2). Throws
 * `QUERY_FIELD_COLLISION` for names that differ only in case.
 */
export function queryCapability(resource: ResourceModel): QueryCapability {
  if (resource.storageKind === 'SharedDescriptorTable') return descriptorCapability;
  const label = resourceLabel(resource.resourceKey);
  failIfAny(
    caseCollisions(resource.queryFieldMapping).map((names) => {
      const message = `${label}: the query fields ${names.join(', ')} differ only in case, so a request cannot distinguish them. Rename all but one in queryFieldMapping.`;
      return diagnostic('QUERY_FIELD_COLLISION', message, { resource: label }, { resource: label, names });
    }),
  );
  const queried = queriedResource(resource);
  const supportedFields: SupportedQueryField[] = [];
  const unsupportedFields: UnsupportedQueryField[] = [];
  for (const { field, paths } of inFieldOrder(resource.queryFieldMapping)) {
    const found = queryTarget(queried, field, paths);
    if ('failure' in found) unsupportedFields.push({ field, failure: found.failure, paths });
    else supportedFields.push({ field, ...found });
  }
  if (unsupportedFields.length === 0) return { support: { kind: 'supported' }, supportedFields, unsupportedFields };
  const texts = unsupportedFields.map(({ field, failure }) => `${field}: ${queryFieldFailureTexts[failure]}`);
  return {
    support: {
      kind: 'omitted',
      omissionKind: 'unsupported_query_fields',
      reason: `queryFieldMapping contains unsupported relational GET-many fields: ${texts.join('; ')}.`,
    },
    supportedFields,
    unsupportedFields,
  };
}

/** Groups of names that are equal ignoring case, in ordinal order. */
function caseCollisions(fields: readonly QueryField[]): string[][] {
  const names = fields.map(({ field }) => field).sort(compareOrdinal);
  return [...groupBy(names, foldedName).values()].filter((group) => group.length > 1).map((group) => [...group]);
}

/** A resource with the lookups for query fields: its root table, its references, and its other tables. */
interface QueriedResource {
  readonly columns: readonly Column[];
  /** The descriptor columns of the root, by path. */
  descriptorsAt(path: string): readonly Column[];
  readonly groups: readonly QueriedReference[];
  isScalarElsewhere(path: string): boolean;
  /** The name of the superclass. */
  readonly superclass: string | null;
}

function queriedResource(resource: ResourceModel): QueriedResource {
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

const isScalarAt = ({ kind, sourcePath }: Column, path: string) => kind === 'Scalar' && sourcePath?.canonical === path;

const inFieldOrder = (fields: readonly QueryField[]) => fields.toSorted((a, b) => compareOrdinal(a.field, b.field));
const unmapped: Failure = { failure: 'unmapped_path' };

/** The target of a query field, or the reason why it has none: the first matching row of the table in design 17a §2. */
function queryTarget(
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

const ambiguous: Failure = { failure: 'ambiguous_root_target' };

/** The target for the columns of one path: the only column, or the part of a reference that all of them repeat. */
function chooseOne(
  columns: readonly Column[],
  path: string,
  groups: readonly QueriedReference[],
): QueryFieldTarget | Failure {
  const [first, ...others] = columns;
  if (!first) return unmapped;
  if (others.length === 0) return targetOf(first);
  if (others.some((column) => !sameTarget(column, first))) return ambiguous;
  const isAtPath = ({ identityJsonPath, referenceJsonPath }: QueriedReferencePart) =>
    identityJsonPath.canonical === path || referenceJsonPath.canonical === path;
  const touched = groups.filter((group) => group.some(isAtPath));
  const repeating = new Set((touched[0] ?? []).filter(isAtPath).map(({ column }) => column));
  const isSame = repeating.size === columns.length && columns.every((column) => repeating.has(column));
  return isSame ? chooseFirst(touched) : ambiguous;
}

/** The target for a column; a descriptor is compared by its id. */
function targetOf({ name, kind, targetResource }: Column): QueryFieldTarget {
  if (kind !== 'DescriptorFk') return { kind: 'root_column', column: name };
  const descriptorResource = mustExist(targetResource, `the descriptor of ${name}`);
  return { kind: 'descriptor_id_column', column: name, descriptorResource };
}

const sameTarget = ({ targetResource: a }: Column, { targetResource: b }: Column) =>
  a?.projectName === b?.projectName && a?.resourceName === b?.resourceName;

/** The first column of a group, if it is the only group. */
function chooseFirst(groups: readonly QueriedReference[]): QueryFieldTarget | Failure {
  const [group, ...others] = groups;
  const [first] = group ?? [];
  return first && others.length === 0 ? targetOf(first.column) : ambiguous;
}

/** The references that may contain the identity of a person. */
const personReferences: Readonly<Record<string, string>> = {
  studentUniqueId: 'studentReference',
  staffUniqueId: 'staffReference',
  contactUniqueId: 'contactReference',
};

/**
 * Whether the path of a query field denotes a part of a reference, although no property of the document has that path.
 * Older schemas name the id of a person after the target of the reference (design 17a §2).
 */
function namedByUniqueId(
  field: string,
  path: JsonPath,
  { binding, identityJsonPath, referenceJsonPath }: QueriedReferencePart,
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

/** The properties of a path; empty for a path with arrays. */
function properties({ segments }: Pick<JsonPath, 'segments'>): string[] {
  const names = propertyNames(segments);
  return names.length === segments.length ? names : [];
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The API type that a column of each kind can be compared with. */
const apiTypes = ofKinds<string>((kind) => kindFacts[kind].queryType);

/** Whether a value of an API type can be compared with the target. */
function fits({ columns }: QueriedResource, target: QueryFieldTarget, type: string): boolean {
  if (target.kind !== 'root_column') return type === 'string';
  const kind = columns.find(({ name }) => name === target.column)?.scalarType?.kind;
  return kind !== undefined && apiTypes[kind] === type;
}

interface QueriedDescriptorField {
  readonly name: string;
  readonly type: 'string' | 'date';
  readonly target: DescriptorTarget;
}

/** The query fields of every descriptor, in the order in which texts list them. */
const descriptorFields: readonly QueriedDescriptorField[] = [
  { name: 'id', type: 'string', target: 'document_uuid' },
  { name: 'namespace', type: 'string', target: 'namespace' },
  { name: 'codeValue', type: 'string', target: 'code_value' },
  { name: 'shortDescription', type: 'string', target: 'short_description' },
  { name: 'description', type: 'string', target: 'description' },
  { name: 'effectiveBeginDate', type: 'date', target: 'effective_begin_date' },
  { name: 'effectiveEndDate', type: 'date', target: 'effective_end_date' },
];

/** Whether a descriptor can be queried by the fields that all descriptors share (design 17a §2). */
export function descriptorQueryCapability({ queryFieldMapping }: ResourceModel): DescriptorQueryCapability {
  const parts = mismatches(queryFieldMapping);
  if (parts.length > 0) {
    const reason = `ApiSchema queryFieldMapping disagrees with the shared descriptor query contract: ${parts.join(' ')}`;
    return { support: { kind: 'omitted', omissionKind: 'api_schema_mismatch', reason }, supportedFields: [] };
  }
  const contract = new Map(descriptorFields.map((each) => [foldedName(each.name), each]));
  return {
    support: { kind: 'supported' },
    supportedFields: inFieldOrder(queryFieldMapping).flatMap(({ field }) => {
      const found = contract.get(foldedName(field));
      return found ? [{ field, target: found.target, column: descriptorTargets[found.target] }] : [];
    }),
  };
}

/** The differences from the fields that a descriptor must have; the manifest contains these texts (design 17a §2). */
function mismatches(fields: readonly QueryField[]): string[] {
  const collisions = caseCollisions(fields);
  if (collisions.length > 0)
    return [`case-insensitive query field name collisions were found: ${collisions.map(quoted).join('; ')}.`];
  const byName = new Map(fields.map((field) => [foldedName(field.field), field]));
  const missing = descriptorFields.filter(({ name }) => !byName.has(foldedName(name)));
  const wrong = descriptorFields.flatMap(({ name, type }) => {
    const found = byName.get(foldedName(name))?.paths;
    const [only, ...others] = found ?? [];
    const isRight = only?.path.canonical === `$.${name}` && foldedName(only.type) === type && others.length === 0;
    if (!found || isRight) return [];
    const list = found.map((each) => `'${each.path.canonical}' (${each.type})`).join(', ');
    return [`field '${name}' must map to exactly one path '$.${name}' with type '${type}' (found: ${list}).`];
  });
  const known = new Set(descriptorFields.map(({ name }) => foldedName(name)));
  const unexpected = inFieldOrder(fields).filter(({ field }) => !known.has(foldedName(field)));
  return [
    ...(missing.length > 0 ? [`missing fields: ${quoted(missing.map(({ name }) => name))}.`] : []),
    ...wrong,
    ...(unexpected.length > 0 ? [`unexpected fields: ${quoted(unexpected.map(({ field }) => field))}.`] : []),
  ];
}

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

type Failure = { readonly failure: QueryFieldFailure };

/** The parts of a reference with the same path in the document, each with its column. */
type QueriedReference = readonly (QueriedReferencePart & { readonly column: Column })[];

/** The names of a part of a reference. */
interface QueriedReferencePart extends Pick<ReferenceIdentityBinding, 'identityJsonPath' | 'referenceJsonPath'> {
  readonly binding: Pick<DocumentReferenceBinding, 'referenceObjectPath' | 'targetResource'>;
}
