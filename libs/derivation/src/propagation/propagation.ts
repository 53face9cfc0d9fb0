import type { Diagnostic } from '@dms/diagnostics';
import type { Deferral } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { DraftForeignKey, DraftTable } from '../draft/draft-table.ts';
import type { FinishedDraft, ReferenceKey } from '../draft/model-draft.ts';
import type { ColumnPair } from './maintenance-edges.ts';

/** A reference key reduced to the document id, because a trigger updates its columns. */
export interface FallbackEdge {
  readonly key: ReferenceKey;
  readonly target: DraftTable;
  readonly receiver: DraftTable;
  /** Target and local storage column of the key without the document id. */
  readonly pairs: readonly ColumnPair[];
}

/** A dialect's decisions about the reference keys (design 11). The keys themselves are not changed. */
export interface Propagation {
  /** Keys that cascade updates. */
  readonly cascades: ReadonlySet<DraftForeignKey>;
  /** Keys whose check may wait for the end of the transaction. */
  readonly deferrable: ReadonlyMap<DraftForeignKey, Deferral>;
  readonly fallbacks: readonly FallbackEdge[];
  /** Notes for the schema author; they do not end the run. */
  readonly notes: readonly Diagnostic[];
}

/**
 * How the reference keys of a schema set follow a changed identity in a dialect; it also differs between generations.
 */
export type PropagationPolicy = (draft: FinishedDraft) => Propagation;

export type PropagationPolicies = Readonly<Record<SqlDialect, PropagationPolicy>>;
