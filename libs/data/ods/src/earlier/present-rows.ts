import { isWithin } from '@dms/api-schema';
import { outerPath } from '@dms/translation';
import { allPaths } from '../mapping/ods-mapping.ts';
import { type ColumnValues, type LaterRow, wantedContent } from './column-values.ts';
import type { EarlierArm, EarlierCondition, EarlierExists, EarlierExpression } from './earlier-mapping.ts';
import { placeOf } from './earlier-values.ts';
import { columnOf, type HeldValue } from './later-side.ts';
import { columnNamed, itemsOf, rowItems, sameColumn, type TableOfResource } from './later-tables.ts';

/** The select for the rows of an earlier table that are in rows of another one. */
interface InnerRows {
  readonly at: TableOfResource;
  readonly arm: EarlierArm;
  readonly row: LaterRow;
}

/** Whether each later row has one of the values, which are those of the earlier object or item. */
export function hasEachRow({ side }: LaterRow, members: readonly HeldValue[]): boolean {
  const isOwnRow = (at: TableOfResource) => at.table === side.row.table && rowItems(at) === rowItems(side.row);
  return members.some(({ rows, at }) => rows === 'each' && isOwnRow(at));
}

/** Which rows have the earlier object or item. */
interface PresentRows {
  readonly where: readonly EarlierCondition[];
  /** Members that no column shows: a row with nothing else is left out. */
  readonly notShown: readonly string[];
}

/**
 * The condition that a row has a value that is not null, in itself or in an object in it, or, of an object or an
 * extension, a row in one of its collections (design 21 §2). None if values do not show it and each row counts.
 *
 * @param found what the later row has for the columns of the earlier table
 * @param members the values of the columns of the earlier object or item
 * @param inner the selects for the rows of its collections
 */
export function presentRows(
  row: LaterRow,
  found: readonly ColumnValues[],
  columns: readonly EarlierExpression[],
  members: readonly HeldValue[],
  inner: readonly InnerRows[],
): PresentRows {
  const inside = valuesInside(row);
  const shown = new Set([
    ...found.flatMap((each) => each.found.flatMap(({ kind, path }) => (kind === 'value' ? path : []))),
    ...inside.map(({ path }) => path),
  ]);
  const notShown = membersNotShown(row, shown);
  if (notShown.length > 0 && isFromThisObject(row)) return { where: [], notShown: [] };
  const values = [...members, ...inside.map(({ value }) => value)];
  const of = [...new Map(values.map(({ expression }) => [JSON.stringify(expression), expression])).values()];
  const rows = inner.flatMap((each) => rowExists(row, columns, each));
  return { where: [{ kind: 'present', of, rows }], notShown };
}

/**
 * The members of the earlier object that documents may have alone, and that have no column that can be asked: because
 * the column is one of the key, or the tables have no key. The members of a reference are shown by one of them.
 */
function membersNotShown(
  { derivation, label, place, side, source: { scope } }: LaterRow,
  shown: ReadonlySet<string>,
): readonly string[] {
  const placeAt = (path: string) => placeOf(derivation.translation.before, label, path);
  const wholeOf = (path: string) => placeAt(path)?.referencePath ?? path;
  const wholes = new Set([...shown].map(wholeOf));
  const isInEachObject = (path: string | undefined): boolean =>
    path === scope || (path !== undefined && placeAt(path)?.isRequired === true && isInEachObject(outerPath(path)));
  if ([...wholes].some(isInEachObject)) return [];
  // rows of collections do not show the object either if keys do not tell documents
  const tellsDocuments = derivation.later.keyOf(side.row) !== undefined;
  const isMember = (path: string) => isWithin(path, scope) && (itemsOf(path) === itemsOf(scope) || !tellsDocuments);
  return derivation
    .placesIn(label, place.part)
    .flatMap(({ path }) => (isMember(path) && !wholes.has(wholeOf(path)) ? path : []));
}

/** Whether the row is the later object, and everything in that is from the earlier one. */
function isFromThisObject({ derivation, label, place, side, source: { scope } }: LaterRow): boolean {
  if (place.kind !== 'valued' || place.around === null || side.row.table !== place.row.table) return false;
  const later = place.row.source.scope;
  return derivation.placesIn(label, place.part).every(({ path, to }) => !isWithin(to, later) || isWithin(path, scope));
}

/** The values of the objects in a row, which have tables of their own. */
function valuesInside(row: LaterRow): readonly { readonly path: string; readonly value: HeldValue }[] {
  const { derivation, label, place, side, source, table } = row;
  const { scope } = source;
  const isInside = (path: string) => path !== scope && isWithin(path, scope) && itemsOf(path) === itemsOf(scope);
  const others = derivation.earlier.of(label).filter((each) => each.table !== table);
  return others.flatMap((each) =>
    each.table.columns.flatMap((column) =>
      allPaths(each.source, column.name)
        .filter(isInside)
        .flatMap((path) => {
          const route = derivation.routeOf(label, path);
          if (route?.part !== place.part) return [];
          const value = side.value(route.to, wantedContent(row, place.label, route.to, column));
          return value ? { path, value } : [];
        }),
    ),
  );
}

/** The earlier tables of the collections in an object or an extension. */
export function collectionsIn({ derivation, label, source: { scope }, table }: LaterRow): readonly TableOfResource[] {
  if (table.kind !== 'extension' && table.kind !== 'common') return [];
  const depth = scope.split('[*]').length;
  return derivation.earlier.of(label).filter(({ source }) => {
    const own = source.scope;
    return own.endsWith('[*]') && isWithin(own, scope) && own.split('[*]').length === depth + 1;
  });
}

function rowExists(
  row: LaterRow,
  columns: readonly EarlierExpression[],
  inner: InnerRows,
): EarlierExists | readonly [] {
  const on = sameDocument(row, inner) ?? sameKey(row, columns, inner);
  if (on.length === 0) return [];
  const { columns: _, ...rows } = inner.arm;
  return { rows: { ...rows, where: rows.where.filter(({ kind }) => kind !== 'first') }, on };
}

/** Pairs the equal key columns of two rows of one later document; undefined if their documents differ. */
function sameDocument({ derivation, place, side }: LaterRow, inner: InnerRows): EarlierExists['on'] | undefined {
  if (inner.row.place.part !== place.part || inner.row.place.label !== place.label) return undefined;
  const key = derivation.later.keyOf(side.row);
  const on = key?.flatMap((name) => {
    const column = columnNamed(side.row, name);
    const other = column && sameColumn(side.row, column, inner.row.side.row);
    if (!column || !other) return [];
    const equal = { here: columnOf(side.alias, name), there: columnOf(inner.arm.alias, other.name) };
    return derivation.later.mayLack(side.row, column) ? { ...equal, isNullable: true } : equal;
  });
  return on?.length === key?.length ? on : undefined;
}

/**
 * Pairs the equal key columns of two earlier rows; columns that are lost in one of them are left out. None if keys do not
 * tell documents.
 */
function sameKey(
  { derivation, source, table }: LaterRow,
  columns: readonly EarlierExpression[],
  { at, arm }: InnerRows,
): EarlierExists['on'] {
  const key = derivation.earlier.keyOf({ table, source }) ?? [];
  return key.flatMap((name) => {
    const index = table.columns.findIndex((column) => column.name === name);
    const column = table.columns[index];
    const other = column && sameColumn({ table, source }, column, at);
    const [here, there] = [columns[index], other && arm.columns[at.table.columns.indexOf(other)]];
    if (!column || !here || !there || here.kind === 'null' || there.kind === 'null') return [];
    return derivation.earlier.mayLack({ table, source }, column) ? { here, there, isNullable: true } : { here, there };
  });
}
