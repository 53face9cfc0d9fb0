import { resourceLabel } from '@dms/api-schema';
import { defineDatabase } from '@dms/catalog';
import type { Connection } from '@dms/databases';
import { fail } from '@dms/diagnostics';
import type { DocumentPlans } from '@dms/documents';
import { core, type DbTableName, type MappingVersion, qualified } from '@dms/model';
import { columnList, dialectRules, qualifiedName } from '@dms/sql';
import { generations } from '../generations.ts';
import type { BulkRules } from './bulk-rules.ts';
import { IdentityTable } from './identity-table.ts';

const rules = dialectRules.pgsql;
const nameOf = (table: DbTableName) => qualifiedName(rules, table);

/** How many rows to fetch from a cursor at once. */
const fetched = 10_000;

/** How many document ids to take from their sequence at once. */
const takenIds = 1_000;

/** Runs `COPY` with the rows of one table. */
export type Copy = (table: DbTableName, columns: readonly string[], rows: string) => Promise<void>;

/** The transaction of `load --bulk` (design 14 §8). */
export interface BulkSession {
  /** All identities of the database, including those written in this transaction. */
  readonly identities: IdentityTable;
  readonly copy: Copy;
  /** The next document id. */
  nextId(): Promise<number>;
  /** The uuid and the resource key of a stored document; undefined if there is none. */
  stored(documentId: number): Promise<{ readonly uuid: string; readonly resourceKeyId: number } | undefined>;
  /** Enables the triggers and commits. */
  finish(): Promise<void>;
  /** Rolls everything back. */
  abandon(): Promise<void>;
}

/** The triggers to disable during the run, by table. */
function replacedTriggers({ mappingSet: { model }, inventory }: DocumentPlans, resources: ReadonlySet<string>) {
  const { replacedTriggers: kinds } = bulkRules(model.effectiveSchema.relationalMappingVersion);
  const written = new Set(
    model.resources
      .filter(({ resourceKey }) => resources.has(resourceLabel(resourceKey)))
      .flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder.map(({ table }) => qualified(table))),
  );
  return defineDatabase(model, inventory).tables.flatMap((table) => {
    if (!written.has(qualified(table))) return [];
    const triggers = table.triggers
      .filter(({ intent }) => kinds.some((kind) => kind === intent.kind))
      .flatMap((each) => each.triggers.filter(({ events }) => events.includes('INSERT')).map(({ name }) => name));
    return triggers.length > 0 ? [{ table: nameOf(table), triggers }] : [];
  });
}

/** The rules of a mapping version. Throws `LOAD_BULK_UNSUPPORTED` if `load --bulk` does not support it. */
export function bulkRules(version: MappingVersion): BulkRules {
  const found = generations[version];
  if (found) return found;
  const text = `load --bulk writes databases of the mapping version v1; this one is ${version}. Load it without --bulk.`;
  return fail('LOAD_BULK_UNSUPPORTED', text, {}, { mappingVersion: version });
}

/**
 * Throws `LOAD_BULK_UNSUPPORTED` where `load --bulk` cannot write: for another generation or dialect, or through a session that does not copy.
 */
export function expectBulk(connection: Connection, { mappingSet: { model } }: DocumentPlans): void {
  bulkRules(model.effectiveSchema.relationalMappingVersion);
  if (connection.dialect === 'pgsql' && connection.engine === 'server') return;
  const text = `load --bulk copies rows into a PostgreSQL server; ${connection.label} is something else. Load it without --bulk.`;
  fail('LOAD_BULK_UNSUPPORTED', text, {}, { dialect: connection.dialect, engine: connection.engine });
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

/** Runs pieces of work one after another, regardless of their callers. */
function queueOfWork() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}

/**
 * Begins the one transaction of `load --bulk`. Nobody else can write documents until it ends, and the triggers whose work the
 * client does are disabled in it. If the session ends before `finish`, the database is unchanged. Throws `DB_*`.
 */
export async function beginBulk(
  connection: Connection,
  plans: DocumentPlans,
  resources: ReadonlySet<string>,
): Promise<BulkSession> {
  const { copyIn } = connection;
  if (!copyIn) throw new Error('this session does not copy');
  const replaced = replacedTriggers(plans, resources);
  const switchAll = async (action: 'DISABLE' | 'ENABLE') => {
    const statements = replaced.map(
      ({ table, triggers }) =>
        `ALTER TABLE ${table} ${triggers.map((name) => `${action} TRIGGER ${rules.quote(name)}`).join(', ')}`,
    );
    if (statements.length > 0) await connection.execute(statements.join(';\n'));
  };
  const begun = async () => {
    await connection.begin();
    await connection.execute(`LOCK TABLE ${nameOf(core.document)} IN SHARE ROW EXCLUSIVE MODE`);
    await switchAll('DISABLE');
    return storedIdentities(connection);
  };
  const identities = await begun().catch(async (error: unknown) => {
    await connection.rollback();
    throw error;
  });
  // ids are requested while rows are copied
  const inTurn = queueOfWork();
  let ids: number[] = [];
  const takeIds = async () => {
    const rows = await connection.query<{ id: string }>(
      `SELECT nextval(pg_get_serial_sequence($1, 'DocumentId'))::text AS id FROM generate_series(1, ${takenIds})`,
      [nameOf(core.document)],
    );
    ids = rows.map(({ id }) => Number(id)).reverse();
  };
  return {
    identities,
    copy: (table, columns, rows) => {
      const text = `COPY ${nameOf(table)} (${columnList(rules, columns)}) FROM STDIN`;
      return inTurn(() => copyIn(text, rows));
    },
    nextId: async () => {
      if (ids.length === 0) await inTurn(takeIds);
      const id = ids.pop();
      if (id === undefined) throw new Error('the sequence gives no ids');
      return id;
    },
    stored: async (documentId) => {
      const text = `SELECT "DocumentUuid"::text AS uuid, "ResourceKeyId" AS key FROM ${nameOf(core.document)} WHERE "DocumentId" = $1`;
      const [row] = await inTurn(() => connection.query<{ uuid: string; key: number }>(text, [documentId]));
      return row && { uuid: row.uuid, resourceKeyId: row.key };
    },
    finish: () =>
      inTurn(async () => {
        // checks deferred keys now: a table with pending checks cannot be altered
        await connection.execute('SET CONSTRAINTS ALL IMMEDIATE');
        await switchAll('ENABLE');
        await connection.commit();
      }),
    abandon: () => inTurn(() => connection.rollback()),
  };
}
