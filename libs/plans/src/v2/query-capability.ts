import { resourceLabel } from '@dms/api-schema';
import { diagnostic, failIfAny } from '@dms/diagnostics';
import { compareOrdinal, groupBy } from '@dms/files';
import type { QueryField, ResourceModel } from '@dms/model';
import { foldedName } from '../parameter-names.ts';
import {
  type QueryCapability,
  queryFieldFailureTexts,
  type SupportedQueryField,
  type UnsupportedQueryField,
} from '../query/query-capability.ts';
import { queriedResource, queryTarget } from './query-targets.ts';

/** Groups of names that are equal ignoring case, in ordinal order. */
export function caseCollisions(fields: readonly QueryField[]): string[][] {
  const names = fields.map(({ field }) => field).sort(compareOrdinal);
  return [...groupBy(names, foldedName).values()].filter((group) => group.length > 1).map((group) => [...group]);
}

export const inFieldOrder = (fields: readonly QueryField[]) =>
  fields.toSorted((a, b) => compareOrdinal(a.field, b.field));

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
