import type { Diagnostic } from '@dms/diagnostics';
import { cachedByObject } from '@dms/files';
import type { DocumentLeaf } from '@dms/model';
import type { KeyUnificationWritePlan } from '@dms/plans';
import type { TableShape } from '../resource-shape.ts';
import type { RowDraft } from './checked-document.ts';
import { placeInRow, shownStored } from './shown-value.ts';

/** The leaves of a table by their columns; found once. */
const leavesByColumn = cachedByObject(
  ({ leaves }: TableShape): ReadonlyMap<string, DocumentLeaf> =>
    new Map(leaves.flatMap((leaf) => leaf.columns.map(({ name }) => [name, leaf] as const))),
);

/**
 * Reports two different values in a row that a class stores as one (design 04 §13.2); descriptors are compared as
 * documents.
 */
export function unificationConflicts(
  table: TableShape,
  classes: readonly KeyUnificationWritePlan[],
  row: RowDraft,
  report: (leaf: DocumentLeaf, text: string, details: Diagnostic['details']) => void,
): void {
  if (classes.length === 0) return;
  const leaves = leavesByColumn(table);
  for (const { membersInOrder } of classes) {
    let first: DocumentLeaf | undefined;
    const reported: DocumentLeaf[] = [];
    for (const { memberPathColumn } of membersInOrder) {
      const leaf = leaves.get(memberPathColumn);
      if (!leaf || row.values[leaf.slot] === undefined) continue;
      first ??= leaf;
      const storedOf = ({ slot }: DocumentLeaf) => row.descriptors[slot] ?? row.values[slot];
      const value = row.values[leaf.slot];
      const other = row.values[first.slot];
      if (value === undefined || other === undefined || storedOf(leaf) === storedOf(first) || reported.includes(leaf))
        continue;
      reported.push(leaf);
      const otherPlace = placeInRow(row.place, table.table.jsonScope, first.path);
      const text = `is ${shownStored(leaf, value)}, but ${otherPlace} is ${shownStored(first, other)}; the model stores both as one value`;
      report(leaf, text, { value, otherPath: otherPlace, otherValue: other });
    }
  }
}
