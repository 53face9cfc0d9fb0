import { isInteger, narrowerInteger } from '@dms/sql';
import { Unions } from '@dms/values';
import { qualified } from './full-names.ts';
import type { Column, DbTableName, RelationalModelSet, ScalarType, Table } from './model.ts';
import { modelIndex } from './model-index.ts';
import { storedColumn, storedName } from './storage.ts';

/*
 * A reference may have less room for a value than its target: for fewer letters or digits. Another value of the target
 * then has no referrer, and no new identity can reach one. So checks make values that all copies have room for.
 */

/** The type with which a column is declared; its copies may have less room. */
export type CopiedType = (table: DbTableName, column: Pick<Column, 'name' | 'scalarType'>) => ScalarType | null;

interface FittingModel {
  readonly model: RelationalModelSet;
  readonly declaredType: CopiedType;
}

const placeOf = (table: DbTableName, column: string) => `${qualified(table)} ${column}`;

/** A model whose columns have types with the values for which all copies have room, and the declared types. */
export function fittingCopies(model: RelationalModelSet): FittingModel {
  const types = roomOfCopies(model);
  const declared = new Map<string, ScalarType>();
  const fitting = (table: Table): Table => ({
    ...table,
    columns: table.columns.map((column) => {
      const scalarType = types.get(placeOf(table.table, storedName(column)));
      if (scalarType === undefined || column.scalarType === null) return column;
      declared.set(placeOf(table.table, column.name), column.scalarType);
      return { ...column, scalarType };
    }),
  });
  return {
    model: types.size === 0 ? model : withTables(model, fitting),
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

/** The narrower types of stored columns whose copies, or the copies of the same value, have less room. */
function roomOfCopies(model: RelationalModelSet): ReadonlyMap<string, ScalarType> {
  const { abstractIdentityTables, abstractUnionViews } = model;
  const index = modelIndex(model);
  const tables = index.allTables.map(({ table }) => table);
  const stored = (name: DbTableName, column: string) => {
    const table = index.table(name)?.table;
    return placeOf(name, table ? storedColumn(table, column) : column);
  };
  const unions = new Unions<string>();
  for (const table of tables)
    for (const constraint of table.constraints) {
      if (constraint.kind !== 'ForeignKey') continue;
      const { columns, targetTable, targetColumns } = constraint;
      for (const [index, column] of columns.entries()) {
        const target = targetColumns[index];
        if (target !== undefined) unions.join(stored(targetTable, target), stored(table.table, column));
      }
    }
  const identities = new Map(abstractIdentityTables.map(({ resourceKey, table }) => [resourceKey.id, table]));
  for (const { resourceKey, unionArms } of abstractUnionViews) {
    const identity = identities.get(resourceKey.id);
    for (const { fromTable, projections } of unionArms)
      for (const [index, projection] of projections.entries()) {
        const column = identity?.columns[index];
        if (identity !== undefined && column !== undefined && projection.kind === 'SourceColumn')
          unions.join(stored(identity.table, column.name), stored(fromTable, projection.column));
      }
  }
  const typeOf = new Map(
    tables.flatMap(({ table, columns }) =>
      columns.flatMap(({ name, scalarType }): [string, ScalarType][] =>
        scalarType === null ? [] : [[placeOf(table, name), scalarType]],
      ),
    ),
  );
  const found = new Map<string, ScalarType>();
  for (const places of unions.groups) {
    const [first, ...others] = places.flatMap((place) => typeOf.get(place) ?? []);
    const common = others.reduce<ScalarType | null>((type, each) => type && commonType(type, each), first ?? null);
    if (common === null) continue;
    for (const place of places) {
      const own = typeOf.get(place);
      if (own !== undefined && !isSameType(own, common)) found.set(place, common);
    }
  }
  return found;
}

const isSameType = (left: ScalarType, right: ScalarType): boolean =>
  left.kind === right.kind &&
  left.maxLength === right.maxLength &&
  left.decimal?.precision === right.decimal?.precision &&
  left.decimal?.scale === right.decimal?.scale;

/** The type of the values that two types have in common; null for types of different kinds. */
function commonType(left: ScalarType, right: ScalarType): ScalarType | null {
  if (isInteger(left.kind) && isInteger(right.kind))
    return narrowerInteger(left.kind, right.kind) === left.kind ? left : right;
  if (left.kind !== right.kind) return null;
  return {
    kind: left.kind,
    maxLength: least(left.maxLength, right.maxLength),
    decimal: narrowerDecimal(left.decimal, right.decimal),
  };
}

const least = (left: number | null, right: number | null): number | null =>
  left === null ? right : right === null ? left : Math.min(left, right);

function narrowerDecimal(left: ScalarType['decimal'], right: ScalarType['decimal']): ScalarType['decimal'] {
  if (left === null || right === null) return left ?? right;
  const scale = Math.min(left.scale, right.scale);
  return { precision: Math.min(left.precision - left.scale, right.precision - right.scale) + scale, scale };
}
