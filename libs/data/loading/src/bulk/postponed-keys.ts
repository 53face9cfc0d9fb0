import { type Connection, rowsOf, run } from '@dms/databases';
import { mustExist, qualified } from '@dms/model';
import { dialectOf, empty, join, type QualifiedName, type Sql, trusted, value } from '@dms/sql';
import { groupBy } from '@dms/values';
import { readingWholeTables } from '../loading/plans-by-index.ts';

const { sql, id } = dialectOf.pgsql;

/** A key, with the schema and the name of its table. */
interface PostponedKey extends QualifiedName {
  readonly key: string;
  /** The text after the name of the key in `ADD CONSTRAINT`, as the server writes it. */
  readonly definition: string;
  readonly targetSchema: string;
  readonly targetName: string;
  readonly hasDeferred: boolean;
}

/**
 * The bytes of input for a table from which its keys are dropped. To drop a key and add it again takes more than a
 * millisecond, as long as checks of 200 rows.
 */
export const defaultPostponedFrom = 256 * 1024;

/**
 * The keys that meet a condition and can be dropped and added again without a loss: those that hold for all rows, are
 * switched on, and have no comment. The user must own the table, and may lock the table that the key leads to.
 */
const keysQuery = (condition: Sql, tables: Sql = empty) => sql`SELECT n.nspname AS schema, c.relname AS name,
    k.conname AS key, pg_get_constraintdef(k.oid) AS definition, tn.nspname AS "targetSchema", tc.relname AS "targetName",
    EXISTS (SELECT FROM pg_constraint AS d WHERE d.conrelid = c.oid AND d.condeferrable) AS "hasDeferred"
FROM pg_constraint AS k
    JOIN pg_class AS c ON c.oid = k.conrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_class AS tc ON tc.oid = k.confrelid
    JOIN pg_namespace AS tn ON tn.oid = tc.relnamespace${tables}
WHERE k.contype = 'f' AND k.convalidated AND k.conparentid = 0 AND obj_description(k.oid, 'pg_constraint') IS NULL
    AND NOT EXISTS (SELECT FROM pg_trigger AS r WHERE r.tgconstraint = k.oid AND r.tgenabled <> 'O')
    AND pg_has_role(c.relowner, 'USAGE') AND has_table_privilege(k.confrelid, 'REFERENCES')
    AND has_table_privilege(k.confrelid, 'UPDATE, DELETE, TRUNCATE')
    AND ${condition}
ORDER BY n.nspname, c.relname, k.conname`;

/** The tables that the transaction has closed to all other sessions. */
const closed = sql`(SELECT l.relation FROM pg_locks AS l
        WHERE l.pid = pg_backend_pid() AND l.granted AND l.mode = 'AccessExclusiveLock' AND l.relation IS NOT NULL)`;

/**
 * Foreign keys that a large load drops in its transaction and adds again when it has written the rows of their table
 * (design 14a §3). The server then checks a key once for all rows, which takes a fraction of the time that it needs row
 * by row.
 */
export class PostponedKeys {
  /** The keys that are dropped, by the name of their table. */
  private readonly dropped: Map<string, readonly PostponedKey[]>;
  /**
   * The tables that no other session may read between the drop and the end of the transaction: the tables with the keys
   * and their targets.
   */
  readonly tables: readonly QualifiedName[];

  static readonly none = new PostponedKeys([]);

  private constructor(keys: readonly PostponedKey[]) {
    this.dropped = groupBy(keys, qualified);
    this.tables = keys.flatMap(({ schema, name, targetSchema, targetName }) => [
      { schema, name },
      { schema: targetSchema, name: targetName },
    ]);
  }

  /**
   * Finds the keys of tables, each with the bytes of input for it. Tables with more bytes than their input are left
   * out: one check of all rows would take longer than checks of the new ones.
   */
  static async find(
    connection: Connection,
    tables: readonly (readonly [table: QualifiedName, bytes: number])[],
  ): Promise<PostponedKeys> {
    if (tables.length === 0) return PostponedKeys.none;
    const schemas = value(tables.map(([{ schema }]) => schema));
    const names = value(tables.map(([{ name }]) => name));
    const bytes = value(tables.map(([, size]) => Math.ceil(size)));
    const keys = keysQuery(
      sql`pg_table_size(c.oid) <= t.bytes`,
      sql`
    JOIN unnest(${schemas}::text[], ${names}::text[], ${bytes}::bigint[]) AS t (schema, name, bytes)
        ON t.schema = n.nspname AND t.name = c.relname`,
    );
    return new PostponedKeys(await rowsOf<PostponedKey>(connection, keys));
  }

  /** Finds the keys to a table, if the transaction has closed it and the table of the key to all other sessions. */
  static async to(connection: Connection, { schema, name }: QualifiedName): Promise<PostponedKeys> {
    const isTarget = sql`tn.nspname = ${value(schema)} AND tc.relname = ${value(name)}`;
    const keys = keysQuery(sql`${isTarget} AND k.conrelid IN ${closed} AND k.confrelid IN ${closed}`);
    return new PostponedKeys(await rowsOf<PostponedKey>(connection, keys));
  }

  async drop(connection: Connection): Promise<void> {
    const statements = this.left.map((table) => {
      const keys = this.dropped.get(qualified(table)) ?? [];
      return sql`ALTER TABLE ${table} ${join(keys.map(({ key }) => sql`DROP CONSTRAINT ${id(key)}`))}`;
    });
    if (statements.length > 0) await run(connection, join(statements, ';\n'));
  }

  /** The tables whose keys are dropped. */
  get left(): readonly QualifiedName[] {
    return [...this.dropped.values()].map(([key]) => mustExist(key, 'a key of the table'));
  }

  /** Whether keys of a table are dropped. */
  isDropped(table: QualifiedName): boolean {
    return this.dropped.has(qualified(table));
  }

  /** Whether checks of a table may wait for the end of the transaction. The table cannot be altered while they do. */
  hasDeferred(table: QualifiedName): boolean {
    return this.dropped.get(qualified(table))?.some((key) => key.hasDeferred) ?? false;
  }

  /**
   * Adds the dropped keys of a table, which checks them. `adding` returns the text that the session needs for it; a
   * session of a load otherwise reads no whole table.
   */
  async add(connection: Connection, table: QualifiedName, adding = readingWholeTables): Promise<void> {
    const keys = this.dropped.get(qualified(table)) ?? [];
    if (keys.length === 0) return;
    this.dropped.delete(qualified(table));
    const actions = keys.map(({ key, definition }) => sql`ADD CONSTRAINT ${id(key)} ${trusted(definition)}`);
    await run(connection, adding(sql`ALTER TABLE ${table} ${join(actions)}`));
  }
}
