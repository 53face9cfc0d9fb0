import type { DraftColumn, DraftForeignKey, DraftTable, DraftUnique } from '../draft/draft-table.ts';
import { type ModelDraft, relationalResources } from '../draft/model-draft.ts';

function addUnique(table: DraftTable, purpose: DraftUnique['purpose'], columns: readonly DraftColumn[]): void {
  table.addConstraint({ kind: 'Unique', purpose, columns: [...new Set(columns)] });
}

/** The keys from a table to its parent that contain more than the parent's row id. */
const isParentKey = (constraint: DraftTable['constraints'][number]): constraint is DraftForeignKey =>
  constraint.kind === 'ForeignKey' && constraint.purpose.kind === 'Parent' && constraint.columns.length === 2;

/**
 * Adds the uniques of collections that do not come from their rules: over the semantic identity, over the order, and
 * over the columns that the keys of tables below refer to (design 15 §7.5). An existing unique is not added again.
 */
export function deriveCollectionUniques(draft: ModelDraft): void {
  for (const { tables } of relationalResources(draft)) {
    for (const table of tables) {
      const values = table.semanticIdentity.map(({ column }) => column);
      if (values.some((column) => !table.parentLocator.includes(column)))
        addUnique(table, 'SemanticIdentity', [...table.parentLocator, ...values]);
    }
    for (const table of tables) {
      const ordinal = [...table.columns.values()].find(({ kind }) => kind === 'Ordinal');
      if (ordinal) addUnique(table, 'SiblingOrder', [...table.parentLocator, ordinal]);
    }
    const parents = new Set(
      tables.flatMap((table) => table.constraints.filter(isParentKey).map(({ target }) => target)),
    );
    for (const table of parents) addUnique(table, 'ParentTarget', [...table.rowIdentity, ...table.rootLocator]);
  }
}
