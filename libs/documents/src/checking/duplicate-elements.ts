import type { Diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { ResourceShape, UniquePart } from '../resource-shape.ts';
import type { RowDraft } from './checked-document.ts';

/** What absent values are in a unique constraint (design 07 §4.3). */
const absentOfDialect: Readonly<Record<SqlDialect, 'equal' | 'different'>> = { pgsql: 'different', mssql: 'equal' };

function partText(part: UniquePart, row: RowDraft): string | boolean | number | null {
  switch (part.kind) {
    case 'ordinal':
      return row.ordinals[part.depth] ?? null;
    case 'leaf':
      return row.descriptors[part.slot] ?? row.values[part.slot] ?? null;
    case 'reference':
      return row.references[part.index] ?? null;
  }
}

type Report = (place: string, text: string, details: Diagnostic['details']) => void;
type TableShape = ResourceShape['tables'][number];

/** The rows that are equal to an earlier one in the parts of a unique constraint, each with the first of its equals. */
function equalRows(
  { parts, absent }: TableShape['uniques'][number],
  rows: readonly RowDraft[],
  dialect: SqlDialect,
): readonly (readonly [RowDraft, RowDraft])[] {
  const areAbsentEqual = (absent === 'dialect' ? absentOfDialect[dialect] : absent) === 'equal';
  const first = new Map<string, RowDraft>();
  const equal: [RowDraft, RowDraft][] = [];
  for (const row of rows) {
    const texts = parts.map((part) => partText(part, row));
    if (!areAbsentEqual && texts.includes(null)) continue;
    const key = JSON.stringify(texts);
    const other = first.get(key);
    if (other) equal.push([other, row]);
    else first.set(key, row);
  }
  return equal;
}

/** The paths of the values that a unique constraint compares. */
function comparedPaths(parts: readonly UniquePart[], { leaves, references }: TableShape): readonly string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'ordinal') return [];
    return part.kind === 'leaf'
      ? (leaves[part.slot]?.path ?? [])
      : (references[part.index]?.binding.referenceObjectPath.canonical ?? []);
  });
}

/** Reports each pair of equal rows of a table once, for the first constraint that they break. */
function duplicatesOf(table: TableShape, rows: readonly RowDraft[], dialect: SqlDialect, report: Report): void {
  const reported = new Set<string>();
  for (const unique of table.uniques) {
    for (const [other, row] of equalRows(unique, rows, dialect)) {
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

/** Reports items that are equal in the unique values of their array (design 02 §10). */
export function duplicateElements(
  { tables }: ResourceShape,
  rowsByTable: readonly (readonly RowDraft[])[],
  dialect: SqlDialect,
  report: Report,
): void {
  for (const table of tables) {
    const rows = rowsByTable[table.index] ?? [];
    if (rows.length > 1) duplicatesOf(table, rows, dialect, report);
  }
}
