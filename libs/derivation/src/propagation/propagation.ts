import type { Diagnostic } from '@dms/diagnostics';
import type { DraftForeignKey } from '../draft/draft-table.ts';
import type { CandidateEdge } from './cascade-graph.ts';

/** What a dialect decides about the reference keys (design 11): the keys themselves stay as they are. */
export interface Propagation {
  /** Keys that cascade updates. */
  readonly cascades: ReadonlySet<DraftForeignKey>;
  /** Keys that are checked when the transaction ends. */
  readonly deferrable: ReadonlySet<DraftForeignKey>;
  /** Edges whose key is reduced to the document id, because a trigger moves its columns. */
  readonly fallbacks: readonly CandidateEdge[];
  /** Notes for the schema author; they stop nothing. */
  readonly notes: readonly Diagnostic[];
}
