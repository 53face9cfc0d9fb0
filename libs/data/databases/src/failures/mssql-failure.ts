import { DmsError } from '@dms/diagnostics';
import { dialectOf, type PlainSql } from '@dms/sql';
import type { Interrupted } from '../drivers/interruption.ts';
import type { ScriptBatch } from '../drivers/mssql-driver.ts';
import {
  type DriverFailure,
  errorMessage,
  errorText,
  type FailedStatement,
  type FailureCode,
  type FailureContext,
  firstLine,
} from './failure.ts';

const byInterruption = { stalled: 'DB_TIMEOUT', cancelled: 'DB_CANCELLED' } as const;

/** The position of a batch in its script. */
export interface BatchPlace {
  readonly batch: ScriptBatch;
  readonly number: number;
  readonly of: number;
}

/** The situation in which a failure occurred. */
interface Situation {
  readonly isOpening: boolean;
  /** The batch that ran. */
  readonly place?: BatchPlace | undefined;
  /** The numbers of the errors that the server sent while a session was opened, in their order. */
  readonly loginErrors?: readonly number[] | undefined;
}

/** Patterns that find the constraint or index in messages about refused rows, in any language. */
const namedIn: Readonly<Record<string, RegExp>> = {
  547: /"([^"]+)"/,
  2601: /'[^']+'[^']*'([^']+)'/,
  2627: /'([^']+)'/,
};

const untrusted = 'Install the certificate of the server on this machine, or choose trustServerCertificate=true.';

/** Maps an error of `mssql` to a failure (design 09 §1.7). */
export function mssqlFailure({ error, by }: Interrupted, options: Situation): DriverFailure {
  const cause = firstError(error);
  const { number, clientCode } = codesOf(cause);
  const message = errorMessage(cause);
  const code = by === null ? codeOf(number, clientCode, message, options) : byInterruption[by];
  const procedure = refusingProcedure(cause);
  const isObjectOpen = code === 'DB_PERMISSION' && refusedRights[number ?? ''] === 'object or right';
  return {
    code,
    driverCode: number ?? clientCode ?? null,
    message,
    advice: adviceFor(code, isObjectOpen, message),
    remarks:
      procedure === undefined
        ? undefined
        : [`This is the trigger or procedure ${procedure}; it does not belong to the schema set.`],
    refusedBy: procedure === undefined ? undefined : [procedure],
    object: namedIn[number ?? '']?.exec(message)?.[1],
    statement:
      (code === 'DB_SQL' || isObjectOpen) && options.place
        ? findStatement(options.place, Number(errorText(cause, 'lineNumber')))
        : undefined,
  };
}

/** Advice, where it depends on more than the code. */
function adviceFor(code: FailureCode, isObjectOpen: boolean, message: string): string | undefined {
  if (isObjectOpen) return objectOrRight;
  return code === 'DB_UNREACHABLE' && /certificate/i.test(message) ? untrusted : undefined;
}

/** The client reports the last of several errors; the first one says what happened. */
function firstError(error: unknown): unknown {
  const { precedingErrors } = (error ?? {}) as { readonly precedingErrors?: unknown };
  return Array.isArray(precedingErrors) && precedingErrors.length > 0 ? precedingErrors[0] : error;
}

/** The number that the server gave. Where a connection broke, the driver puts the code of the socket in its place. */
function codesOf(cause: unknown): { readonly number: string | undefined; readonly clientCode: string | undefined } {
  const given = errorText(cause, 'number');
  const code = errorText(cause, 'code');
  return given !== undefined && /^\d+$/.test(given)
    ? { number: given, clientCode: code }
    : { number: undefined, clientCode: given ?? code };
}

/**
 * The numbers with which the server refuses for want of a right (`sys.messages`). Where its words leave open whether the
 * object exists, so does the advice: to a login that may not see an object, the server answers as if it did not exist.
 */
const refusedRights: Readonly<Record<string, 'right' | 'object or right'>> = {
  // The … permission was denied on the object
  229: 'right',
  // The … permission was denied on the column
  230: 'right',
  // … permission denied in database
  262: 'right',
  // The user does not have permission to perform this action.
  297: 'right',
  // … permission was denied on object (VIEW SERVER STATE)
  300: 'right',
  // The server principal … is not able to access the database … under the current security context.
  916: 'right',
  // Cannot find the object … because it does not exist or you do not have permissions. (an index or trigger on it)
  1088: 'object or right',
  // User … does not have permission to run DBCC
  2557: 'right',
  // The specified schema name … either does not exist or you do not have permission to use it.
  2760: 'object or right',
  // Cannot drop the … because it does not exist or you do not have permission.
  3701: 'object or right',
  // User does not have permission to perform this operation on
  3704: 'right',
  // Cannot find the object … because it does not exist or you do not have permissions. (TRUNCATE TABLE)
  4701: 'object or right',
  // Cannot find the object … because it does not exist or you do not have permissions. (ALTER TABLE)
  4902: 'object or right',
  // User does not have permission to alter database …, the database does not exist, or …
  5011: 'object or right',
  // Object is invalid. Extended properties are not permitted on …, or the object does not exist.
  15135: 'object or right',
  // Cannot find the …, because it does not exist or you do not have permission.
  15151: 'object or right',
  // No item by the name of … could be found in the current database (sp_rename)
  15225: 'object or right',
  // User does not have permission to perform this action.
  15247: 'right',
  // Cannot execute as the database principal because … does not exist, …, or you do not have permission.
  15517: 'object or right',
};

const objectOrRight =
  'The object does not exist, or the login may not see or change it. Check the name, and ask for the rights of the login with dms-ddl doctor --purpose; grant what it lacks, or connect as the owner of the database.';

const byNumber: Readonly<Record<string, FailureCode>> = {
  18456: 'DB_AUTH_FAILED',
  4060: 'DB_NO_DATABASE',
  911: 'DB_NO_DATABASE',
  3961: 'DB_SCHEMA_CHANGED',
  10928: 'DB_BUSY',
  10929: 'DB_BUSY',
  17809: 'DB_BUSY',
  1222: 'DB_LOCK_TIMEOUT',
  1205: 'DB_DEADLOCK',
  // the session was ended, or the server shuts down
  596: 'DB_CONNECTION_LOST',
  6005: 'DB_CONNECTION_LOST',
};

const whileOpening: Readonly<Record<string, FailureCode>> = {
  ELOGIN: 'DB_AUTH_FAILED',
  ESOCKET: 'DB_UNREACHABLE',
  ETIMEOUT: 'DB_UNREACHABLE',
  EINSTLOOKUP: 'DB_UNREACHABLE',
};

const whileRunning: Readonly<Record<string, FailureCode>> = {
  ECANCEL: 'DB_CANCELLED',
  ETIMEOUT: 'DB_TIMEOUT',
  ESOCKET: 'DB_CONNECTION_LOST',
  ECONNCLOSED: 'DB_CONNECTION_LOST',
  ENOTOPEN: 'DB_CONNECTION_LOST',
  ECONNRESET: 'DB_CONNECTION_LOST',
  ECONNABORTED: 'DB_CONNECTION_LOST',
  ECLOSE: 'DB_CONNECTION_LOST',
  // the session ended before the request was sent
  EINVALIDSTATE: 'DB_CONNECTION_LOST',
  EPIPE: 'DB_CONNECTION_LOST',
  ETIMEDOUT: 'DB_CONNECTION_LOST',
  EHOSTUNREACH: 'DB_CONNECTION_LOST',
  ENETUNREACH: 'DB_CONNECTION_LOST',
};

/**
 * A successful login to a database that does not exist is reported as a failed login (4060, then 18456). If the driver
 * does not pass on the numbers, the message tells the difference, provided that the server speaks English.
 */
const noDatabase = /Cannot open database/i;

function codeOf(
  number: string | undefined,
  clientCode: string | undefined,
  message: string,
  { isOpening, loginErrors = [] }: Situation,
): FailureCode {
  if (isOpening && number === undefined) {
    const [first] = loginErrors.flatMap((each) => byNumber[each] ?? (refusedRights[each] ? 'DB_PERMISSION' : []));
    if (first !== undefined) return first;
  }
  if (isOpening && noDatabase.test(message)) return 'DB_NO_DATABASE';
  if (number !== undefined) return byNumber[number] ?? (refusedRights[number] ? 'DB_PERMISSION' : 'DB_SQL');
  const known = clientCode === undefined ? undefined : (isOpening ? whileOpening : whileRunning)[clientCode];
  return known ?? (isOpening ? 'DB_UNREACHABLE' : 'DB_SQL');
}

/**
 * The names of triggers of the product and the service, of their functions, and of the procedures of the server that
 * run a text.
 */
const ownProcedure = /^(?:$|sp_|dms\.|(?:[^.]+\.)?TR_)/i;

/** The foreign trigger or procedure that refused the statement; undefined if there is none. */
function refusingProcedure(cause: unknown): string | undefined {
  const name = errorText(cause, 'procName') ?? '';
  return ownProcedure.test(name) ? undefined : name;
}

function findStatement({ batch, number, of }: BatchPlace, line: number): FailedStatement {
  const inBatch = Number.isInteger(line) && line >= 1 ? line - 1 : 0;
  return {
    line: batch.line + inBatch,
    batch: { number, of },
    text: firstLine(batch.text.split('\n')[inBatch] ?? batch.text),
  };
}

/** A session that holds locks, as the server shows it to administrators. */
export interface LockHolder {
  readonly session: number;
  readonly login: string | null;
  readonly program: string | null;
  readonly host: string | null;
}

/**
 * Sessions that prevent others from writing in this database. The error about a lock timeout does not name the holder,
 * and when it arrives the wait is over.
 */
export const lockHolderQuery: PlainSql = dialectOf.mssql
  .sql`SELECT DISTINCT TOP (3) s.session_id AS "session", s.login_name AS "login", s.program_name AS "program", s.host_name AS "host"
FROM sys.dm_tran_locks l INNER JOIN sys.dm_exec_sessions s ON s.session_id = l.request_session_id
WHERE l.resource_database_id = DB_ID() AND l.request_status = N'GRANT' AND l.request_mode IN (N'U', N'X', N'IU', N'IX', N'SIX', N'UIX', N'Sch-M') AND l.request_session_id <> @@SPID
ORDER BY s.session_id`;

/** Adds the sessions that hold locks to a failure to get a lock; unchanged if none is known. */
export function withLockHolders(error: DmsError, holders: readonly LockHolder[], { redact }: FailureContext): DmsError {
  if (holders.length === 0) return error;
  const names = holders.map((holder) => redact(described(holder)));
  const [first, ...others] = error.diagnostics;
  const text = `${first.message} Sessions that hold locks in the database: ${names.join('; ')}.`;
  return new DmsError([{ ...first, message: text, details: { ...first.details, holders: names } }, ...others]);
}

const described = ({ session, login, program, host }: LockHolder) => {
  const facts = [
    ['login', login],
    ['program', program],
    ['host', host],
  ].flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  return `session ${session}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
};
