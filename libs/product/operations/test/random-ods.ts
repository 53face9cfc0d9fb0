import { readSharedText } from '@dms/testing';
import { groupBy } from '@dms/values';

/*
 * Rows of an ODS that did not come from documents: the tables and foreign keys of the published script, filled at
 * random. The rows satisfy all of its keys; nothing here depends on documents.
 */

type OdsValue = string | number | boolean | null;
type OdsRow = Map<string, OdsValue>;

interface OdsTableColumn {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
}

interface RandomOdsKey {
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly isCascading: boolean;
}

export interface ScriptTable {
  readonly name: string;
  readonly columns: readonly OdsTableColumn[];
  readonly key: readonly string[];
  readonly foreignKeys: readonly RandomOdsKey[];
}

const rowsOf = (file: string) => readSharedText('inputs', 'ods-5.2', file).trim().split('\n').slice(1);

/** The tables of the published script, each after the tables that it must refer to. */
export function scriptTables(): readonly ScriptTable[] {
  const keys = groupBy(
    rowsOf('foreign-keys.csv').map((row) => row.split(',')),
    ([table = '']) => table,
  );
  const columns = new Map<string, { readonly columns: OdsTableColumn[]; readonly key: string[] }>();
  for (const row of rowsOf('columns.csv')) {
    const found = /^([^,]+),([^,]+),"([^"]*)",(yes|no),(\d*)$/.exec(row) ?? [];
    const [, table = '', name = '', type = '', nullable = '', place = ''] = found;
    const known = columns.get(table) ?? { columns: [], key: [] };
    columns.set(table, known);
    known.columns.push({
      name,
      type: type.replace(/^SERIAL$/, 'INT').replace(/ GENERATED$/, ''),
      isNullable: nullable === 'yes',
    });
    if (place !== '') known.key[Number(place) - 1] = name;
  }
  const all = new Map(
    [...columns].map(([name, each]): [string, ScriptTable] => {
      const foreignKeys = (keys.get(name) ?? []).map(
        ([, , own = '', target = '', targetColumns = '', cascade = '']) => {
          return {
            columns: own.split(';'),
            target,
            targetColumns: targetColumns.split(';'),
            isCascading: cascade === 'yes',
          };
        },
      );
      return [name, { name, ...each, foreignKeys }];
    }),
  );
  const ordered = new Set<ScriptTable>();
  const visit = (table: ScriptTable, around: readonly ScriptTable[]) => {
    if (ordered.has(table) || around.includes(table)) return;
    const nullable = new Set(table.columns.filter(({ isNullable }) => isNullable).map(({ name }) => name));
    for (const isHard of [true, false])
      for (const { columns: own, target } of table.foreignKeys) {
        const found = all.get(target);
        if (found && own.some((column) => nullable.has(column)) !== isHard) visit(found, [...around, table]);
      }
    ordered.add(table);
  };
  for (const table of all.values()) visit(table, []);
  return [...ordered];
}

/** Tables whose rows have exactly one row in one of the tables that share their key. */
const bases = ['edfi.Descriptor', 'edfi.EducationOrganization', 'edfi.GeneralStudentProgramAssociation'];

/** Random numbers from 0 to 1, reproducible by seed. */
function randomNumbers(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const letters = 'abcdefghijklmnopqrstuvwxyzéß水';

/** Rows for all tables, as far as the keys leave room, by table. */
export function randomRows(tables: readonly ScriptTable[], seed: number): ReadonlyMap<string, readonly OdsRow[]> {
  const random = randomNumbers(seed);
  const below = (count: number) => Math.floor(random() * count);
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[below(items.length)];
  const all = new Map<string, OdsRow[]>(tables.map(({ name }) => [name, []]));
  const taken = new Set<string>();
  let counter = 0;
  const number = () => {
    counter += 1;
    return counter;
  };
  const two = (value: number) => String(value).padStart(2, '0');
  const date = () => `${2000 + below(30)}-${two(1 + below(12))}-${two(1 + below(28))}`;
  const time = () => `${two(below(24))}:${two(below(60))}:${two(below(60))}`;

  const newValue = (table: ScriptTable, { name, type }: OdsTableColumn): OdsValue => {
    const [, kind = '', first = '', second = '0'] = /^([A-Z]+)(?:\((\d+)(?:, (\d+))?\))?$/.exec(type) ?? [];
    const isKey = table.key.includes(name);
    switch (kind) {
      case 'INT':
      case 'BIGINT':
        return isKey ? 1_000 * number() + below(1_000) : below(100_000);
      case 'SMALLINT':
        return 1901 + below(190);
      case 'BOOLEAN':
        return random() < 0.5;
      case 'DATE':
        return date();
      case 'TIME':
        return time();
      case 'TIMESTAMP':
        return `${date()} ${time()}`;
      case 'UUID':
        return `${below(2 ** 32)
          .toString(16)
          .padStart(8, '0')}-0000-4000-8000-${number().toString(16).padStart(12, '0')}`;
      case 'MONEY':
        return `${below(10_000)}.${two(below(100))}`;
      case 'DECIMAL': {
        const scale = Number(second);
        const whole = below(10 ** Math.min(Number(first) - scale, 4));
        return scale === 0 ? String(whole) : `${whole}.${String(below(10 ** scale)).padStart(scale, '0')}`;
      }
      default: {
        if (name === 'Namespace') return `uri://${'abc'.charAt(below(3))}.org/${table.name}`;
        const length = Math.min(Number(first), 12);
        const text = Array.from({ length: 1 + below(length) }, () => letters.charAt(below(letters.length))).join('');
        return isKey || /UniqueId$/.test(name) || name === 'CodeValue'
          ? `${number()}${text}`.slice(0, Number(first))
          : text;
      }
    }
  };

  /** A row of a table with some given values; undefined if the keys have no room for it. */
  const newRow = (table: ScriptTable, given: ReadonlyMap<string, OdsValue>): OdsRow | undefined => {
    const row: OdsRow = new Map(given);
    const columns = new Map(table.columns.map((column) => [column.name, column]));
    const isFree = (name: string) => !row.has(name) && columns.get(name)?.isNullable === true;
    const isOptional = ({ columns: own }: RandomOdsKey) => own.some((name) => columns.get(name)?.isNullable === true);
    const ordered = [...table.foreignKeys].sort(
      (a, b) => Number(isOptional(a)) - Number(isOptional(b)) || b.columns.length - a.columns.length,
    );
    for (const key of ordered) {
      if (key.columns.some((name) => row.get(name) === null)) continue;
      const free = key.columns.filter(isFree);
      const fitting = (all.get(key.target) ?? []).filter((target) =>
        key.columns.every(
          (name, index) => !row.has(name) || row.get(name) === target.get(key.targetColumns[index] ?? ''),
        ),
      );
      const target = pick(fitting);
      if (free.length > 0 && (target === undefined || random() < 0.3)) {
        for (const name of free) row.set(name, null);
        continue;
      }
      if (target === undefined) return undefined;
      key.columns.forEach((name, index) => {
        row.set(name, target.get(key.targetColumns[index] ?? '') ?? null);
      });
    }
    for (const column of table.columns) {
      if (row.has(column.name)) continue;
      row.set(column.name, column.isNullable && random() < 0.4 ? null : newValue(table, column));
    }
    const text = `${table.name} ${JSON.stringify(table.key.map((name) => row.get(name)))}`;
    if (taken.has(text)) return undefined;
    taken.add(text);
    return row;
  };

  const byName = new Map(tables.map((table) => [table.name, table]));
  for (const table of tables) {
    if (bases.includes(table.name)) continue;
    const own = all.get(table.name) ?? [];
    const toBase = table.foreignKeys.find(
      ({ target, columns }) =>
        bases.includes(target) &&
        columns.length === table.key.length &&
        columns.every((name) => table.key.includes(name)),
    );
    const base = toBase && byName.get(toBase.target);
    const isOfBase =
      base !== undefined &&
      !base.name.startsWith(`${table.name}`) &&
      table.columns.every(({ name }) => name !== 'CreateDate');
    for (
      let wanted = isOfBase && base.name === 'edfi.Descriptor' ? 2 : 2 + below(5), tries = 0;
      wanted > 0 && tries < 30;
      tries += 1
    ) {
      const given = new Map<string, OdsValue>();
      if (isOfBase && toBase) {
        const discriminator: OdsValue = random() < 0.8 ? table.name : null;
        const above = newRow(base, new Map([['Discriminator', discriminator]]));
        if (above === undefined) continue;
        toBase.columns.forEach((name, index) => {
          given.set(name, above.get(toBase.targetColumns[index] ?? '') ?? null);
        });
        all.get(base.name)?.push(above);
        const row = newRow(table, given);
        if (row === undefined) {
          all.get(base.name)?.pop();
          continue;
        }
        own.push(row);
      } else {
        const row = newRow(table, given);
        if (row === undefined) continue;
        own.push(row);
      }
      wanted -= 1;
    }
  }
  return all;
}

/**
 * The statements that create the tables in a schema; keys to other documents are checked at the end of a transaction.
 */
export function tableStatements(tables: readonly ScriptTable[], schema: string): readonly string[] {
  const placed = (name: string) => `${schema}.${name.slice(name.indexOf('.') + 1)}`;
  return [
    `CREATE SCHEMA ${schema}`,
    ...tables.map(({ name, columns, key }) => {
      const parts = columns.map((column) => `${column.name} ${column.type}${column.isNullable ? '' : ' NOT NULL'}`);
      return `CREATE TABLE ${placed(name)} (${[...parts, `PRIMARY KEY (${key.join(', ')})`].join(', ')})`;
    }),
    ...tables.flatMap(({ name, foreignKeys }) =>
      foreignKeys.map(({ columns, target, targetColumns, isCascading }) => {
        const action = isCascading ? 'ON DELETE CASCADE' : 'DEFERRABLE INITIALLY DEFERRED';
        return `ALTER TABLE ${placed(name)} ADD FOREIGN KEY (${columns.join(', ')}) REFERENCES ${placed(target)} (${targetColumns.join(', ')}) ${action}`;
      }),
    ),
  ];
}
