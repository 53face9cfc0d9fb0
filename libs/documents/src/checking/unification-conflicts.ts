import type { Diagnostic } from '@dms/diagnostics';
import type { KeyUnificationWritePlan } from '@dms/plans';
import type { LeafShape, TableShape } from '../shape/shapes.ts';
import type { RowDraft } from './row-draft.ts';

/** Reports two different values in a row that a class stores as one (design 04 §13.2); descriptors are compared as documents. */
export function unificationConflicts(
  table: TableShape,
  classes: readonly KeyUnificationWritePlan[],
  row: RowDraft,
  report: (leaf: LeafShape, text: string, details: Diagnostic['details']) => void,
): void {
  if (classes.length === 0) return;
  const bySlot = new Map(table.leaves.flatMap((leaf) => leaf.columns.map(({ name }) => [name as string, leaf])));
  for (const { membersInOrder } of classes) {
    let first: LeafShape | undefined;
    const reported = new Set<LeafShape>();
    for (const { memberPathColumn } of membersInOrder) {
      const leaf = bySlot.get(memberPathColumn);
      if (!leaf || row.values[leaf.slot] === undefined) continue;
      first ??= leaf;
      const storedOf = ({ slot }: LeafShape) => row.descriptors[slot] ?? row.values[slot];
      if (storedOf(leaf) === storedOf(first) || reported.has(leaf)) continue;
      reported.add(leaf);
      const [value, other] = [row.values[leaf.slot] ?? null, row.values[first.slot] ?? null];
      const otherPlace = row.place + first.path.canonical.slice(table.table.jsonScope.canonical.length);
      const text = `is ${JSON.stringify(value)}, but ${otherPlace} is ${JSON.stringify(other)}; the model stores both as one value`;
      report(leaf, text, { value, otherPath: otherPlace, otherValue: other });
    }
  }
}
