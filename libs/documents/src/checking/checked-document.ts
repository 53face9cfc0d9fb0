import type { Diagnostic } from '@dms/diagnostics';
import type { DocumentReference } from '@dms/model';
import type { SoughtIdentity } from '../identity/sought-identity.ts';
import type { ResourcePlans } from '../resource-plans.ts';
import type { StoredValue } from '../values/stored-value.ts';

/** A document that fits the model: its values by table and row, its references by referential id. */
export interface CheckedDocument extends SoughtIdentity {
  readonly plans: ResourcePlans;
  /** The identity by which references to its superclass find it; null without a superclass. */
  readonly superclass: SoughtIdentity | null;
  /** By table, in document order. */
  readonly rows: readonly (readonly CheckedRow[])[];
  /** The targets that must be found before the document is written; each place once. */
  readonly targets: readonly Target[];
}

export interface CheckedRow {
  /** One position per array around the row, outer to inner. */
  readonly ordinals: readonly number[];
  readonly place: string;
  /** By slot; undefined where the document has no value. Descriptors are URIs as written. */
  readonly values: readonly (Exclude<StoredValue, null> | undefined)[];
  /** Referential ids of descriptors, by slot. */
  readonly descriptors: readonly (string | undefined)[];
  /** Referential ids of targets, by reference. */
  readonly references: readonly (string | undefined)[];
}

/** A document or descriptor that a document refers to. */
export interface Target extends SoughtIdentity {
  readonly place: string;
  /** Null for a descriptor. */
  readonly reference: DocumentReference | null;
}

/** The result of checking a document. Without a document there are problems. */
export interface CheckResult {
  readonly document: CheckedDocument | null;
  readonly problems: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** Options for checking a document. */
export interface CheckOptions {
  /** Makes members that the model does not have a warning instead of a problem. */
  readonly ignoreUnknown?: boolean | undefined;
  /** The most levels of nesting; 64 by default. */
  readonly nestingLimit?: number | undefined;
  /** The uuid of the document that it replaces; a member `id` may repeat it. */
  readonly uuid?: string | undefined;
  /** The origin of the document. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** A row while its values are collected. */
export interface RowDraft {
  readonly ordinals: readonly number[];
  readonly place: string;
  readonly values: (string | boolean | undefined)[];
  readonly descriptors: (string | undefined)[];
  readonly references: (string | undefined)[];
  /** The places of the references that are present. */
  readonly present: (string | undefined)[];
  /** Slots whose value is present but wrong. */
  faulty: Set<number> | null;
}
