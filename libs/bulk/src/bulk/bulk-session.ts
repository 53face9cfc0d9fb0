import { resourceLabel } from '@dms/api-schema';
import { defineDatabase } from '@dms/catalog';
import type { Connection } from '@dms/databases';
import { fail } from '@dms/diagnostics';
import type { DocumentPlans } from '@dms/documents';
import { core, type DbTableName, qualified } from '@dms/model';
import { columnList, dialectRules, qualifiedName } from '@dms/sql';
import { generations } from '../generations.ts';
import { IdentityTable } from './identity-table.ts';

const rules = dialectRules.pgsql;
const nameOf = (table: DbTableName) => qualifiedName(rules, table);

/** How many rows a cursor gives at once. */
const fetched = 10_000;

/** How many document ids are taken from their sequence at once. */
const takenIds = 1_000;

/** Runs `COPY` with the rows of one table. */
export type Copy = (table: DbTableName, columns: readonly string[], rows: string) => Promise<void>;

/** What a transaction of `load --bulk` works with (design 14 §8). */
export interface BulkSession {
  /** All identities of the database, and those that are written. */
  readonly identities: IdentityTable;
  readonly copy: Copy;
  /** The next document id. */
  nextId(): Promise<number>;
  /** Turns the triggers on, and commits. */
  finish(): Promise<void>;
  /** Takes everything back. */
  abandon(): Promise<void>;
}

/** Triggers that are off during the run, by table. */
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

function bulkRules(version: keyof typeof generations) {
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

/** Runs pieces of work one after another, whoever asks for them. */
function queueOfWork() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}

/**
 * Begins the one transaction of `load --bulk`: nobody else writes documents until it ends, and the triggers whose work the client does
 * are off in it. Whatever ends the session before `finish` leaves the database as it was. Throws `DB_*`.
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
  // ids are asked for while rows are copied
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
    finish: () =>
      inTurn(async () => {
        // keys that wait for the end are checked now: a table with such work cannot be altered
        await connection.execute('SET CONSTRAINTS ALL IMMEDIATE');
        await switchAll('ENABLE');
        await connection.commit();
      }),
    abandon: () => inTurn(() => connection.rollback()),
  };
}
