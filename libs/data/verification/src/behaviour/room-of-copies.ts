import { groupBy } from '@dms/files';
import { type Column, qualified, type RelationalModelSet, type ScalarType, type Table } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import type { CheckedSet } from '../verification-input.ts';
import { Unions } from './unions.ts';
import { foreignKeysOf, storedColumn } from './world-tables.ts';

/*
 * A reference may have less room for a text than its target. A longer text of the target then has no referrer, and no
 * new identity can reach one. So checks make values that all copies have room for.
 */

/** The type with which a column is declared; its copies may have less room. */
export type DeclaredType = (table: QualifiedName, column: Pick<Column, 'name' | 'scalarType'>) => ScalarType | null;

/** A set whose texts are as long as all copies of a value allow, and the declared types. */
interface FittingSet {
  readonly input: CheckedSet;
  readonly declaredType: DeclaredType;
}

const placeOf = (table: QualifiedName, column: string) => `${qualified(table)} ${column}`;

/** Shortens the types of the columns of a set whose copies have less room. */
export function fittingCopies(input: CheckedSet): FittingSet {
  const { model } = input;
  const lengths = roomOfCopies(input);
  const declared = new Map<string, ScalarType>();
  const fitting = (table: Table): Table => ({
    ...table,
    columns: table.columns.map((column) => {
      const place = placeOf(table.table, storedColumn(table, column.name));
      const maxLength = lengths.get(place);
      if (maxLength === undefined || column.scalarType === null) return column;
      declared.set(placeOf(table.table, column.name), column.scalarType);
      return { ...column, scalarType: { ...column.scalarType, maxLength } };
    }),
  });
  const isFitting = lengths.size === 0;
  return {
    input: isFitting ? input : { ...input, model: withTables(model, fitting) },
    declaredType: (table, { name, scalarType }) => declared.get(placeOf(table, name)) ?? scalarType,
  };
}

const withTables = (model: RelationalModelSet, change: (table: Table) => Table): RelationalModelSet => ({
  ...model,
  resources: model.resources.map((resource) => ({
    ...resource,
    tablesInDependencyOrder: resource.tablesInDependencyOrder.map(change),
  })),
  abstractIdentityTables: model.abstractIdentityTables.map((each) => ({ ...each, table: change(each.table) })),
});

/** The lengths of stored text columns whose copies, or the copies of the same value, have less room. */
function roomOfCopies({ model, inventory }: CheckedSet): ReadonlyMap<string, number> {
  const tables = [
    ...model.resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder),
    ...model.abstractIdentityTables.map(({ table }) => table),
  ];
  const byName = new Map(tables.map((table) => [qualified(table.table), table]));
  const stored = (name: QualifiedName, column: string) => {
    const table = byName.get(qualified(name));
    return placeOf(name, table ? storedColumn(table, column) : column);
  };
  const unions = new Unions();
  for (const table of tables)
    for (const { columns, targetTable, targetColumns } of foreignKeysOf(table))
      for (const [index, column] of columns.entries()) {
        const target = targetColumns[index];
        if (target !== undefined) unions.join(stored(targetTable, target), stored(table.table, column));
      }
  for (const trigger of inventory.triggers)
    if (trigger.kind === 'AbstractIdentityMaintenance')
      for (const { sourceColumn, targetColumn } of trigger.targetColumnMappings)
        unions.join(stored(trigger.targetTable, targetColumn), stored(trigger.table, sourceColumn));
  const lengthOf = new Map(
    tables.flatMap(({ table, columns }) =>
      columns.flatMap(({ name, scalarType }): [string, number][] =>
        scalarType?.kind === 'String' && scalarType.maxLength !== null
          ? [[placeOf(table, name), scalarType.maxLength]]
          : [],
      ),
    ),
  );
  const found = new Map<string, number>();
  for (const places of groupBy(unions.places, (place) => unions.find(place)).values()) {
    const least = Math.min(...places.flatMap((place) => lengthOf.get(place) ?? []));
    for (const place of places) if ((lengthOf.get(place) ?? 0) > least) found.set(place, least);
  }
  return found;
}
