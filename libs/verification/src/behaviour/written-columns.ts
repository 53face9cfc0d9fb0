import type { Column, ScalarType, Table } from '@dms/model';
import type { BehaviourInput } from './behaviour-input.ts';
import type { WorldTable } from './world-tables.ts';
import type { WorldValues } from './world-values.ts';

/** The columns of the primary key and the unique constraints of a table. */
export function uniqueColumnsOf({ key, constraints }: Table): ReadonlySet<string> {
  return new Set<string>([
    ...key.columns.map(({ name }) => name),
    ...constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? constraint.columns : [])),
  ]);
}

/** The columns of keys and constraints of a table: changing one changes more than a value. */
function constrainedColumns({ key, constraints }: Table): Set<string> {
  const names = new Set<string>(key.columns.map(({ name }) => name));
  for (const constraint of constraints) {
    if (constraint.kind === 'NullOrTrue') names.add(constraint.column);
    else if (constraint.kind === 'AllOrNoneNullability')
      for (const name of [constraint.fkColumn, ...constraint.dependentColumns]) names.add(name);
    else for (const name of constraint.columns) names.add(name);
  }
  return names;
}

/** The columns of a table whose values determine nothing else except, below a root, the identity of the row. */
export function valueColumns({ inventory }: BehaviourInput, { table }: WorldTable): readonly Column[] {
  const others = new Set<string>(table.key.columns.map(({ name }) => name));
  for (const constraint of table.constraints) {
    if (constraint.kind === 'NullOrTrue') others.add(constraint.column);
    else if (constraint.kind === 'AllOrNoneNullability')
      for (const name of [constraint.fkColumn, ...constraint.dependentColumns]) others.add(name);
    else if (constraint.kind === 'ForeignKey') for (const name of constraint.columns) others.add(name);
  }
  for (const trigger of inventory.triggers)
    if (trigger.table.schema === table.table.schema && trigger.table.name === table.table.name)
      for (const name of trigger.identityProjectionColumns) others.add(name);
  return table.columns.filter(
    ({ name, kind, storage, isWritable, scalarType }) =>
      kind === 'Scalar' && storage.kind === 'Stored' && isWritable && scalarType !== null && !others.has(name),
  );
}

/** A column whose change affects a single value on which nothing else depends. */
export function changeableColumn({ inventory }: BehaviourInput, { table }: WorldTable): Column | undefined {
  const others = constrainedColumns(table);
  for (const trigger of inventory.triggers) {
    if (trigger.table.schema !== table.table.schema || trigger.table.name !== table.table.name) continue;
    for (const name of trigger.identityProjectionColumns) others.add(name);
  }
  return table.columns.find(
    ({ name, kind, storage, isWritable, scalarType }) =>
      kind === 'Scalar' && storage.kind === 'Stored' && isWritable && scalarType !== null && !others.has(name),
  );
}

/** A value of a type that differs from all given values. */
export function otherValue(type: ScalarType, values: WorldValues, taken: ReadonlySet<string | null>): string {
  switch (type.kind) {
    case 'Boolean':
      return [...taken].some((value) => value === 'false' || value === '0') ? 'true' : 'false';
    case 'DateTime':
      return '2024-06-01T00:00:00Z';
    case 'Time':
      return '09:30:00';
    default: {
      let value = values.next(type);
      while (taken.has(value)) value = values.next(type);
      return value;
    }
  }
}
