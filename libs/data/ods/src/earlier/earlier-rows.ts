import { isWithin, resourceLabel } from '@dms/api-schema';
import type { LaterValue, NewIdentity, Route } from '@dms/translation';
import {
  allPaths,
  type FixedColumn,
  type OdsColumn,
  type OdsSource,
  type OdsTable,
  tableLabel,
} from '../mapping/ods-mapping.ts';
import type { Derivation } from './derivation.ts';
import type { EarlierArm, EarlierCondition, EarlierExists, EarlierExpression, EarlierPair } from './earlier-mapping.ts';
import { earlierDiscriminator, earlierValue, placeOf } from './earlier-values.ts';
import { columnOf, type HeldValue, orderColumns, pairOf, Select, Side } from './later-side.ts';
import {
  columnAt,
  columnNamed,
  itemsOf,
  rowItems,
  sameColumn,
  type TableOfResource,
  type WantedContent,
} from './later-tables.ts';
import { type EarlierRowPlace, isInItems, rowPlace } from './row-places.ts';

/** The resources whose rows a select has. */
interface ResourceGroup {
  /** The later resources. */
  readonly labels: ReadonlySet<string>;
  /** Whether the select has the rows of all resources of a table, not of one. */
  readonly isAll: boolean;
}

/** The select for the rows of one resource; undefined if the later set has none. */
export function armOf(
  derivation: Derivation,
  table: OdsTable,
  source: OdsSource,
  group: ResourceGroup,
  alias: string,
): EarlierArm | undefined {
  const place = rowPlace(derivation, table, source, group.isAll);
  if (!place) return undefined;
  for (const row of place.tables) {
    const arm = new ArmBuilder(derivation, table, source, { group, place, row, alias }).build();
    if (arm) return arm;
  }
  return undefined;
}

/** A value of a path, before and after its conversion. */
interface Resolved {
  readonly raw: HeldValue;
  readonly value: EarlierExpression;
}

const contents: readonly WantedContent[] = ['usi', 'descriptor', 'value'];

type Carry = Extract<Route, { kind: 'carry' }>;

/** The select for the rows of one resource of the earlier set (design 21 §2). */
class ArmBuilder {
  private readonly derivation: Derivation;
  private readonly table: OdsTable;
  private readonly source: OdsSource;
  private readonly group: ResourceGroup;
  private readonly place: EarlierRowPlace;
  private readonly label: string;
  private readonly row: TableOfResource;
  private readonly select: Select;
  private readonly side: Side;
  private readonly identity: NewIdentity | undefined;
  private joined: Side | null | undefined;
  /** Columns of the row that are equal to those of the successor. */
  private readonly equal = new Set<string>();

  constructor(
    derivation: Derivation,
    table: OdsTable,
    source: OdsSource,
    { group, place, row, alias }: { group: ResourceGroup; place: EarlierRowPlace; row: TableOfResource; alias: string },
  ) {
    this.derivation = derivation;
    this.table = table;
    this.source = source;
    this.group = group;
    this.place = place;
    this.row = row;
    this.label = resourceLabel(source.resource);
    this.select = new Select(derivation.later, row, alias);
    this.side = new Side(this.select, place.label, row, alias);
    this.identity = place.part === 'own' ? undefined : derivation.translation.newIdentities[place.part];
  }

  private routeOf(path: string): Carry | undefined {
    const route = this.derivation.resource(this.label)?.routes.get(path);
    return route?.kind === 'carry' ? route : undefined;
  }

  private later(label: string, path: string) {
    return placeOf(this.derivation.translation.after, label, path);
  }

  /** The kind of column content that has the later value. */
  private wanted(label: string, path: string, { content }: OdsColumn): WantedContent {
    if (this.later(label, path)?.leaf?.value === 'descriptor') return 'descriptor';
    return content.kind === 'usi' ? 'usi' : 'value';
  }

  private converted(
    raw: HeldValue,
    conversion: LaterValue,
    column: OdsColumn,
    at: { path: string; label: string; to: string },
  ): Resolved {
    const ends = {
      column,
      held: raw.column,
      earlier: placeOf(this.derivation.translation.before, this.label, at.path),
      later: this.later(at.label, at.to),
    };
    return { raw, value: earlierValue(this.derivation, conversion.does, raw.expression, ends) };
  }

  /** The places of the new document whose values its identity took from the earlier document. */
  private taken() {
    return [...(this.identity?.sources ?? [])].flatMap(([to, source]) =>
      source.kind === 'place' ? [{ to, from: source.from, conversion: source.conversion }] : [],
    );
  }

  /**
   * Whether the keys come from the new document alone: each place that its identity took is a member of a reference
   * with the same target in both sets, or of a reference to the successor.
   */
  private standsAlone(): boolean {
    const { derivation, label } = this;
    const { before, after } = derivation.translation;
    const successor = derivation.rules.resource(label).later;
    const superclass = after.resources.get(successor)?.superclass ?? null;
    const all = [...after.resources.values()].filter((each) => each.superclass === superclass);
    const hasAll = superclass !== null && all.every((each) => this.group.labels.has(each.label));
    return this.taken().every(({ to, from }) => {
      const place = this.later(this.place.label, to);
      if (place?.kind !== 'member' || place.referencePath === null) return false;
      const target = this.later(this.place.label, place.referencePath)?.target;
      if (target === successor || (hasAll && target === superclass)) return true;
      const earlier = placeOf(before, label, from);
      if (earlier?.kind !== 'member' || earlier.referencePath === null) return false;
      const earlierTarget = placeOf(before, label, earlier.referencePath)?.target;
      return (
        earlierTarget !== null &&
        earlierTarget !== undefined &&
        derivation.rules.resource(earlierTarget).later === target
      );
    });
  }

  /** Equal columns of a new document and of the successor. */
  private equalColumns(successor: TableOfResource, document: TableOfResource) {
    return this.taken().flatMap(({ to, from }) => {
      const own = this.routeOf(from);
      if (own?.part !== 'own') return [];
      for (const content of contents) {
        const there = columnAt(successor, own.to, content);
        const here = columnAt(document, to, content);
        if (there && here) return [{ there, here }];
      }
      return [];
    });
  }

  /** The row of the successor, joined by the values that the identity of the new document took from it. */
  private successor(): Side | null {
    if (this.joined !== undefined) return this.joined;
    const { derivation, group, label } = this;
    const name = derivation.rules.resource(label).later;
    const row = (group.isAll ? derivation.later.base(name) : undefined) ?? derivation.later.root(name);
    const pairs = row ? this.equalColumns(row, this.row) : [];
    if (!row || pairs.length === 0) {
      this.joined = null;
      return null;
    }
    for (const { here } of pairs) this.equal.add(here.name);
    const on = pairs.map(({ there, here }) => ({ column: there.name, value: columnOf(this.side.alias, here.name) }));
    const alias = this.select.join('inner', row, on);
    this.joined = new Side(this.select, name, row, alias);
    this.restrict(this.joined);
    return this.joined;
  }

  /** Restricts the select to the rows of the group's resources. */
  private restrict(side: Side): void {
    const { later } = this.derivation;
    const { table } = side.row;
    if (table.sources.every(({ resource }) => this.group.labels.has(resourceLabel(resource)))) return;
    const base = later.base(side.label);
    if (!base) return;
    const alias = side.aliasOf(base);
    if (alias === undefined) return;
    const texts = [...this.group.labels].map((each) => later.discriminator(each)).sort();
    this.select.where.push({ kind: 'oneOf', value: columnOf(alias, 'Discriminator'), texts });
  }

  private ofDocument(path: string, column: OdsColumn): Resolved | undefined {
    const { part, label } = this.place;
    const route = this.routeOf(path);
    if (route && route.part === part) {
      const raw = this.side.value(route.to, this.wanted(label, route.to, column));
      return raw && this.converted(raw, route.conversion, column, { path, label, to: route.to });
    }
    const taken = this.taken().find(({ from }) => from === path);
    if (taken) {
      const raw = this.side.value(taken.to, this.wanted(label, taken.to, column));
      return raw && this.converted(raw, taken.conversion, column, { path, label, to: taken.to });
    }
    if (isWithin(path, this.source.scope) && this.source.scope !== '$') {
      this.lose(path, 'apart');
      return undefined;
    }
    const successor = this.successor();
    return successor ? this.ofOwn(path, column, successor) : undefined;
  }

  private ofOwn(path: string, column: OdsColumn, side: Side): Resolved | undefined {
    const route = this.routeOf(path);
    if (!route) return undefined;
    if (route.part !== 'own') {
      if (path.includes('[*]')) this.lose(path, 'apart');
      return path.includes('[*]') ? undefined : this.ofMembers(path, column, route, side);
    }
    const raw = side.value(route.to, this.wanted(side.label, route.to, column));
    if (!raw) {
      if (path.includes('[*]')) this.lose(path, 'apart');
      return undefined;
    }
    const found = this.converted(raw, route.conversion, column, { path, label: side.label, to: route.to });
    const present = this.presence(path, column, route, raw, side);
    return present ? { raw, value: { kind: 'where', present, of: found.value } } : found;
  }

  /** A value that the later set has in documents of another resource. */
  private ofMembers(path: string, column: OdsColumn, route: Carry, side: Side): Resolved | undefined {
    const { later, translation } = this.derivation;
    const identity = typeof route.part === 'number' ? translation.newIdentities[route.part] : undefined;
    const wanted = this.wanted(route.resource, route.to, column);
    for (const at of later.of(route.resource)) {
      const held = columnAt(at, route.to, wanted);
      if (!held) continue;
      const on = [...(identity?.sources ?? [])].flatMap(([to, source]): EarlierPair[] => {
        const own = source.kind === 'place' ? this.routeOf(source.from) : undefined;
        if (own?.part !== 'own') return [];
        for (const content of contents) {
          const there = columnAt(at, to, content);
          const here = there && side.value(own.to, content);
          if (there && here) return [{ column: there.name, value: here.expression }];
        }
        return [];
      });
      if (on.length === 0) continue;
      const known = names({ columns: on });
      const isWhole = at.table.key.every((name) => known.has(name));
      const { schema, name } = at.table;
      const expression: EarlierExpression = isWhole
        ? columnOf(this.select.join('left', at, on), held.name)
        : {
            kind: 'first',
            table: { schema, name },
            on,
            column: held.name,
            order: orderColumns(at, known).map((each) => each.name),
            isPresent: true,
          };
      const raw = { expression, at, column: held, isCertain: false };
      return this.converted(raw, route.conversion, column, { path, label: route.resource, to: route.to });
    }
    return undefined;
  }

  /**
   * The expression that must not be null for a value to be of this place: for a column that also holds values of other
   * places, if this place may be absent. Undefined if none is needed, or none exists, which is the loss `implied`.
   */
  private presence(
    path: string,
    column: OdsColumn,
    route: Carry,
    { at, column: held }: HeldValue,
    side: Side,
  ): EarlierExpression | undefined {
    if (!column.isNullable) return undefined;
    const images = new Set((this.source.paths[column.name] ?? []).flatMap((each) => this.routeOf(each)?.to ?? []));
    const others = allPaths(at.source, held.name).filter((each) => !images.has(each));
    const place = this.later(side.label, route.to);
    const reference = place?.referencePath != null ? this.later(side.label, place.referencePath) : undefined;
    if (others.length === 0 || (reference ?? place)?.isRequired) return undefined;
    const parts = new Set(reference?.reference?.parts.map(({ leaf }) => leaf.path));
    const alone = at.table.columns.find((each) => {
      const paths = allPaths(at.source, each.name);
      return each !== held && paths.length > 0 && paths.every((one) => parts.has(one));
    });
    const alias = alone && side.aliasOf(at);
    if (alone && alias !== undefined) return columnOf(alias, alone.name);
    this.lose(path, 'implied');
    return undefined;
  }

  private lose(path: string, reason: 'apart' | 'implied'): void {
    const rule = this.derivation.translation.identities.ruleOf(this.label, path);
    this.derivation.lose(`${this.label}.${path}`, reason, rule, [this.table]);
  }

  private resolved(column: OdsColumn): readonly Resolved[] {
    return (this.source.paths[column.name] ?? []).flatMap((path) => {
      const found = this.place.part === 'own' ? this.ofOwn(path, column, this.side) : this.ofDocument(path, column);
      return found ?? [];
    });
  }

  private fixed(name: FixedColumn): EarlierExpression {
    const { kind, schema } = this.table;
    if (name !== 'Discriminator') return this.side.fixed(name);
    if (kind !== 'base') return { kind: 'null' };
    const { earlier } = this.derivation;
    const named = (label: string) => earlier.discriminator(label) || `${schema}.${label}`;
    if (this.row.table.kind !== 'base') return { kind: 'text', text: named(this.label) };
    const labels = this.table.sources.map(({ resource }) => resourceLabel(resource));
    return earlierDiscriminator(this.derivation, columnOf(this.side.alias, 'Discriminator'), labels, named);
  }

  /** The value of a column whose paths hold the same value. */
  private chosen(found: readonly Resolved[]): EarlierExpression {
    const [first] = found;
    if (!first) return { kind: 'null' };
    const certain =
      found.find(({ raw, value }) => raw.isCertain && value === raw.expression) ??
      found.find(({ raw }) => raw.isCertain);
    if (certain) return certain.value;
    const distinct = [...new Map(found.map(({ value }) => [JSON.stringify(value), value])).values()];
    return distinct.length === 1 ? first.value : { kind: 'coalesce', of: distinct };
  }

  /** Undefined if the row lacks a value that a later table of the place has. */
  build(): EarlierArm | undefined {
    const { place, row, select, side, source, table } = this;
    if (place.part === 'own') this.restrict(side);
    else if (!this.standsAlone()) this.successor();
    const all = table.columns.map((column) => ({
      column,
      found: column.content.kind === 'fixed' ? [] : this.resolved(column),
    }));
    const isMember = (column: OdsColumn) =>
      (source.paths[column.name] ?? []).some((path) => isWithin(path, source.scope));
    const members = place.rows === 'documents' ? [] : all.filter(({ column }) => isMember(column));
    const memberValues = members.flatMap(({ found }) => found.map(({ raw }) => raw));
    const hasValuesElsewhere = place.rows === 'withValues' && memberValues.some(({ at }) => at.table !== row.table);
    if (hasValuesElsewhere && row !== place.tables.at(-1)) return undefined;
    const columns = all.map(({ column: { content }, found }) =>
      content.kind === 'fixed' ? this.fixed(content.column) : this.chosen(found),
    );
    const key = all.filter(({ column }) => table.key.includes(column.name));
    const keyColumns = new Set(
      key.flatMap(({ found }) =>
        found.flatMap(({ raw: { expression } }) =>
          expression.kind === 'column' && expression.alias === side.alias ? [expression.column] : [],
        ),
      ),
    );
    const unique = new Set([...keyColumns, ...this.equal]);
    const isFirst = place.part !== 'own' && !row.table.key.every((name) => unique.has(name));
    if (place.added && !(isFirst && place.added.items.table === row.table)) this.firstItem(place.added, key);
    if (place.rows === 'withValues') this.present(memberValues, columns, isFirst);
    if (isFirst) {
      const present =
        place.rows !== 'withValues' || isInItems(source.scope)
          ? []
          : memberValues.flatMap(({ expression }) =>
              expression.kind === 'column' && isColumn(expression, side.alias) ? [expression.column] : [],
            );
      select.where.push(this.first(row, unique, present));
    }
    return { ...select.rows(), columns };
  }

  /** The condition that no row of the table with the same `shared` columns comes before this row. */
  private first(at: TableOfResource, shared: ReadonlySet<string>, present: readonly string[]): EarlierCondition {
    const { schema, name } = at.table;
    const own = (column: OdsColumn): EarlierPair | undefined => {
      const here = at.table === this.row.table ? column : sameColumn(at, column, this.row);
      if (!here) return undefined;
      return pairOf(column.name, columnOf(this.side.alias, here.name), this.derivation.later.mayLack(at, column));
    };
    const pairs = (list: readonly OdsColumn[]) => list.flatMap((column) => own(column) ?? []);
    return {
      kind: 'first',
      table: { schema, name },
      on: pairs(at.table.columns.filter((column) => shared.has(column.name))),
      order: pairs(orderColumns(at, shared)),
      present,
    };
  }

  /** If one object became items, only the first item by key counts, for all values in it. */
  private firstItem(
    { items, from }: { items: TableOfResource; from: string },
    key: readonly { readonly column: OdsColumn; readonly found: readonly Resolved[] }[],
  ): void {
    const outside = key.filter(
      ({ column }) => !(this.source.paths[column.name] ?? []).some((path) => isWithin(path, from)),
    );
    const shared = new Set(
      outside.flatMap(({ found }) =>
        found.flatMap(({ raw: { expression, at, column } }) =>
          isColumn(expression, this.side.alias) ? (sameColumn(at, column, items)?.name ?? []) : [],
        ),
      ),
    );
    this.select.where.push(this.first(items, shared, []));
  }

  /**
   * Restricts the select to rows with a value that is not null, in the row or in an object in it, or, of an object or
   * an extension, with a row in one of its collections.
   */
  private present(own: readonly HeldValue[], columns: readonly EarlierExpression[], isFirst: boolean): void {
    const isOwnRow = (at: TableOfResource) => at.table === this.row.table && rowItems(at) === rowItems(this.row);
    if (own.some(({ isCertain, at }) => isCertain && isOwnRow(at)) && !isFirst) return;
    const { kind } = this.table;
    const rows = kind === 'extension' || kind === 'common' ? this.rowsBelow(columns) : [];
    const values = [...own, ...this.valuesInside()];
    const of = [...new Map(values.map(({ expression }) => [JSON.stringify(expression), expression])).values()];
    this.select.where.push({ kind: 'present', of, rows });
  }

  /** The values of the objects in the row, which have tables of their own. */
  private valuesInside(): readonly HeldValue[] {
    const { derivation, place, side, source, table } = this;
    const { scope } = source;
    const isInside = (path: string) => path !== scope && isWithin(path, scope) && itemsOf(path) === itemsOf(scope);
    const others = derivation.earlier.of(this.label).filter((each) => each.table !== table);
    return others.flatMap((each) =>
      each.table.columns.flatMap((column) =>
        allPaths(each.source, column.name)
          .filter(isInside)
          .flatMap((path) => {
            const route = this.routeOf(path);
            if (route?.part !== place.part) return [];
            return side.value(route.to, this.wanted(place.label, route.to, column)) ?? [];
          }),
      ),
    );
  }

  /** Pairs the equal key columns of two rows of the same later document; undefined if their documents differ. */
  private sameDocument({ table, source }: TableOfResource, arm: EarlierArm): EarlierExists['on'] | undefined {
    const place = rowPlace(this.derivation, table, source, this.group.isAll);
    const there = place?.tables.find((each) => tableLabel(each.table) === tableLabel(arm.table));
    if (!place || !there || place.part !== this.place.part || place.label !== this.place.label) return undefined;
    const on = this.row.table.key.flatMap((name) => {
      const column = columnNamed(this.row, name);
      const other = column && sameColumn(this.row, column, there);
      if (!column || !other) return [];
      const equal = { here: columnOf(this.side.alias, name), there: columnOf(arm.alias, other.name) };
      return [this.derivation.later.mayLack(this.row, column) ? { ...equal, isNullable: true } : equal];
    });
    return on.length === this.row.table.key.length ? on : undefined;
  }

  /** Pairs the equal key columns of the earlier rows; columns that are lost in one of them are left out. */
  private sameKey(each: TableOfResource, arm: EarlierArm, columns: readonly EarlierExpression[]): EarlierExists['on'] {
    const { source, table } = this;
    return table.key.flatMap((name) => {
      const at = table.columns.findIndex((column) => column.name === name);
      const column = table.columns[at];
      const other = column && sameColumn({ table, source }, column, each);
      const [here, there] = [columns[at], other && arm.columns[each.table.columns.indexOf(other)]];
      if (!column || !here || !there || here.kind === 'null' || there.kind === 'null') return [];
      const isNullable = this.derivation.earlier.mayLack({ table, source }, column);
      return [isNullable ? { here, there, isNullable } : { here, there }];
    });
  }

  /** The rows of the collections of an object or an extension. */
  private rowsBelow(columns: readonly EarlierExpression[]): readonly EarlierExists[] {
    const { derivation, source } = this;
    const { scope } = source;
    const depth = scope.split('[*]').length;
    const below = derivation.earlier.of(this.label).filter((each) => {
      const own = each.source.scope;
      return own.endsWith('[*]') && isWithin(own, scope) && own.split('[*]').length === depth + 1;
    });
    return below.flatMap((each, index): EarlierExists[] => {
      const arm = armOf(derivation, each.table, each.source, this.group, `${this.side.alias}x${index + 1}`);
      if (!arm) return [];
      const on = this.sameDocument(each, arm) ?? this.sameKey(each, arm, columns);
      if (on.length === 0) return [];
      const { columns: _, ...rows } = arm;
      return [{ rows: { ...rows, where: rows.where.filter(({ kind }) => kind !== 'first') }, on }];
    });
  }
}

const names = ({ columns }: { columns: readonly EarlierPair[] }) => new Set(columns.map(({ column }) => column));

const isColumn = (expression: EarlierExpression, alias: string) =>
  expression.kind === 'column' && expression.alias === alias;
