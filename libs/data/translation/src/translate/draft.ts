import type { DiagnosticCode } from '@dms/diagnostics';
import type { JsonObject, JsonValue } from '@dms/files';

/** A document of the earlier set. */
export interface EarlierDocument {
  readonly resource: string;
  readonly uuid: string | null;
  readonly document: JsonObject;
}

/** A document of the later set. */
export interface LaterDocument {
  readonly resource: string;
  readonly uuid: string | null;
  readonly document: JsonObject;
}

/** Why a document is not made (design 20 §3). */
export interface RejectProblem {
  readonly code: DiagnosticCode;
  /** With positions. */
  readonly place: string;
  readonly value?: JsonValue | undefined;
  readonly text: string;
  /** The first reject of the chain. */
  readonly cause?: RejectCause | undefined;
}

export interface RejectCause {
  readonly code: DiagnosticCode;
  readonly resource: string;
  readonly uuid: string | null;
  readonly place: string;
}

/** Values of an earlier document that have the same fate. */
export interface Tally {
  readonly rule: string;
  readonly fate: 'dropped' | 'rejected' | 'made';
  /** The drafts that carry them. */
  readonly group: string | null;
  count: number;
}

/** An earlier document on its way. */
export interface Source {
  readonly earlier: EarlierDocument;
  /** The text of the identity, by which united documents are ordered. */
  readonly identity: string;
  readonly tallies: Map<string, Tally>;
  readonly groups: Map<string, Draft[]>;
  /** The rule under which all values are dropped: a descriptor that another one replaces. */
  replacedBy: string | null;
}

/** A reference that names another resource than before. */
export interface RetargetedReference {
  readonly place: string;
  readonly earlierTarget: string;
}

/** A later document from one earlier one, before it is united with others. */
export interface Draft {
  readonly source: Source;
  readonly resource: string;
  readonly rule: string;
  readonly isOwn: boolean;
  /** The position of the item that it is made of; -1 without one. */
  readonly position: number;
  document: JsonObject;
  problem: RejectProblem | null;
  readonly retargeted: readonly RetargetedReference[];
  /** Descriptors and school years that rules gave: resource and value. */
  readonly given: { readonly resource: string; readonly value: JsonValue }[];
  result: Result | null;
}

/** A later document with all its sources, or why it is not made. */
export interface Result {
  readonly resource: string;
  readonly drafts: readonly Draft[];
  document: JsonObject;
  problem: RejectProblem | null;
  uuid: string | null;
  /** The identities by which references find it. */
  identities: readonly string[];
  /** The documents that it names. */
  targets: readonly { readonly place: string; readonly referentialId: string }[];
}
