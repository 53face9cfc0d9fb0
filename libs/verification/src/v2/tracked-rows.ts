import type { TrackedChangeTable, TrackedValue } from '@dms/inventory';
import { core, mustExist, qualified } from '@dms/model';
import type { RowsOf, SelectedRows } from '../behaviour/selected-rows.ts';
import type { RowText } from '../verification-dialect.ts';

/** The columns of a tracked-change table. */
const columnsOf = ({ valueColumns, systemColumns }: TrackedChangeTable): readonly string[] => [
  ...valueColumns.flatMap(({ oldColumn, newColumn }) => [oldColumn, newColumn]),
  ...systemColumns.map(({ column }) => column),
];

/** Adds the columns from which the values of tracked rows are read, and the tracked rows. */
export function selectTracked(tables: readonly TrackedChangeTable[], selected: SelectedRows): void {
  if (tables.length > 0) selected.add(core.document, ['DocumentId', 'DocumentUuid', 'ContentVersion']);
  for (const table of tables) {
    selected.add(table.table, columnsOf(table));
    const sources = [
      ...table.valueColumns.map(({ canonicalStorageColumn, sourceColumn }) => canonicalStorageColumn ?? sourceColumn),
      ...table.descriptorJoins.map(({ sourceColumn }) => sourceColumn),
    ];
    selected.add(table.sourceTable, ['DocumentId', ...sources.flatMap((name) => name ?? [])]);
    if (table.descriptorJoins.length > 0) selected.add(core.descriptor, ['DocumentId', 'Namespace', 'CodeValue']);
    for (const { joinPath } of table.personJoins)
      for (const step of joinPath) {
        selected.add(step.sourceTable, [step.sourceColumn]);
        selected.add(step.targetTable, [step.targetColumn]);
      }
  }
}

const find = (rows: readonly RowText[], column: string, value: string | null | undefined): RowText | undefined =>
  value == null ? undefined : rows.find((row) => row[column] === value);

/** A tracked value of a row of the source table (design 15a §4). */
function trackedValue(table: TrackedChangeTable, value: TrackedValue, row: RowText, rowsOf: RowsOf): string | null {
  const { role, sourceColumn, canonicalStorageColumn, descriptorJoinName, personJoinName } = value;
  if (descriptorJoinName !== null) {
    const join = table.descriptorJoins.find(({ name }) => name === descriptorJoinName);
    const { sourceColumn: own } = mustExist(join, `the join ${descriptorJoinName} of ${nameOf(table)}`);
    const descriptor = find(rowsOf(core.descriptor), 'DocumentId', row[own]);
    return descriptor?.[role === 'DescriptorNamespace' ? 'Namespace' : 'CodeValue'] ?? null;
  }
  if (personJoinName !== null) {
    const join = table.personJoins.find(({ name }) => name === personJoinName);
    const [first, ...rest] = mustExist(join, `the join ${personJoinName} of ${nameOf(table)}`).joinPath;
    let last = mustExist(first, `the first step of the join ${personJoinName}`);
    let found = row[last.sourceColumn] ?? null;
    for (const step of rest) {
      found = find(rowsOf(step.sourceTable), last.targetColumn, found)?.[step.sourceColumn] ?? null;
      last = step;
    }
    return found;
  }
  const column = mustExist(canonicalStorageColumn ?? sourceColumn, `the source of ${nameOf(table)}.${value.oldColumn}`);
  return row[column] ?? null;
}

/** The values of a row as a tracked row has them, in the order of the table. */
export const trackedValues = (table: TrackedChangeTable, row: RowText, rowsOf: RowsOf): readonly (string | null)[] =>
  table.valueColumns.map((value) => trackedValue(table, value, row, rowsOf));

/** The tracked rows of a document, oldest first. */
export function trackedRowsOf(table: TrackedChangeTable, rowsOf: RowsOf, uuid: string): readonly RowText[] {
  return rowsOf(table.table)
    .filter((row) => row.Id?.toLowerCase() === uuid.toLowerCase())
    .sort((left, right) => Number(left.ChangeVersion) - Number(right.ChangeVersion));
}

export const oldValues = ({ valueColumns }: TrackedChangeTable, row: RowText) =>
  valueColumns.map(({ oldColumn }) => row[oldColumn] ?? null);

export const newValues = ({ valueColumns }: TrackedChangeTable, row: RowText) =>
  valueColumns.map(({ newColumn }) => row[newColumn] ?? null);

export const nameOf = ({ table }: TrackedChangeTable): string => qualified(table);
