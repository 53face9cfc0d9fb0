import { structureViolations } from '@dms/model';
import { existingColumn, type LoadedTable } from '../load/loaded-table.ts';
import { refuseInvariant } from '../refusal.ts';

/**
 * Checks that the columns which identify, place and order the rows of a table fit its kind (design 15 §4.1), and that its
 * semantic identity uses its own columns. Throws `PACK_INVARIANT`.
 */
export function checkTableStructure(table: LoadedTable): void {
  const { at, model } = table;
  for (const { name, kind } of model.key.columns) {
    const column = existingColumn(table, name, 'key column');
    if (column.kind !== kind) refuseInvariant(at, `kind of the key column ${name}`, column.kind, kind);
  }
  const [violation] = structureViolations(model, 'v2');
  if (violation !== undefined) refuseInvariant(at, 'identity', `the columns of a ${model.identity.tableKind}`, violation);
  for (const { relativePath, column } of model.identity.semanticIdentity)
    existingColumn(table, column, `semantic_identity ${relativePath.canonical}`);
}
