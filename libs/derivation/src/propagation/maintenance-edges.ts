import type { ColumnMapping } from '@dms/model';
import type { DraftTable } from '../draft/draft-table.ts';
import type { ModelDraft } from '../draft/model-draft.ts';

/** A trigger-maintained hop: from the root of an identity-mutable member to its abstract identity table (design 11 §3.1). */
export interface MaintenanceEdge {
  readonly source: DraftTable;
  readonly target: DraftTable;
  /** Source columns as storage columns. */
  readonly mappings: readonly ColumnMapping[];
}

export function maintenanceEdges(draft: ModelDraft, mutable: ReadonlySet<string>): MaintenanceEdge[] {
  return [...draft.abstracts.values()].flatMap((abstract) =>
    abstract.members
      .filter(({ resource }) => mutable.has(resource.label))
      .map(({ resource, mappings }) => ({
        source: resource.root,
        target: abstract.table,
        mappings: mappings.map(({ sourceColumn, targetColumn }) => ({
          sourceColumn: resource.root.storageOf(sourceColumn),
          targetColumn,
        })),
      })),
  );
}
