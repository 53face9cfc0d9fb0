import { groupBy } from '@dms/canonical-json';
import type { Connection } from '@dms/databases';
import { promised } from '@dms/model';
import { dialectRules, type QualifiedName, qualifiedName } from '@dms/sql';

const rules = dialectRules.pgsql;
const nameOf = (table: QualifiedName) => qualifiedName(rules, table);

/** A key, with the schema and the name of its table. */
interface PostponedKey extends QualifiedName {
  readonly key: string;
  /** What follows the name of the key in `ADD CONSTRAINT`, as the server writes it. */
  readonly definition: string;
  readonly targetSchema: string;
  readonly targetName: string;
}

/**
 * The keys of some tables that can be dropped and added again without a loss: those that hold for all rows, are switched on, and
 * have no comment. Where a table has more bytes than the input has for it, one check of all its rows would take longer than checks
 * of the new ones.
 */
const keysQuery = `SELECT n.nspname AS schema, c.relname AS name, k.conname AS key, pg_get_constraintdef(k.oid) AS definition,
    tn.nspname AS "targetSchema", tc.relname AS "targetName"
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS t (schema, name, bytes)
    JOIN pg_namespace AS n ON n.nspname = t.schema
    JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.name
    JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'f'
    JOIN pg_class AS tc ON tc.oid = k.confrelid
    JOIN pg_namespace AS tn ON tn.oid = tc.relnamespace
WHERE k.convalidated AND k.conparentid = 0 AND obj_description(k.oid, 'pg_constraint') IS NULL
    AND NOT EXISTS (SELECT FROM pg_trigger AS r WHERE r.tgconstraint = k.oid AND r.tgenabled <> 'O')
    AND pg_has_role(c.relowner, 'USAGE') AND has_table_privilege(k.confrelid, 'REFERENCES')
    AND pg_table_size(c.oid) <= t.bytes
ORDER BY n.nspname, c.relname, k.conname`;

/**
 * Foreign keys that a large load drops in its transaction and adds again at the end (design 14 §8). The server then checks a key
 * once for all rows, which takes a fraction of the time that it needs row by row.
 */
export class PostponedKeys {
  private readonly keys: readonly PostponedKey[];

  private constructor(keys: readonly PostponedKey[]) {
    this.keys = keys;
  }

  /** Finds the keys of tables, each with the bytes of input for it. */
  static async find(
    connection: Connection,
    tables: readonly (readonly [table: QualifiedName, bytes: number])[],
  ): Promise<PostponedKeys> {
    if (tables.length === 0) return new PostponedKeys([]);
    const columns = [
      tables.map(([{ schema }]) => schema),
      tables.map(([{ name }]) => name),
      tables.map(([, bytes]) => Math.ceil(bytes)),
    ];
    return new PostponedKeys(await connection.query<PostponedKey>(keysQuery, columns));
  }

  /** The tables that nobody may read from the drop to the end of the transaction: those with the keys, and those that they lead to. */
  get tables(): readonly QualifiedName[] {
    return this.keys.flatMap(({ schema, name, targetSchema, targetName }) => [
      { schema, name },
      { schema: targetSchema, name: targetName },
    ]);
  }

  async drop(connection: Connection): Promise<void> {
    const statements = this.byTable(({ key }) => `DROP CONSTRAINT ${rules.quote(key)}`).map(([, statement]) => statement);
    if (statements.length > 0) await connection.execute(statements.join(';\n'));
  }

  /** Adds the keys, which checks them. `refused` makes the error for a table with a row that breaks one. */
  async add(connection: Connection, refused: (table: QualifiedName, error: unknown) => unknown): Promise<void> {
    for (const [table, statement] of this.byTable(
      ({ key, definition }) => `ADD CONSTRAINT ${rules.quote(key)} ${definition}`,
    )) {
      try {
        await connection.execute(statement);
      } catch (error) {
        throw refused(table, error);
      }
    }
  }

  /** One statement for each table, with an action for each of its keys. */
  private byTable(action: (key: PostponedKey) => string): readonly (readonly [table: QualifiedName, statement: string])[] {
    return [...groupBy(this.keys, nameOf)].map(([name, keys]) => [
      promised(keys[0], 'a key of the group'),
      `ALTER TABLE ${name} ${keys.map(action).join(', ')}`,
    ]);
  }
}
