import { qualified, type Table, type TreeTable } from '@dms/model';
import type { DescriptorRules, DocumentGeneration } from '../document-generation.ts';
import { storedTexts } from '../identity/referential-id.ts';
import type { ShapeRules, UniquePart, UniqueShape } from '../resource-shape.ts';
import { descriptorColumns } from '../statements/document-statements.ts';
import { storedDescriptorIds, storedReferentialIds } from '../statements/identity-statements.ts';
import { readingRulesV1 } from './reading-rules.ts';
import { valueRulesV1, writingRulesV1 } from './writing-rules.ts';

/**
 * The unique constraints of a collection over values of its items; constraints that contain the position always hold.
 */
function uniquesOf({ table, leaves, references }: TreeTable): UniqueShape[] {
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

/** Every object has a row; the unique constraints of a table distinguish its items (design 14 §1). */
const shapeRulesV1: ShapeRules = {
  parentOf: parentTable,
  uniquesOf,
  mayMakeNoRow: () => false,
  makesRow: () => true,
  showsEmptyExtensions: true,
};

/**
 * A descriptor keeps the letter case with which it was first written. The update of a descriptor also stamps its
 * document (design 14a §4.3).
 */
const descriptorRulesV1: DescriptorRules = {
  columns: descriptorColumns,
  update: { writesUri: false, stampsDocument: true },
  identities: storedDescriptorIds,
  repeatsDocument: false,
};

/** Documents whose rows are rewritten at each write (design 14). */
export const documentGenerationV1: DocumentGeneration = {
  shape: shapeRulesV1,
  reading: readingRulesV1,
  writing: writingRulesV1,
  descriptors: descriptorRulesV1,
  identities: ({ dialect }) => storedReferentialIds[dialect],
  texts: storedTexts,
  textsInMemory: null,
  values: valueRulesV1,
  tracksChanges: false,
};
