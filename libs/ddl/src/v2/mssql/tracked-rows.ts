import type { TrackedChangeTable } from '@dms/inventory';
import { q, qualified } from '../../mssql/body-text.ts';
import { enclosed, indented, listed } from '../../statement-lines.ts';
import { sourcedValues, valueText } from '../tracked-values.ts';
import { fromStamped } from './stamped-documents.ts';

const id = q('DocumentId');

const textOf = valueText({ q, qualified });

/** A column of the row set with an alias. */
const ofRow = (alias: string) => (name: string) => `${alias}.${q(name)}`;

function insertRows(
  { table }: TrackedChangeTable,
  columns: readonly string[],
  values: readonly string[],
  from: readonly string[],
): string[] {
  return [
    `INSERT INTO ${qualified(table)} (`,
    ...indented(listed(columns.map(q))),
    ')',
    'SELECT',
    ...indented(listed(values)),
    ...enclosed('', from, ';'),
  ];
}

const stamped = [`c.${q('DocumentUuid')}`, `c.${q('ContentVersion')}`];

/**
 * Records the deleted rows whose documents are stamped, with the current version of these documents (design 16 §7.3).
 */
export function tombstones(tracked: TrackedChangeTable): string[] {
  const values = sourcedValues(tracked);
  const discriminator = tracked.systemColumns
    .filter(({ role }) => role === 'Discriminator')
    .map(({ column }) => column);
  return insertRows(
    tracked,
    [...values.map(({ oldColumn }) => oldColumn), ...discriminator, 'Id', 'ChangeVersion'],
    [
      ...values.map(({ source }) => textOf(source, ofRow('o'))),
      ...discriminator.map((name) => `o.${q(name)}`),
      ...stamped,
    ],
    [fromStamped, `INNER JOIN deleted AS o ON o.${id} = c.${id}`],
  );
}

/** Records the old and new values of the documents in `@renamed` (design 16 §7.3). */
export function keyChanges(tracked: TrackedChangeTable): string[] {
  const values = sourcedValues(tracked);
  return insertRows(
    tracked,
    [...values.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]), 'Id', 'ChangeVersion'],
    [...values.flatMap(({ source }) => [textOf(source, ofRow('o')), textOf(source, ofRow('n'))]), ...stamped],
    [
      fromStamped,
      `INNER JOIN @renamed AS k ON k.${id} = c.${id}`,
      `INNER JOIN inserted AS n ON n.${id} = c.${id}`,
      `INNER JOIN deleted AS o ON o.${id} = c.${id}`,
    ],
  );
}
