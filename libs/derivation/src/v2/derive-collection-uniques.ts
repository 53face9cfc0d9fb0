import type { DraftColumn, DraftForeignKey, DraftTable, DraftUnique } from '../draft/draft-table.ts';
import { type ModelDraft, relationalResources } from '../draft/model-draft.ts';

function addUnique(table: DraftTable, purpose: DraftUnique['purpose'], columns: readonly DraftColumn[]): void {
  table.addConstraint({ kind: 'Unique', purpose, columns: [...new Set(columns)] });
}

/** The keys by which a table finds its parent in more than the parent's row. */
const isParentKey = (constraint: DraftTable['constraints'][number]): constraint is DraftForeignKey =>
  constraint.kind === 'ForeignKey' && constraint.purpose.kind === 'Parent' && constraint.columns.length === 2;

/**
 * The uniques of collections besides those of their rules: what tells the rows of a parent apart, their order, and what the keys of
 * tables below point at (design 15 §7.5). One that is there already is not added again.
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
    const parents = new Set(tables.flatMap((table) => table.constraints.filter(isParentKey).map(({ target }) => target)));
    for (const table of parents) addUnique(table, 'ParentTarget', [...table.rowIdentity, ...table.rootLocator]);
  }
}
