import { resourceLabel } from '@dms/api-schema';
import { defineDatabase, type TableDefinition } from '@dms/catalog';
import {
  blockerWatch,
  type Connection,
  isFailure,
  isRefusedRow,
  locksOfNamed,
  lockTableFindings,
  queueOfWork,
  readLockTable,
  savepoints,
  withRetries,
} from '@dms/databases';
import { counted, type Diagnostic, DmsError, fail } from '@dms/diagnostics';
import type { DocumentPlans } from '@dms/documents';
import { groupBy } from '@dms/files';
import { core, type DbTableName, type MappingVersion, mustExist, qualified, type Table } from '@dms/model';
import type { QualifiedName } from '@dms/sql';
import { generations } from '../generations.ts';
import type { FilledTable, IdentityRow, SentRows, WaitingRows } from './bulk-dialect.ts';
import { bulkDialects } from './bulk-dialects.ts';
import type { BulkRules, MaybePromise, NewNumbers } from './bulk-rules.ts';
import { IdentityTable } from './identity-table.ts';
import type { PostponedKeys } from './postponed-keys.ts';
import { refusedRows } from './refused-rows.ts';
import { ReservedNumbers, type ReserveNumbers } from './reserved-numbers.ts';

/** A refusal of rows, and the table that it was about. */
export interface RefusedWrite {
  readonly table: FilledTable;
  readonly error: DmsError;
}

/** The transaction of `load --bulk` (design 14 §8). */
export interface BulkSession extends NewNumbers {
  /** All identities of the database, including those written in this transaction. */
  readonly identities: IdentityTable;
  /** The uuids of all documents; null where no document of the input brings one. */
  readonly uuids: IdentityTable | null;
  /** An empty list of rows of a table, with values of these columns. */
  newRows(table: DbTableName, columns: readonly string[]): WaitingRows;
  /**
   * Writes rows of some tables together; returns what the database refused, where nothing is written then and the load
   * goes on. Throws where a failure ends the transaction.
   */
  write(rows: readonly SentRows[]): Promise<RefusedWrite | null>;
  /**
   * Guesses which rows of one of these tables the database refuses by themselves; returns the offsets at which they
   * begin. Writes nothing.
   */
  refusedOffsets(rows: readonly SentRows[], table: FilledTable): Promise<readonly number[]>;
  /** The next document id. */
  nextId(): MaybePromise<string>;
  /** The uuid and the resource key of a stored document; undefined if there is none. */
  stored(documentId: number): Promise<{ readonly uuid: string; readonly resourceKeyId: number } | undefined>;
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

/** A table of a resource. */
interface WrittenTable {
  readonly resource: string;
  readonly table: Table;
}

/** Tables of resources, by qualified name. */
type WrittenTables = ReadonlyMap<string, WrittenTable>;

function writtenTables({ mappingSet: { model } }: DocumentPlans, inputs: InputBytes): WrittenTables {
  const written = new Map<string, WrittenTable>();
  for (const { resourceKey, tablesInDependencyOrder } of model.resources) {
    const resource = resourceLabel(resourceKey);
    if (!inputs.has(resource)) continue;
    for (const table of tablesInDependencyOrder) written.set(qualified(table.table), { resource, table });
  }
  return written;
}

/**
 * The tables to lock: `dms.Document`, and those that keys of the written tables lead to. Another session must not hold
 * a row that a key leads to while it waits for the end of the load. The written tables are locked when their triggers
 * are disabled.
 */
function lockedTables(written: WrittenTables): readonly QualifiedName[] {
  const targets = [...written.values()].flatMap(({ table: { constraints } }) =>
    constraints.flatMap((constraint) => (constraint.kind === 'ForeignKey' ? [constraint.targetTable] : [])),
  );
  return distinct([core.document, ...targets]).filter((table) => !written.has(qualified(table)));
}

const distinct = (tables: readonly QualifiedName[]): readonly QualifiedName[] => [
  ...new Map(tables.map((table) => [qualified(table), table])).values(),
];

/** The tables with so much input that their keys are postponed, with the bytes of that input. */
function largeTables(
  written: WrittenTables,
  inputs: InputBytes,
  { coreTables, identities }: BulkRules,
  postponedFrom: number,
): readonly (readonly [QualifiedName, number])[] {
  const all = [...inputs.values()].reduce((sum, bytes) => sum + bytes, 0);
  const ofResources = [...written.values()].map(
    ({ resource, table }) => [table.table, inputs.get(resource) ?? 0] as const,
  );
  const ofCore = [...coreTables, ...identities.tables.map(({ table }) => table)];
  return [...ofCore.map((table) => [table, all] as const), ...ofResources].filter(
    ([, bytes]) => bytes >= postponedFrom,
  );
}

/** The triggers to disable during the run, by table. */
const replacedTriggers = (
  tables: readonly TableDefinition[],
  written: WrittenTables,
  { replacedTriggers: kinds }: BulkRules,
) =>
  tables.flatMap((table) => {
    if (!written.has(qualified(table))) return [];
    const triggers = table.triggers
      .filter(({ intent }) => kinds.some((kind) => kind === intent.kind))
      .flatMap((each) => each.triggers.filter(({ events }) => events.includes('INSERT')).map(({ name }) => name));
    return triggers.length > 0 ? [{ table: { schema: table.schema, name: table.name }, triggers }] : [];
  });

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

/** The rules of a generation. */
export const bulkRules = (version: MappingVersion): BulkRules => generations[version];

/** Throws `LOAD_BULK_UNSUPPORTED` where `load --bulk` cannot write through a session. */
export function expectBulk(connection: Connection): void {
  if (bulkDialects[connection.dialect].canWrite(connection)) return;
  const text = `load --bulk writes to a server; ${connection.label} is something else. Load it without --bulk.`;
  fail('LOAD_BULK_UNSUPPORTED', text, {}, { dialect: connection.dialect, engine: connection.engine });
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

/** Says which sessions a statement waited for. */
function withBlockers(error: unknown, blockers: readonly string[]): unknown {
  if (!(error instanceof DmsError) || blockers.length === 0) return error;
  const [first, ...rest] = error.diagnostics;
  const message = `${first.message} load --bulk waited until nobody else writes: ${blockers.join(' and ')} did not end its transaction.`;
  return new DmsError([{ ...first, message, details: { ...first.details, holders: [...blockers] } }, ...rest]);
}

async function identityTable(pages: AsyncIterable<readonly IdentityRow[]>): Promise<IdentityTable> {
  const identities = new IdentityTable();
  for await (const rows of pages) for (const [id, document] of rows) identities.set(id, document);
  return identities;
}

/** Delay before looking for the sessions that the lock waits for, in milliseconds. */
const lookDelay = 300;

/** Bytes of input by resource, for each resource that has documents. */
export type InputBytes = ReadonlyMap<string, number>;

/** Dropping a key and adding it again takes more than a millisecond, as long as checks of 200 rows. */
const defaultPostponedFrom = 256 * 1024;

export interface BulkSessionOptions {
  /** Whether documents of the input bring their uuids; false by default. */
  readonly hasUuids?: boolean | undefined;
  /** From how many bytes of input for a table its foreign keys are postponed; 256 KiB by default. */
  readonly postponedFrom?: number | undefined;
  /** Another session, which finds out which sessions block this one. */
  readonly watcher?: Connection | undefined;
  readonly onWarning?: ((warning: Diagnostic) => void) | undefined;
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

/**
 * Begins the one transaction of `load --bulk`. Nobody else can write documents until it ends, and the triggers whose
 * work the client does are disabled in it. If the session ends before `finish`, the database is unchanged. A deadlock
 * with a session that writes is tried again. Throws `LOAD_BULK_UNSUPPORTED` for a user who does not own the tables,
 * `DB_LOCK_TABLE`, `DB_*`.
 */
export async function beginBulk(
  connection: Connection,
  plans: DocumentPlans,
  inputs: InputBytes,
  { postponedFrom = defaultPostponedFrom, hasUuids = false, watcher, onWarning }: BulkSessionOptions = {},
): Promise<BulkSession> {
  const dialect = bulkDialects[connection.dialect];
  const { mappingSet, inventory } = plans;
  const { tables } = defineDatabase(mappingSet.model, inventory);
  const written = writtenTables(plans, inputs);
  const own = bulkRules(plans.version);
  const replaced = replacedTriggers(tables, written, own);
  const locked = lockedTables(written);
  const large = largeTables(written, inputs, own, postponedFrom);
  await expectOwner(
    connection,
    replaced.map(({ table }) => table),
  );
  await expectLocks(connection, [...locked, ...[...written.values()].map(({ table: { table } }) => table)], onWarning);
  const switchAll = async (action: 'DISABLE' | 'ENABLE') => {
    const statements = replaced.map(({ table, triggers }) => dialect.switchTriggers(table, action, triggers));
    if (statements.length > 0) await connection.execute(statements.join(';\n'));
  };
  const watch =
    watcher &&
    (await blockerWatch(connection, { delay: lookDelay, open: async () => ({ ...watcher, close: async () => {} }) }));
  const lock = async (keys: PostponedKeys) => {
    // the same table comes first in all runs, so that two of them do not wait for each other
    const alone = keys.tables.length > 0 ? distinct([core.document, ...keys.tables]) : [];
    if (alone.length > 0) await connection.execute(dialect.lockText(alone, 'everybody'));
    await connection.execute(dialect.lockText(locked, 'writers'));
    await switchAll('DISABLE');
    await keys.drop(connection);
  };
  const begun = async () => {
    try {
      await connection.begin();
      const keys = await dialect.postponedKeys(connection, large);
      await (watch ? watch(() => lock(keys), withBlockers) : lock(keys));
      const identities = await identityTable(own.identities.stored(connection, plans));
      const uuids = hasUuids ? await identityTable(dialect.uuidsOf(connection, core.document, 'DocumentUuid')) : null;
      return { keys, identities, uuids, time: await dialect.startTime(connection) };
    } catch (error) {
      await connection.rollback();
      throw error;
    }
  };
  const { keys, identities, uuids, time } = await withRetries(begun, (error) => isFailure(error, 'DB_DEADLOCK'));
  const addKeys = async (table: QualifiedName) => {
    try {
      await keys.add(connection, table);
    } catch (error) {
      const resource = written.get(qualified(table))?.resource;
      throw refusedRows(resource ?? null, error, connection.dialect);
    }
  };
  const tablesOf = groupBy(written.values(), ({ resource }) => resource);
  // numbers are requested while rows are written
  const inTurn = queueOfWork();
  const numbers = (reserve: ReserveNumbers) => new ReservedNumbers((count) => inTurn(() => reserve(count)));
  const documentIds = numbers(dialect.documentIds(connection));
  const reserved = new Map<string, ReservedNumbers>();
  const numbersOf = (sequence: DbTableName): ReservedNumbers => {
    const known = reserved.get(qualified(sequence)) ?? numbers(dialect.numbersOf(connection, sequence));
    reserved.set(qualified(sequence), known);
    return known;
  };
  const filled = filledTables(tables);
  const savepoint = savepoints[connection.dialect];
  const undo = async () => {
    // a lost session undoes everything
    if (savepoint) await connection.execute(`${savepoint.undo}; ${savepoint.release}`).catch(() => undefined);
  };
  const tryWriting = async (rows: SentRows): Promise<RefusedWrite | null> => {
    try {
      await dialect.write(connection, rows);
      return null;
    } catch (error) {
      await undo();
      if (!savepoint || !isRefusedRow(error, connection.dialect)) throw error;
      return { table: rows.table, error };
    }
  };
  const writeAtomically = async (rows: readonly SentRows[]): Promise<RefusedWrite | null> => {
    if (savepoint) await connection.execute(savepoint.set);
    for (const each of rows) {
      const refused = await tryWriting(each);
      if (refused !== null) return refused;
    }
    if (savepoint) await connection.execute(savepoint.release);
    return null;
  };
  const refusedOffsets = async (rows: readonly SentRows[], table: FilledTable): Promise<readonly number[]> => {
    const position = rows.findIndex((each) => each.table === table);
    const own = rows[position];
    if (!savepoint || !dialect.refusedOffsets || !own) return [];
    // the rows that its keys lead to, unless it has no keys now
    const before = keys.isDropped(table) ? [] : rows.slice(0, position);
    await connection.execute(savepoint.set);
    try {
      for (const each of before) await dialect.write(connection, each);
      return await dialect.refusedOffsets(connection, own);
    } catch (error) {
      if (!isRefusedRow(error, connection.dialect)) throw error;
      return [];
    } finally {
      await undo();
    }
  };
  const finish = async () => {
    try {
      await dialect.checkDeferred(connection);
      for (const table of keys.left) await addKeys(table);
      await switchAll('ENABLE');
      await connection.commit();
    } catch (error) {
      throw refusedRows(null, error, connection.dialect);
    }
  };
  return {
    identities,
    uuids,
    time,
    newRows: (table, columns) => dialect.newRows(filled(table, columns)),
    write: (rows) => inTurn(() => writeAtomically(rows)),
    refusedOffsets: (rows, table) => inTurn(() => refusedOffsets(rows, table)),
    nextId: () => {
      const ids = documentIds.take(1);
      const first = ([id]: readonly string[]) => mustExist(id, 'the id of a new document');
      return ids instanceof Promise ? ids.then(first) : first(ids);
    },
    take: (sequence, count) => numbersOf(sequence).take(count),
    stored: async (documentId) => {
      const [row] = await inTurn(() => dialect.storedDocument(connection, documentId));
      return row && { uuid: row.uuid, resourceKeyId: row.key };
    },
    complete: async (resource) => {
      for (const { table } of tablesOf.get(resource) ?? [])
        if (!keys.hasDeferred(table.table)) await inTurn(() => addKeys(table.table));
    },
    finish: () => inTurn(finish),
    abandon: () => inTurn(() => connection.rollback()),
  };
}
