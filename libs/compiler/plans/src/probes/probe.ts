import type { JsonPath } from '@dms/api-schema';
import type { DbTableName, QualifiedResourceName, ScalarType } from '@dms/model';

/*
 * The columns by which documents are found without referential ids (design 22 §4.1). A document is found by the key
 * that its table has anyway.
 */

/** The value of a column that a program can read in a document. */
export type ValueBinding =
  | { readonly kind: 'scalar'; readonly scalarType: ScalarType }
  | { readonly kind: 'descriptor'; readonly descriptorResource: QualifiedResourceName };

/** The same, or the document id behind a reference, by its position in the references of the resource. */
export type ProbeBinding = ValueBinding | { readonly kind: 'documentReference'; readonly bindingIndex: number };

/**
 * A column of a key, and all identity paths that lead to it. If their values differ, no document matches. It is a stored
 * column, or in the own probe the column that the natural key names, which may be an alias.
 */
export interface ProbeKeyColumn<Binding = ProbeBinding> {
  readonly column: string;
  readonly identityJsonPaths: readonly JsonPath[];
  readonly binding: Binding;
}

/** Finds the target of a reference by the values that the reference repeats. */
export interface NaturalKeyProbeTarget {
  readonly resource: QualifiedResourceName;
  readonly kind: 'concrete' | 'abstract';
  readonly table: DbTableName;
  readonly keyColumns: readonly ProbeKeyColumn<ValueBinding>[];
  readonly documentIdColumn: string;
  /** The resource key of the member of an abstract resource; null for a concrete resource. */
  readonly resourceKeyIdColumn: string | null;
}

/** Finds a document by its own identity, after its references are resolved. */
export interface OwnNaturalKeyProbe {
  readonly resource: QualifiedResourceName;
  readonly rootTable: DbTableName;
  readonly keyColumns: readonly ProbeKeyColumn[];
  readonly documentIdColumn: string;
}

/** Finds a descriptor by its URI, ignoring case, and its resource. */
export interface DescriptorProbeTarget {
  readonly table: DbTableName;
  readonly uriColumn: string;
  /** The column with the folded URI in SQL Server; PostgreSQL has an index over the expression. */
  readonly uriLoweredColumn: string | null;
  readonly resourceKeyIdColumn: string;
  readonly documentIdColumn: string;
}

/** The probes of a resource, concrete or abstract. */
export interface NaturalKeyProbes {
  /** Null if no reference leads to the resource. */
  readonly target: NaturalKeyProbeTarget | null;
  /** Null for an abstract resource. */
  readonly own: OwnNaturalKeyProbe | null;
}
