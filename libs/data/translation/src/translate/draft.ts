import type { DiagnosticCode, RowPlace } from '@dms/diagnostics';
import type { JsonObject, JsonValue } from '@dms/files';

/** Where an earlier document is from. */
export interface DocumentOrigin {
  /** Empty for a document of no file. */
  readonly file: string;
  readonly line: number;
  /** The row that it was made from, if it is of no file. */
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
  /** The number of the first earlier document that it was made of; null for one that rules gave. */
  readonly source: number | null;
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
  /** Counts by place, where they are asked for. */
  readonly places: Map<string, number>;
}

/** What a later document remembers of an earlier one. */
export interface Source {
  /** By which {@link EarlierDocument} is found again. */
  readonly number: number;
  readonly resource: string;
  readonly uuid: string | null;
  /** The text of the identity, by which united documents are ordered. */
  readonly identity: string;
}

/** A reference that names another resource than before. */
export interface RetargetedReference {
  readonly place: string;
  readonly earlierTarget: string;
}

/** Values that are carried if one of several later documents is written. */
export interface Share {
  /** The number of the tally in its document, for those that several documents share. */
  readonly tally: number;
  /** How many documents share it. */
  readonly drafts: number;
  readonly rule: string;
  readonly count: number;
}

/** A descriptor or school year that a rule gave. */
export interface GivenValue {
  readonly resource: string;
  readonly value: JsonValue;
}

/** A later document from one earlier one, before it is united with others. */
export interface Draft {
  readonly source: Source;
  readonly resource: string;
  readonly rule: string;
  readonly isOwn: boolean;
  /** The position of the item that it is made of; -1 without one. */
  readonly position: number;
  readonly document: JsonObject;
  readonly problem: RejectProblem | null;
  readonly retargeted: readonly RetargetedReference[];
  readonly given: readonly GivenValue[];
  /** The name of an earlier descriptor. */
  readonly earlierName: string | null;
  readonly shares: readonly Share[];
}
