import type { Table } from '@dms/model';
import type { RowText } from '../verification-dialect.ts';

/**
 * A row with its aliases as they follow from the stored columns: the canonical value, where the presence column has a
 * value (design 04 §4).
 */
export function withAliases(table: Table, row: RowText): RowText {
  const aliases = table.columns.flatMap(({ name, storage }): [string, string | null][] => {
    if (storage.kind !== 'UnifiedAlias') return [];
    const { canonicalColumn, presenceColumn } = storage;
    const isThere = presenceColumn === null || (row[presenceColumn] ?? null) !== null;
    return [[name, isThere ? (row[canonicalColumn] ?? null) : null]];
  });
  return { ...row, ...Object.fromEntries(aliases) };
}

/** The aliases of a row with wrong values, among the aliases that were read together with their columns. */
export function aliasFaults(
  table: Table,
  row: RowText,
): readonly { readonly column: string; readonly expected: string; readonly found: string }[] {
  const right = withAliases(table, row);
  return table.columns.flatMap(({ name, storage }) => {
    const sources =
      storage.kind === 'UnifiedAlias' ? [name, storage.canonicalColumn, storage.presenceColumn ?? name] : [];
    if (sources.length === 0 || !sources.every((column) => column in row)) return [];
    const expected = right[name] ?? null;
    const found = row[name] ?? null;
    return expected === found ? [] : [{ column: name, expected: expected ?? 'NULL', found: found ?? 'NULL' }];
  });
}
