import { isWithin, resourceLabel } from '@dms/api-schema';
import type { LaterValue } from '@dms/translation';
import { allPaths, type FixedColumn, type OdsColumn } from '../mapping/ods-mapping.ts';
import type { CarriedRoute } from './derivation.ts';
import type { EarlierExpression, EarlierPair } from './earlier-mapping.ts';
import { earlierDiscriminator, earlierValue, placeOf } from './earlier-values.ts';
import { columnOf, type HeldValue, orderColumns, type Side } from './later-side.ts';
import { columnAt, type WantedContent } from './later-tables.ts';
import type { EarlierRowPlace, RowsToSelect } from './row-places.ts';
import { joinedContents, takenPlaces } from './successor.ts';

/** The later row that the values of a resource are read from. */
export interface LaterRow extends RowsToSelect {
  readonly place: EarlierRowPlace;
  readonly side: Side;
  /** The row of the successor: this one, or a joined one; null if none is joined. */
  readonly successor: Side | null;
}

/** What a later row has for a path. `lost` says what it cannot give back (design 21 §4). */
type PathValue =
  /** The value as the later set has it, and converted back. */
  | {
      readonly kind: 'value';
      readonly held: HeldValue;
      readonly value: EarlierExpression;
      readonly lost: 'implied' | null;
    }
  | { readonly kind: 'none'; readonly lost: 'apart' | null };

const none: PathValue = { kind: 'none', lost: null };
const apart: PathValue = { kind: 'none', lost: 'apart' };

/** What a later row has for the paths of a column. */
export interface ColumnValues {
  readonly column: OdsColumn;
  readonly found: readonly (PathValue & { readonly path: string })[];
}

/** Looks up the values of all columns of the earlier table (design 21 §2, second table). */
export const columnValues = (row: LaterRow): readonly ColumnValues[] =>
  row.table.columns.map((column) => ({
    column,
    found:
      column.content.kind === 'fixed'
        ? []
        : (row.source.paths[column.name] ?? []).map((path) => ({ path, ...pathValue(row, path, column) })),
  }));

/** The values of a column, as the later set has them. */
export const heldValues = ({ found }: ColumnValues): readonly HeldValue[] =>
  found.flatMap((each) => (each.kind === 'value' ? each.held : []));

function pathValue(row: LaterRow, path: string, column: OdsColumn): PathValue {
  const source = pathSource(row, row.place, path);
  switch (source.kind) {
    case 'document': {
      const held = row.side.value(source.to, wantedContent(row, row.place.label, source.to, column));
      if (!held) return hasNoKey(row.side) ? apart : none;
      return converted(row, held, column, { path, label: row.place.label, ...source });
    }
    case 'apart':
      return apart;
    case 'successor':
      return row.successor ? valueOfSuccessor(row, path, column, row.successor) : none;
  }
}

/** Whether no other table of the resource can be joined to the row. */
const hasNoKey = ({ select, row }: Side): boolean => select.tables.keyOf(row) === undefined;

type PathSource =
  | { readonly kind: 'document'; readonly to: string; readonly conversion: LaterValue }
  | { readonly kind: 'successor' }
  | { readonly kind: 'apart' };

/** Which later row has the value of a path: that of the successor, that of a new document, or neither. */
export function pathSource(
  { derivation, label, source }: RowsToSelect,
  { kind, part }: EarlierRowPlace,
  path: string,
): PathSource {
  if (kind === 'documents' || part === 'own') return { kind: 'successor' };
  const route = derivation.routeOf(label, path);
  if (route?.part === part) return { kind: 'document', to: route.to, conversion: route.conversion };
  const taken = takenPlaces(derivation, part).find(({ from }) => from === path);
  if (taken) return { kind: 'document', to: taken.to, conversion: taken.conversion };
  return isWithin(path, source.scope) ? { kind: 'apart' } : { kind: 'successor' };
}

/** The kind of column content that has the later value. */
export function wantedContent(
  { derivation }: RowsToSelect,
  label: string,
  path: string,
  { content }: OdsColumn,
): WantedContent {
  if (placeOf(derivation.translation.after, label, path)?.leaf?.value === 'descriptor') return 'descriptor';
  return content.kind === 'usi' ? 'usi' : 'value';
}

/** A value that is converted back. */
function converted(
  { derivation, label }: LaterRow,
  held: HeldValue,
  column: OdsColumn,
  at: { readonly path: string; readonly label: string; readonly to: string; readonly conversion: LaterValue },
): Extract<PathValue, { kind: 'value' }> {
  const { before, after } = derivation.translation;
  const ends = {
    column,
    held: held.column,
    earlier: placeOf(before, label, at.path),
    later: placeOf(after, at.label, at.to),
  };
  const value = earlierValue(derivation, at.conversion.does, held.expression, ends);
  return { kind: 'value', held, value, lost: null };
}

function valueOfSuccessor(row: LaterRow, path: string, column: OdsColumn, side: Side): PathValue {
  const route = row.derivation.routeOf(row.label, path);
  if (!route) return none;
  const isOfItems = path.includes('[*]');
  if (route.part !== 'own') return isOfItems ? apart : valueOfMembers(row, path, column, route, side);
  const held = side.value(route.to, wantedContent(row, side.label, route.to, column));
  if (!held) return isOfItems || hasNoKey(side) ? apart : none;
  const found = converted(row, held, column, { path, label: side.label, ...route });
  const present = presence(row, column, route, held, side);
  if (present === 'unneeded') return found;
  if (present === 'implied') return { ...found, lost: 'implied' };
  return { ...found, value: { kind: 'where', present, of: found.value } };
}

/** A value that the later set has in documents of another resource. */
function valueOfMembers(row: LaterRow, path: string, column: OdsColumn, route: CarriedRoute, side: Side): PathValue {
  const { derivation, label } = row;
  const wanted = wantedContent(row, route.resource, route.to, column);
  for (const at of derivation.later.of(route.resource)) {
    const member = columnAt(at, route.to, wanted);
    if (!member) continue;
    const on = takenPlaces(derivation, route.part).flatMap(({ to, from }): EarlierPair[] => {
      const own = derivation.routeOf(label, from);
      if (own?.part !== 'own') return [];
      for (const content of joinedContents) {
        const there = columnAt(at, to, content);
        const here = there && side.value(own.to, content);
        if (there && here) return [{ column: there.name, value: here.expression }];
      }
      return [];
    });
    if (on.length === 0) continue;
    const known = new Set(on.map((each) => each.column));
    const { schema, name } = at.table;
    const isWhole = derivation.later.keyOf(at)?.every((each) => known.has(each)) ?? false;
    const expression: EarlierExpression = isWhole
      ? columnOf(side.select.join('left', at, on), member.name)
      : {
          kind: 'first',
          table: { schema, name },
          on,
          column: member.name,
          order: orderColumns(at, known).map((each) => each.name),
          isPresent: true,
        };
    const held: HeldValue = { expression, at, column: member, rows: 'some' };
    return converted(row, held, column, { path, label: route.resource, to: route.to, conversion: route.conversion });
  }
  return none;
}

/**
 * The expression that must not be null for a value to be of this place: for a column that also holds values of other
 * places, if this place may be absent. `implied` if no column shows it.
 */
function presence(
  { derivation, label, source }: LaterRow,
  column: OdsColumn,
  route: CarriedRoute,
  { at, column: held }: HeldValue,
  side: Side,
): EarlierExpression | 'unneeded' | 'implied' {
  if (!column.isNullable) return 'unneeded';
  const { after } = derivation.translation;
  const images = new Set(
    (source.paths[column.name] ?? []).flatMap((each) => derivation.routeOf(label, each)?.to ?? []),
  );
  const others = allPaths(at.source, held.name).filter((each) => !images.has(each));
  const place = placeOf(after, side.label, route.to);
  const reference = place?.referencePath != null ? placeOf(after, side.label, place.referencePath) : undefined;
  if (others.length === 0 || (reference ?? place)?.isRequired) return 'unneeded';
  const parts = new Set(reference?.reference?.parts.map(({ leaf }) => leaf.path));
  const alone = at.table.columns.find((each) => {
    const paths = allPaths(at.source, each.name);
    return each !== held && paths.length > 0 && paths.every((one) => parts.has(one));
  });
  const alias = alone && side.aliasOf(at);
  return alone && alias !== undefined ? columnOf(alias, alone.name) : 'implied';
}

/** The expression of a column: of several values of one column, the first that each row has. */
export function columnExpression(row: LaterRow, { column: { content }, found }: ColumnValues): EarlierExpression {
  if (content.kind === 'fixed') return fixedValue(row, content.column);
  const values = found.flatMap((each) => (each.kind === 'value' ? each : []));
  const [first] = values;
  if (!first) return { kind: 'null' };
  const inEach = values.filter(({ held }) => held.rows === 'each');
  const certain = inEach.find(({ held, value }) => value === held.expression) ?? inEach[0];
  if (certain) return certain.value;
  const distinct = [...new Map(values.map(({ value }) => [JSON.stringify(value), value])).values()];
  return distinct.length === 1 ? first.value : { kind: 'coalesce', of: distinct };
}

function fixedValue({ derivation, table, label, side }: LaterRow, name: FixedColumn): EarlierExpression {
  if (name !== 'Discriminator') return side.fixed(name);
  if (table.kind !== 'base') return { kind: 'null' };
  const named = (each: string) => derivation.earlier.discriminator(each) || `${table.schema}.${each}`;
  if (side.row.table.kind !== 'base') return { kind: 'text', text: named(label) };
  const labels = table.sources.map(({ resource }) => resourceLabel(resource));
  return earlierDiscriminator(derivation, columnOf(side.alias, 'Discriminator'), labels, named);
}
