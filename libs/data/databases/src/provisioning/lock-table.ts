import { type Catalog, type CatalogTable, relationCount } from '@dms/catalog';
import { counted, type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import { dialectOf, pgsqlName, type QualifiedName, type SqlDialect, value } from '@dms/sql';
import type { EmbeddedTarget, ServerTarget } from '../addressing/target.ts';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import type { OnWaiting } from './provisioning-dialects.ts';

/*
 * PostgreSQL keeps the locks of all sessions in one table of a fixed size, and a transaction that changes many tables
 * needs many of them (design 09c §2). SQL Server takes memory for locks as it needs it.
 */

const { sql } = dialectOf.pgsql;

/** The size of the lock table of a server. */
export interface LockTable {
  readonly perTransaction: number;
  readonly connections: number;
  readonly prepared: number;
  /** Locks that always fit: `max_locks_per_transaction × (max_connections + max_prepared_transactions)`. */
  readonly certain: number;
  /** Locks that fit if nobody else needs the reserve. */
  readonly usual: number;
  /** More locks than this never fit. */
  readonly most: number;
}

/**
 * The server makes room for the locks of its own processes, too, and keeps a reserve. Measured on PostgreSQL 15 and 18,
 * with 22 to 200 connections: 1.58 to 1.82 times the locks of all processes fit, and less where statements need memory
 * for other things.
 */
const shares = { usual: 1.5, most: 1.75 };

const lockTableQuery = sql`SELECT current_setting('max_locks_per_transaction')::int4 AS per_transaction,
  current_setting('max_connections')::int4 AS connections, current_setting('max_prepared_transactions')::int4 AS prepared,
  coalesce(current_setting('autovacuum_worker_slots', true), current_setting('autovacuum_max_workers'))::int4
    + current_setting('max_worker_processes')::int4 + current_setting('max_wal_senders')::int4 + 1 AS processes`;

type LockTableReader = (connection: Connection, limits: Limits) => Promise<LockTable | null>;

const readers: Readonly<Record<SqlDialect, LockTableReader>> = {
  pgsql: async (connection, limits) => {
    const [row] = await rowsOf<{
      per_transaction: number;
      connections: number;
      prepared: number;
      processes: number;
    }>(connection, lockTableQuery, limits);
    if (row === undefined) return null;
    const { per_transaction: perTransaction, connections, prepared, processes } = row;
    const all = perTransaction * (connections + prepared + processes);
    return {
      perTransaction,
      connections,
      prepared,
      certain: perTransaction * (connections + prepared),
      usual: Math.floor(all * shares.usual),
      most: Math.floor(all * shares.most),
    };
  },
  mssql: async () => null,
};

/**
 * The lock table of the server of a session; null where it has no fixed size, or nobody else has locks. Throws the
 * `DB_*` codes.
 */
export async function readLockTable(connection: Connection, limits: Limits = {}): Promise<LockTable | null> {
  return connection.engine === 'embedded' ? null : readers[connection.dialect](connection, limits);
}

/**
 * Locks on system catalogs with their indexes, schemas, the extension and the role: a script of any size takes them.
 */
const systemLocks = 60;

/** The number of locks of a transaction that changes some tables of catalogs. */
export const locksOfTables = (tables: readonly CatalogTable[]): number =>
  tables.reduce((sum, table) => sum + relationCount(table), systemLocks);

/** The number of locks of a script that creates everything in a catalog. */
export const locksOfScript = ({ tables, views, sequences }: Pick<Catalog, 'tables' | 'views' | 'sequences'>): number =>
  locksOfTables(tables) + views.length + sequences.length;

/**
 * The number of locks of a transaction that replaces views: the earlier ones, the new ones, and about one table for
 * each.
 */
export const locksOfViews = (count: number): number => systemLocks + 3 * count;

/**
 * The number of locks of a transaction that writes some tables of a PostgreSQL server, in their current state. Throws
 * the `DB_*` codes.
 */
export async function locksOfNamed(
  connection: Connection,
  tables: readonly QualifiedName[],
  limits: Limits = {},
): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(
    connection,
    sql`SELECT (count(*) + count(nullif(c.reltoastrelid, 0)) * 2
  + coalesce(sum((SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid)), 0))::int4 AS n
FROM pg_class c WHERE c.oid = ANY (ARRAY(SELECT to_regclass(name) FROM unnest(${value(tables.map(pgsqlName))}::text[]) AS name))`,
    limits,
  );
  return systemLocks + (row?.n ?? 0);
}

/**
 * The most locks that a transaction takes which drops all relations of some schemas of a PostgreSQL server, and creates
 * a catalog: the relations with their constraints and triggers, and the new ones. Throws the `DB_*` codes.
 */
export async function locksOfReplacement(
  connection: Connection,
  catalog: Catalog,
  limits: Limits = {},
): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(
    connection,
    sql`SELECT (count(*) + count(nullif(c.reltoastrelid, 0)) * 2 + coalesce(sum(2 * (c.relkind IN ('r', 'v'))::int
  + (SELECT count(*) FROM pg_constraint k WHERE k.conrelid = c.oid) + (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid)
  + (SELECT count(*) FROM pg_attrdef a WHERE a.adrelid = c.oid)), 0))::int4 AS n
FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace WHERE s.nspname = ANY (${value([...catalog.schemas])}::text[])`,
    limits,
  );
  return (row?.n ?? 0) + locksOfScript(catalog);
}

/**
 * Compares the locks that `work` takes in one transaction with the lock table of the server, before anything is done.
 * Returns `DB_LOCK_TABLE_SMALL` if they may not fit beside the locks of others. Throws `DB_LOCK_TABLE` if they cannot
 * fit.
 */
export function lockTableFindings(
  connection: Pick<Connection, 'label'>,
  work: string,
  needed: number,
  table: LockTable | null,
): readonly Diagnostic[] {
  const found = lockTableDiagnostics(connection, work, needed, table);
  failIfAny(found.filter(({ code }) => code === 'DB_LOCK_TABLE'));
  return found;
}

/** The same findings, with `DB_LOCK_TABLE` among them: for work that is only planned. */
export function lockTableDiagnostics(
  { label }: Pick<Connection, 'label'>,
  work: string,
  needed: number,
  table: LockTable | null,
): readonly Diagnostic[] {
  if (table === null || needed <= table.certain) return [];
  const { certain, most } = table;
  const needs = `${label}: ${work} takes about ${counted(needed, 'lock')} in one transaction`;
  const advice = adviceOn(needed, table);
  const details = lockDetails(needed, table);
  if (needed > most) {
    const text = `${needs}, and the lock table of the server holds at most ${most} (${sizesText(table)} = ${certain}, and a reserve). Nothing was changed. ${advice}.`;
    return [diagnostic('DB_LOCK_TABLE', text, {}, details)];
  }
  const text = `${needs}, and the lock table of the server is only guaranteed to hold ${certain} (${sizesText(table)}). The transaction may end with "out of shared memory". ${advice}; for a fleet, lower --concurrency-per-server.`;
  return [diagnostic('DB_LOCK_TABLE_SMALL', text, {}, details)];
}

/**
 * `DB_LOCK_TABLE_SMALL` if an upgrade that writes every table again might not fit into the lock table of the server;
 * `needed` is the most that it may take. The plan of the upgrade counts what it really takes.
 */
export function upgradeLockFindings(
  { label }: Pick<Connection, 'label'>,
  needed: number,
  table: LockTable | null,
): readonly Diagnostic[] {
  if (table === null || needed <= table.certain) return [];
  const text = `${label}: an upgrade of all tables takes up to ${counted(needed, 'lock')} in one transaction, and the lock table of the server is only guaranteed to hold ${table.certain} (${sizesText(table)}). upgrade plan with this connection counts the locks of its upgrade. ${adviceOn(needed, table)} if it needs as many.`;
  return [diagnostic('DB_LOCK_TABLE_SMALL', text, {}, lockDetails(needed, table))];
}

const wantedFor = (needed: number, { connections, prepared }: LockTable) =>
  Math.ceil(needed / (connections + prepared));

const sizesText = ({ perTransaction, connections, prepared }: LockTable) =>
  `max_locks_per_transaction ${perTransaction} × (max_connections ${connections} + max_prepared_transactions ${prepared})`;

const adviceOn = (needed: number, table: LockTable) =>
  `Set max_locks_per_transaction to ${wantedFor(needed, table)} or more and restart the server`;

const lockDetails = (needed: number, table: LockTable) => ({
  needed,
  certain: table.certain,
  most: table.most,
  setting: 'max_locks_per_transaction',
  wanted: wantedFor(needed, table),
});

interface Room {
  used: number;
  readonly waiting: Set<() => void>;
}

/** The locks that transactions of this process take, by server. */
const rooms = new Map<string, Room>();

interface LockRoomOptions extends Limits {
  readonly target: Pick<ServerTarget, 'kind' | 'host' | 'port'> | Pick<EmbeddedTarget, 'kind'>;
  /** Null if the server has no lock table of a fixed size: then the work does not wait. */
  readonly table: LockTable | null;
  readonly needed: number;
  readonly onWaiting?: OnWaiting | undefined;
}

/**
 * Runs `work`, which takes locks in one transaction, as soon as the lock table of the server has room beside the other
 * work of this process: a fleet changes several databases of a server at once (design 09c §2). A single piece of work
 * always runs. A cancelled task does not wait.
 */
export async function inLockRoom<Result>(
  { target, table, needed, onWaiting, signal }: LockRoomOptions,
  work: () => Promise<Result>,
): Promise<Result> {
  if (table === null || target.kind !== 'server') return work();
  const key = `${target.host.toLowerCase()}:${target.port}`;
  const room = rooms.get(key) ?? { used: 0, waiting: new Set() };
  rooms.set(key, room);
  if (!fits(room, needed, table)) {
    onWaiting?.(
      `other databases of this run: each takes about ${counted(needed, 'lock')}, and the lock table of the server holds about ${table.usual}; raise max_locks_per_transaction, or lower --concurrency-per-server`,
    );
  }
  while (!fits(room, needed, table) && signal?.aborted !== true) {
    await new Promise<void>((resolve) => {
      const wake = () => {
        room.waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      room.waiting.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
  room.used += needed;
  try {
    return await work();
  } finally {
    room.used -= needed;
    for (const wake of [...room.waiting]) wake();
    if (room.used === 0 && room.waiting.size === 0) rooms.delete(key);
  }
}

const fits = ({ used }: Room, needed: number, { usual }: LockTable) => used === 0 || used + needed <= usual;
