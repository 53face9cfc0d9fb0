import type { Catalog, ForeignKey } from '@dms/catalog';
import { readScript } from '@dms/script-checks';
import type { TestDatabase } from '@dms/testing';
import type { EmittedSet } from '../emitted.ts';
import type { SqlSession } from '../sql-session.ts';
import { type RunOptions, StatementRun, watchTables } from './statement-run.ts';
import { quoted } from './tsql-translation.ts';

/* The tables of a SQL Server script on PostgreSQL, with its keys and only the watching triggers. */

export const qualified = ({ schema, name }: { schema: string; name: string }) => `${quoted(schema)}.${quoted(name)}`;
const columnNames = (columns: readonly string[]) => columns.map(quoted).join(', ');
const nameOf = ({ schema, name }: { schema: string; name: string }) => `${schema}.${name}`;

/**
 * Creates the tables of the projects with their columns, the referenced keys and the foreign keys between them, all as
 * in SQL Server. Keys are checked at the end of a statement: `SET CONSTRAINTS ALL IMMEDIATE`. Every table has a
 * `RowId`.
 */
export async function createBareTables(database: TestDatabase, catalog: Catalog): Promise<void> {
  const tables = catalog.tables.filter(({ schema }) => schema !== 'dms' && schema !== 'auth');
  const schemas = new Set(tables.map(({ schema }) => schema));
  for (const schema of schemas) await database.exec(`CREATE SCHEMA ${quoted(schema)};`);
  for (const table of tables) {
    const columns = table.columns.map(({ name, type, generated }) => {
      const value = generated ? ` GENERATED ALWAYS AS (${generated.expression}) STORED` : '';
      return `${quoted(name)} ${type === 'bigint' ? 'bigint' : 'text'}${value}`;
    });
    const uniques = [...(table.primaryKey ? [table.primaryKey] : []), ...table.uniques]
      .filter(({ columns: [first] }) => first === 'DocumentId')
      .map(({ columns }) => `UNIQUE (${columnNames(columns)})`);
    await database.exec(`CREATE TABLE ${qualified(table)} (${['"RowId" bigint', ...columns, ...uniques].join(', ')});`);
  }
  for (const table of tables) {
    for (const key of table.foreignKeys.filter(({ target }) => schemas.has(target.schema))) {
      const target = { schema: key.target.schema, name: key.target.table };
      await database.exec(
        `ALTER TABLE ${qualified(table)} ADD FOREIGN KEY (${columnNames(key.columns)}) REFERENCES ${qualified(target)} ` +
          `(${columnNames(key.targetColumns)}) ON UPDATE ${key.onUpdate} DEFERRABLE INITIALLY DEFERRED;`,
      );
    }
  }
  await watchTables(database, tables.map(nameOf));
}

const sameKey = (a: ForeignKey, b: ForeignKey) =>
  a.columns.length === b.columns.length &&
  a.onUpdate === b.onUpdate &&
  a.onDelete === b.onDelete &&
  a.deferrable === b.deferrable;

/**
 * Provisions a database with the PostgreSQL script of the set that behaves like a database of its SQL Server script
 * without triggers: it has the keys of that script, checked at the end of a statement; uniques are checked then too if
 * PostgreSQL allows it.
 */
export async function provisionLikeServer(database: TestDatabase, { pgsql, mssql }: EmittedSet): Promise<void> {
  await database.exec(pgsql.script);
  const statements: string[] = [];
  for (const [schema, table, trigger] of await database.queryRows(
    `SELECT n.nspname, c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT t.tgisinternal`,
  ))
    statements.push(
      `DROP TRIGGER ${quoted(String(trigger))} ON ${qualified({ schema: String(schema), name: String(table) })};`,
    );
  const wanted = new Map(mssql.catalog.tables.map((table) => [nameOf(table), table]));
  const targets = new Set(
    pgsql.catalog.tables.flatMap(({ foreignKeys }) =>
      foreignKeys.map(({ target, targetColumns }) => `${target.schema}.${target.table}(${targetColumns})`),
    ),
  );
  for (const table of pgsql.catalog.tables) {
    // a table whose name PostgreSQL shortens is skipped: no body finds it
    const server = wanted.get(nameOf(table));
    if (!server) continue;
    const alter = `ALTER TABLE ${qualified(table)}`;
    for (const key of table.foreignKeys) {
      const toSameTable = server.foreignKeys.filter(({ target }) => target.table === key.target.table);
      const other =
        toSameTable.find(({ columns }) => String(columns) === String(key.columns)) ??
        toSameTable.find(({ columns }) => columns[0] === key.columns[0] && columns.length < key.columns.length);
      if (!other || sameKey(key, other)) continue;
      // a reduced key has the first column only; PostgreSQL may spell names shorter
      const [columns, targetColumns] = [key.columns, key.targetColumns].map((names) =>
        names.slice(0, other.columns.length),
      );
      statements.push(
        `${alter} DROP CONSTRAINT ${quoted(key.name)};`,
        `${alter} ADD CONSTRAINT ${quoted(key.name)} FOREIGN KEY (${columnNames(columns ?? [])}) ` +
          `REFERENCES ${qualified({ schema: key.target.schema, name: key.target.table })} (${columnNames(targetColumns ?? [])}) ` +
          `ON DELETE ${other.onDelete} ON UPDATE ${other.onUpdate} DEFERRABLE INITIALLY DEFERRED;`,
      );
    }
    for (const { name, columns } of table.uniques) {
      if (targets.has(`${nameOf(table)}(${columns})`)) continue;
      statements.push(
        `${alter} DROP CONSTRAINT ${quoted(name)};`,
        `${alter} ADD CONSTRAINT ${quoted(name)} UNIQUE (${columnNames(columns)}) DEFERRABLE INITIALLY DEFERRED;`,
      );
    }
  }
  await database.exec(statements.join('\n'));
  await watchTables(database, pgsql.catalog.tables.map(nameOf));
}

/** A session on such a database: the triggers of the script run with every statement. */
export class ServerSession implements SqlSession {
  private readonly database: TestDatabase;
  private readonly run: StatementRun;

  constructor(database: TestDatabase, script: string, options: RunOptions = {}) {
    const { modules, tables } = readScript(script);
    this.database = database;
    const triggers = modules.filter(({ kind }) => kind === 'TRIGGER');
    this.run = new StatementRun(database, triggers, { isKnown: (table) => tables.has(table), ...options });
  }

  /** The number of bodies that ran. */
  get bodies(): number {
    return this.run.bodies;
  }

  /** The number of times that a body took the lock of the hierarchy. */
  get locks(): number {
    return this.run.locks;
  }

  async exec(sql: string): Promise<void> {
    if (!/^\s*(INSERT|UPDATE|DELETE)\b/i.test(sql)) return this.database.exec(sql);
    try {
      // PostgreSQL reads a national string as blank-padded, and has no `+` for texts
      await this.run.statement(
        sql
          .replaceAll(/\bN'/g, "'")
          .replaceAll(/'\s*\+/g, "' ||")
          .replaceAll(/\+\s*'/g, "|| '"),
      );
    } catch (error) {
      this.run.reset();
      throw error;
    }
  }

  query<Row = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<Row[]> {
    return this.database.query<Row>(sql, params);
  }

  queryRows(sql: string, params?: readonly unknown[]): Promise<unknown[][]> {
    return this.database.queryRows(sql, params);
  }
}
