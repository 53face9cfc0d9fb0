import type { MappingVersion } from '@dms/api-schema';
import { liveGeneration } from '@dms/catalog';
import { type SingletonTable, singletonTables } from '@dms/ddl';
import { coreSchema } from '@dms/model';
import { dialectRules, qualifiedName } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';
import { fingerprintQueries, readable } from './stored-fingerprint.ts';

/** The generation whose core tables a database has; null if it has no generation's (design 16 §1). */
export async function readGeneration(connection: Connection, limits: Limits): Promise<MappingVersion | null> {
  const names = await readCoreTables(connection, limits);
  return liveGeneration([...names].map((name) => ({ schema: coreSchema, name })));
}

/** The names of the tables in schema `dms`. */
async function readCoreTables(connection: Connection, limits: Limits): Promise<ReadonlySet<string>> {
  const rows = await connection.query<{ readonly name: string }>(
    fingerprintQueries[connection.dialect].coreTables,
    [],
    limits,
  );
  return new Set(rows.map(({ name }) => name));
}

/** The missing part of the one-row tables to which a server binds its state. */
type MissingSingletons =
  | { readonly reason: 'tables'; readonly missingTables: readonly string[] }
  | { readonly reason: 'row'; readonly table: string }
  | { readonly reason: 'columns' };

/** The first thing missing from the one-row tables of a generation; null if nothing is (design 16 §5.2). */
export async function missingSingletons(
  connection: Connection,
  version: MappingVersion,
  limits: Limits,
): Promise<MissingSingletons | null> {
  const wanted = singletonTables(version);
  if (wanted.length === 0) return null;
  const names = await readCoreTables(connection, limits);
  const missingTables = wanted.map(({ table }) => table.name).filter((name) => !names.has(name));
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
  const rules = dialectRules[connection.dialect];
  const query = `SELECT 1 AS ${rules.quote('found')} FROM ${qualifiedName(rules, table)} WHERE ${rules.quote(keyColumn)} = 1`;
  const rows = await readable(() => connection.query(query, [], limits));
  return rows && rows.length > 0;
}
