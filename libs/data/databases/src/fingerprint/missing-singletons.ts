import type { MappingVersion } from '@dms/api-schema';
import { type SingletonTable, singletonTables } from '@dms/ddl';
import { dialectOf } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import { readable } from './stored-fingerprint.ts';

/** The missing part of the one-row tables to which a server binds its state. */
type MissingSingletons =
  | { readonly reason: 'tables'; readonly missingTables: readonly string[] }
  | { readonly reason: 'row'; readonly table: string }
  | { readonly reason: 'columns' };

/**
 * The first thing missing from the one-row tables of a generation; null if nothing is (design 16 §5.2). `tables` are the
 * names of the tables in schema `dms`.
 */
export async function missingSingletons(
  connection: Connection,
  version: MappingVersion,
  tables: ReadonlySet<string>,
  limits: Limits,
): Promise<MissingSingletons | null> {
  const wanted = singletonTables(version);
  if (wanted.length === 0) return null;
  const missingTables = wanted.map(({ table }) => table.name).filter((name) => !tables.has(name));
  if (missingTables.length > 0) return { reason: 'tables', missingTables };
  for (const singleton of wanted) {
    const found = await hasRow(connection, singleton, limits);
    if (found === null) return { reason: 'columns' };
    if (!found) return { reason: 'row', table: singleton.table.name };
  }
  return null;
}

async function hasRow(
  connection: Connection,
  { table, keyColumn }: SingletonTable,
  limits: Limits,
): Promise<boolean | null> {
  const { sql, id } = dialectOf[connection.dialect];
  const query = sql`SELECT 1 AS "found" FROM ${table} WHERE ${id(keyColumn)} = 1`;
  const rows = await readable(() => rowsOf(connection, query, limits));
  return rows && rows.length > 0;
}
