import { runAgain } from '@dms/ddl';
import {
  type DetailValue,
  type DiagnosticCode,
  type DiagnosticLocation,
  DmsError,
  diagnostic,
  type Redact,
} from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';

/** The codes of failures of a database (design 09 §1.7). */
export type FailureCode = Extract<DiagnosticCode, `DB_${string}`>;

/** The failure that a driver reported, without its configuration and the text of the script. */
export interface DriverFailure {
  readonly code: FailureCode;
  /** SQLSTATE, number of the server, or code of the client. */
  readonly driverCode: string | null;
  readonly message: string;
  /** Further texts of the server, each with its label: `DETAIL: …`, `HINT: …`. */
  readonly remarks?: readonly string[] | undefined;
  /** Constraint or object that the server names. */
  readonly object?: string | undefined;
  /** The function of the server, or of the database, that reported it. */
  readonly routine?: string | undefined;
  /** Objects of others that refused the statement: a function and its callers, policies, rules. */
  readonly refusedBy?: readonly string[] | undefined;
  /** The statement of the text that failed. */
  readonly statement?: FailedStatement | undefined;
  /** Whether a function or a policy of the database refused a row, with a code of its choice. */
  readonly isRaised?: boolean | undefined;
  /**
   * The number of the row of a `COPY` that failed, from 1. The server is sure of it only where it checks rows one by
   * one.
   */
  readonly copiedRow?: number | undefined;
  /** Advice, if it differs from that of the code. */
  readonly advice?: string | undefined;
}

export interface FailedStatement {
  readonly line: number;
  readonly column?: number | undefined;
  /** The number of the batch and the number of all batches, in SQL Server. */
  readonly batch?: { readonly number: number; readonly of: number } | undefined;
  /** The first line of the statement, shortened. */
  readonly text: string;
}

const advice: Readonly<Partial<Record<FailureCode, string>>> = {
  DB_UNREACHABLE: 'Check host, port and network, and that the server is running.',
  DB_AUTH_FAILED: 'Check user and password.',
  DB_NO_DATABASE: 'Create the database, or use --create-database of dms-ddl provision.',
  DB_PERMISSION: 'Grant the missing privilege, or connect as the owner of the database.',
  DB_BUSY: 'Try again later.',
  DB_LOCK_TIMEOUT: 'Another session holds a lock; try again when it has ended.',
  DB_DEADLOCK: 'Try again.',
  DB_SCHEMA_CHANGED:
    'Another session, such as an upgrade, changed a table that this one read from a snapshot. Run it again when that session has ended.',
  DB_TIMEOUT: 'The server showed no sign of work on it, and neither did the session that it waited for.',
  DB_CONNECTION_LOST: 'The server ended the session. Uncommitted work is lost.',
};

/** SQLSTATEs that need other advice than their code. */
const adviceByDriverCode: Readonly<Record<string, string>> = {
  '53000': 'The server has too few resources for this statement.',
  '53100': 'The disk of the database is full: make room.',
  '53200':
    'The server has too little memory for this statement: lower work_mem and maintenance_work_mem, or the number of sessions.',
  '53300':
    'No connection is free: end other sessions, raise max_connections or the CONNECTION LIMIT of the role or the database. Try again later.',
  '53400':
    'A limit in the configuration of the server is too small: raise the setting that it names, such as temp_file_limit, for this role or database.',
  '701': 'The server has too little memory for this statement.',
  '802': 'The server has too little memory for this statement.',
  '8645': 'The server has too little memory for this statement.',
  '1101': 'The files of the database are full: make room.',
  '1105': 'The files of the database are full: make room.',
  '9002': 'The transaction log of the database is full: back it up, or make room.',
  ENOSPC: 'The disk of the database is full: make room. Uncommitted work is lost.',
  EDQUOT: 'The disk of the database is full: make room. Uncommitted work is lost.',
  '25P03':
    'The server ends sessions that wait in a transaction: raise idle_in_transaction_session_timeout for this role or database. Uncommitted work is lost.',
  '25P04':
    'The server ends long transactions: raise transaction_timeout for this role or database. Uncommitted work is lost.',
  '57P05':
    'The server ends sessions that wait: raise idle_session_timeout for this role or database. Uncommitted work is lost.',
  '25006': 'The server takes no writes: it is a standby, or read-only by its configuration. Connect to the primary.',
  '40515':
    'A database of Azure SQL cannot read another one. Reporting views for SQL Server are in a database of their own, so they need a SQL Server or a managed instance.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Name its certificate with sslrootcert, or choose another sslmode.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Name its certificate with sslrootcert, or choose another sslmode.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Name its certificate with sslrootcert, or choose another sslmode.',
};

export interface FailureContext {
  readonly label: string;
  readonly redact: Redact;
}

const longestStatement = 200;

/** The first line of a statement, cut to fit a message. */
export function firstLine(statement: string): string {
  const line = statement.slice(0, statement.search(/\n|$/));
  return line.length > longestStatement ? `${line.slice(0, longestStatement)}…` : line;
}

/**
 * A failure as a `DmsError`: label, message of the server without secrets, advice. The message of the server alone is
 * in its details, for {@link serverTextOf}.
 */
export function databaseError(failure: DriverFailure, { label, redact }: FailureContext): DmsError {
  const { code, driverCode, statement } = failure;
  const serverText = redact(failure.message.trim());
  const hint = failure.advice ?? (driverCode === null ? undefined : adviceByDriverCode[driverCode]) ?? advice[code];
  const origin = driverCode === null ? '' : ` (${driverCode})`;
  const parts = [
    `${label}: ${withStop(`${serverText}${origin}`)}`,
    ...(failure.remarks ?? []).map((remark) => withStop(redact(remark))),
    ...(statement ? [redact(place(statement).trim())] : []),
    ...(hint === undefined ? [] : [hint]),
  ];
  const where: DiagnosticLocation = statement ? { line: statement.line, column: statement.column } : {};
  const details: Record<string, DetailValue> = { label, driverCode, serverText };
  if (failure.object !== undefined) details.object = redact(failure.object);
  if (failure.isRaised) details.raised = true;
  if (failure.routine !== undefined) details.routine = redact(failure.routine);
  if (failure.refusedBy !== undefined) details.refusedBy = failure.refusedBy.map(redact);
  if (failure.copiedRow !== undefined) details.copiedRow = failure.copiedRow;
  if (statement) details.statement = redact(statement.text);
  if (statement?.batch) details.batch = statement.batch.number;
  return new DmsError([diagnostic(code, parts.join(' '), where, details)]);
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function place(statement: FailedStatement): string {
  const batch = statement.batch ? ` (batch ${statement.batch.number} of ${statement.batch.of})` : '';
  const column = statement.column === undefined ? '' : `, column ${statement.column}`;
  return ` At line ${statement.line}${column} of the script${batch}: ${statement.text}`;
}

/** Whether an error comes from a database, with one of `codes` if they are given. */
export function isFailure(error: unknown, ...codes: readonly FailureCode[]): error is DmsError {
  if (!(error instanceof DmsError)) return false;
  const { code } = error;
  return codes.length === 0 ? code.startsWith('DB_') : codes.some((wanted) => wanted === code);
}

/** Codes of the server for a limit or a resource that is used up: SQLSTATE class 53, and numbers of SQL Server. */
const usedUp = /^(?:53[0-9A-Z]{3}|701|802|8645|1101|1105|9002)$/;

/** Whether a failure says that a limit or a resource of the server is used up. */
export const isUsedUp = (error: unknown): boolean =>
  isFailure(error, 'DB_SQL', 'DB_BUSY') && usedUp.test(driverCodeOf(error) ?? '');

/** SQLSTATE or number behind a failure; null where there is none. */
export function driverCodeOf(error: unknown): string | null {
  if (!(error instanceof DmsError)) return null;
  const { driverCode } = error.diagnostics[0].details;
  return typeof driverCode === 'string' ? driverCode : null;
}

/**
 * What the server, or the client, said about a failure: its own words, without the label, the code, the statement and
 * the advice that the message adds. Comparisons take this text, because the message names objects of the statement too.
 * The whole message for an error that does not come from a database.
 */
export function serverTextOf(error: DmsError): string {
  const { message, details } = error.diagnostics[0];
  return typeof details.serverText === 'string' ? details.serverText : message;
}

/**
 * The row of a `COPY` that a failure was about ({@link DriverFailure.copiedRow}); null where the server does not say.
 */
export function copiedRowOf(error: unknown): number | null {
  if (!(error instanceof DmsError)) return null;
  const { copiedRow } = error.diagnostics[0].details;
  return typeof copiedRow === 'number' ? copiedRow : null;
}

/** A member of the error that a driver threw, as text. */
export function errorText(error: unknown, member: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = (error as Readonly<Record<string, unknown>>)[member];
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' ? String(value) : undefined;
}

/** The message of a thrown value; of several attempts to connect, the message of the first. */
export function errorMessage(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorMessage(error.errors[0]);
  return errorText(error, 'message') ?? errorText(error, 'code') ?? 'unknown failure';
}

/**
 * The kinds of failures of a statement (design 09 §1.7.1). `unique`, `foreign-key` and `row` are about a row that the
 * statement writes. `transient` is about other sessions; the transaction may be repeated. `connection`, `server` and
 * `script` are about the session, the server, and the text or the objects of the database, so that every other row
 * would fail too.
 */
type FailureKind = 'unique' | 'foreign-key' | 'row' | 'transient' | 'connection' | 'server' | 'script';

/** The kind of each code, from the codes of each kind. */
const kindsByCode = (codes: Readonly<Partial<Record<FailureKind, string>>>): ReadonlyMap<string, FailureKind> =>
  new Map(
    (Object.entries(codes) as [FailureKind, string][]).flatMap(([kind, list]) =>
      list.split(' ').map((code) => [code, kind] as const),
    ),
  );

/**
 * The kinds of SQLSTATE classes ("PostgreSQL Error Codes", appendix A). A class that is not listed was made up by a
 * function, as with `RAISE … USING ERRCODE`, so the failure is about the row that the function checked.
 */
const bySqlStateClass = kindsByCode({
  // 09: an action of a trigger. 20, 21: CASE without a case for the row, a subquery with several rows. 2F, 38, 39:
  // functions. 44: WITH CHECK OPTION of a view. 54: an index row, a row or a value that is too long, or triggers that
  // call each other too deeply. P0: RAISE and ASSERT of PL/pgSQL
  row: '09 10 20 21 22 23 27 2F 38 39 44 54 P0',
  transient: '40',
  connection: '08 0B 25 26 28 2D 3B',
  server: '53 55 57 58 72 F0 HV XX',
  script: '00 01 02 03 0A 0F 0L 0P 0Z 24 2B 34 3D 3F 42',
});

/** SQLSTATEs that differ from their class. */
const bySqlState = kindsByCode({ unique: '23505', 'foreign-key': '23503 23001', transient: '55P03' });

function pgsqlKind(code: string, isRaised: boolean): FailureKind {
  const kind = bySqlState.get(code) ?? bySqlStateClass.get(code.slice(0, 2)) ?? 'row';
  if (!/^[0-9A-Z]{5}$/.test(code)) return 'connection';
  // a function may raise any code
  return isRaised && (kind === 'connection' || kind === 'server' || kind === 'script') ? 'row' : kind;
}

/** Numbers of SQL Server (`sys.messages`); all others below 50000 are about the script. */
const byNumber = kindsByCode({
  unique: '2601 2627',
  // any key or check
  'foreign-key': '547',
  // deadlock, lock timeout, conflict of snapshots
  transient: '1205 1222 3960',
  row: [
    // NULL, length, range, division
    '515 2628 8152 8115 220 232 8134',
    // conversions: numbers, texts, dates, uuids, XML
    '8114 245 241 242 295 296 8169 9803',
    // a row or an index key that is too long
    '511 1946',
    // a subquery of a trigger with several rows; triggers that call each other too deeply; an endless recursion
    '512 217 530',
    // a check of a view, a policy of row security, CLR
    '550 33504 6522',
  ].join(' '),
  // memory, files, log, worker threads
  server: '701 802 823 824 825 1101 1105 8645 9001 9002 3906',
});

function mssqlKind(code: string, message: string): FailureKind {
  const number = Number(code);
  if (!Number.isInteger(number)) return 'connection';
  // RAISERROR and THROW, which triggers use
  if (number >= 50_000) return message.includes(runAgain) ? 'transient' : 'row';
  return byNumber.get(String(number)) ?? 'script';
}

const byDialect: Readonly<Record<SqlDialect, (code: string, message: string, isRaised: boolean) => FailureKind>> = {
  pgsql: (code, _, isRaised) => pgsqlKind(code, isRaised),
  mssql: mssqlKind,
};

/** The kind of a failure; null for an error that does not come from a database. */
export function failureKind(error: unknown, dialect: SqlDialect): FailureKind | null {
  if (!isFailure(error)) return null;
  const code = driverCodeOf(error);
  if (!isFailure(error, 'DB_SQL', 'DB_DEADLOCK', 'DB_LOCK_TIMEOUT') || code === null) return 'connection';
  return byDialect[dialect](code, serverTextOf(error), error.diagnostics[0].details.raised === true);
}

const kindsOfRows: ReadonlySet<FailureKind | null> = new Set(['unique', 'foreign-key', 'row']);

/**
 * Whether a database has refused a row. Other rows of the statement may be right, so it is worth finding the refused
 * one.
 */
export const isRefusedRow = (error: unknown, dialect: SqlDialect): error is DmsError =>
  kindsOfRows.has(failureKind(error, dialect));
