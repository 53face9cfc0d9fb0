import type { TrackedChangeTable } from '@dms/inventory';
import { descriptorTable, q, qualified } from '../../mssql/body-text.ts';
import { enclosed, indented, listed } from '../../statement-lines.ts';
import { sourcedValues, type TrackedSource } from '../tracked-values.ts';
import { fromStamped } from './stamped-documents.ts';

const id = q('DocumentId');

/** The value of a source, from the row `alias`. */
function valueText(source: TrackedSource, alias: string): string {
  const start = `${alias}.${q(source.column)}`;
  switch (source.kind) {
    case 'column':
      return start;
    case 'descriptor':
      return `(SELECT r.${q(source.text)} FROM ${descriptorTable} AS r WHERE r.${id} = ${start})`;
    case 'person':
      return source.steps.reduce(
        (value, { sourceTable, sourceColumn }) =>
          `(SELECT s.${q(sourceColumn)} FROM ${qualified(sourceTable)} AS s WHERE s.${id} = ${value})`,
        start,
      );
  }
}

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

/** Records the deleted rows whose documents are stamped, with the current version of these documents (design 16 §7.3). */
export function tombstones(tracked: TrackedChangeTable): string[] {
  const values = sourcedValues(tracked);
  const discriminator = tracked.systemColumns.filter(({ role }) => role === 'Discriminator').map(({ column }) => column);
  return insertRows(
    tracked,
    [...values.map(({ oldColumn }) => oldColumn), ...discriminator, 'Id', 'ChangeVersion'],
    [...values.map(({ source }) => valueText(source, 'o')), ...discriminator.map((name) => `o.${q(name)}`), ...stamped],
    [fromStamped, `INNER JOIN deleted AS o ON o.${id} = c.${id}`],
  );
}

/** Records the old and new values of the documents in `@renamed` (design 16 §7.3). */
export function keyChanges(tracked: TrackedChangeTable): string[] {
  const values = sourcedValues(tracked);
  return insertRows(
    tracked,
    [...values.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]), 'Id', 'ChangeVersion'],
    [...values.flatMap(({ source }) => [valueText(source, 'o'), valueText(source, 'n')]), ...stamped],
    [
      fromStamped,
      `INNER JOIN @renamed AS k ON k.${id} = c.${id}`,
      `INNER JOIN inserted AS n ON n.${id} = c.${id}`,
      `INNER JOIN deleted AS o ON o.${id} = c.${id}`,
    ],
  );
}
