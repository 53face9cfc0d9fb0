import { counted, type Diagnostic, diagnostic, listOfNames } from '@dms/diagnostics';
import type { Loss, ReadTable, TableRows } from './reading-report.ts';

/** Rows that belong to tables which were not read. */
export function leftRows(tables: readonly ReadTable[], read: ReadonlyMap<string, TableRows>): Diagnostic[] {
  return tables
    .map(({ table, left }) => ({ table, left: left - (read.get(table)?.collided ?? 0) }))
    .filter(({ left }) => left > 0)
    .map(({ table, left }) => {
      const text = `${counted(left, 'row')} of ${table} stayed behind, because the schema set has no table for the kind that Discriminator names.`;
      return diagnostic('ODS_NOT_READ', text, {}, { table, rows: [left], columns: [] });
    });
}

const noteTexts: Readonly<Record<Loss['code'], (count: number, paths: string, columns: readonly string[]) => string>> =
  {
    ODS_ORDER_LOST: (count, paths) =>
      `An ODS does not keep the order of arrays: ${counted(count, 'array')} at ${paths} in the order of keys.`,
    ODS_REFERENCE_IMPLIED: (count, paths) =>
      `${counted(count, 'optional reference')} at ${paths} may be additions: all of their values are there for other members. The API of the ODS shows them too.`,
    ODS_MONEY_ROUNDED: (count, paths) =>
      `${counted(count, 'amount')} at ${paths} from columns with two decimal places: a third or fourth place was lost when the ODS stored them.`,
    ODS_NAME_COLLISION: (count, paths, columns) =>
      `Left out: ${counted(count, 'part')} of documents at ${paths}, because the ODS has one column for a value of theirs and for another value, which they cannot have: ${listOfNames(columns)}.`,
    ODS_REFERENCE_PARTIAL: (count, paths) =>
      `Left out: ${counted(count, 'reference')} at ${paths}, because the ODS has only a part of their values.`,
  };

/** One note for each code; the report has the paths. */
export function lossNotes(losses: readonly Loss[]): Diagnostic[] {
  return (Object.keys(noteTexts) as Loss['code'][]).flatMap((code) => {
    const own = losses.filter((loss) => loss.code === code);
    if (own.length === 0) return [];
    const count = own.reduce((sum, loss) => sum + loss.count, 0);
    const columns = [...new Set(own.flatMap(({ column }) => column ?? []))];
    const details = { count, paths: own.length, ...(columns.length === 0 ? {} : { columns }) };
    return [diagnostic(code, noteTexts[code](count, counted(own.length, 'path'), columns), {}, details)];
  });
}
