import { resourceLabel } from '@dms/api-schema';
import { groupBy } from '@dms/canonical-json';
import { defineDatabase } from '@dms/catalog';
import { blockerWatch, type Connection, isFailure } from '@dms/databases';
import { counted, DmsError, fail } from '@dms/diagnostics';
import { type DocumentPlans, withRetries } from '@dms/documents';
import { core, type DbTableName, type MappingVersion, promised, qualified, type Table } from '@dms/model';
import { columnList, dialectRules, type QualifiedName, qualifiedName } from '@dms/sql';
import { generations } from '../generations.ts';
import type { BulkRules, Soon, TakeNumbers } from './bulk-rules.ts';
import { IdentityTable } from './identity-table.ts';
import { PostponedKeys } from './postponed-keys.ts';
import { refusedRows } from './refused-rows.ts';
import { type NumberRange, ReservedNumbers } from './reserved-numbers.ts';

const rules = dialectRules.pgsql;
const nameOf = (table: QualifiedName) => qualifiedName(rules, table);

/** How many rows to fetch from a cursor at once. */
const fetched = 10_000;

/** Runs `COPY` with the rows of one table. */
export type Copy = (table: DbTableName, columns: readonly string[], rows: Uint8Array) => Promise<void>;

/** The transaction of `load --bulk` (design 14 §8). */
export interface BulkSession {
  /** All identities of the database, including those written in this transaction. */
  readonly identities: IdentityTable;
  readonly copy: Copy;
  /** The next document id. */
  nextId(): Soon<string>;
  readonly take: TakeNumbers;
  /** The uuid and the resource key of a stored document; undefined if there is none. */
  stored(documentId: number): Promise<{ readonly uuid: string; readonly resourceKeyId: number } | undefined>;
  /**
   * A resource probably has no more documents: adds the keys of its tables. Throws `DOCUMENT_REFUSED` for rows that break a key, as
   * does {@link finish}.
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
 * The tables to lock: `dms.Document`, and those that keys of the written tables lead to. Another session must not hold a row that a
 * key leads to while it waits for the end of the load. The written tables are locked when their triggers are disabled.
 */
function lockedTables(written: WrittenTables): readonly QualifiedName[] {
  const targets = [...written.values()].flatMap(({ table: { constraints } }) =>
    constraints.flatMap((constraint) => (constraint.kind === 'ForeignKey' ? [constraint.targetTable] : [])),
  );
  return distinct([core.document, ...targets]).filter((table) => !written.has(qualified(table)));
}

const distinct = (tables: readonly QualifiedName[]): readonly QualifiedName[] => [
  ...new Map(tables.map((table) => [nameOf(table), table])).values(),
];

/** The tables with so much input that their keys are postponed, with the bytes of that input. */
function largeTables(
  written: WrittenTables,
  inputs: InputBytes,
  { coreTables }: BulkRules,
  postponedFrom: number,
): readonly (readonly [QualifiedName, number])[] {
  const all = [...inputs.values()].reduce((sum, bytes) => sum + bytes, 0);
  const ofResources = [...written.values()].map(({ resource, table }) => [table.table, inputs.get(resource) ?? 0] as const);
  return [...coreTables.map((table) => [table, all] as const), ...ofResources].filter(([, bytes]) => bytes >= postponedFrom);
}

/** The triggers to disable during the run, by table. */
function replacedTriggers(
  { mappingSet: { model }, inventory }: DocumentPlans,
  written: WrittenTables,
  { replacedTriggers: kinds }: BulkRules,
) {
  return defineDatabase(model, inventory).tables.flatMap((table) => {
    if (!written.has(qualified(table))) return [];
    const triggers = table.triggers
      .filter(({ intent }) => kinds.some((kind) => kind === intent.kind))
      .flatMap((each) => each.triggers.filter(({ events }) => events.includes('INSERT')).map(({ name }) => name));
    return triggers.length > 0 ? [{ table: { schema: table.schema, name: table.name }, triggers }] : [];
  });
}

/** The rules of a generation. */
export const bulkRules = (version: MappingVersion): BulkRules => generations[version];

/** Throws `LOAD_BULK_UNSUPPORTED` where `load --bulk` cannot write: for another dialect, or through a session that does not copy. */
export function expectBulk(connection: Connection): void {
  if (connection.dialect === 'pgsql' && connection.engine === 'server') return;
  const text = `load --bulk copies rows into a PostgreSQL server; ${connection.label} is something else. Load it without --bulk.`;
  fail('LOAD_BULK_UNSUPPORTED', text, {}, { dialect: connection.dialect, engine: connection.engine });
}

/** Throws `LOAD_BULK_UNSUPPORTED` unless the user of the session may disable the triggers of all these tables. */
async function expectOwner(connection: Connection, tables: readonly QualifiedName[]): Promise<void> {
  const others = await connection.query<{ name: string; user: string }>(
    `SELECT n.nspname || '.' || c.relname AS name, current_user::text AS user
FROM unnest($1::text[], $2::text[]) AS t (schema, name)
    JOIN pg_namespace AS n ON n.nspname = t.schema
    JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = t.name
WHERE NOT pg_has_role(c.relowner, 'USAGE') ORDER BY 1`,
    [tables.map(({ schema }) => schema), tables.map(({ name }) => name)],
  );
  const [first, ...more] = others;
  if (!first) return;
  const rest = more.length === 0 ? '' : ` and ${counted(more.length, 'other table')}`;
  const text = `${connection.label}: load --bulk disables triggers, which only the owner of a table may do. ${first.user} does not own ${first.name}${rest}. Connect as the owner, or load without --bulk.`;
  fail('LOAD_BULK_UNSUPPORTED', text, {}, { user: first.user, tables: others.map(({ name }) => name) });
}

/** Says which sessions a statement waited for. */
function withBlockers(error: unknown, blockers: readonly string[]): unknown {
  if (!(error instanceof DmsError) || blockers.length === 0) return error;
  const [first, ...rest] = error.diagnostics;
  const message = `${first.message} load --bulk waited until nobody else writes: ${blockers.join(' and ')} did not end its transaction.`;
  return new DmsError([{ ...first, message, details: { ...first.details, holders: [...blockers] } }, ...rest]);
}

/** Reads all identities of a database. */
async function storedIdentities(connection: Connection): Promise<IdentityTable> {
  const identities = new IdentityTable();
  await connection.execute(
    `DECLARE dms_identities NO SCROLL CURSOR FOR SELECT "ReferentialId"::text AS id, "DocumentId"::text AS document FROM ${nameOf(core.referentialIdentity)}`,
  );
  for (;;) {
    const rows = await connection.query<{ id: string; document: string }>(`FETCH ${fetched} FROM dms_identities`);
    for (const { id, document } of rows) identities.set(id, Number(document));
    if (rows.length < fetched) break;
  }
  await connection.execute('CLOSE dms_identities');
  return identities;
}

/** Takes numbers of a sequence. Only the ends of runs of consecutive numbers travel. */
async function reserveNumbers(connection: Connection, sequence: string, count: number): Promise<readonly NumberRange[]> {
  const rows = await connection.query<{ first: string; last: string }>(
    `SELECT min(n)::text AS first, max(n)::text AS last
FROM (SELECT n, n - row_number() OVER (ORDER BY n) AS run FROM (SELECT nextval(${sequence}) AS n FROM generate_series(1, ${count})) AS taken) AS runs
GROUP BY run ORDER BY min(n)`,
  );
  return rows.map(({ first, last }) => [BigInt(first), BigInt(last)]);
}

/** Runs pieces of work one after another, regardless of their callers. */
function queueOfWork() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}

/** Milliseconds after which it is looked up which sessions the lock waits for. */
const lookDelay = 300;

/** Bytes of input by resource, for each resource that has documents. */
export type InputBytes = ReadonlyMap<string, number>;

/** Dropping a key and adding it again takes more than a millisecond, as long as checks of 200 rows. */
const defaultPostponedFrom = 256 * 1024;

export interface BulkSessionOptions {
  /** From how many bytes of input for a table its foreign keys are postponed; 256 KiB by default. */
  readonly postponedFrom?: number | undefined;
  /** Another session, which finds out whom this one waits for. */
  readonly watcher?: Connection | undefined;
}

/**
 * Begins the one transaction of `load --bulk`. Nobody else can write documents until it ends, and the triggers whose work the
 * client does are disabled in it. If the session ends before `finish`, the database is unchanged. A deadlock with a session that
 * writes is tried again. Throws `LOAD_BULK_UNSUPPORTED` for a user who does not own the tables, `DB_*`.
 */
export async function beginBulk(
  connection: Connection,
  plans: DocumentPlans,
  inputs: InputBytes,
  { postponedFrom = defaultPostponedFrom, watcher }: BulkSessionOptions = {},
): Promise<BulkSession> {
  const { copyIn } = connection;
  if (!copyIn) throw new Error('this session does not copy');
  const written = writtenTables(plans, inputs);
  const own = bulkRules(plans.mappingSet.model.effectiveSchema.relationalMappingVersion);
  const replaced = replacedTriggers(plans, written, own);
  const locked = lockedTables(written);
  const large = largeTables(written, inputs, own, postponedFrom);
  await expectOwner(
    connection,
    replaced.map(({ table }) => table),
  );
  const switchAll = async (action: 'DISABLE' | 'ENABLE') => {
    const statements = replaced.map(
      ({ table, triggers }) =>
        `ALTER TABLE ${nameOf(table)} ${triggers.map((name) => `${action} TRIGGER ${rules.quote(name)}`).join(', ')}`,
    );
    if (statements.length > 0) await connection.execute(statements.join(';\n'));
  };
  const watch =
    watcher &&
    (await blockerWatch(connection, { delay: lookDelay, open: async () => ({ ...watcher, close: async () => {} }) }));
  const lock = async (keys: PostponedKeys) => {
    // the same table comes first in all runs, so that two of them do not wait for each other
    const alone = keys.tables.length > 0 ? distinct([core.document, ...keys.tables]) : [];
    if (alone.length > 0) await connection.execute(`LOCK TABLE ${alone.map(nameOf).join(', ')} IN ACCESS EXCLUSIVE MODE`);
    await connection.execute(`LOCK TABLE ${locked.map(nameOf).join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
    await switchAll('DISABLE');
    await keys.drop(connection);
  };
  const begun = async () => {
    try {
      await connection.begin();
      const keys = await PostponedKeys.find(connection, large);
      await (watch ? watch(() => lock(keys), withBlockers) : lock(keys));
      return { keys, identities: await storedIdentities(connection) };
    } catch (error) {
      await connection.rollback();
      throw error;
    }
  };
  const { keys, identities } = await withRetries(begun, (error) => isFailure(error, 'DB_DEADLOCK'));
  const addKeys = async (table: QualifiedName) => {
    try {
      await keys.add(connection, table);
    } catch (error) {
      const resource = written.get(qualified(table))?.resource;
      throw resource === undefined ? error : refusedRows(resource, error);
    }
  };
  const tablesOf = groupBy(written.values(), ({ resource }) => resource);
  // numbers are requested while rows are copied
  const inTurn = queueOfWork();
  const reserved = new Map<string, ReservedNumbers>();
  /** `sequence` is an expression. */
  const numbersOf = (sequence: string): ReservedNumbers => {
    const known =
      reserved.get(sequence) ?? new ReservedNumbers((count) => inTurn(() => reserveNumbers(connection, sequence, count)));
    reserved.set(sequence, known);
    return known;
  };
  const documentIds = `pg_get_serial_sequence(${rules.stringLiteral(nameOf(core.document))}, 'DocumentId')::regclass`;
  return {
    identities,
    copy: (table, columns, rows) => {
      const text = `COPY ${nameOf(table)} (${columnList(rules, columns)}) FROM STDIN`;
      return inTurn(() => copyIn(text, rows));
    },
    nextId: () => {
      const ids = numbersOf(documentIds).take(1);
      const first = ([id]: readonly string[]) => promised(id, 'the id of a new document');
      return ids instanceof Promise ? ids.then(first) : first(ids);
    },
    take: (sequence, count) => numbersOf(rules.stringLiteral(nameOf(sequence))).take(count),
    stored: async (documentId) => {
      const text = `SELECT "DocumentUuid"::text AS uuid, "ResourceKeyId" AS key FROM ${nameOf(core.document)} WHERE "DocumentId" = $1`;
      const [row] = await inTurn(() => connection.query<{ uuid: string; key: number }>(text, [documentId]));
      return row && { uuid: row.uuid, resourceKeyId: row.key };
    },
    complete: async (resource) => {
      for (const { table } of tablesOf.get(resource) ?? [])
        if (!keys.hasDeferred(table.table)) await inTurn(() => addKeys(table.table));
    },
    finish: () =>
      inTurn(async () => {
        // checks deferred keys now: a table with pending checks cannot be altered
        await connection.execute('SET CONSTRAINTS ALL IMMEDIATE');
        for (const table of keys.left) await addKeys(table);
        await switchAll('ENABLE');
        await connection.commit();
      }),
    abandon: () => inTurn(() => connection.rollback()),
  };
}
