import type { Diagnostic } from '@dms/diagnostics';
import type { QualifiedResourceName } from '@dms/model';
import type { ResourcePlans } from '../resource-plans.ts';
import type { ReferenceShape } from '../shape/shapes.ts';
import type { StoredValue } from '../values/stored-value.ts';

/** A document that fits the model: its values by table and row, its references by referential id. */
export interface CheckedDocument {
  readonly plans: ResourcePlans;
  readonly referentialId: string;
  /** Under which references to its superclass find it; null without one. */
  readonly superclassId: string | null;
  /** By table, in document order. */
  readonly rows: readonly (readonly CheckedRow[])[];
  /** What has to be found before the document is written; each place once. */
  readonly targets: readonly Target[];
}

export interface CheckedRow {
  /** One per array around the row, outer to inner. */
  readonly ordinals: readonly number[];
  readonly place: string;
  /** By slot; undefined where the document has no value. Descriptors are URIs as they are written. */
  readonly values: readonly (Exclude<StoredValue, null> | undefined)[];
  /** Referential ids of descriptors, by slot. */
  readonly descriptors: readonly (string | undefined)[];
  /** Referential ids of targets, by reference. */
  readonly references: readonly (string | undefined)[];
}

/** A document or descriptor that a document names. */
export interface Target {
  readonly referentialId: string;
  readonly place: string;
  readonly resource: QualifiedResourceName;
  /** Path and value of each part of its identity. */
  readonly identity: readonly { readonly path: string; readonly value: string }[];
  /** Null for a descriptor. */
  readonly reference: ReferenceShape | null;
}

/** What the check of a document found. Without a document there are problems. */
export interface CheckResult {
  readonly document: CheckedDocument | null;
  readonly problems: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** How a document is checked. */
export interface CheckOptions {
  /** Members that the model does not have are a warning instead of a problem. */
  readonly ignoreUnknown?: boolean | undefined;
  /** Most levels of nesting; 64 without it. */
  readonly nestingLimit?: number | undefined;
  /** Where the document comes from. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}
