import { mustExist } from '@dms/model';
import { dialectOf, type PlainSql, type Sql, value } from '@dms/sql';
import type { Row } from '../drivers/connection.ts';
import type { Interrupted } from '../drivers/interruption.ts';
import {
  type DriverFailure,
  errorMessage,
  errorText,
  type FailedStatement,
  type FailureCode,
  firstLine,
} from './failure.ts';

/**
 * Maps an error of `pg` or PGlite to a failure (design 09 §1.7). `text` is the text that ran, in which the failed
 * statement is found; `isReading` says that the transaction was begun for reading.
 */
export function pgsqlFailure(
  { error, by }: Interrupted,
  options: { readonly isOpening: boolean; readonly text?: string; readonly isReading?: boolean },
): DriverFailure {
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const driverCode = errorText(cause, 'code');
  const message = errorMessage(error);
  const sqlState = isSqlState(driverCode) ? driverCode : undefined;
  const isRaised = by === null && raisingRoutines.has(errorText(cause, 'routine'));
  const own = isRaised ? raisedCode(sqlState) : codeOf(sqlState, message, options.isOpening);
  const code = by === null ? own : byInterruption[by];
  return {
    code,
    driverCode: driverCode ?? null,
    message,
    remarks: readRemarks(cause),
    advice:
      sqlState === writesRefused && options.isReading === true
        ? 'This transaction only reads: what it asked for is a view, a function or a statement that writes. Replace it with one that does not.'
        : isUnknownRole(cause)
          ? 'Create the role, or correct its name where it is given: --grant, --role, or "grants" of dms.json.'
          : advise(code, sqlState === undefined ? message : null, errorText(cause, 'hint') ?? '', by),
    isRaised,
    object: errorText(cause, 'constraint'),
    routine: errorText(cause, 'routine'),
    copiedRow: copiedRow(cause),
    statement:
      code === 'DB_SQL' && !isUnknownRole(cause) && options.text !== undefined
        ? failedStatement(options.text, errorText(cause, 'position'))
        : undefined,
  };
}

/** The functions of the server that look up a role: those of statements, and the input of `regrole` since PostgreSQL 16. */
const roleLookups = new Set<unknown>(['get_role_oid', 'get_rolespec_oid', 'get_rolespec_tuple', 'regrolein']);

/** Whether a statement names a role that does not exist; the function of the server says so in every language. */
const isUnknownRole = (cause: unknown) =>
  errorText(cause, 'code') === '42704' && roleLookups.has(errorText(cause, 'routine'));

const bySqlState: Readonly<Record<string, FailureCode>> = {
  '28P01': 'DB_AUTH_FAILED',
  '28000': 'DB_AUTH_FAILED',
  '3D000': 'DB_NO_DATABASE',
  '42501': 'DB_PERMISSION',
  '53300': 'DB_BUSY',
  '57P03': 'DB_BUSY',
  '55P03': 'DB_LOCK_TIMEOUT',
  '40P01': 'DB_DEADLOCK',
  '57014': 'DB_TIMEOUT',
  '57P01': 'DB_CONNECTION_LOST',
  '57P02': 'DB_CONNECTION_LOST',
  '57P04': 'DB_CONNECTION_LOST',
  '57P05': 'DB_CONNECTION_LOST',
  '25P03': 'DB_CONNECTION_LOST',
  '25P04': 'DB_CONNECTION_LOST',
};

/** Failures that another session causes, even if a function reports them. */
const causedByOthers: ReadonlySet<FailureCode> = new Set(['DB_DEADLOCK', 'DB_LOCK_TIMEOUT']);

/**
 * The code of an error that a function raises. The function chooses its SQLSTATE, which therefore says nothing about
 * the session or its rights.
 */
function raisedCode(sqlState: string | undefined): FailureCode {
  const code = bySqlState[sqlState ?? ''] ?? 'DB_SQL';
  return causedByOthers.has(code) ? code : 'DB_SQL';
}

/** The message of the client if the server asks for a password and no suitable one is given. */
const passwordWanted = /password must be a (?:non-empty )?string/i;

/** The message of the client if a statement took longer than its option `query_timeout`. */
const givenUp = /^Query read timeout$/;

function codeOf(sqlState: string | undefined, message: string, isOpening: boolean): FailureCode {
  const lost: FailureCode = isOpening ? 'DB_UNREACHABLE' : 'DB_CONNECTION_LOST';
  if (sqlState !== undefined) return bySqlState[sqlState] ?? (sqlState.startsWith('08') ? lost : 'DB_SQL');
  if (isOpening && passwordWanted.test(message)) return 'DB_AUTH_FAILED';
  if (givenUp.test(message)) return 'DB_TIMEOUT';
  // an error without SQLSTATE did not come from the server: the socket or the client failed
  return lost;
}

/** Codes of a refused row whose DETAIL is the whole row: NOT NULL, CHECK, and the option of a view. */
const showingRow: ReadonlySet<string | undefined> = new Set(['23502', '23514', '44000']);

/**
 * DETAIL and HINT of the server, which are often the useful part. A DETAIL that shows a row is left out: messages are
 * kept in logs, which must not contain data of students (design 09 §1.7).
 */
function readRemarks(cause: unknown): string[] {
  // the DETAIL of an error that a function raises was written by the author of the function
  const isRow = errorText(cause, 'routine') !== 'exec_stmt_raise' && showingRow.has(errorText(cause, 'code'));
  const remarks = [
    ['DETAIL', isRow ? undefined : errorText(cause, 'detail')],
    ['HINT', errorText(cause, 'hint')],
  ] as const;
  return remarks.flatMap(([label, text]) => (text === undefined ? [] : [`${label}: ${text.trim()}`]));
}

/** Advice, where it depends on more than the code. `message` is null if the server wrote it, in any language. */
function advise(code: FailureCode, message: string | null, hint: string, by: Interrupted['by']): string | undefined {
  // the name of a setting is the same in every language
  if (hint.includes('max_locks_per_transaction'))
    return 'The lock table of the server is full: raise this setting and restart the server; for a fleet, lower --concurrency-per-server.';
  if (message !== null && givenUp.test(message))
    return 'The client has its own limit for statements: raise its option query_timeout.';
  if (code === 'DB_TIMEOUT' && by === null)
    return 'The server has its own limit for statements: raise statement_timeout for this role or database.';
  // the client has no codes of its own
  if (message === null) return undefined;
  if (/does not support SSL/i.test(message))
    return 'The server has no TLS: choose sslmode=disable, or give it a certificate.';
  if (/timeout expired/i.test(message))
    return 'It did not answer in time: check that the server is running, or give it longer with connect_timeout.';
  return undefined;
}

/**
 * The line of a CONTEXT that names the row of a `COPY`: `COPY Student, line 7`, with the word for a line in the
 * language of the server.
 */
const copyContext = /^COPY [^,\n]+, \S+ (\d+)/m;

function copiedRow(cause: unknown): number | undefined {
  const [, row] = copyContext.exec(errorText(cause, 'where') ?? '') ?? [];
  return row === undefined ? undefined : Number(row);
}

/** The statement of a text that the server points to; `position` is the one that PostgreSQL reports. */
export function failedStatement(text: string, position: string | undefined): FailedStatement | undefined {
  const number = Number(position);
  if (!Number.isInteger(number) || number < 1) return undefined;
  const offset = offsetOf(text, number);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return {
    line: text.slice(0, lineStart).split('\n').length,
    column: offset - lineStart + 1,
    text: firstLine(text.slice(statementStart(text, offset))),
  };
}

/** Index of the code unit at a position counted in characters, the first being 1. */
function offsetOf(text: string, position: number): number {
  let offset = 0;
  for (let count = 1; count < position && offset < text.length; count += 1) {
    offset += mustExist(text.codePointAt(offset), 'a character of a statement') > 0xffff ? 2 : 1;
  }
  return offset;
}

/**
 * The start of the statement around an offset: statements are separated by blank lines (design 06 §2.5); comments
 * before the statement are skipped.
 */
function statementStart(text: string, offset: number): number {
  const before = text.lastIndexOf('\n\n', Math.max(offset - 1, 0));
  const start = before < 0 ? 0 : before + 2;
  const [comments] = mustExist(
    /^(?:--[^\n]*\n|\s*\n)*/.exec(text.slice(start, offset)),
    'what stands before a statement',
  );
  return start + comments.length;
}

/** Whether a code comes from the server; `EPIPE` has five letters, too, and comes from the socket. */
export const isSqlState = (code: string | undefined) => code !== undefined && /^(?!E[A-Z]+$)[0-9A-Z]{5}$/.test(code);

const byInterruption = { stalled: 'DB_TIMEOUT', cancelled: 'DB_CANCELLED' } as const;

/**
 * The functions of the server that refuse a row with any code: RAISE and ASSERT of PL/pgSQL, and policies of row
 * security.
 */
const raisingRoutines: ReadonlySet<string | undefined> = new Set([
  'exec_stmt_raise',
  'exec_stmt_assert',
  'ExecWithCheckOptions',
]);

/** The SQLSTATE of a write in a reading transaction; a standby returns it also for transactions that may write. */
const writesRefused = '25006';

/*
 * Finds the object that refused a statement (design 09 §1.7.3): triggers of tables, event triggers, rules and policies
 * of others refuse statements of the product, with messages of their authors. The CONTEXT of the server names the
 * functions; the catalog names their callers.
 */

/** A function in the CONTEXT of a failure. */
interface ContextFunction {
  /** As the server writes it, with the types of its arguments: `guard.no()`. */
  readonly text: string;
  /** Null if the function is found through the search path. */
  readonly schema: string | null;
  readonly name: string;
}

const identifier = '(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)';
/** Matches in every language of the server; functions without a name do not match. */
const procedural = new RegExp(`^PL/.*?((?:(${identifier})\\.)?(${identifier})\\([^)]*\\))`);
const plain = /^SQL function ("(?:[^"]|"")+")/;

/**
 * The functions of a CONTEXT, the innermost first. Its other lines are left out: they show statements and, of COPY,
 * rows, and messages are kept in logs.
 */
export function contextFunctions(context: string | undefined): readonly ContextFunction[] {
  return (context ?? '').split('\n').flatMap((line) => {
    const [, text, schema, name] = procedural.exec(line) ?? [];
    if (text !== undefined && name !== undefined)
      return [{ text, schema: schema === undefined ? null : unquoted(schema), name: unquoted(name) }];
    const [, quoted] = plain.exec(line) ?? [];
    return quoted === undefined ? [] : [{ text: unquoted(quoted), schema: null, name: unquoted(quoted) }];
  });
}

const unquoted = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);

/** The foreign functions of a CONTEXT, the innermost first; none if a function of the product itself refused. */
export function foreignFunctions(context: string | undefined): readonly ContextFunction[] {
  const [innermost, ...outer] = contextFunctions(context);
  return innermost === undefined || isOwn(innermost) ? [] : [innermost, ...outer.filter((each) => !isOwn(each))];
}

/**
 * Whether a function belongs to the product or the service: the names of their trigger functions have one form, all
 * others are in `dms`.
 */
const isOwn = ({ schema, name }: ContextFunction) =>
  schema === 'dms' || name.startsWith('TF_') || schema?.startsWith('pg_temp') === true;

/** Reads rows of the catalog in a separate session: the transaction of the failed session may have ended. */
export type AskCatalog = (query: Sql) => Promise<readonly Row[]>;

const { sql } = dialectOf.pgsql;

/** The policies or rules of the table that a message names, in the quotation marks of any language. */
const ofNamedTable = (list: PlainSql) => (message: string) =>
  sql`WITH found AS (${list})
SELECT pg_describe_object(f.class, f.id, 0) AS object FROM found f JOIN pg_class c ON c.oid = f.place
WHERE ${value(message)} ~ ('[^[:alnum:]_[:space:]]' || regexp_replace(c.relname, '([^[:alnum:]_])', '\\\\\\1', 'g') || '[^[:alnum:]_[:space:]]')
ORDER BY 1`;

const policies = ofNamedTable(sql`SELECT 'pg_policy'::regclass AS class, oid AS id, polrelid AS place FROM pg_policy`);
const rules = ofNamedTable(
  sql`SELECT 'pg_rewrite'::regclass AS class, oid AS id, ev_class AS place FROM pg_rewrite WHERE ev_type IN ('2', '3', '4')`,
);

/** Queries for objects that refuse without a function, by the function of the server that reports the failure. */
const byRoutine: Readonly<Record<string, (message: string) => Sql>> = {
  ExecWithCheckOptions: policies,
  check_enable_rls: policies,
  RewriteQuery: rules,
};

/**
 * Adds the object of others that refused to a failure: the function that raised it and its callers, or the policies and
 * rules of its table. `read` is null if there is no other session; then only the function is named.
 */
export async function withRefusingObject(
  failure: DriverFailure,
  error: unknown,
  read: AskCatalog | null,
): Promise<DriverFailure> {
  const functions = foreignFunctions(errorText(error, 'where'));
  const [innermost] = functions;
  if (innermost !== undefined) {
    const found = read === null ? [] : await calledBy(read, functions);
    const caller = found.length === 0 ? '' : `, which is called by ${listed(found)}`;
    const remark = `This is the function ${innermost.text}${caller}; it does not belong to the schema set.`;
    return { ...failure, remarks: [...(failure.remarks ?? []), remark], refusedBy: [innermost.text, ...found] };
  }
  const query = byRoutine[errorText(error, 'routine') ?? ''];
  if (query === undefined || read === null) return failure;
  const found = await readObjects(read, query(errorText(error, 'message') ?? ''));
  if (found.length === 0) return failure;
  const remark = `The table has ${listed(found)}, which the schema set does not make.`;
  return { ...failure, remarks: [...(failure.remarks ?? []), remark], refusedBy: found };
}

/** The callers of a function, as the server describes them: `event trigger only_platform`, `trigger x on table y`. */
const callers = ({
  schema,
  name,
}: ContextFunction) => sql`SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid) AS object
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_depend d ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid AND d.deptype = 'n'
WHERE p.proname = ${value(name)} AND n.nspname = coalesce(${value(schema)}::text, n.nspname)
  AND d.classid IN ('pg_event_trigger'::regclass, 'pg_trigger'::regclass, 'pg_rewrite'::regclass, 'pg_policy'::regclass,
    'pg_constraint'::regclass, 'pg_attrdef'::regclass)
ORDER BY 1`;

async function calledBy(read: AskCatalog, functions: readonly ContextFunction[]): Promise<readonly string[]> {
  for (const named of functions) {
    const found = await readObjects(read, callers(named));
    if (found.length > 0) return found;
  }
  return [];
}

async function readObjects(read: AskCatalog, query: Sql): Promise<readonly string[]> {
  // without a session, or the right to read the catalog, the message names no objects
  const rows = await read(query).catch(() => []);
  return rows.map(({ object }) => String(object));
}

const shown = 3;

function listed(objects: readonly string[]): string {
  const more = objects.length > shown ? ` and ${objects.length - shown} more` : '';
  return `${objects.slice(0, shown).join(', ')}${more}`;
}
