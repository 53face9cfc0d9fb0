import { type Connection, rowsOf, run } from '@dms/databases';
import { mustExist, qualified } from '@dms/model';
import { dialectOf, empty, join, type PlainSql, type QualifiedName, type Sql, trusted, value } from '@dms/sql';
import { groupBy } from '@dms/values';

const { sql, id, literal } = dialectOf.pgsql;

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

/* The microseconds that PostgreSQL needs for a key, as measured in an upgrade from 5.2 with TPDM to 6.1 (design 12a §6). */

/** To follow the key for one deleted row, by an index. */
const following = 20;
/** To read a row of the table while a key without an index is followed. */
const reading = 0.05;
/** To drop the key and add it again. */
const replacing = 1_000;
/** To check the key for a row. */
const checking = 1.5;

/** The rows of a table by its size now, as the planner estimates them; without statistics a page has 80 rows. */
const rowsEstimate = sql`(pg_relation_size(c.oid) / current_setting('block_size')::int
        * CASE WHEN c.reltuples > 0 AND c.relpages > 0 THEN c.reltuples / c.relpages ELSE 80 END)`;

/** Whether an index on all rows of the table begins with the column of the key. */
const isIndexed = sql`EXISTS (SELECT FROM pg_index AS i
        WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = k.conkey[1])`;

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

  /**
   * Finds the keys from a column of some name to a table, with ON DELETE CASCADE, that are worth dropping while a number
   * of rows of the table are deleted: following a key for all these rows takes longer than checking it for all rows of
   * its table. The transaction must have closed both tables to all other sessions.
   */
  static async to(
    connection: Connection,
    { schema, name }: QualifiedName,
    { column, deleted }: { readonly column: string; readonly deleted: number },
  ): Promise<PostponedKeys> {
    const followed = sql`${value(deleted)}::float8
        * (${literal(following)} + CASE WHEN ${isIndexed} THEN 0 ELSE ${literal(reading)} * ${rowsEstimate} END)`;
    const keys = keysQuery(sql`tn.nspname = ${value(schema)} AND tc.relname = ${value(name)}
    AND k.confdeltype = 'c' AND cardinality(k.conkey) = 1
    AND ${value(column)} = (SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum = k.conkey[1])
    AND k.conrelid IN ${closed} AND k.confrelid IN ${closed}
    AND ${followed} > ${literal(replacing)} + ${literal(checking)} * ${rowsEstimate}`);
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

  /** Adds the dropped keys of a table, which checks them. `adding` wraps the statement as the session needs it. */
  async add(
    connection: Connection,
    table: QualifiedName,
    adding: (statement: PlainSql) => PlainSql = (statement) => statement,
  ): Promise<void> {
    const keys = this.dropped.get(qualified(table)) ?? [];
    if (keys.length === 0) return;
    this.dropped.delete(qualified(table));
    const actions = keys.map(({ key, definition }) => sql`ADD CONSTRAINT ${id(key)} ${trusted(definition)}`);
    await run(connection, adding(sql`ALTER TABLE ${table} ${join(actions)}`));
  }
}
