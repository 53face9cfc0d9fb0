import type { Diagnostic } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import type { ResourceShape, UniquePart } from '../shape/shapes.ts';
import type { RowDraft } from './row-draft.ts';

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

/** Reports items that are equal in the unique values of their array (design 02 §10). */
export function duplicateElements(
  { tables }: ResourceShape,
  rowsByTable: readonly (readonly RowDraft[])[],
  dialect: SqlDialect,
  report: (place: string, text: string, details: Diagnostic['details']) => void,
): void {
  for (const { index, uniques, leaves, references } of tables) {
    const rows = rowsByTable[index] ?? [];
    if (rows.length < 2) continue;
    let seenPairs: Set<string> | null = null;
    for (const { name, parts, absent } of uniques) {
      const areAbsentEqual = (absent === 'dialect' ? absentOfDialect[dialect] : absent) === 'equal';
      const first = new Map<string, RowDraft>();
      for (const row of rows) {
        const texts = parts.map((part) => partText(part, row));
        if (!areAbsentEqual && texts.includes(null)) continue;
        const key = JSON.stringify(texts);
        const other = first.get(key);
        if (!other) {
          first.set(key, row);
          continue;
        }
        const pair = `${other.place} ${row.place}`;
        seenPairs ??= new Set();
        if (seenPairs.has(pair)) continue;
        seenPairs.add(pair);
        const paths = parts.flatMap((part) =>
          part.kind === 'ordinal'
            ? []
            : part.kind === 'leaf'
              ? (leaves[part.slot]?.path.canonical ?? [])
              : (references[part.index]?.binding.referenceObjectPath.canonical ?? []),
        );
        const text = `is equal to ${other.place} in ${paths.join(', ')}`;
        report(row.place, text, { other: other.place, indexes: [...other.ordinals, ...row.ordinals], constraint: name, paths });
      }
    }
  }
}
