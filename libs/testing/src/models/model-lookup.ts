import { isExtensionScoped, resourceLabel } from '@dms/api-schema';
import {
  type Column,
  type ForeignKeyConstraint,
  modelIndex,
  qualified,
  type RelationalModelSet,
  type ResourceModel,
  type Table,
} from '@dms/model';

export function resourceOf(model: RelationalModelSet, label: string): ResourceModel {
  const found = model.resources.find(({ resourceKey }) => resourceLabel(resourceKey) === label);
  if (!found) throw new Error(`the model has no resource ${label}`);
  return found;
}

/** The tables of a resource, or of a model with its abstract identity tables, in model order. */
export const tablesOf = (place: RelationalModelSet | ResourceModel): readonly Table[] =>
  'tablesInDependencyOrder' in place
    ? place.tablesInDependencyOrder
    : modelIndex(place).allTables.map(({ table }) => table);

/** The names of these tables, as `schema.name`. */
export function tableNames(place: RelationalModelSet | ResourceModel): string[] {
  return tablesOf(place).map(({ table }) => qualified(table));
}

/** A table of a resource, or an abstract identity table, by `schema.name`. */
export function tableOf(model: RelationalModelSet, name: string): Table {
  const found = tablesOf(model).find(({ table }) => qualified(table) === name);
  if (!found) throw new Error(`the model has no table ${name}; it has ${tableNames(model).join(', ')}`);
  return found;
}

/** Whether a table belongs to an extension. */
export const isExtensionTable = ({ jsonScope }: Table): boolean => isExtensionScoped(jsonScope);

export const columnNames = ({ columns }: Table): string[] => columns.map(({ name }) => name);

export function columnOf({ table, columns }: Table, name: string): Column {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`${qualified(table)} has no column ${name}`);
  return column;
}

export function foreignKeyOf(model: RelationalModelSet, table: string, name: string): ForeignKeyConstraint {
  const found = tableOf(model, table).constraints.find((constraint) => constraint.name === name);
  if (found?.kind !== 'ForeignKey') throw new Error(`${table} has no foreign key ${name}`);
  return found;
}
