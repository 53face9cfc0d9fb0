import { type DraftColumn, type DraftTable, storageOf } from '../draft/draft-table.ts';
import type { FinishedDraft } from '../draft/model-draft.ts';

/**
 * A trigger-maintained hop: from the root of an identity-mutable member to its abstract identity table (design 11
 * §3.1).
 */
export interface MaintenanceEdge {
  readonly source: DraftTable;
  readonly target: DraftTable;
  /** Stored columns on both sides. */
  readonly pairs: readonly ColumnPair[];
}

/** A pair of stored columns: the value of the first is copied to the second. */
export interface ColumnPair {
  readonly source: DraftColumn;
  readonly target: DraftColumn;
}

export function maintenanceEdges(draft: FinishedDraft, mutable: ReadonlySet<string>): MaintenanceEdge[] {
  return [...draft.abstracts.values()].flatMap((abstract) =>
    abstract.members
      .filter(({ resource }) => mutable.has(resource.label))
      .map(({ resource, mappings }) => ({
        source: resource.root,
        target: abstract.table,
        pairs: mappings.map(({ source, target }) => ({ source: storageOf(source), target })),
      })),
  );
}
