import type { TableDefinition } from '@dms/catalog';
import {
  blockerWatch,
  type Connection,
  hasPrepared,
  holdersAdvice,
  isFailure,
  isRefusedRow,
  locksOfNamed,
  lockTableFindings,
  type NamedHolder,
  queueOfWork,
  type Row,
  readLockTable,
  run,
  type Statement,
  savepointOf,
  withRetries,
} from '@dms/databases';
import { counted, type Diagnostic, DmsError, diagnostic, fail } from '@dms/diagnostics';
import type { DocumentPlans } from '@dms/documents';
import { core, type DbTableName, mustExist, qualified } from '@dms/model';
import { join, type QualifiedName, type SqlDialect } from '@dms/sql';
import { groupBy } from '@dms/values';
import { readingWholeTables } from '../loading/plans-by-index.ts';
import {
  type FilledTable,
  type IdentityRow,
  ReservedNumbers,
  type ReserveNumbers,
  type SentRows,
  type WaitingRows,
} from './bulk-dialect.ts';
import { type BulkPlan, bulkPlan, distinct, type InputBytes } from './bulk-plan.ts';
import { bulkDialects, type MaybePromise, type NewNumbers } from './bulk-rules.ts';
import { IdentityTable } from './identity-table.ts';
import { defaultPostponedFrom, type PostponedKeys } from './postponed-keys.ts';

/**
 * The error for refused rows that cannot be assigned to a single document, but only to the documents of a resource, or
 * to all documents.
 */
export function rowFailure(label: string | null, error: unknown, dialect: SqlDialect): unknown {
  if (!(error instanceof DmsError) || !isRefusedRow(error, dialect)) return error;
  const { message, details } = error.diagnostics[0];
  const whose = label === null ? 'a document' : `a document of ${label}`;
  const text = `The database refuses a row of ${whose}, so nothing is loaded. Load without --bulk to see which one. ${message}`;
  return new DmsError([diagnostic('DOCUMENT_REFUSED', text, label === null ? {} : { resource: label }, details)]);
}

/** A failure to write rows, and the table that it is about. */
interface FailedWrite {
  readonly table: FilledTable;
  readonly error: DmsError;
}

/** The transaction of `load --bulk` (design 14a §3). */
export interface BulkSession extends NewNumbers {
  /** All identities of the database, including those written in this transaction. */
  readonly identities: IdentityTable;
  /** The uuids of all documents; null where no document of the input brings one. */
  readonly uuids: IdentityTable | null;
  /** An empty list of rows of a table, with values of these columns. */
  newRows(table: DbTableName, columns: readonly string[]): WaitingRows;
  /**
   * Writes rows of some tables together. Returns the failure if the database refuses rows: nothing is written then, and
   * the load continues. Throws failures that end the transaction.
   */
  write(rows: readonly SentRows[]): Promise<FailedWrite | null>;
  /**
   * Guesses which rows of one of these tables the database refuses by themselves; returns the offsets at which they
   * begin. Leaves nothing written.
   */
  rejectedOffsets(rows: readonly SentRows[], table: FilledTable): Promise<readonly number[]>;
  /** The next document id. */
  nextId(): MaybePromise<string>;
  /** The uuid and the resource key of a stored document; undefined if there is none. */
  stored(documentId: number): Promise<{ readonly uuid: string; readonly resourceKeyId: number } | undefined>;
  /** Runs statements that only read, and returns their rows. */
  ask(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>;
  /**
   * Hint: no more documents of the resource are expected. Adds the keys of its tables. Throws `DOCUMENT_REFUSED` for
   * rows that break a key, as does {@link finish}.
   */
  complete(resource: string): Promise<void>;
  /** Checks all keys, enables the triggers and commits. Throws `DOCUMENT_REFUSED` for rows that break a key. */
  finish(): Promise<void>;
  /** Rolls everything back. */
  abandon(): Promise<void>;
}

/** Throws `LOAD_BULK_UNSUPPORTED` where `load --bulk` cannot write through a session. */
export function expectBulk(connection: Connection): void {
  if (bulkDialects[connection.dialect].canWrite(connection)) return;
  const text = `load --bulk writes to a server; ${connection.label} is something else. Load it without --bulk.`;
  fail('LOAD_BULK_UNSUPPORTED', text, {}, { dialect: connection.dialect, engine: connection.engine });
}

interface BulkSessionOptions {
  /** Whether documents of the input bring their uuids; false by default. */
  readonly hasUuids?: boolean | undefined;
  /** The bytes of input for a table from which its foreign keys are postponed; `defaultPostponedFrom` unless given. */
  readonly postponedFrom?: number | undefined;
  /** Another session, which finds out which sessions block this one. */
  readonly watcher?: Connection | undefined;
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
}

/**
 * Begins the one transaction of `load --bulk`. Nobody else can write documents until it ends, and the triggers whose
 * work the client does are disabled in it. If the session ends before `finish`, the database is unchanged. After a
 * deadlock with a session that writes, it begins again. Throws `LOAD_BULK_UNSUPPORTED` for a user who does not own the
 * tables, `DB_LOCK_TABLE`, `DB_*`.
 */
export async function beginBulk(
  connection: Connection,
  plans: DocumentPlans,
  inputs: InputBytes,
  options: BulkSessionOptions = {},
): Promise<BulkSession> {
  const dialect = bulkDialects[connection.dialect];
  const plan = bulkPlan(plans, inputs, options.postponedFrom ?? defaultPostponedFrom);
  await expectOwner(
    connection,
    plan.replaced.map(({ table }) => table),
  );
  const ownTables = [...plan.written.values()].map(({ table: { table } }) => table);
  await expectLocks(connection, [...plan.locked, ...ownTables], options.onWarning);
  const { keys, ...read } = await begunTransaction(connection, plans, plan, options);
  const filled = filledTables(plan.tables);
  // a session does one thing at a time
  const inTurn = queueOfWork();
  const { write, rejectedOffsets } = rowWrites(connection, keys);
  return {
    ...read,
    ...newNumbers(connection, inTurn),
    ...endOfBulk(connection, plan, keys, inTurn),
    newRows: (table, columns) => dialect.newRows(filled(table, columns)),
    write: (rows) => inTurn(() => write(rows)),
    rejectedOffsets: (rows, table) => inTurn(() => rejectedOffsets(rows, table)),
    stored: async (documentId) => {
      const [row] = await inTurn(() => dialect.storedDocument(connection, documentId));
      return row && { uuid: row.uuid, resourceKeyId: row.key };
    },
    ask: (statements) => inTurn(() => connection.queryAll(statements)),
    abandon: () => inTurn(() => connection.rollback()),
  };
}

/** Throws `LOAD_BULK_UNSUPPORTED` unless the user of the session may alter all these tables. */
async function expectOwner(connection: Connection, tables: readonly QualifiedName[]): Promise<void> {
  const others = await bulkDialects[connection.dialect].tablesOfOthers(connection, tables);
  if (!others) return;
  const { user, tables: names } = others;
  const rest = names.length === 1 ? '' : ` and ${counted(names.length - 1, 'other table')}`;
  const text = `${connection.label}: load --bulk disables triggers, which only the owner of a table may do. ${user} does not own ${names[0]}${rest}. Connect as the owner, or load without --bulk.`;
  fail('LOAD_BULK_UNSUPPORTED', text, {}, { user, tables: [...names] });
}

/**
 * Compares the locks of a load with the lock table of the server: the written tables, and those that their keys lead
 * to.
 */
async function expectLocks(
  connection: Connection,
  tables: readonly QualifiedName[],
  onWarning: BulkSessionOptions['onWarning'],
): Promise<void> {
  const table = await readLockTable(connection);
  if (table === null) return;
  const needed = await locksOfNamed(connection, tables);
  for (const finding of lockTableFindings(connection, 'load --bulk', needed, table)) onWarning?.(finding);
}

/** Delay before looking for the sessions that the lock waits for, in milliseconds. */
const lookDelay = 300;

/** Begins the transaction: locks, drops the keys that are postponed, and reads the identities. */
async function begunTransaction(
  connection: Connection,
  plans: DocumentPlans,
  plan: BulkPlan,
  { hasUuids = false, watcher }: BulkSessionOptions,
) {
  const dialect = bulkDialects[connection.dialect];
  const watch =
    watcher &&
    (await blockerWatch(connection, { delay: lookDelay, open: async () => ({ ...watcher, close: async () => {} }) }));
  const lock = async (keys: PostponedKeys) => {
    // the same table comes first in all runs, so that two of them do not wait for each other
    const alone = keys.tables.length > 0 ? distinct([core.document, ...keys.tables]) : [];
    if (alone.length > 0) await run(connection, dialect.lockTables(alone, 'everybody'));
    await run(connection, dialect.lockTables(plan.locked, 'writers'));
    await switchTriggers(connection, plan, false);
    await keys.drop(connection);
  };
  const begun = async () => {
    try {
      await connection.begin();
      const keys = await dialect.postponedKeys(connection, plan.large);
      await (watch ? watch(() => lock(keys), withBlockers) : lock(keys));
      const identities = await identityTable(plan.rules.identities.stored(connection, plans));
      const uuids = hasUuids ? await identityTable(dialect.readUuids(connection, core.document, 'DocumentUuid')) : null;
      return { keys, identities, uuids, time: await dialect.startTime(connection) };
    } catch (error) {
      await connection.rollback();
      throw error;
    }
  };
  return withRetries(begun, (error) => isFailure(error, 'DB_DEADLOCK'));
}

async function switchTriggers(connection: Connection, { replaced }: BulkPlan, areOn: boolean): Promise<void> {
  const dialect = bulkDialects[connection.dialect];
  const statements = replaced.map(({ table, triggers }) => dialect.switchTriggers(table, areOn, triggers));
  if (statements.length > 0) await run(connection, join(statements, ';\n'));
}

/** Adds the sessions that a statement waited for to its failure. */
function withBlockers(error: unknown, holders: readonly NamedHolder[]): unknown {
  if (!(error instanceof DmsError) || holders.length === 0) return error;
  const [first, ...rest] = error.diagnostics;
  const texts = holders.map(({ text }) => text);
  const reason = hasPrepared(holders)
    ? `${texts.join(' and ')} did not end. ${holdersAdvice(holders)}.`
    : `${texts.join(' and ')} did not end its transaction.`;
  const message = `${first.message} load --bulk waited until nobody else writes: ${reason}`;
  return new DmsError([{ ...first, message, details: { ...first.details, holders: texts } }, ...rest]);
}

async function identityTable(pages: AsyncIterable<readonly IdentityRow[]>): Promise<IdentityTable> {
  const identities = new IdentityTable();
  for await (const rows of pages) for (const [id, document] of rows) identities.set(id, document);
  return identities;
}

/** Finds the columns of tables. */
function filledTables(tables: readonly TableDefinition[]) {
  const byName = new Map(tables.map((table) => [qualified(table), table]));
  return ({ schema, name }: DbTableName, columns: readonly string[]): FilledTable => {
    const table = mustExist(byName.get(qualified({ schema, name })), `the table ${schema}.${name}`);
    const found = new Map(table.columns.map((column) => [column.name, column]));
    return {
      schema,
      name,
      columns: columns.map((column) => mustExist(found.get(column), `the column ${column} of ${name}`)),
    };
  };
}

/** Writes and tries rows, under a savepoint if the dialect has one. */
function rowWrites(connection: Connection, keys: PostponedKeys): Pick<BulkSession, 'write' | 'rejectedOffsets'> {
  const dialect = bulkDialects[connection.dialect];
  const savepoint = savepointOf(connection.dialect);
  const undo = async () => {
    // a lost session undoes everything
    if (savepoint) await run(connection, savepoint.forget).catch(() => undefined);
  };
  const tryWriting = async (rows: SentRows): Promise<FailedWrite | null> => {
    try {
      await dialect.write(connection, rows);
      return null;
    } catch (error) {
      await undo();
      if (!savepoint || !isRefusedRow(error, connection.dialect)) throw error;
      return { table: rows.table, error };
    }
  };
  return {
    write: async (rows) => {
      if (savepoint) await run(connection, savepoint.set);
      for (const each of rows) {
        const refused = await tryWriting(each);
        if (refused !== null) return refused;
      }
      if (savepoint) await run(connection, savepoint.release);
      return null;
    },
    rejectedOffsets: async (rows, table) => {
      const position = rows.findIndex((each) => each.table === table);
      const own = rows[position];
      if (!savepoint || !dialect.rejectedOffsets || !own) return [];
      // the rows to which the keys of the table lead, unless its keys are dropped
      const before = keys.isDropped(table) ? [] : rows.slice(0, position);
      await run(connection, savepoint.set);
      try {
        for (const each of before) await dialect.write(connection, each);
        return await dialect.rejectedOffsets(connection, own);
      } catch (error) {
        if (!isRefusedRow(error, connection.dialect)) throw error;
        return [];
      } finally {
        await undo();
      }
    },
  };
}

type InTurn = ReturnType<typeof queueOfWork>;

/** The numbers of new rows, which are requested while rows are written. */
function newNumbers(connection: Connection, inTurn: InTurn): Pick<BulkSession, 'nextId' | 'take'> {
  const dialect = bulkDialects[connection.dialect];
  const numbers = (reserve: ReserveNumbers) => new ReservedNumbers((count) => inTurn(() => reserve(count)));
  const documentIds = numbers(dialect.documentIds(connection));
  const reserved = new Map<string, ReservedNumbers>();
  const numbersOf = (sequence: DbTableName): ReservedNumbers => {
    const known = reserved.get(qualified(sequence)) ?? numbers(dialect.numbersOf(connection, sequence));
    reserved.set(qualified(sequence), known);
    return known;
  };
  const first = ([id]: readonly string[]) => mustExist(id, 'the id of a new document');
  return {
    nextId: () => {
      const ids = documentIds.take(1);
      return ids instanceof Promise ? ids.then(first) : first(ids);
    },
    take: (sequence, count) => numbersOf(sequence).take(count),
  };
}

/** Adds the dropped keys of tables again: after the rows of a resource if possible, the others at the end. */
function endOfBulk(
  connection: Connection,
  plan: BulkPlan,
  keys: PostponedKeys,
  inTurn: InTurn,
): Pick<BulkSession, 'complete' | 'finish'> {
  const tablesOf = groupBy(plan.written.values(), ({ resource }) => resource);
  const addKeys = async (table: QualifiedName) => {
    try {
      // the session otherwise reads no whole table
      await keys.add(connection, table, readingWholeTables);
    } catch (error) {
      const resource = plan.written.get(qualified(table))?.resource;
      throw rowFailure(resource ?? null, error, connection.dialect);
    }
  };
  const finish = async () => {
    try {
      await bulkDialects[connection.dialect].checkDeferred(connection);
      for (const table of keys.left) await addKeys(table);
      await switchTriggers(connection, plan, true);
      await connection.commit();
    } catch (error) {
      throw rowFailure(null, error, connection.dialect);
    }
  };
  return {
    complete: async (resource) => {
      for (const { table } of tablesOf.get(resource) ?? [])
        if (!keys.hasDeferred(table.table)) await inTurn(() => addKeys(table.table));
    },
    finish: () => inTurn(finish),
  };
}
