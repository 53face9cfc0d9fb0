import { type ExpressionLeaves, printExpression, type TableDefinition } from '@dms/catalog';
import type { TrackedChangeTable } from '@dms/inventory';
import { literal, nextVersion, q, qualified } from '../../pgsql/body-text.ts';
import { indented, listed } from '../../statement-lines.ts';
import { columnOf } from '../../trigger-source.ts';
import { sourcedValues, valueText } from '../tracked-values.ts';

const textOf = valueText({ q, qualified });

const ofOldRow = (name: string) => `OLD.${q(name)}`;

const newLeaves: ExpressionLeaves = {
  column: (name) => `NEW.${q(name)}`,
  text: literal,
  true: 'true',
  nextValue: () => nextVersion,
  function: (name) => `pg_catalog.${name}`,
};

/** A column of the new row. Before the row is written, it does not have its generated columns yet. */
const ofNewRow = (table: TableDefinition) => (name: string) => {
  const { generated } = columnOf(table, name);
  return generated ? printExpression(generated, newLeaves) : newLeaves.column(name);
};

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
  const discriminator = tracked.systemColumns
    .filter(({ role }) => role === 'Discriminator')
    .map(({ column }) => column);
  return insertRow(
    tracked,
    [...values.map(({ oldColumn }) => oldColumn), ...discriminator],
    [...values.map(({ source }) => textOf(source, ofOldRow)), ...discriminator.map(ofOldRow)],
    uuid,
    version,
  );
}

/** Records the old and new values of a row whose identity changes, with the version of this change (design 16 §7.3). */
export function keyChange(
  tracked: TrackedChangeTable,
  table: TableDefinition,
  version: string,
  uuid: string,
): string[] {
  const values = sourcedValues(tracked);
  const ofNew = ofNewRow(table);
  return insertRow(
    tracked,
    values.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]),
    values.flatMap(({ source }) => [textOf(source, ofOldRow), textOf(source, ofNew)]),
    uuid,
    version,
  );
}
