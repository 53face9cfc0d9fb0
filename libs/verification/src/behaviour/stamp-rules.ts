import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { RowText, Selection } from '../verification-dialect.ts';
import type { BehaviourSession } from './behaviour-session.ts';
import type { DocumentStamps, StampsOf } from './document-rows.ts';
import type { TableName } from './selected-rows.ts';

/** How a document was stamped: its content, or its identity as well. */
export type Stamped = 'content' | 'identity';

/** What is watched besides the documents: what a generation writes where a document is stamped. */
export interface StampWatch {
  /** Sets the times that repeat those of documents to one long ago. */
  readonly forgetTimes: readonly string[];
  /** What is to be read after a change of rows below some roots; null is all roots. */
  selections(roots: readonly TableName[] | null): readonly Selection[];
  /**
   * What is wrong, from these rows, after a change that stamped these documents; the others have the stamps that they had. `isOne`: one
   * statement that no other follows from.
   */
  faults(rows: readonly (readonly RowText[])[], stamped: StampsOf, others: StampsOf, isOne: boolean): readonly string[];
}

/** What a generation says about stamps (design 07 §9.1, 16 §6). */
export interface StampRules {
  /** Whether an update of a row stamps although it changes no value. */
  readonly stampsUnchangedRows: boolean;
  /** Whether the identity is stamped with a version drawn after that of the content. */
  isIdentityOrdered(stamps: DocumentStamps): boolean;
  /** A watch from now on; `maximum` is the greatest version that was drawn. */
  watch(session: BehaviourSession, model: RelationalModelSet, inventory: Inventory, maximum: number): StampWatch;
}
