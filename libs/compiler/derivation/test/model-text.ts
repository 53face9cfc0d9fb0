import { type Column, qualified, type ScalarType, type Table, type TableConstraint } from '@dms/model';

export function typeText(type: ScalarType | null): string {
  if (type === null) return '-';
  const { kind, maxLength, decimal } = type;
  if (decimal) return `${kind}(${decimal.precision},${decimal.scale})`;
  return maxLength === null ? kind : `${kind}(${maxLength})`;
}

function columnLine({ name, kind, scalarType, isNullable, sourcePath, storage }: Column): string {
  const line = `${name} ${kind} ${typeText(scalarType)} ${isNullable ? 'NULL' : 'NOT NULL'} ${sourcePath?.canonical ?? '-'}`;
  if (storage.kind === 'Stored') return line;
  return `${line} = ${storage.canonicalColumn}${storage.presenceColumn === null ? '' : ` where ${storage.presenceColumn}`}`;
}

/** Columns as lines: name, kind, type, nullability, path, and the source of an alias. */
export const columnLines = ({ columns }: Table): string[] => columns.map(columnLine);

function lineOf(constraint: TableConstraint): string {
  switch (constraint.kind) {
    case 'Unique':
      return `Unique ${constraint.name} (${constraint.columns.join(', ')})`;
    case 'ForeignKey': {
      const { name, columns, targetTable, targetColumns, onDelete, onUpdate, deferrable } = constraint;
      const target = `${qualified(targetTable)} (${targetColumns.join(', ')})`;
      return `ForeignKey ${name} (${columns.join(', ')}) -> ${target} ${onDelete}/${onUpdate}${deferrable ? ' deferrable' : ''}`;
    }
    case 'AllOrNoneNullability':
      return `AllOrNone ${constraint.name} ${constraint.fkColumn}: ${constraint.dependentColumns.join(', ')}`;
    case 'NullOrTrue':
      return `NullOrTrue ${constraint.name} ${constraint.column}`;
  }
}

/**
 * Constraints as lines: kind, name, columns; for a foreign key also the target and the actions on delete and update.
 */
export const constraintLines = ({ constraints }: Table): string[] => constraints.map(lineOf);

/** The lines of the constraints of one kind. */
export function constraintsOf(table: Table, kind: 'Unique' | 'ForeignKey' | 'AllOrNone' | 'NullOrTrue'): string[] {
  return constraintLines(table).filter((line) => line.startsWith(`${kind} `));
}

/** The line of the constraint with that name. */
export function constraintLine({ constraints }: Table, name: string): string | undefined {
  const found = constraints.find((constraint) => constraint.name === name);
  return found && lineOf(found);
}

/** The whole table: its name, scope and primary key, its columns, its constraints. */
export function tableLines(table: Table): string[] {
  const { table: name, jsonScope, key } = table;
  const keyColumns = key.columns.map((column) => column.name).join(', ');
  return [
    `${qualified(name)} ${jsonScope.canonical} ${key.constraintName} (${keyColumns})`,
    ...columnLines(table),
    ...constraintLines(table),
  ];
}

/** The lines of a text without indentation and alignment; empty lines are dropped. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/ +/g, ' '))
    .filter((line) => line !== '');
}
