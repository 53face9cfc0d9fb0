import { qualified, type Table } from '@dms/model';
import type { ShapeRules } from '../shape/shape-rules.ts';
import type { LeafShape, ReferenceShape, UniquePart, UniqueShape } from '../shape/shapes.ts';

/**
 * The unique constraints of a collection over values of its items; constraints that contain the position always hold.
 */
function uniquesOf(table: Table, leaves: readonly LeafShape[], references: readonly ReferenceShape[]): UniqueShape[] {
  const parts = new Map<string, UniquePart | null>();
  table.key.columns.forEach(({ name, role }, index) => {
    // the first key column is the document; ordinals follow from outer to inner
    if (role === 'ParentOrdinal') parts.set(name, { kind: 'ordinal', depth: index - 1 });
    else if (role === 'DocumentId') parts.set(name, null);
  });
  for (const { slot, columns } of leaves) for (const { name } of columns) parts.set(name, { kind: 'leaf', slot });
  for (const { binding, index } of references) parts.set(binding.fkColumn, { kind: 'reference', index });
  return table.constraints.flatMap((constraint): UniqueShape[] => {
    if (constraint.kind !== 'Unique' || !constraint.columns.every((name) => parts.has(name))) return [];
    return [
      { name: constraint.name, absent: 'dialect', parts: constraint.columns.flatMap((name) => parts.get(name) ?? []) },
    ];
  });
}

const parentTable = ({ constraints, key }: Table, byKey: ReadonlyMap<string, number>): number | null => {
  for (const constraint of constraints) {
    if (constraint.kind !== 'ForeignKey' || constraint.onDelete !== 'Cascade') continue;
    const isOwnKey = constraint.columns.every((name) => key.columns.some((column) => column.name === name));
    const parent = byKey.get(qualified(constraint.targetTable));
    if (isOwnKey && parent !== undefined && parent > 0) return parent;
  }
  return null;
};

/** Every object has a row; the unique constraints of their table distinguish the items (design 14 §1). */
export const shapeRulesV1: ShapeRules = {
  parentOf: parentTable,
  uniquesOf,
  mayMakeNoRow: () => false,
  makesRow: () => true,
  showsEmptyExtensions: true,
};
