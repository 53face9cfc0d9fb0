import type { Connection } from '@dms/databases';
import { givenScript, trusted } from '@dms/sql';
import { lockStrength } from '../src/hazards/rules.ts';

/* The effects of a statement on a PostgreSQL server, as the server itself reports them. */

/** A table or view of the database. */
interface ObservedRelation {
  /** The `schema.name` that it had when it was first seen. */
  readonly name: string;
  /** The file that stores its rows; a rewrite changes it. */
  readonly file: number;
}

/** Tables and views by OID, which a rename does not change. */
export type Relations = ReadonlyMap<number, ObservedRelation>;

/** The tables and views of a database; known ones keep their first names. */
export async function relationsOf(connection: Connection, known: Relations): Promise<Relations> {
  const rows = await connection.query<{ oid: number; name: string; file: number }>(
    trusted(`SELECT c.oid::bigint AS oid, n.nspname || '.' || c.relname AS name, c.relfilenode::bigint AS file
     FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'v') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`),
  );
  return new Map(
    rows.map(({ oid, name, file }) => [
      Number(oid),
      { name: known.get(Number(oid))?.name ?? name, file: Number(file) },
    ]),
  );
}

/** `AccessExclusiveLock` as the documentation writes it: `ACCESS EXCLUSIVE`. */
const lockName = (mode: string) =>
  mode
    .replace(/Lock$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();

export interface Observation {
  /** The strongest lock on each table and view, by name. */
  readonly locks: ReadonlyMap<string, string>;
  /** The tables whose rows moved to another file. */
  readonly rewritten: readonly string[];
  readonly relations: Relations;
}

/** Runs a statement in a transaction of its own and reads the locks that the transaction holds before it commits. */
export async function observed(connection: Connection, sql: string, known: Relations): Promise<Observation> {
  await connection.begin();
  await connection.execute(givenScript(sql));
  const held = await connection.query<{ oid: number; mode: string }>(
    trusted(`SELECT relation::bigint AS oid, mode FROM pg_locks
     WHERE pid = pg_backend_pid() AND locktype = 'relation' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`),
  );
  const relations = await relationsOf(connection, known);
  await connection.commit();
  const locks = new Map<string, string>();
  for (const { oid, mode } of held) {
    const name = (relations.get(Number(oid)) ?? known.get(Number(oid)))?.name;
    if (name === undefined) continue;
    const lock = lockName(mode);
    const other = locks.get(name);
    if (other === undefined || lockStrength('pgsql', lock) > lockStrength('pgsql', other)) locks.set(name, lock);
  }
  const rewritten = [...relations].flatMap(([oid, { name, file }]) => {
    const before = known.get(oid);
    return before && before.file !== file ? [name] : [];
  });
  return { locks, rewritten, relations };
}
