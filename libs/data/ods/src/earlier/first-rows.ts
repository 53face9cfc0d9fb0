import { isWithin } from '@dms/api-schema';
import type { OdsColumn } from '../mapping/ods-mapping.ts';
import { type ColumnValues, heldValues, type LaterRow } from './column-values.ts';
import type { EarlierCondition, EarlierPair } from './earlier-mapping.ts';
import { columnOf, type HeldValue, isColumnOf, orderColumns, pairOf } from './later-side.ts';
import { sameColumn, type TableOfResource } from './later-tables.ts';
import { type AddedItems, isInItems } from './row-places.ts';

/**
 * The condition that keeps only the first, by identity, of the new documents that share an earlier key (design 21 §2);
 * null if each row has a key of its own.
 *
 * @param equal the columns of the row that are equal to those of the successor
 * @param members the values of the columns of the item that became a document
 */
export function firstByIdentity(
  row: LaterRow,
  columns: readonly ColumnValues[],
  equal: readonly string[],
  members: readonly HeldValue[],
): EarlierCondition | null {
  const { derivation, place, side, source } = row;
  if (place.part === 'own') return null;
  const ofKey = keyColumns(row, columns).flatMap((column) => ownColumns(row, heldValues(column)));
  const shared = new Set([...ofKey, ...equal]);
  if (derivation.later.keyOf(side.row)?.every((name) => shared.has(name))) return null;
  const isEachPresent = place.kind !== 'valued' || isInItems(source.scope);
  return firstOf(row, side.row, shared, isEachPresent ? [] : ownColumns(row, members));
}

/** The condition that keeps only the first item, by key, of those that one object became: all values are from it. */
export function firstItem(
  row: LaterRow,
  columns: readonly ColumnValues[],
  { items, from }: AddedItems,
): EarlierCondition {
  const { side, source } = row;
  const outside = keyColumns(row, columns).filter(
    ({ column }) => !(source.paths[column.name] ?? []).some((path) => isWithin(path, from)),
  );
  const shared = outside.flatMap(heldValues).flatMap(({ expression, at, column }) => {
    const same = isColumnOf(expression, side.alias) ? sameColumn(at, column, items) : undefined;
    return same?.name ?? [];
  });
  return firstOf(row, items, new Set(shared), []);
}

const keyColumns = ({ table }: LaterRow, columns: readonly ColumnValues[]) =>
  columns.filter(({ column }) => table.key.includes(column.name));

/** The columns of the row itself among those with values. */
const ownColumns = ({ side }: LaterRow, values: readonly HeldValue[]): readonly string[] =>
  values.flatMap(({ expression }) => (isColumnOf(expression, side.alias) ? expression.column : []));

/** The condition that no row of a table with the same `shared` columns comes before this one. */
function firstOf(
  { derivation, side }: LaterRow,
  at: TableOfResource,
  shared: ReadonlySet<string>,
  present: readonly string[],
): EarlierCondition {
  const { schema, name, columns } = at.table;
  const pairs = (list: readonly OdsColumn[]) =>
    list.flatMap((column): EarlierPair | readonly EarlierPair[] => {
      const here = at.table === side.row.table ? column : sameColumn(at, column, side.row);
      if (!here) return [];
      return pairOf(column.name, columnOf(side.alias, here.name), derivation.later.mayLack(at, column));
    });
  return {
    kind: 'first',
    table: { schema, name },
    on: pairs(columns.filter((column) => shared.has(column.name))),
    order: pairs(orderColumns(at, shared)),
    present,
  };
}
