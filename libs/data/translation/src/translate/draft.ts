import type { DiagnosticCode, RowPlace } from '@dms/diagnostics';
import type { JsonObject, JsonValue } from '@dms/values';

/** The origin of an earlier document. */
export interface DocumentOrigin {
  /** Empty if the document is from no file. */
  readonly file: string;
  readonly line: number;
  /** The row from which it was made, if it is from no file. */
  readonly row?: RowPlace | undefined;
}

/** A document of the earlier set. */
export interface EarlierDocument {
  readonly resource: string;
  readonly uuid: string | null;
  readonly document: JsonObject;
  readonly origin?: DocumentOrigin | undefined;
}

/** A document of the later set. */
export interface LaterDocument {
  readonly resource: string;
  readonly uuid: string | null;
  readonly document: JsonObject;
  /** The number of the first earlier document from which it was made; null for a document that rules gave. */
  readonly source: number | null;
  /** Its referential id, and that of its superclass if it has one. */
  readonly identities: readonly string[];
}

/** The reason why a document is not made (design 20 §3). */
export interface RejectProblem {
  readonly code: DiagnosticCode;
  /** The place with its positions. */
  readonly place: string;
  readonly value?: JsonValue | undefined;
  readonly text: string;
  /** The first reject of the chain that led to this one. */
  readonly cause?: TranslationCause | undefined;
}

export interface TranslationCause {
  readonly code: DiagnosticCode;
  readonly resource: string;
  readonly uuid: string | null;
  readonly place: string;
}

/** Values of an earlier document that have the same fate. */
export interface Tally {
  readonly rule: string;
  readonly fate: 'dropped' | 'rejected' | 'made';
  /** The group of the drafts that carry the values. */
  readonly group: string | null;
  count: number;
  /** Counts by place, if they are requested. */
  readonly places: Map<string, number>;
}

/** The facts about an earlier document that its later document keeps. */
export interface Source {
  /** The number by which {@link EarlierDocument} is found again. */
  readonly number: number;
  readonly resource: string;
  readonly uuid: string | null;
  /** The text of its identity; united documents are ordered by it. */
  readonly identity: string;
}

/** A reference that refers to another resource than before. */
export interface RetargetedReference {
  readonly place: string;
  readonly earlierTarget: string;
}

/** Values that are carried if at least one of several later documents is written. */
export interface Share {
  /** The number of the tally in its earlier document, for values that several documents share. */
  readonly tally: number;
  /** The number of documents that share them. */
  readonly drafts: number;
  readonly rule: string;
  readonly count: number;
}

/** A descriptor or school year that a rule gave. */
export interface GivenValue {
  readonly resource: string;
  readonly value: JsonValue;
}

/** A later document from one earlier document, before it is united with others. */
export interface Draft {
  readonly source: Source;
  readonly resource: string;
  readonly rule: string;
  readonly isOwn: boolean;
  /** The position of the item from which it is made; -1 if there is none. */
  readonly position: number;
  readonly document: JsonObject;
  readonly problem: RejectProblem | null;
  readonly retargeted: readonly RetargetedReference[];
  readonly given: readonly GivenValue[];
  /** The name of an earlier descriptor. */
  readonly earlierName: string | null;
  readonly shares: readonly Share[];
}
