import { resourceLabel } from '@dms/api-schema';
import type { FixedColumn, OdsColumn } from '../mapping/ods-mapping.ts';
import type { EarlierCondition, EarlierExpression, EarlierJoin, EarlierPair, EarlierRows } from './earlier-mapping.ts';
import {
  columnAt,
  columnNamed,
  fixedAt,
  isAround,
  type LaterTables,
  sameColumn,
  type TableOfResource,
  type WantedContent,
} from './later-tables.ts';

type ColumnOfAlias = Extract<EarlierExpression, { kind: 'column' }>;

export const columnOf = (alias: string, column: string): ColumnOfAlias => ({ kind: 'column', alias, column });

export const isColumnOf = (expression: EarlierExpression, alias: string): expression is ColumnOfAlias =>
  expression.kind === 'column' && expression.alias === alias;

/** Pairs a column with its value; both may be NULL if `isNullable`. */
export const pairOf = (column: string, value: EarlierExpression, isNullable: boolean): EarlierPair =>
  isNullable ? { column, value, isNullable } : { column, value };

/** A value that a select has. */
export interface HeldValue {
  readonly expression: EarlierExpression;
  /** The table and column that hold it. */
  readonly at: TableOfResource;
  readonly column: OdsColumn;
  /** Which rows have it. */
  readonly rows: 'each' | 'some';
}

/** The columns that order the rows of a table with equal `shared` columns: the rest of the key, or all others. */
export function orderColumns({ table }: TableOfResource, shared: ReadonlySet<string>): readonly OdsColumn[] {
  const rest = table.columns.filter(({ name }) => table.key.includes(name) && !shared.has(name));
  if (rest.length > 0) return rest;
  return table.columns.filter(({ name, content }) => content.kind !== 'fixed' && !shared.has(name));
}

/** A select from a table of the later set, which grows by joins. */
export class Select {
  readonly tables: LaterTables;
  readonly row: TableOfResource;
  readonly alias: string;
  private readonly joins: EarlierJoin[] = [];

  constructor(tables: LaterTables, row: TableOfResource, alias: string) {
    this.tables = tables;
    this.row = row;
    this.alias = alias;
  }

  /** The alias of a joined table; equal joins are one. */
  join(kind: EarlierJoin['kind'], { table: { schema, name } }: TableOfResource, on: readonly EarlierPair[]): string {
    const table = { schema, name };
    const text = JSON.stringify([table, on]);
    const index = this.joins.findIndex((each) => JSON.stringify([each.table, each.on]) === text);
    const known = this.joins[index];
    if (known) {
      // the inner join filters rows, and the left join's columns keep their values
      if (kind === 'inner') this.joins[index] = { ...known, kind };
      return known.alias;
    }
    const alias = `${this.alias}${this.joins.length + 1}`;
    this.joins.push({ kind, table, alias, on });
    return alias;
  }

  rows(where: readonly EarlierCondition[]): EarlierRows {
    const { schema, name } = this.row.table;
    return { table: { schema, name }, alias: this.alias, joins: this.joins, where };
  }
}

/** A row of a resource in a select: its own, or that of a joined table. */
export class Side {
  readonly select: Select;
  readonly label: string;
  readonly row: TableOfResource;
  readonly alias: string;

  constructor(select: Select, label: string, row: TableOfResource, alias: string) {
    this.select = select;
    this.label = label;
    this.row = row;
    this.alias = alias;
  }

  /** Pairs a column of another table with the equal column of the row. */
  private pair(column: string, own: OdsColumn): EarlierPair {
    return pairOf(column, columnOf(this.alias, own.name), this.select.tables.mayLack(this.row, own));
  }

  /**
   * Pairs the key columns of a table around the row with equal columns of the row; undefined if it lacks one, or if keys
   * do not tell documents.
   */
  private keyPairs(other: TableOfResource): EarlierPair[] | undefined {
    const otherKey = this.select.tables.keyOf(other);
    if (!otherKey) return undefined;
    const pairs: EarlierPair[] = [];
    for (const name of otherKey) {
      const key = columnNamed(other, name);
      const own = key && sameColumn(other, key, this.row);
      if (!own) return undefined;
      pairs.push(this.pair(name, own));
    }
    return pairs;
  }

  /** The alias of a table that has at most one row for this one. */
  aliasOf(other: TableOfResource): string | undefined {
    if (other.table === this.row.table) return this.alias;
    if (!isAround(this.row, other)) return undefined;
    const pairs = this.keyPairs(other);
    return pairs && this.select.join('left', other, pairs);
  }

  /** The row, then the tables around it, then those below. */
  private candidates(path: string, content: WantedContent) {
    const others = this.select.tables.of(this.label).filter(({ table }) => table !== this.row.table);
    return [this.row, ...others].flatMap((at) => {
      const column = columnAt(at, path, content);
      return column ? [{ at, column }] : [];
    });
  }

  value(path: string, content: WantedContent): HeldValue | undefined {
    return this.direct(path, content) ?? this.ofItems(path, content) ?? this.ofPerson(path, content);
  }

  private direct(path: string, content: WantedContent): HeldValue | undefined {
    for (const { at, column } of this.candidates(path, content)) {
      const alias = this.aliasOf(at);
      if (alias === undefined) continue;
      const isThere = at.table === this.row.table || (at.table.kind !== 'common' && at.table.kind !== 'extension');
      return {
        expression: columnOf(alias, column.name),
        at,
        column,
        rows: isThere && !column.isNullable && paths(at, column).length > 0 ? 'each' : 'some',
      };
    }
    return undefined;
  }

  /** The value of the first item by key. */
  private ofItems(path: string, content: WantedContent): HeldValue | undefined {
    const ownKey = this.select.tables.keyOf(this.row);
    if (!ownKey) return undefined;
    for (const { at, column } of this.candidates(path, content)) {
      const on: EarlierPair[] = [];
      for (const name of ownKey) {
        const key = columnNamed(this.row, name);
        const there = key && sameColumn(this.row, key, at);
        if (there) on.push(this.pair(there.name, key));
      }
      if (on.length === 0 || on.length < ownKey.length) continue;
      const shared = new Set(on.map((each) => each.column));
      const { schema, name } = at.table;
      const expression: EarlierExpression = {
        kind: 'first',
        table: { schema, name },
        on,
        column: column.name,
        order: orderColumns(at, shared).map((each) => each.name),
        isPresent: false,
      };
      return { expression, at, column, rows: 'some' };
    }
    return undefined;
  }

  /** The number of a person by its unique id, or the other way round. */
  private ofPerson(path: string, content: WantedContent): HeldValue | undefined {
    if (content === 'descriptor') return undefined;
    const other = this.direct(path, content === 'usi' ? 'value' : 'usi');
    if (!other) return undefined;
    const persons = this.select.tables.persons();
    const person =
      other.column.content.kind === 'usi' ? persons.get(resourceLabel(other.column.content.resource)) : undefined;
    if (!person) return undefined;
    const alias = this.select.join('left', person.table, [{ column: person.usi.name, value: other.expression }]);
    return {
      expression: columnOf(alias, person.uniqueId.name),
      at: person.table,
      column: person.uniqueId,
      rows: other.rows,
    };
  }

  fixed(name: FixedColumn): EarlierExpression {
    const others = this.select.tables.of(this.label).filter(({ source }) => source.scope === '$');
    for (const at of [this.row, ...others]) {
      const column = fixedAt(at, name);
      const alias = column && this.aliasOf(at);
      if (column && alias !== undefined) return columnOf(alias, column.name);
    }
    return { kind: 'null' };
  }
}

const paths = ({ source }: TableOfResource, { name }: OdsColumn) => source.paths[name] ?? [];
