import type { JsonPath } from '@dms/api-schema';
import { descriptorMembers, type QualifiedResourceName } from '@dms/model';

/** The reason why the documents of a resource cannot be queried by their fields. */
export type QueryOmission = 'unsupported_query_fields' | 'descriptor_resource' | 'api_schema_mismatch';

export type QuerySupport =
  | { readonly kind: 'supported' }
  | { readonly kind: 'omitted'; readonly omissionKind: QueryOmission; readonly reason: string };

/** The target that the value of a query field is compared with. */
export type QueryFieldTarget =
  | { readonly kind: 'root_column'; readonly column: string }
  | { readonly kind: 'document_uuid' }
  | {
      readonly kind: 'descriptor_id_column';
      readonly column: string;
      readonly descriptorResource: QualifiedResourceName;
    };

/** The path of a query field's value in a document, and its type in the API. */
export interface QueryFieldPath {
  readonly path: JsonPath;
  readonly type: string;
}

export interface SupportedQueryField extends QueryFieldPath {
  readonly field: string;
  readonly target: QueryFieldTarget;
}

/** The reason why a field has no single predicate on the root table. */
export type QueryFieldFailure =
  | 'multi_path'
  | 'array_crossing'
  | 'non_root_table'
  | 'unmapped_path'
  | 'ambiguous_root_target';

export interface UnsupportedQueryField {
  readonly field: string;
  readonly failure: QueryFieldFailure;
  readonly paths: readonly QueryFieldPath[];
}

/**
 * The query fields of a resource that can be filtered, and their columns (design 17a §2). Fields are in ordinal order.
 */
export interface QueryCapability {
  readonly support: QuerySupport;
  readonly supportedFields: readonly SupportedQueryField[];
  readonly unsupportedFields: readonly UnsupportedQueryField[];
}

export type DescriptorTarget =
  | 'document_uuid'
  | 'namespace'
  | 'code_value'
  | 'short_description'
  | 'description'
  | 'effective_begin_date'
  | 'effective_end_date';

/** The column of `dms.Descriptor` with the value; null for the uuid, which is in `dms.Document`. */
export const descriptorTargets: Readonly<Record<DescriptorTarget, string | null>> = {
  document_uuid: null,
  namespace: descriptorMembers.namespace,
  code_value: descriptorMembers.codeValue,
  short_description: descriptorMembers.shortDescription,
  description: descriptorMembers.description,
  effective_begin_date: descriptorMembers.effectiveBeginDate,
  effective_end_date: descriptorMembers.effectiveEndDate,
};

interface SupportedDescriptorField {
  readonly field: string;
  readonly target: DescriptorTarget;
  /** The target from {@link descriptorTargets}. */
  readonly column: string | null;
}

/** The query fields of a descriptor that can be filtered; all descriptors have the same fields. */
export interface DescriptorQueryCapability {
  readonly support: QuerySupport;
  readonly supportedFields: readonly SupportedDescriptorField[];
}

/** The query capabilities of the resources of a mapping set, by `Project:Resource`. */
export interface QueryCapabilities {
  readonly queryCapabilities: ReadonlyMap<string, QueryCapability>;
  /** For descriptors only. */
  readonly descriptorQueryCapabilities: ReadonlyMap<string, DescriptorQueryCapability>;
}

/** The reason why a field cannot be filtered. The manifest contains these texts (design 17a §2). */
export const queryFieldFailureTexts: Readonly<Record<QueryFieldFailure, string>> = {
  multi_path: 'maps to multiple ApiSchema paths and cannot compile to one deterministic predicate target',
  array_crossing: 'crosses an array scope and cannot compile to a root-table predicate',
  non_root_table: 'targets a non-root relational table',
  unmapped_path: 'did not resolve to a deterministic relational binding',
  ambiguous_root_target: 'resolved to more than one possible root-table predicate target',
};
