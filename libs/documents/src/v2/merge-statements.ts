import type { Statement } from '@dms/databases';
import { append } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import type { ResourcePlans } from '../resource-plans.ts';
import type { StoredRow } from '../statements/document-statements.ts';
import { documentStatements } from '../statements/statements-by-dialect.ts';
import type { DocumentMerge, WantedRow } from './merge-document.ts';
import { type MergingTableWriter, type RowPart, resourceWriter } from './table-rows.ts';

/** A row whose ids are known, with all its values. */
export function filledRow(
  { filled, plan }: MergingTableWriter,
  { values, document, parent, row }: WantedRow,
): StoredRow {
  const idOf: Readonly<Record<Exclude<RowPart, 'ordinal'>, string | null>> = {
    document: document.id,
    parent: parent.id,
    row: row.id,
  };
  const result = [...values];
  for (const { index, part } of filled)
    result[index] = mustExist(idOf[part], `the id of a row of ${plan.tableModel.table.name}`);
  return result;
}

/**
 * The statements that write merged documents of one resource: deletes from the last table to the first, then updates
 * and inserts, targets of foreign keys first. Rows that change places first get negative positions, so that no two rows
 * of a parent ever have the same position (design 17 §7.4, §7.12).
 */
export function mergeStatements(plans: ResourcePlans, merges: readonly DocumentMerge[], isMarked = false): Statement[] {
  const { tables, insertOrder } = resourceWriter(plans);
  const statements = documentStatements[plans.dialect];
  const result: Statement[] = [];
  for (const [index, writer] of [...tables.entries()].reverse()) {
    const deleted = merges.flatMap((merge) => merge.tables[index]?.deleted ?? []);
    if (deleted.length > 0)
      append(result, statements.deleteRows(writer.plan.tableModel.table, writer.deletedBy, deleted));
  }
  for (const index of insertOrder) {
    const writer = mustExist(tables[index], 'the writer of a table');
    const { plan, merging } = writer;
    const changes = merges.flatMap((merge) => merge.tables[index] ?? []);
    const rowsOf = (rows: readonly WantedRow[]) => rows.map((row) => filledRow(writer, row));
    const updated = rowsOf(changes.flatMap((change) => change.updated));
    if (merging) {
      const moved = rowsOf(changes.flatMap((change) => (change.isReordered ? change.updated : [])));
      const aside = moved.map((row, position) => row.with(merging.ordinal, String(-1 - position)));
      append(result, statements.updateElements(plan, aside, merging.update));
      append(result, statements.updateElements(plan, updated, merging.update));
    } else append(result, statements.updateRows(plan, updated));
    const marking = isMarked ? (writer.filled.find(({ part }) => part === 'document')?.index ?? null) : null;
    append(result, statements.insertRows(plan, rowsOf(changes.flatMap((change) => change.inserted)), marking));
  }
  return result;
}
