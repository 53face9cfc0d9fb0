import { runAgain } from '@dms/ddl';
import type { DmsError } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { driverCodeOf, isFailure } from './failure.ts';

/**
 * What a failure of a statement is about (design 09 §1.7.1). `unique`, `foreign-key` and `row`: a row that the
 * statement writes. `transient`: other sessions; the transaction may be repeated. `connection`, `server` and `script`:
 * the session, the server, and the text or the objects of the database, so that every other row would fail too.
 */
export type FailureKind = 'unique' | 'foreign-key' | 'row' | 'transient' | 'connection' | 'server' | 'script';

/**
 * The classes of SQLSTATE ("PostgreSQL Error Codes", appendix A) that are about a row or the session. A class that is
 * not here is one that a function has made up, as for `RAISE … USING ERRCODE`, and so about the row that it looked at.
 */
const bySqlStateClass: Readonly<Record<string, FailureKind>> = {
  '00': 'script',
  '01': 'script',
  '02': 'script',
  '03': 'script',
  '08': 'connection',
  // an action of a trigger
  '09': 'row',
  '0A': 'script',
  '0B': 'connection',
  '0F': 'script',
  '0L': 'script',
  '0P': 'script',
  '0Z': 'script',
  '10': 'row',
  // CASE without a case for the row; a subquery with several rows
  '20': 'row',
  '21': 'row',
  '22': 'row',
  '23': 'row',
  '24': 'script',
  '25': 'connection',
  '26': 'connection',
  '27': 'row',
  '28': 'connection',
  '2B': 'script',
  '2D': 'connection',
  // functions: SQL, external, how they are called
  '2F': 'row',
  '34': 'script',
  '38': 'row',
  '39': 'row',
  '3B': 'connection',
  '3D': 'script',
  '3F': 'script',
  '40': 'transient',
  '42': 'script',
  // WITH CHECK OPTION of a view
  '44': 'row',
  '53': 'server',
  // an index row, a row or a value that is too long; triggers that call each other too deeply
  '54': 'row',
  '55': 'server',
  '57': 'server',
  '58': 'server',
  '72': 'server',
  F0: 'server',
  HV: 'server',
  // RAISE and ASSERT of PL/pgSQL
  P0: 'row',
  XX: 'server',
};

/** SQLSTATEs that differ from their class. */
const bySqlState: Readonly<Record<string, FailureKind>> = {
  '23505': 'unique',
  '23503': 'foreign-key',
  '23001': 'foreign-key',
  '55P03': 'transient',
};

function pgsqlKind(code: string, isRaised: boolean): FailureKind {
  const kind = bySqlState[code] ?? bySqlStateClass[code.slice(0, 2)] ?? 'row';
  if (!/^[0-9A-Z]{5}$/.test(code)) return 'connection';
  // a function may raise any code
  return isRaised && (kind === 'connection' || kind === 'server' || kind === 'script') ? 'row' : kind;
}

/** Numbers of SQL Server (`sys.messages`); all others below 50000 are about the script. */
const byNumber: Readonly<Record<string, FailureKind>> = {
  2601: 'unique',
  2627: 'unique',
  // any key or check
  547: 'foreign-key',
  // deadlock, lock timeout, conflict of snapshots
  1205: 'transient',
  1222: 'transient',
  3960: 'transient',
  // NULL, length, range, division
  515: 'row',
  2628: 'row',
  8152: 'row',
  8115: 'row',
  220: 'row',
  232: 'row',
  8134: 'row',
  // conversions: numbers, texts, dates, uuids, XML
  8114: 'row',
  245: 'row',
  241: 'row',
  242: 'row',
  295: 'row',
  296: 'row',
  8169: 'row',
  9803: 'row',
  // a row or an index key that is too long
  511: 'row',
  1946: 'row',
  // a subquery of a trigger with several rows; triggers that call each other too deeply; an endless recursion
  512: 'row',
  217: 'row',
  530: 'row',
  // a check of a view, a policy of row security
  550: 'row',
  33504: 'row',
  // CLR
  6522: 'row',
  // memory, files, log, worker threads
  701: 'server',
  802: 'server',
  823: 'server',
  824: 'server',
  825: 'server',
  1101: 'server',
  1105: 'server',
  8645: 'server',
  9001: 'server',
  9002: 'server',
  3906: 'server',
};

function mssqlKind(code: string, message: string): FailureKind {
  const number = Number(code);
  if (!Number.isInteger(number)) return 'connection';
  // RAISERROR and THROW, which triggers use
  if (number >= 50_000) return message.includes(runAgain) ? 'transient' : 'row';
  return byNumber[number] ?? 'script';
}

const byDialect: Readonly<Record<SqlDialect, (code: string, message: string, isRaised: boolean) => FailureKind>> = {
  pgsql: (code, _, isRaised) => pgsqlKind(code, isRaised),
  mssql: mssqlKind,
};

/** The kind of a failure; null for an error that is not of a database. */
export function failureKind(error: unknown, dialect: SqlDialect): FailureKind | null {
  if (!isFailure(error)) return null;
  const code = driverCodeOf(error);
  if (!isFailure(error, 'DB_SQL', 'DB_DEADLOCK', 'DB_LOCK_TIMEOUT') || code === null) return 'connection';
  return byDialect[dialect](code, error.message, error.diagnostics[0].details.raised === true);
}

const kindsOfRows: ReadonlySet<FailureKind | null> = new Set(['unique', 'foreign-key', 'row']);

/**
 * Whether a database has refused a row. Other rows of the statement may be right, so it is worth finding out which one
 * it is.
 */
export const isRefusedRow = (error: unknown, dialect: SqlDialect): error is DmsError =>
  kindsOfRows.has(failureKind(error, dialect));
