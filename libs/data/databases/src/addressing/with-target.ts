import path from 'node:path';
import { type Diagnostic, redactor, withoutSecrets } from '@dms/diagnostics';
import { type Connection, inSession, limitedConnection } from '../drivers/connection.ts';
import { inDatabase, openDatabase } from '../drivers/open-database.ts';
import { expectDatabase } from '../engines/embedded-folder.ts';
import { findTarget, type TargetSearch } from './find-target.ts';
import { type EmbeddedTarget, type ServerTarget, targetSecrets } from './target.ts';

/** The options that name the database of a task. */
export interface DatabaseOptions extends Omit<TargetSearch, 'purpose'> {
  /** Another database of the server that the sources name. */
  readonly database?: string | undefined;
  /** Ends the task when it is aborted; the database is then unchanged. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** The part of a result that every task on a database returns. */
export interface DatabaseResult {
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A database that exists before and after the task. */
export type PersistentTarget = ServerTarget | EmbeddedTarget;

interface FoundTarget {
  readonly target: PersistentTarget;
  readonly warnings: readonly Diagnostic[];
  /** The places of libpq that supplied settings that the connection text lacks. */
  readonly places: readonly string[];
}

/**
 * Runs a task on the database that the options name. Its result or failure includes the warnings about the connection.
 */
export async function withTarget<Result extends DatabaseResult>(
  options: DatabaseOptions,
  purpose: 'provision' | 'check',
  work: (target: PersistentTarget, places: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const { target, warnings, places } = findDatabase(options, purpose);
  try {
    if (purpose === 'check') expectDatabase(target);
    const result = await work(target, places);
    return { ...result, diagnostics: [...warnings, ...result.diagnostics] };
  } catch (error) {
    throw withoutSecrets(error, redactor(targetSecrets(target)), warnings);
  }
}

/**
 * The database that a task would work on; nothing is opened. Throws the codes of design 09 §1.1 and §1.2.
 */
export function findDatabase(
  { dialect, sources, projectFile, projectPath, environment, folder, database }: DatabaseOptions,
  purpose: 'provision' | 'check',
): FoundTarget {
  const search = { dialect, sources, projectFile, projectPath, environment, folder, purpose };
  const { target, ...found } = findTarget(search);
  if (target.kind === 'server')
    return { target: database === undefined ? target : inDatabase(target, database), ...found };
  if (target.kind === 'embedded')
    return { target: database === undefined ? target : besideEmbedded(target, database), ...found };
  throw new Error(`A target of kind ${target.kind} does not last.`);
}

/** Embedded databases have no server; databases in one folder count as one server. */
function besideEmbedded(target: EmbeddedTarget, database: string): EmbeddedTarget {
  return {
    ...target,
    folder: target.folder === null ? null : path.join(path.dirname(target.folder), path.basename(database)),
  };
}

interface ConnectedOptions extends Pick<DatabaseOptions, 'signal' | 'onProgress'> {
  readonly open?:
    | ((target: PersistentTarget, options: Pick<DatabaseOptions, 'signal'>) => Promise<Connection>)
    | undefined;
}

/**
 * Opens a session for a part of a task, and always closes it; the work may open other sessions, to see who holds a
 * lock.
 */
export async function connected<Result>(
  target: PersistentTarget,
  { signal, onProgress, open = openDatabase }: ConnectedOptions,
  work: (connection: Connection, reopen: (() => Promise<Connection>) | undefined) => Promise<Result>,
): Promise<Result> {
  onProgress?.('connect');
  // an embedded database has one session
  const reopen = target.kind === 'server' ? () => open(target, {}) : undefined;
  return inSession(open(target, { signal }), (session) => work(session, reopen));
}

/**
 * A session each of whose statements ends with the task (design 09 §1.4). The embedded engine could only be ended with
 * its thread: no other session locks anything there, and work on documents checks the signal between two transactions.
 */
export function limitedSession(session: Connection, signal: AbortSignal | undefined): Connection {
  return session.engine === 'embedded' ? session : limitedConnection(session, { signal });
}
