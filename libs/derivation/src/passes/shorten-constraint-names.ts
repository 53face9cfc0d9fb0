import { limitIdentifier } from '@dms/sql';
import { allTables, type ModelDraft } from '../draft/model-draft.ts';
import { constraintSignature, primaryKeySignature } from '../naming/constraint-name.ts';

/**
 * Cuts over-long constraint names, with a hash of what the constraint means in full names (design 03 §6.3). Runs before other
 * identifiers are shortened, so that the signatures hold full names.
 */
export function shortenConstraintNames(draft: ModelDraft): void {
  for (const table of allTables(draft)) {
    table.primaryKeyName = limitIdentifier(draft.rules, table.primaryKeyName, primaryKeySignature(table.table, table.keyNames));
    for (const constraint of table.constraints) {
      table.fullConstraintNames.set(constraint, constraint.name);
      constraint.name = limitIdentifier(draft.rules, constraint.name, constraintSignature(table.table, constraint));
    }
  }
}
