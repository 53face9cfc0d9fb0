import { resourceLabel } from '@dms/api-schema';
import type { Diagnostic } from '@dms/diagnostics';
import type { DocumentLeaf } from '@dms/model';
import type { DocumentRules, KeyUnificationWritePlan } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { cachedByObject, comparedForm, type TextEquality } from '@dms/values';
import type { DocumentTableShape, EqualityShape, ResourceShape, UniquePart } from '../resource-shape.ts';
import {
  type CheckedRow,
  isNumberLeaf,
  isTextLeaf,
  placeInRow,
  type RowDraft,
  shownStored,
} from './checked-document.ts';

/* Values of a document that contradict one another: across tables, between items of an array, within a row. */

type ReportConflict = (place: string, text: string, details: Diagnostic['details']) => void;

/**
 * Reports the values that an equality constraint between tables requires to be equal (design 14 §1.2). The value
 * outside of the arrays counts as right, on either side of the constraint; without one, the first value does.
 */
export function unequalValues(
  shape: ResourceShape,
  rowsByTable: readonly (readonly RowDraft[])[],
  report: ReportConflict,
): void {
  for (const equality of shape.equalities) checkEquality(equality, shape, rowsByTable, report);
}

interface PlacedValue {
  readonly place: string;
  readonly value: string | boolean;
  readonly shown: string;
  /** Equal keys mean equal values, and vice versa. */
  readonly key: string | boolean;
}

function checkEquality(
  equality: EqualityShape,
  shape: ResourceShape,
  rowsByTable: readonly (readonly RowDraft[])[],
  report: ReportConflict,
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

/** How the elements of an array are compared in a database. */
interface ElementRules {
  readonly absentValuesAreEqual: boolean;
  readonly textEquality: TextEquality;
}

/** Reports items that have the same unique values in their array (design 02 §10, 07 §4.3, 22 §4.5). */
export function duplicateElements(
  { tables }: ResourceShape,
  rowsByTable: readonly (readonly CheckedRow[])[],
  { absentValuesAreEqual, textEquality }: Pick<DocumentRules, keyof ElementRules>,
  dialect: SqlDialect,
  report: ReportConflict,
): void {
  const rules = { absentValuesAreEqual: absentValuesAreEqual[dialect], textEquality: textEquality[dialect] };
  for (const table of tables) {
    const rows = rowsByTable[table.index] ?? [];
    if (rows.length > 1) reportDuplicates(table, rows, rules, report);
  }
}

/** Reports each pair of equal rows of a table once, for the first constraint that they violate. */
function reportDuplicates(
  table: DocumentTableShape,
  rows: readonly CheckedRow[],
  rules: ElementRules,
  report: ReportConflict,
): void {
  const reported = new Set<string>();
  for (const unique of table.uniques) {
    for (const [other, row] of equalRows(table, unique, rows, rules)) {
      const pair = `${other.place} ${row.place}`;
      if (reported.has(pair)) continue;
      reported.add(pair);
      const paths = comparedPaths(unique.parts, table);
      const text = `is equal to ${other.place} in ${paths.join(', ')}`;
      const indexes = [...other.ordinals, ...row.ordinals];
      report(row.place, text, { other: other.place, indexes, constraint: unique.name, paths });
    }
  }
}

/** The rows that are equal to an earlier row in the parts of a unique constraint, each with the first equal row. */
function equalRows(
  table: DocumentTableShape,
  { parts, absent }: DocumentTableShape['uniques'][number],
  rows: readonly CheckedRow[],
  { absentValuesAreEqual, textEquality }: ElementRules,
): readonly (readonly [CheckedRow, CheckedRow])[] {
  const areAbsentEqual = absent === 'dialect' ? absentValuesAreEqual : absent === 'equal';
  const first = new Map<string, CheckedRow>();
  const equal: [CheckedRow, CheckedRow][] = [];
  for (const row of rows) {
    const texts = parts.map((part) => partText(table, part, row, textEquality));
    if (!areAbsentEqual && texts.includes(null)) continue;
    const key = JSON.stringify(texts);
    const other = first.get(key);
    if (other) equal.push([other, row]);
    else first.set(key, row);
  }
  return equal;
}

function partText(
  { leaves }: DocumentTableShape,
  part: UniquePart,
  row: CheckedRow,
  textEquality: TextEquality,
): string | boolean | number | null {
  switch (part.kind) {
    case 'ordinal':
      return row.ordinals[part.depth] ?? null;
    case 'leaf': {
      const value = row.descriptors[part.slot] ?? row.values[part.slot] ?? null;
      return typeof value === 'string' && isTextLeaf(leaves[part.slot]) ? comparedForm[textEquality](value) : value;
    }
    case 'reference':
      return row.references[part.index] ?? null;
  }
}

/** The paths of the values that a unique constraint compares. */
function comparedPaths(parts: readonly UniquePart[], { leaves, references }: DocumentTableShape): readonly string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'ordinal') return [];
    return part.kind === 'leaf'
      ? (leaves[part.slot]?.path ?? [])
      : (references[part.index]?.binding.referenceObjectPath.canonical ?? []);
  });
}

/**
 * Reports two different values in a row that a class of the model stores as one (design 04 §13.2); descriptors are
 * compared as documents.
 */
export function unificationConflicts(
  table: DocumentTableShape,
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

/** The leaves of a table by their columns; found once. */
const leavesByColumn = cachedByObject(
  ({ leaves }: DocumentTableShape): ReadonlyMap<string, DocumentLeaf> =>
    new Map(leaves.flatMap((leaf) => leaf.columns.map(({ name }) => [name, leaf] as const))),
);
