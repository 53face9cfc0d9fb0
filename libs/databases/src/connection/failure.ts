import {
  type DetailValue,
  type DiagnosticCode,
  type DiagnosticLocation,
  DmsError,
  diagnostic,
  type Redact,
} from '@dms/diagnostics';

/** The codes of failures of a database (design 09 §1.7). */
export type FailureCode = Extract<DiagnosticCode, `DB_${string}`>;

/** What a driver reported, without its configuration and the text of the script. */
export interface DriverFailure {
  readonly code: FailureCode;
  /** SQLSTATE, number of the server, or code of the client. */
  readonly driverCode: string | null;
  readonly message: string;
  /** What else the server says, each with its label: `DETAIL: …`, `HINT: …`. */
  readonly remarks?: readonly string[] | undefined;
  /** Constraint or object that the server names. */
  readonly object?: string | undefined;
  /** The function of the server, or of the database, that reported it. */
  readonly routine?: string | undefined;
  /** Objects of somebody else that refused: a function and what calls it, policies, rules. */
  readonly refusedBy?: readonly string[] | undefined;
  /** Where in the text it happened. */
  readonly statement?: FailedStatement | undefined;
  /** Whether a function or a policy of the database refused a row, with a code of its choice. */
  readonly isRaised?: boolean | undefined;
  /**
   * Which row of a `COPY` it was about, the first being 1; the server is sure of it only where it looks at rows one by
   * one.
   */
  readonly copiedRow?: number | undefined;
  /** What to do, if that differs from the advice for the code. */
  readonly advice?: string | undefined;
}

export interface FailedStatement {
  readonly line: number;
  readonly column?: number | undefined;
  /** The number of the batch and the number of all batches, in SQL Server. */
  readonly batch?: { readonly number: number; readonly of: number } | undefined;
  /** Its first line, cut. */
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
  DB_TIMEOUT: 'The server showed no sign of work on it, and neither did the session that it waited for.',
  DB_CONNECTION_LOST: 'The server ended the session. Uncommitted work is lost.',
};

/** SQLSTATEs that need other advice than their code. */
const adviceByDriverCode: Readonly<Record<string, string>> = {
  '53100': 'The disk of the database is full: make room.',
  ENOSPC: 'The disk of the database is full: make room. Uncommitted work is lost.',
  EDQUOT: 'The disk of the database is full: make room. Uncommitted work is lost.',
  '25P03':
    'The server ends sessions that wait in a transaction: raise idle_in_transaction_session_timeout for this role or database. Uncommitted work is lost.',
  '25P04':
    'The server ends long transactions: raise transaction_timeout for this role or database. Uncommitted work is lost.',
  '57P05':
    'The server ends sessions that wait: raise idle_session_timeout for this role or database. Uncommitted work is lost.',
  '25006': 'The server takes no writes: it is a standby, or read-only by its configuration. Connect to the primary.',
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

function place(statement: FailedStatement): string {
  const batch = statement.batch ? ` (batch ${statement.batch.number} of ${statement.batch.of})` : '';
  const column = statement.column === undefined ? '' : `, column ${statement.column}`;
  return ` At line ${statement.line}${column} of the script${batch}: ${statement.text}`;
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A failure as a `DmsError`: label, the server's words, what to do; redacted as a whole. */
export function databaseError(failure: DriverFailure, { label, redact }: FailureContext): DmsError {
  const { code, driverCode, statement } = failure;
  const hint = failure.advice ?? (driverCode === null ? undefined : adviceByDriverCode[driverCode]) ?? advice[code];
  const origin = driverCode === null ? '' : ` (${driverCode})`;
  const parts = [
    `${label}: ${withStop(`${failure.message.trim()}${origin}`)}`,
    ...(failure.remarks ?? []).map(withStop),
    ...(statement ? [place(statement).trim()] : []),
    ...(hint === undefined ? [] : [hint]),
  ];
  const where: DiagnosticLocation = statement ? { line: statement.line, column: statement.column } : {};
  const details: Record<string, DetailValue> = { label: redact(label), driverCode };
  if (failure.object !== undefined) details.object = redact(failure.object);
  if (failure.isRaised) details.raised = true;
  if (failure.routine !== undefined) details.routine = redact(failure.routine);
  if (failure.refusedBy !== undefined) details.refusedBy = failure.refusedBy.map(redact);
  if (failure.copiedRow !== undefined) details.copiedRow = failure.copiedRow;
  if (statement) details.statement = redact(statement.text);
  if (statement?.batch) details.batch = statement.batch.number;
  return new DmsError([diagnostic(code, redact(parts.join(' ')), where, details)]);
}

/** Whether an error comes from a database, with one of `codes` if they are given. */
export function isFailure(error: unknown, ...codes: readonly FailureCode[]): error is DmsError {
  if (!(error instanceof DmsError)) return false;
  const { code } = error;
  return codes.length === 0 ? code.startsWith('DB_') : codes.some((wanted) => wanted === code);
}

/** SQLSTATE or number behind a failure; null where there is none. */
export function driverCodeOf(error: unknown): string | null {
  if (!(error instanceof DmsError)) return null;
  const { driverCode } = error.diagnostics[0].details;
  return typeof driverCode === 'string' ? driverCode : null;
}

/**
 * The row of a `COPY` that a failure was about ({@link DriverFailure.copiedRow}); null where the server does not say.
 */
export function copiedRowOf(error: unknown): number | null {
  if (!(error instanceof DmsError)) return null;
  const { copiedRow } = error.diagnostics[0].details;
  return typeof copiedRow === 'number' ? copiedRow : null;
}

/** A member of what a driver threw, as text. */
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
