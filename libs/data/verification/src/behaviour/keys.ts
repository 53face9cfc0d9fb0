import type { CheckedSet } from '@dms/checking';
import { maintainedIdentities } from '@dms/inventory';
import { modelIndex, mustExist, qualified, type ScalarType, storedColumn, type Table } from '@dms/model';
import type { QualifiedName, SqlDialect } from '@dms/sql';
import { isEqual } from 'es-toolkit';
import type { WorldValues } from './column-values.ts';
import { otherValues, plainValue, valueCount } from './value-domains.ts';

/*
 * The keys of the rows that checks make. A key has as many different values as the combinations of its columns: two for
 * a flag, 36 for a letter, 19 for a digit with a sign. Checks get different keys here; if there are no more, they try
 * as many as there are, and the report says so.
 */

/** The values of a row by column; an absent column is NULL. */
export type KeyRow = ReadonlyMap<string, string | null>;

/** A set of columns of a table whose combined values no two rows share. */
interface RowKey {
  /** The name of the set of rows among which the key is unique: members of an abstract resource share one. */
  readonly space: string;
  readonly columns: readonly string[];
  /** Whether it is the key of a derived row, which stays with the document when the row moves to another document. */
  readonly isFollowing: boolean;
}

interface TableKeys {
  readonly keys: readonly RowKey[];
  readonly types: ReadonlyMap<string, ScalarType | null>;
}

/** A row before a change, and whether its document stays without it. */
interface EarlierRow {
  readonly row: KeyRow;
  readonly isLeft: boolean;
}

/** Other values for a column, the best first. */
export type OtherValues = (column: string) => Iterable<string>;

/** The number of combinations of values that are tried before a key counts as used up. */
const mostCombinations = 10_000;

/** The keys of rows that exist, or would exist, in one order of events. */
export class WorldKeys {
  private readonly dialect: SqlDialect;
  private readonly byTable: ReadonlyMap<string, TableKeys>;
  private readonly above: WorldKeys | null;
  /** Texts of keys by the space of the key. */
  private readonly taken = new Map<string, Set<string>>();

  private constructor(dialect: SqlDialect, byTable: ReadonlyMap<string, TableKeys>, above: WorldKeys | null) {
    this.dialect = dialect;
    this.byTable = byTable;
    this.above = above;
  }

  static of(set: CheckedSet): WorldKeys {
    return new WorldKeys(set.model.dialect, keysOf(set), null);
  }

  /** Keys for changes that will be rolled back, in addition to these. */
  trial(): WorldKeys {
    return new WorldKeys(this.dialect, this.byTable, this);
  }

  private tableOf(table: QualifiedName): TableKeys {
    return mustExist(this.byTable.get(qualified(table)), `the keys of ${qualified(table)}`);
  }

  private textOf({ types }: TableKeys, { columns }: RowKey, row: KeyRow): string {
    const texts = columns.map((column) => {
      const value = row.get(column) ?? null;
      return value === null ? null : plainValue(types.get(column) ?? null, value, this.dialect);
    });
    return JSON.stringify(texts);
  }

  private isTaken(space: string, text: string): boolean {
    return this.taken.get(space)?.has(text) === true || this.above?.isTaken(space, text) === true;
  }

  private countOf(space: string): number {
    return (this.taken.get(space)?.size ?? 0) + (this.above?.countOf(space) ?? 0);
  }

  /** Adds an existing row. */
  add(table: QualifiedName, row: KeyRow): void {
    const keys = this.tableOf(table);
    for (const key of keys.keys) {
      const known = this.taken.get(key.space) ?? new Set();
      this.taken.set(key.space, known.add(this.textOf(keys, key, row)));
    }
  }

  /** The keys of a row that another row already has. */
  private shared(keys: TableKeys, row: KeyRow, earlier?: EarlierRow): readonly RowKey[] {
    return keys.keys.filter((key) => {
      const text = this.textOf(keys, key, row);
      if (!this.isTaken(key.space, text)) return false;
      const isOwn = earlier !== undefined && !(earlier.isLeft && key.isFollowing);
      return !(isOwn && this.textOf(keys, key, earlier.row) === text);
    });
  }

  /** Whether a row can be inserted or, with `before`, be updated from that row without a duplicate key. */
  isFree(table: QualifiedName, row: KeyRow, before?: KeyRow): boolean {
    return this.shared(this.tableOf(table), row, before && { row: before, isLeft: false }).length === 0;
  }

  /** Whether an updated row would share a key of exactly these columns with another row; `before` is the row itself. */
  isShared(table: QualifiedName, columns: readonly string[], row: KeyRow, before: KeyRow): boolean {
    const shared = this.shared(this.tableOf(table), row, { row: before, isLeft: false });
    return shared.some((key) => !key.isFollowing && isEqual([...key.columns].sort(), [...columns].sort()));
  }

  /** Whether two values of a column are the same. */
  isSame(table: QualifiedName, column: string, left: string | null, right: string | null): boolean {
    if (left === null || right === null) return left === right;
    const type = this.tableOf(table).types.get(column) ?? null;
    return plainValue(type, left, this.dialect) === plainValue(type, right, this.dialect);
  }

  /** How many more rows the keys of a table allow, if its rows can differ in `columns`. */
  room(table: QualifiedName, columns: readonly string[], count: (column: string) => number): number {
    const { keys } = this.tableOf(table);
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...keys.map((key) => {
        const own = key.columns.filter((column) => columns.includes(column));
        return own.reduce((product, column) => product * count(column), 1) - this.countOf(key.space);
      }),
    );
  }

  /**
   * A row whose keys no other row has: the given one, or one that differs in some of `columns`, preferably the first.
   * Null if there is none. `left` is the earlier state of this row, in another document.
   */
  free(
    table: QualifiedName,
    row: KeyRow,
    columns: readonly string[],
    others: OtherValues,
    left?: KeyRow,
  ): KeyRow | null {
    const keys = this.tableOf(table);
    const lists = new Map<string, readonly (string | null)[]>();
    const listOf = (column: string) => {
      const list = lists.get(column) ?? [row.get(column) ?? null, ...others(column)];
      lists.set(column, list);
      return list;
    };
    return this.combined(keys, row, columns, listOf, left && { row: left, isLeft: true });
  }

  /** A row that has another value in each of `columns`, and keys that no other row has. Null if there is none. */
  changed(table: QualifiedName, row: KeyRow, columns: readonly string[], others: OtherValues): KeyRow | null {
    const lists = new Map(
      columns.map((column) => {
        const old = row.get(column) ?? null;
        return [column, [...others(column)].filter((value) => !this.isSame(table, column, value, old))];
      }),
    );
    const changed = new Map(row);
    for (const [column, [first]] of lists) {
      if (first === undefined) return null;
      changed.set(column, first);
    }
    return this.combined(this.tableOf(table), changed, columns, (column) => lists.get(column) ?? [], {
      row,
      isLeft: false,
    });
  }

  /**
   * The row, or one with other values in columns of the keys that it shares with another row; if that does not help, in
   * columns of all keys. The values of the first column change first.
   */
  private combined(
    keys: TableKeys,
    row: KeyRow,
    columns: readonly string[],
    listOf: (column: string) => readonly (string | null)[],
    earlier?: EarlierRow,
  ): KeyRow | null {
    const shared = this.shared(keys, row, earlier);
    if (shared.length === 0) return row;
    for (const some of [shared, keys.keys]) {
      const lists = columns
        .filter((column) => some.some((key) => key.columns.includes(column)))
        .map((column) => [column, listOf(column)] as const);
      const count = Math.min(
        lists.reduce((product, [, list]) => product * list.length, 1),
        mostCombinations,
      );
      for (let number = 0; number < count; number += 1) {
        const changed = new Map(row);
        let rest = number;
        for (const [column, list] of lists) {
          changed.set(column, list[rest % list.length] ?? null);
          rest = Math.floor(rest / list.length);
        }
        if (this.shared(keys, changed, earlier).length === 0) return changed;
      }
    }
    return null;
  }

  /** Values for columns with types: all values if the type has few, and some new ones otherwise. */
  valuesOf(table: QualifiedName, values: WorldValues): OtherValues {
    const { types } = this.tableOf(table);
    return (column) => {
      const type = types.get(column);
      return type ? otherValues(type, values) : [];
    };
  }

  /** Columns with many values first, because they keep keys apart best. */
  bestFirst(table: QualifiedName, columns: readonly string[]): readonly string[] {
    const { types } = this.tableOf(table);
    const isFew = (column: string) => {
      const type = types.get(column);
      return type ? valueCount(type) < Number.POSITIVE_INFINITY : true;
    };
    return [...columns.filter((column) => !isFew(column)), ...columns.filter(isFew)];
  }
}

function keysOf({ model, inventory }: CheckedSet): ReadonlyMap<string, TableKeys> {
  const abstracts = new Map(model.abstractIdentityTables.map(({ table }) => [qualified(table.table), table]));
  const tables = modelIndex(model).tables.map(({ table }) => table);
  const followers = new Map<string, RowKey[]>();
  const byName = new Map(tables.map((table) => [qualified(table.table), table]));
  for (const trigger of inventory.triggers) {
    const name = qualified(trigger.table);
    const table = byName.get(name);
    if (!table) continue;
    const found = followers.get(name) ?? [];
    followers.set(name, found);
    // a hash of the identity is as unique as the identity
    for (const { resourceKeyId, identityElements } of maintainedIdentities(trigger))
      found.push({
        space: `identity ${resourceKeyId}`,
        columns: unlike(identityElements.map(({ column }) => storedColumn(table, column))),
        isFollowing: true,
      });
    if (trigger.kind !== 'AbstractIdentityMaintenance') continue;
    const sources = new Map<string, string>(
      trigger.targetColumnMappings.map(({ sourceColumn, targetColumn }) => [targetColumn, sourceColumn]),
    );
    const abstract = abstracts.get(qualified(trigger.targetTable));
    for (const { space, columns } of abstract ? uniquesOf(abstract) : [])
      found.push({
        space,
        columns: columns.flatMap((column) => {
          const source = sources.get(column);
          return source === undefined ? [] : [storedColumn(table, source)];
        }),
        isFollowing: true,
      });
  }
  return new Map(
    tables.map((table) => {
      const name = qualified(table.table);
      const types = new Map(
        table.columns.map((column): [string, ScalarType | null] => [column.name, column.scalarType]),
      );
      return [name, { keys: [...uniquesOf(table), ...(followers.get(name) ?? [])], types }];
    }),
  );
}

const unlike = <Item>(items: readonly Item[]) => [...new Set(items)];

/** The unique constraints of a table that its rows can violate, by their stored columns. */
function uniquesOf(table: Table): readonly RowKey[] {
  return table.constraints.flatMap((each): readonly RowKey[] => {
    if (each.kind !== 'Unique') return [];
    const own = new Set<string>(each.columns);
    if (table.key.columns.every(({ name }) => own.has(name))) return [];
    const columns = unlike(each.columns.map((name) => storedColumn(table, name)));
    return [{ space: `${qualified(table.table)} ${each.name}`, columns, isFollowing: false }];
  });
}

/** The reason in reports for a trial that was left out. */
export const noKeyLeft = 'its keys have no more values';
