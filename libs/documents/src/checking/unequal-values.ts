import { resourceLabel } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import type { DocumentLeaf } from '@dms/model';
import type { EqualityShape, ResourceShape } from '../resource-shape.ts';
import type { RowDraft } from './checked-document.ts';
import { isNumberLeaf, placeInRow, shownStored } from './shown-value.ts';

interface PlacedValue {
  readonly place: string;
  readonly value: string | boolean;
  readonly shown: string;
  /** Equal if and only if the values are. */
  readonly key: string | boolean;
}

/**
 * Descriptors of one resource are equal if they are the same document; the letter case of their URIs does not count.
 */
const areDescriptors = ({ a, b }: EqualityShape): boolean =>
  a.value === 'descriptor' && b.value === 'descriptor' && resourceLabel(a.descriptor) === resourceLabel(b.descriptor);

function* valuesOf(
  { tables }: ResourceShape,
  rowsByTable: readonly (readonly RowDraft[])[],
  leaf: DocumentLeaf,
  asDescriptors: boolean,
): Generator<PlacedValue> {
  for (const row of rowsByTable[leaf.table] ?? []) {
    const value = row.values[leaf.slot];
    const table = tables[leaf.table]?.table;
    if (value === undefined || !table) continue;
    const key = asDescriptors ? (row.descriptors[leaf.slot] ?? value) : isNumberLeaf(leaf) ? `number ${value}` : value;
    yield { place: placeInRow(row.place, table.jsonScope, leaf.path), value, shown: shownStored(leaf, value), key };
  }
}

type Report = (place: string, text: string, details: Diagnostic['details']) => void;

function checkEquality(
  equality: EqualityShape,
  shape: ResourceShape,
  rowsByTable: readonly (readonly RowDraft[])[],
  report: Report,
): void {
  const asDescriptors = areDescriptors(equality);
  let first: PlacedValue | undefined;
  for (const leaf of [equality.a, equality.b]) {
    for (const found of valuesOf(shape, rowsByTable, leaf, asDescriptors)) {
      first ??= found;
      if (found.key === first.key) continue;
      const text = `is ${found.shown}, but ${first.place} is ${first.shown}; by an equality constraint of the schema they must be equal`;
      report(found.place, text, { value: found.value, otherPath: first.place, otherValue: first.value });
    }
  }
}

/**
 * Reports the values that an equality constraint between tables requires to be equal (design 14 §1.2). The value
 * outside of the arrays counts as right, on either side of the constraint; without one, the first value does.
 */
export function unequalValues(
  shape: ResourceShape,
  rowsByTable: readonly (readonly RowDraft[])[],
  report: Report,
): void {
  for (const equality of shape.equalities) checkEquality(equality, shape, rowsByTable, report);
}
