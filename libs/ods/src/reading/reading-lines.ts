import { numberTable } from '@dms/diagnostics';
import type { OdsReading } from './open-ods.ts';

/** What was read, table by table, and what is lost or added. */
export function readingLines({ tables, losses }: Pick<OdsReading, 'tables' | 'losses'>): readonly string[] {
  const sum = (name: 'rows' | 'written' | 'refused' | 'left') =>
    String(tables.reduce((total, table) => total + table[name], 0));
  const read = numberTable(
    ['table', 'rows', 'in documents', 'refused', 'left behind'],
    [
      ...tables.map(({ table, rows, written, refused: out, left }) => [
        table,
        ...[rows, written, out, left].map(String),
      ]),
      ['total', sum('rows'), sum('written'), sum('refused'), sum('left')],
    ],
  );
  if (losses.length === 0) return read;
  const changed = losses.map(({ code, resource, path, count }) => [`${code} ${resource} ${path}`, String(count)]);
  return [...read, '', ...numberTable(['lost or added', 'count'], changed)];
}

/** Where the next run can go on. */
export const versionLines = ({ lastVersion }: Pick<OdsReading, 'lastVersion'>): string[] =>
  lastVersion === null
    ? []
    : [`Last version of the ODS: ${lastVersion}; --since ${lastVersion} reads what changes after it.`];
