import type { CatalogColumn, CatalogTable, ForeignKey } from '@dms/catalog';
import type { Connection } from '@dms/databases';
import { core, qualified } from '@dms/model';
import { dialectRules, givenScript, pgsqlName, trusted } from '@dms/sql';
import { random } from '@dms/testing';
import type { CheckedSet } from '../src/index.ts';
import { freshValue } from './corruptions.ts';

/* A random change of some columns of one row, and the limits of a repair after it (design 09c §4). */

const q = dialectRules.pgsql.quote;

/** The tables whose rows the gate compares before any other row is checked. */
const comparedByGate: ReadonlySet<string> = new Set(
  [core.effectiveSchema, core.resourceKey, core.schemaComponent].map(qualified),
);

export const nameOf = ({ schema, name }: CatalogTable): string => pgsqlName({ schema, name });

/** The rows of a table, as JSON texts. */
type RowTexts = readonly string[];

/** The rows of every table, and the states of all sequences. */
export async function rowsOf(connection: Connection, { catalog }: CheckedSet): Promise<ReadonlyMap<string, RowTexts>> {
  const texts = catalog.tables.map(
    (table) => `SELECT row_to_json(t)::text AS row FROM ${nameOf(table)} AS t ORDER BY 1`,
  );
  const sequences = `SELECT schemaname || '.' || sequencename || ' ' || coalesce(last_value, 0) AS row FROM pg_sequences ORDER BY 1`;
  const answers = await connection.queryEach([...texts, sequences].map(trusted));
  const names = [...catalog.tables.map(qualified), 'sequences'];
  return new Map(names.map((name, index) => [name, (answers[index] ?? []).map(({ row }) => String(row))]));
}

/** The changed columns of one row, and the statement. */
export interface Damage {
  readonly table: CatalogTable;
  readonly columns: readonly string[];
  readonly sql: string;
}

type Next = () => number;

const picked = <Item>(items: readonly Item[], next: Next): Item => {
  const item = items[Math.floor(next() * items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

const isStored = ({ generated }: CatalogColumn) => generated === null;

/** A new value for the column: that of another row of the table, a value that no row has, or NULL. */
function otherValue(table: CatalogTable, column: CatalogColumn, next: Next): string {
  const kind = next();
  const at = next();
  if (kind < 0.15 && column.nullable) return 'NULL';
  if (kind < 0.6)
    return `(SELECT o.${q(column.name)} FROM ${nameOf(table)} AS o ORDER BY o.ctid OFFSET (SELECT floor(${at} * count(*))::int FROM ${nameOf(table)}) LIMIT 1)`;
  return freshValue(column, at);
}

/** Values for all columns of a reference, from another row of its target. */
function otherTarget(table: CatalogTable, key: ForeignKey, next: Next): readonly (readonly [string, string])[] {
  const target = pgsqlName({ schema: key.target.schema, name: key.target.table });
  const at = next();
  return key.columns.flatMap((name, index) =>
    table.columns.some((column) => column.name === name && isStored(column))
      ? [
          [
            name,
            `(SELECT o.${q(key.targetColumns[index] ?? '')} FROM ${target} AS o ORDER BY o.ctid OFFSET (SELECT floor(${at} * count(*))::int FROM ${target}) LIMIT 1)`,
          ] as const,
        ]
      : [],
  );
}

/** The columns to change, each with its new value: arbitrary ones, or columns that stay consistent. */
function assignments(table: CatalogTable, next: Next): readonly (readonly [string, string])[] {
  const kind = next();
  if (kind < 0.15 && qualified(table) === qualified(core.descriptor))
    return [
      ['CodeValue', "'zz'"],
      ['Uri', `"Namespace" || '#zz'`],
    ];
  if (kind < 0.25 && table.foreignKeys.length > 0) return otherTarget(table, picked(table.foreignKeys, next), next);
  const columns = table.columns.filter(isStored);
  const count = 1 + Math.floor(next() * Math.min(4, columns.length));
  const chosen = new Set(Array.from({ length: count }, () => picked(columns, next)));
  return [...chosen].map((column) => [column.name, otherValue(table, column, next)] as const);
}

/**
 * Changes some columns of one row, with triggers and keys disabled. Must run in a transaction. Returns null if checks
 * or unique keys refuse the change, which is then rolled back.
 */
export async function damageRow(connection: Connection, { catalog }: CheckedSet, seed: number): Promise<Damage | null> {
  const next = random(seed);
  const tables = catalog.tables.filter((table) => !comparedByGate.has(qualified(table)));
  const table = picked(tables, next);
  const name = nameOf(table);
  const changed = assignments(table, next);
  const set = changed.map(([column, value]) => `${q(column)} = ${value}`).join(', ');
  const sql = `UPDATE ${name} SET ${set} WHERE ctid = (SELECT ctid FROM ${name} ORDER BY ctid OFFSET (SELECT floor(${next()} * count(*))::int FROM ${name}) LIMIT 1)`;
  await connection.execute(givenScript('SAVEPOINT damage; SET LOCAL session_replication_role = replica'));
  try {
    await connection.execute(givenScript(sql));
    await connection.execute(givenScript('SET LOCAL session_replication_role = origin; RELEASE SAVEPOINT damage'));
    return { table, columns: changed.map(([column]) => column), sql };
  } catch {
    await connection.execute(givenScript('ROLLBACK TO SAVEPOINT damage; RELEASE SAVEPOINT damage'));
    return null;
  }
}

/** The rows of one list that the other lacks; duplicates are counted. */
function without(rows: RowTexts, others: RowTexts): string[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(row, (counts.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = counts.get(row) ?? 0;
    if (count > 0) counts.set(row, count - 1);
    return count === 0;
  });
}

/**
 * The harm that a repair did to correct data: every row except the damaged one that is gone, new or changed, and every
 * column of the damaged row that was correct and no longer is. Empty if the repair obeyed the law.
 */
export function wrongedRows(
  damage: Damage,
  before: ReadonlyMap<string, RowTexts>,
  damaged: ReadonlyMap<string, RowTexts>,
  after: ReadonlyMap<string, RowTexts>,
): string[] {
  const own = qualified(damage.table);
  return [...before].flatMap(([name, rows]) => {
    const now = after.get(name) ?? [];
    if (name !== own)
      return [
        ...without(rows, now).map((row) => `${name} lost ${row}`),
        ...without(now, rows).map((row) => `${name} has ${row}`),
      ];
    const [right] = without(rows, damaged.get(name) ?? []);
    const others = right === undefined ? rows : without(rows, [right]);
    const lost = without(others, now).map((row) => `${name} lost ${row}`);
    const [left, ...more] = without(now, others);
    const surplus = more.map((row) => `${name} has ${row}`);
    if (right === undefined) return [...lost, ...surplus];
    if (left === undefined) return [...lost, `${name} lost the damaged row ${right}`];
    const [was, is]: readonly Readonly<Record<string, unknown>>[] = [JSON.parse(right), JSON.parse(left)];
    const wronged = Object.keys(was ?? {}).filter(
      (column) =>
        !damage.columns.includes(column) &&
        damage.table.columns.some((each) => each.name === column && isStored(each)) &&
        JSON.stringify(was?.[column]) !== JSON.stringify(is?.[column]),
    );
    return [
      ...lost,
      ...surplus,
      ...wronged.map((column) => `${name}.${column} was right in ${right} and is not in ${left}`),
    ];
  });
}
