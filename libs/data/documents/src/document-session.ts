import type { DocumentSchemas, EffectiveSchemaManifest } from '@dms/api-schema';
import { defineDatabase } from '@dms/catalog';
import {
  type Connection,
  connected,
  type DatabaseOptions,
  expectWriter,
  isFailure,
  limitedSession,
  type OpenOptions,
  openDatabase,
  type PersistentTarget,
  passGate,
  type RightsSet,
  rightsSetOf,
} from '@dms/databases';
import { counted, type Diagnostic, DmsError, diagnostic } from '@dms/diagnostics';
import type { Inventory } from '@dms/inventory';
import type { RelationalModelSet } from '@dms/model';
import { compileMappingSet, type MappingSet } from '@dms/plans';
import { allowSnapshotsHere } from '@dms/sql';
import { documentPlans } from './document-plans.ts';
import type { DocumentPlans } from './resource-plans.ts';

/**
 * Warns before a read if the statements of one answer may see different moments; returns the warnings if there is no
 * `onWarning`.
 */
export async function warnOfMoments(
  connection: Connection,
  { onWarning }: { readonly onWarning?: ((warning: Diagnostic) => void) | undefined },
): Promise<readonly Diagnostic[]> {
  const warnings = await snapshotWarnings(connection);
  if (onWarning === undefined) return warnings;
  for (const warning of warnings) onWarning(warning);
  return [];
}

/** The facts about a schema set that work on its documents needs, in one dialect. */
export interface DocumentDesign {
  readonly info: EffectiveSchemaManifest;
  readonly model: RelationalModelSet;
  readonly inventory: Inventory;
  /** The schemas with which an API checks documents (design 14 §1.1), if requested; otherwise null. */
  readonly schemas: DocumentSchemas | null;
}

/** The same facts, prepared for work on the documents of a database. */
export interface DocumentWork {
  readonly info: EffectiveSchemaManifest;
  readonly plans: DocumentPlans;
  /** Null if not requested. */
  readonly schemas: DocumentSchemas | null;
  /** The objects of the database that a writer needs rights on; null for work that only reads. */
  readonly rights: (() => RightsSet) | null;
}

/** Prepares the facts about a schema set that was read. */
export function documentWork({ info, model, inventory, schemas }: DocumentDesign): DocumentWork {
  const rights = () => rightsSetOf(defineDatabase(model, inventory));
  const plans = documentPlans(compileMappingSet(model), inventory);
  return { info, plans, schemas, rights };
}

/**
 * The preparation for work that only reads; the parts of the plans that it may use need no identities (design 08
 * §12.3).
 */
export const readingWork = (mappingSet: MappingSet): DocumentWork => ({
  info: mappingSet.model.effectiveSchema,
  plans: documentPlans(mappingSet),
  schemas: null,
  rights: null,
});

/** The state that a task on documents uses. */
export interface DocumentSession {
  readonly plans: DocumentPlans;
  /** Null if not requested. */
  readonly schemas: DocumentSchemas | null;
  readonly connection: Connection;
  /** Resources whose documents the role cannot write, if rights were checked. */
  readonly warnings: readonly Diagnostic[];
  /** Notes from opening further sessions, to be reported with the result. */
  readonly notes: readonly Diagnostic[];
  /**
   * Further sessions of the same database, as many as the server allows; the embedded engine has only one. They are
   * closed with the first one.
   */
  more(count: number): Promise<readonly Connection[]>;
  /**
   * A session of the same database for a bulk load; on a PostgreSQL server it copies rows. It is closed with the first
   * one. Throws `DB_BUSY` if the server allows no other.
   */
  forCopies(): Promise<Connection>;
}

/** The message of the server, without the advice to wait. */
const saidBy = ({ diagnostics: [{ message }] }: DmsError) => message.replace(/ Try again later\.$/, '');

/** Throws the refusal of a second session: a bulk load reads in one session and copies in another. */
function refuseBulk(refusal: DmsError): never {
  const text = `${saidBy(refusal)} A load in bulk needs two sessions. Load it without --bulk, or allow one more.`;
  throw new DmsError([{ ...refusal.diagnostics[0], message: text }]);
}

/**
 * `DB_SESSIONS_FEW`: the server has refused a further session, for example because of the `CONNECTION LIMIT` of a role.
 */
function fewSessions(refusal: DmsError, given: number, wanted: number): Diagnostic {
  const text = `The server gave ${given} of ${counted(wanted, 'session')}, so the work goes on with ${given}; --jobs ${given} asks for no more. ${saidBy(refusal)}`;
  return diagnostic('DB_SESSIONS_FEW', text, {}, { given, wanted });
}

/**
 * Works on the documents of a database that the gate accepts for the mapping set (design 14a §1). Throws `GATE_*`,
 * `DB_*`.
 *
 * @param isWriting checks before the work whether the role may write documents at all (design 09c §1.1): throws
 * `DB_PERMISSION` if it can write none
 */
export async function onDocuments<Result>(
  target: PersistentTarget,
  { info, plans, schemas, rights }: DocumentWork,
  context: Pick<DatabaseOptions, 'signal' | 'onProgress'>,
  work: (session: DocumentSession) => Promise<Result>,
  { isWriting = false } = {},
): Promise<Result> {
  const { signal } = context;
  return connected(target, context, async (session) => {
    const connection = limitedSession(session, signal);
    await passGate(connection, info, signal);
    const warnings = isWriting && rights !== null ? await expectWriter(connection, rights(), { signal }) : [];
    const opened: Connection[] = [];
    const copies: Connection[] = [];
    const notes: Diagnostic[] = [];
    // waiting for a free session would not help: the sessions of this task occupy them
    const another = async (refused: (refusal: DmsError) => void, options: Pick<OpenOptions, 'forCopies'> = {}) => {
      try {
        return limitedSession(await openDatabase(target, { signal, retryDelays: [], ...options }), signal);
      } catch (error) {
        if (!isFailure(error, 'DB_BUSY')) throw error;
        refused(error);
        return null;
      }
    };
    const more = async (count: number) => {
      if (connection.engine === 'embedded') return [];
      while (opened.length < count) {
        const session = await another((refusal) => notes.push(fewSessions(refusal, 1 + opened.length, count + 1)));
        if (session === null) break;
        opened.push(session);
      }
      return opened;
    };
    const forCopies = async () => {
      const copying = connection.engine === 'embedded' ? null : await another(refuseBulk, { forCopies: true });
      if (copying === null) return connection;
      copies.push(copying);
      return copying;
    };
    try {
      return await work({ plans, schemas, connection, warnings, notes, more, forCopies });
    } finally {
      for (const other of [...opened, ...copies]) await other.close();
    }
  });
}

/**
 * `DOCUMENT_SNAPSHOT_OFF` for a database in which the statements of a read may see different moments (design 09 §1.5);
 * otherwise empty.
 */
export async function snapshotWarnings(connection: Connection): Promise<readonly Diagnostic[]> {
  if ((await connection.readsOneMoment?.()) ?? true) return [];
  const text = `${connection.label}: the database does not allow snapshots. A document that is changed while it is read may be returned with rows from before and after the change, and documents that are written meanwhile may be there without those that they name. To allow snapshots, run: ${allowSnapshotsHere}`;
  return [diagnostic('DOCUMENT_SNAPSHOT_OFF', text, {}, { statement: allowSnapshotsHere })];
}
