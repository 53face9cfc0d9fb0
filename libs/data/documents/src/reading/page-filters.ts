import { fail } from '@dms/diagnostics';
import type { QualifiedResourceName, ScalarType } from '@dms/model';
import type { QueryOperator, QueryPredicate } from '@dms/plans';
import { kindFacts } from '@dms/sql';
import { JsonNumber, type JsonValue } from '@dms/values';
import { shown } from '../checking/checked-document.ts';
import { descriptorIdentity, type SoughtIdentity } from '../identity/referential-id.ts';
import type { DocumentPlans } from '../resource-plans.ts';
import { isNumberText } from '../values/decimal-numbers.ts';

/** A condition on a value of the documents to read. */
export interface DocumentFilter {
  /**
   * A path at the top level of the document or in one of its references, as spelled in the model:
   * `$.schoolReference.schoolId`. In the second generation, a query field or its path.
   */
  readonly path: string;
  /** `Equal` by default; the second generation supports no other. */
  readonly operator?: QueryOperator | undefined;
  /** A descriptor is given by its URI. A string is converted to a number or a boolean if the column needs one. */
  readonly value: JsonValue;
}

/** A filter as a predicate of a page query. */
export interface BoundFilter {
  readonly predicate: QueryPredicate;
  /** Null for a descriptor that must be looked up. */
  readonly value: string | boolean | null;
  readonly descriptor: SoughtIdentity | null;
}

/** Refuses a filter whose value no document can have. Throws `DOCUMENT_VALUE_INVALID`. */
export function impossibleFilter(label: string, { path, value }: DocumentFilter, reason: string): never {
  const text = `${label} ${path} is compared with ${shown(value)}, which ${reason}.`;
  return fail('DOCUMENT_VALUE_INVALID', text, { resource: label, path });
}

/** The descriptor with the URI of a filter. */
export const soughtDescriptor = (
  { referentialIds }: DocumentPlans,
  resource: QualifiedResourceName,
  uri: string,
): SoughtIdentity => ({
  referentialId: referentialIds.ofDescriptor(resource, uri),
  resource,
  identity: descriptorIdentity(uri),
});

/** Converts a text from a command line to the type of the column. */
export function typed(value: JsonValue, kind: ScalarType['kind']): JsonValue {
  if (typeof value !== 'string') return value;
  if (kind === 'Boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return kindFacts[kind].json === 'number' && isNumberText(value) ? new JsonNumber(value) : value;
}
