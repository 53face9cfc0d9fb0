import { resourceLabel } from '@dms/api-schema';
import { fail, nearestName } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import {
  findQueryField,
  type Paging,
  type QueryCapability,
  queryFieldFailureTexts,
  resourceQuery,
  type SupportedQueryField,
} from '@dms/plans';
import { type BoundFilter, type DocumentFilter, soughtDescriptor, typed } from '../reading/page-filters.ts';
import type { DocumentPlans, ResourcePlans } from '../resource-plans.ts';
import { storedEnd } from '../values/ends-of-time.ts';
import { storedValue } from '../values/stored-value.ts';
import { valueRulesV2 } from './table-rows.ts';

/**
 * The query field that a filter names, by its name or its path. Throws `DOCUMENT_PROPERTY_UNKNOWN`, and
 * `QUERY_FIELD_UNSUPPORTED` if there is no single column to compare.
 */
function queryField(capability: QueryCapability, resource: string, { path }: DocumentFilter): SupportedQueryField {
  const { supportedFields, unsupportedFields } = capability;
  const fields = [...supportedFields, ...unsupportedFields];
  const found =
    findQueryField(capability, path.replace(/^\$\./, '')) ??
    supportedFields.find((each) => each.path.canonical === path) ??
    unsupportedFields.find(({ paths }) => paths.some((each) => each.path.canonical === path));
  if (!found) {
    const { nearest, hint } = nearestName(
      path.replace(/^\$\./, ''),
      fields.map(({ field }) => field),
    );
    const text = `${resource} has no query field ${path.replace(/^\$\./, '')} to find documents by${hint}`;
    return fail('DOCUMENT_PROPERTY_UNKNOWN', text, { resource, path }, { nearest });
  }
  if ('target' in found) return found;
  const paths = found.paths.map((each) => each.path.canonical);
  const text = `${resource} cannot be filtered by the query field ${found.field} (${paths.join(', ')}): it ${queryFieldFailureTexts[found.failure]}.`;
  return fail(
    'QUERY_FIELD_UNSUPPORTED',
    text,
    { resource, path },
    { field: found.field, failure: found.failure, paths },
  );
}

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Converts filters by query field (design 17a §1); null if a value can match no document, so that there are no rows.
 * Throws `DOCUMENT_PROPERTY_UNKNOWN`, `QUERY_FIELD_UNSUPPORTED`.
 */
export function boundQueryFields(
  all: DocumentPlans,
  { shape, label, resourceKey }: ResourcePlans,
  filters: readonly DocumentFilter[],
  paging: Paging,
): readonly BoundFilter[] | null {
  const capability = mustExist(
    all.mappingSet.queryCapabilities.get(resourceLabel(resourceKey)),
    `the query capability of ${label}`,
  );
  const byField = new Map<string, DocumentFilter>();
  for (const filter of filters) {
    const { field } = queryField(capability, label, filter);
    if (byField.has(field)) {
      const text = `${label}: the query field ${field} is given twice; give it one value.`;
      fail('DOCUMENT_VALUE_INVALID', text, { resource: label, path: filter.path }, { field });
    }
    byField.set(field, filter);
  }
  const request = resourceQuery(shape.model, capability, { fields: [...byField.keys()] }, paging);
  const bound: BoundFilter[] = [];
  for (const [index, filter] of request.filters.entries()) {
    const predicate = mustExist(request.documents.predicates[index], 'the predicate of a filter');
    const field = mustExist(filter.field, 'the query field of a filter');
    const { value: given } = mustExist(byField.get(field), `the value of ${field}`);
    switch (filter.value.kind) {
      case 'uuid':
        if (typeof given !== 'string' || !uuidForm.test(given)) return null;
        bound.push({ predicate, value: given.toLowerCase(), descriptor: null });
        break;
      case 'descriptor':
        if (typeof given !== 'string') return null;
        bound.push({
          predicate,
          value: null,
          descriptor: soughtDescriptor(all, filter.value.descriptorResource, given),
        });
        break;
      case 'scalar': {
        const { scalarType } = filter.value;
        const conversion = storedValue(typed(given, scalarType.kind), scalarType, all.dialect, valueRulesV2);
        if (conversion.fault !== undefined) return null;
        const ends = valueRulesV2.endsOfTime[all.dialect];
        const { value } = conversion;
        const stored = typeof value === 'string' ? storedEnd(value, scalarType.kind, ends) : value;
        bound.push({ predicate, value: stored, descriptor: null });
        break;
      }
      case 'resourceKey':
        throw new Error('descriptors are not read as documents');
    }
  }
  return bound;
}
