import type { TrackedChangeTable } from '@dms/inventory';
import { q, qualified } from '../../pgsql/body-text.ts';
import { indented, listed } from '../../statement-lines.ts';
import { sourcedValues, valueText } from '../tracked-values.ts';

const textOf = valueText({ q, qualified });

/** A column of the old or the new row. */
const ofRow = (row: 'OLD' | 'NEW') => (name: string) => `${row}.${q(name)}`;

/** Inserts a row of a tracked-change table; the document's uuid and the version are expressions. */
const insertRow = (
  { table }: TrackedChangeTable,
  columns: readonly string[],
  values: readonly string[],
  uuid: string,
  version: string,
) => [
  `INSERT INTO ${qualified(table)} (`,
  ...indented(listed([...columns, 'Id', 'ChangeVersion'].map(q))),
  ')',
  'VALUES (',
  ...indented(listed([...values, uuid, version])),
  ');',
];

/** Records the delete of the row `OLD`, with the current version of its document (design 16 §7.3). */
export function tombstone(tracked: TrackedChangeTable, version: string, uuid: string): string[] {
  const values = sourcedValues(tracked);
  const discriminator = tracked.systemColumns.filter(({ role }) => role === 'Discriminator').map(({ column }) => column);
  return insertRow(
    tracked,
    [...values.map(({ oldColumn }) => oldColumn), ...discriminator],
    [...values.map(({ source }) => textOf(source, ofRow('OLD'))), ...discriminator.map(ofRow('OLD'))],
    uuid,
    version,
  );
}

/** Records the old and new values of a row whose identity changes, with the version of this change (design 16 §7.3). */
export function keyChange(tracked: TrackedChangeTable, version: string, uuid: string): string[] {
  const values = sourcedValues(tracked);
  return insertRow(
    tracked,
    values.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]),
    values.flatMap(({ source }) => [textOf(source, ofRow('OLD')), textOf(source, ofRow('NEW'))]),
    uuid,
    version,
  );
}
