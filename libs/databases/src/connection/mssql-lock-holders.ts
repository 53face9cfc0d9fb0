import { DmsError } from '@dms/diagnostics';
import type { FailureContext } from './failure.ts';

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
export const lockHolderQuery = `SELECT DISTINCT TOP (3) s.session_id AS [session], s.login_name AS [login], s.program_name AS [program], s.host_name AS [host]
FROM sys.dm_tran_locks l INNER JOIN sys.dm_exec_sessions s ON s.session_id = l.request_session_id
WHERE l.resource_database_id = DB_ID() AND l.request_status = N'GRANT' AND l.request_mode IN (N'U', N'X', N'IU', N'IX', N'SIX', N'UIX', N'Sch-M') AND l.request_session_id <> @@SPID
ORDER BY s.session_id`;

const described = ({ session, login, program, host }: LockHolder) => {
  const facts = [
    ['login', login],
    ['program', program],
    ['host', host],
  ].flatMap(([name, value]) => (value ? [`${name} ${value}`] : []));
  return `session ${session}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
};

/** A failure to get a lock, with the sessions that hold locks; unchanged where none is known. */
export function withLockHolders(error: DmsError, holders: readonly LockHolder[], { redact }: FailureContext): DmsError {
  if (holders.length === 0) return error;
  const names = holders.map((holder) => redact(described(holder)));
  const [first, ...others] = error.diagnostics;
  const text = `${first.message} Sessions that hold locks in the database: ${names.join('; ')}.`;
  return new DmsError([{ ...first, message: text, details: { ...first.details, holders: names } }, ...others]);
}
