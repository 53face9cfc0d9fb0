import { resourceLabel } from '@dms/api-schema';
import { diagnostic, failIfAny } from '@dms/diagnostics';
import { compareOrdinal, groupBy } from '@dms/files';
import type { QueryField, ResourceModel } from '@dms/model';
import { foldedName } from '../parameter-names.ts';
import {
  type DescriptorQueryCapability,
  type DescriptorTarget,
  descriptorTargets,
  type QueryCapability,
  queryFieldFailureTexts,
  type SupportedQueryField,
  type UnsupportedQueryField,
} from '../query/query-capability.ts';
import { queriedResource, queryTarget } from './query-targets.ts';

/** Groups of names that are equal ignoring case, in ordinal order. */
function caseCollisions(fields: readonly QueryField[]): string[][] {
  const names = fields.map(({ field }) => field).sort(compareOrdinal);
  return [...groupBy(names, foldedName).values()].filter((group) => group.length > 1).map((group) => [...group]);
}

const inFieldOrder = (fields: readonly QueryField[]) => fields.toSorted((a, b) => compareOrdinal(a.field, b.field));

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

interface DescriptorField {
  readonly name: string;
  readonly type: 'string' | 'date';
  readonly target: DescriptorTarget;
}

/** The query fields that every descriptor has, in the order in which texts list them. */
const descriptorFields: readonly DescriptorField[] = [
  { name: 'id', type: 'string', target: 'document_uuid' },
  { name: 'namespace', type: 'string', target: 'namespace' },
  { name: 'codeValue', type: 'string', target: 'code_value' },
  { name: 'shortDescription', type: 'string', target: 'short_description' },
  { name: 'description', type: 'string', target: 'description' },
  { name: 'effectiveBeginDate', type: 'date', target: 'effective_begin_date' },
  { name: 'effectiveEndDate', type: 'date', target: 'effective_end_date' },
];

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

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
      return found ? [{ field, target: found.target, column: descriptorTargets[found.target]?.column ?? null }] : [];
    }),
  };
}
