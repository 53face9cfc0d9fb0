import { dialectOf, dialectRules, type PlainSql, textOf } from '@dms/sql';
import type { Connection, Row } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';

/*
 * Prepared transactions of PostgreSQL (two-phase commit). They keep their locks without a session until somebody ends
 * them, also across a restart of the server; ending sessions does not free these locks (design 09 §1.4).
 */

/** The holder of a lock: a session, or a prepared transaction that no session holds. */
export interface NamedHolder {
  /** As messages name it. */
  readonly text: string;
  /** The statements that end it, of which a person chooses one; empty for a session. */
  readonly endings: readonly string[];
}

/** Whether a prepared transaction is among the holders of a lock. */
export const hasPrepared = (holders: readonly NamedHolder[]): boolean =>
  holders.some(({ endings }) => endings.length > 0);

/** What to do about the holders of a lock, at the beginning of a sentence. */
export function holdersAdvice(holders: readonly NamedHolder[]): string {
  const endings = holders.flatMap((each) => each.endings);
  if (endings.length === 0) return 'End that session';
  const isOnly = holders.every((each) => each.endings.length > 0);
  return `End it with ${endings.join(' or ')}, in its database${isOnly ? '' : ', and end the sessions'}`;
}

/** How to end the one holder of a lock. */
export const endingAdvice = (holder: NamedHolder | null): string =>
  holder === null || holder.endings.length === 0 ? 'End it' : holdersAdvice([holder]);

/** A holder with the statements that end it, where a message has no place for them of its own. */
export const holderText = ({ text, endings }: NamedHolder): string =>
  endings.length === 0 ? text : `${text}; ${endings.join(' or ')} ends it`;

/** A row of `pg_prepared_xacts`. */
export interface PreparedTransaction {
  readonly gid: string;
  readonly owner: string;
  readonly database: string;
  /** When it was prepared, in UTC. */
  readonly since: string;
}

const { sql, literal } = dialectOf.pgsql;

/** The columns of a {@link PreparedTransaction}, of `p`. */
const preparedColumns = sql`p.gid, p.owner::text AS owner, p.database::text AS database,
  to_char(p.prepared AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since`;

/** Whether a prepared transaction `p` holds a lock: both locks have its virtual transaction, whose form differs by version. */
const isHeldBy = (lock: PlainSql) => sql`${lock}.pid IS NULL AND x.virtualtransaction = ${lock}.virtualtransaction`;

/** Joins the lock `x` that each prepared transaction `p` has on its own number. */
const lockOfPrepared = sql`INNER JOIN pg_catalog.pg_locks AS x ON x.locktype = 'transactionid' AND x.transactionid = p.transaction
  AND x.granted AND x.pid IS NULL`;

/** The prepared transactions that hold a lock for which `session` waits. */
export const preparedHolders = (session: number): PlainSql => sql`SELECT DISTINCT ${preparedColumns}
FROM pg_catalog.pg_locks AS w
INNER JOIN pg_catalog.pg_locks AS h ON h.granted AND h.locktype = w.locktype
  AND ROW(h.database, h.relation, h.page, h.tuple, h.virtualxid, h.transactionid, h.classid, h.objid, h.objsubid)
    IS NOT DISTINCT FROM ROW(w.database, w.relation, w.page, w.tuple, w.virtualxid, w.transactionid, w.classid, w.objid, w.objsubid)
INNER JOIN (pg_catalog.pg_prepared_xacts AS p ${lockOfPrepared}) ON ${isHeldBy(sql`h`)}
WHERE w.pid = ${literal(session)} AND NOT w.granted
ORDER BY 1`;

/** The prepared transactions of the session's database. */
const preparedHere = sql`SELECT ${preparedColumns} FROM pg_catalog.pg_prepared_xacts AS p
WHERE p.database = current_database() ORDER BY p.prepared`;

/** A prepared transaction as messages name it. */
const preparedText = ({ gid, owner, database, since }: PreparedTransaction): string =>
  `the prepared transaction ${dialectRules.pgsql.stringLiteral(gid)} of ${owner} in the database ${database}, since ${since}`;

/** The statements that end a prepared transaction. */
const endingStatements = ({ gid }: Pick<PreparedTransaction, 'gid'>): readonly string[] =>
  ['COMMIT', 'ROLLBACK'].map((word) => `${word} PREPARED ${dialectRules.pgsql.stringLiteral(gid)}`);

export const preparedHolder = (transaction: PreparedTransaction): NamedHolder => ({
  text: preparedText(transaction),
  endings: endingStatements(transaction),
});

/** The holder of an advisory lock of the session's database, a signed number of 64 bits; null if it is free. */
export async function advisoryHolder(connection: Connection, lock: string): Promise<NamedHolder | null> {
  const [found] = await rowsOf<{ pid: number | null; application: string | null; gid: string | null }>(
    connection,
    sql`SELECT l.pid::int4 AS pid, a.application_name::text AS application, ${preparedColumns}
FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
LEFT JOIN (pg_catalog.pg_prepared_xacts AS p ${lockOfPrepared}) ON ${isHeldBy(sql`l`)}
WHERE ${holdsAdvisory(lock)}`,
  );
  if (found === undefined) return null;
  const { pid, application, gid, ...others } = found as typeof found & Omit<PreparedTransaction, 'gid'>;
  if (gid !== null) return preparedHolder({ gid, ...others });
  return { text: `process ${pid}${application ? `, ${application}` : ''}`, endings: [] };
}

/** The condition that a row `l` of `pg_locks` is an advisory lock of the session's database that somebody has. */
export const holdsAdvisory = (lock: string): PlainSql => sql`l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND ((l.classid::bigint << 32) | l.objid::bigint) = ${literal(BigInt(lock))}`;

/**
 * What a message says of a lock that was not granted if the database has prepared transactions; undefined if it has
 * none, or if they cannot be read. Nobody can see afterwards whether one of them held the lock.
 */
export async function preparedRemark(read: (text: string) => Promise<readonly Row[]>): Promise<string | undefined> {
  const found = (await read(textOf(preparedHere)).catch(() => [])) as unknown as readonly PreparedTransaction[];
  const [first] = found;
  if (first === undefined) return undefined;
  const more = found.length === 1 ? '' : ` and ${found.length - 1} more in pg_prepared_xacts`;
  return `Locks are also held by ${preparedText(first)}${more}; no session holds them. ${endingStatements(first).join(' or ')} ends it.`;
}
