import { isPathName, type JsonPath } from '@dms/api-schema';
import { type Diagnostic, shortened } from '@dms/diagnostics';
import type { DocumentLeaf, DocumentReference } from '@dms/model';
import { kindFacts } from '@dms/sql';
import { isJsonArray, isJsonObject, JsonNumber, type JsonValue } from '@dms/values';
import type { SoughtIdentity } from '../identity/referential-id.ts';
import type { ResourcePlans } from '../resource-plans.ts';
import type { StoredValue } from '../values/stored-value.ts';

/** A document that fits the model: its values by table and row, its references by referential id. */
export interface CheckedDocument extends SoughtIdentity {
  readonly plans: ResourcePlans;
  /** The identity by which references to its superclass find it; null without a superclass. */
  readonly superclass: SoughtIdentity | null;
  /** The rows by table, in document order. */
  readonly rows: readonly (readonly CheckedRow[])[];
  /** The targets that must be found before the document is written; each place once. */
  readonly targets: readonly SoughtTarget[];
}

export interface CheckedRow {
  /** One position per array around the row, outer to inner. */
  readonly ordinals: readonly number[];
  readonly place: string;
  /** Values by slot; undefined if the document has no value. Descriptors are URIs as written. */
  readonly values: readonly (Exclude<StoredValue, null> | undefined)[];
  /** Referential ids of descriptors, by slot. */
  readonly descriptors: readonly (string | undefined)[];
  /** Referential ids of targets, by reference. */
  readonly references: readonly (string | undefined)[];
}

/** A document or descriptor that a document refers to. */
export interface SoughtTarget extends SoughtIdentity {
  readonly place: string;
  /** Null for a descriptor. */
  readonly reference: DocumentReference | null;
}

/** The result of checking a document. Without a document there are diagnostics. */
export interface CheckOfDocument {
  readonly document: CheckedDocument | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly warnings: readonly Diagnostic[];
}

/** Options for checking a document. */
export interface CheckOptions {
  /** Makes members that the model does not have a warning instead of an error. */
  readonly ignoreUnknown?: boolean | undefined;
  /** The largest number of nesting levels; `nestingLimit` of files by default. */
  readonly nestingLimit?: number | undefined;
  /** The uuid of the document that is replaced; a member `id` may repeat it. */
  readonly uuid?: string | undefined;
  /** The origin of the document. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** A row whose values are being collected. */
export interface RowDraft {
  readonly ordinals: readonly number[];
  readonly place: string;
  readonly values: (string | boolean | undefined)[];
  readonly descriptors: (string | undefined)[];
  readonly references: (string | undefined)[];
  /** The places of the references that are present. */
  readonly present: (string | undefined)[];
  /** Slots whose value is present but wrong. */
  wrong: Set<number> | null;
}

/**
 * The place of a value in one document: a JSONPath with the positions in its arrays. Names outside of the grammar are
 * quoted.
 */
export const memberPlace = (place: string, name: string) =>
  isPathName(name) ? `${place}.${name}` : `${place}[${JSON.stringify(name)}]`;

export const elementPlace = (place: string, index: number) => `${place}[${index}]`;

/** The place of a path in the row at `place`, whose table has the scope `scope`. */
export const placeInRow = (place: string, scope: JsonPath, path: string) => place + path.slice(scope.canonical.length);

/** A value, shortened for a message. */
export function shown(value: JsonValue | undefined): string {
  const text =
    value instanceof JsonNumber
      ? value.lexeme
      : isJsonArray(value)
        ? 'an array'
        : isJsonObject(value)
          ? 'an object'
          : (JSON.stringify(value) ?? 'nothing');
  return shortened(text);
}

/** Whether a leaf holds numbers. */
export const isNumberLeaf = (leaf: DocumentLeaf): boolean =>
  leaf.value === 'scalar' && kindFacts[leaf.scalarType.kind].json === 'number';

/** Whether a leaf holds texts, which a generation may compare without case. */
export const isTextLeaf = (leaf: DocumentLeaf | undefined): boolean =>
  leaf?.value === 'scalar' && leaf.scalarType.kind === 'String';

/** A stored value in the form of the document. */
export const shownStored = (leaf: DocumentLeaf, value: string | boolean): string =>
  isNumberLeaf(leaf) ? String(value) : JSON.stringify(value);
