import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { RowText, Selection } from '../verification-dialect.ts';
import type { BehaviourSession } from './behaviour-session.ts';
import type { DocumentStamps, StampsOf } from './document-rows.ts';

/** How a document was stamped: its content, or its identity as well. */
export type Stamped = 'content' | 'identity';

/** What is watched in addition to the documents: what a generation writes when a document is stamped. */
export interface StampWatch {
  /** Sets copies of document times far into the past, in the rows of some roots; null means all roots. */
  forgetTimes(roots: readonly QualifiedName[] | null): readonly string[];
  /** What to read after a change of rows below some roots; null means all roots. */
  selections(roots: readonly QualifiedName[] | null): readonly Selection[];
  /**
   * What these rows show to be wrong after a change that stamped these documents, and no others. `isOne`: the change is
   * a single statement that causes no other.
   */
  faults(rows: readonly (readonly RowText[])[], stamped: StampsOf, others: StampsOf, isOne: boolean): readonly string[];
}

/** The rules of a generation for stamps (design 07 §9.1, 16 §6). */
export interface StampRules {
  /** Whether an update of a row stamps even if it changes no value. */
  readonly stampsUnchangedRows: boolean;
  /** Whether a root row that moves to another document stamps the document that it leaves. */
  readonly stampsLeftDocument: boolean;
  /** Whether the identity is stamped with a version drawn after the version of the content. */
  isIdentityOrdered(stamps: DocumentStamps): boolean;
  /** A watch that starts now; `maximum` is the greatest version drawn so far. */
  watch(session: BehaviourSession, model: RelationalModelSet, inventory: Inventory, maximum: number): StampWatch;
}
