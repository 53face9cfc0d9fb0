import { findOrigin, type OriginKind, serviceCatalog } from '@dms/catalog';
import { type Connection, introspect, openDatabase, type ServerTarget } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { givenScript, trusted } from '@dms/sql';
import { isThorough, ownSchema, ownSchemasV2, type PostgresDatabase, serviceProvisioning } from '@dms/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Compiled, compiled, contentsOf, emptied } from '../../test/bench.ts';
import { serverDatabase } from '../../test/sessions.ts';
import { writeRows } from '../../test/written-rows.ts';
import { applyUpgrade } from '../index.ts';

/*
 * Cases that need a server: an adoption beside writers, and an adoption whose session ends in the middle (design 12a
 * §4).
 */

const set: Compiled = compiled(ownSchemasV2.map(ownSchema), 'pgsql', 'v2');
const service = serviceCatalog(set.catalog, set.inventory)!;

let database: PostgresDatabase;
let target: ServerTarget;
let connection: Connection;

beforeAll(async () => {
  ({ database, target } = await serverDatabase());
  connection = await openDatabase(target);
});

afterAll(async () => {
  await connection.close();
  await database.drop();
});

beforeEach(async () => {
  await emptied(connection);
  await connection.execute(givenScript(set.script));
  await writeRows(connection, set, contentsOf(set.model));
  await provisionByService();
});

async function provisionByService(): Promise<void> {
  await connection.begin();
  await connection.execute(givenScript(serviceProvisioning(set.catalog, service)));
  await connection.commit();
}

const makerNow = async (): Promise<OriginKind> =>
  findOrigin(set.catalog, service, (await introspect(connection)).catalog).kind;

/** Whether the database ended this session to resolve a deadlock. */
const isDeadlock = (error: unknown) =>
  error instanceof DmsError && ['DB_DEADLOCK', 'UPGRADE_LOCKED'].includes(error.code);

/** Repeatedly changes a collection row and checks whether its document was stamped. */
async function writes(session: Connection, number: number, isOver: () => boolean) {
  const version = 'SELECT "ContentVersion"::text AS version FROM dms."Document" WHERE "DocumentId" = $1 FOR UPDATE';
  const [row] = await session.query<{ id: string; item: string }>(
    trusted(
      'SELECT "CollectionItemId"::text AS item, "School_DocumentId"::text AS id FROM edfi."SchoolAddress" ORDER BY 1 LIMIT 1',
    ),
  );
  let done = 0;
  let unstamped = 0;
  for (let count = 0; !isOver(); count += 1) {
    try {
      await session.begin();
      const [before] = await session.query<{ version: string }>(trusted(version), [row?.id]);
      await session.execute(
        givenScript(
          `UPDATE edfi."SchoolAddress" SET "City" = 'city ${number} ${count}' WHERE "CollectionItemId" = ${row?.item}`,
        ),
      );
      const [after] = await session.query<{ version: string }>(trusted(version), [row?.id]);
      await session.commit();
      done += 1;
      if (Number(after?.version) <= Number(before?.version)) unstamped += 1;
    } catch (error) {
      await session.rollback();
      if (!isDeadlock(error)) throw error;
    }
  }
  return { done, unstamped };
}

it('no writer sees a table without its triggers', async () => {
  const sessions = await Promise.all(Array.from({ length: 8 }, () => openDatabase(target)));
  let isOver = false;
  const writers = sessions.map((session, number) => writes(session, number, () => isOver));
  try {
    for (let attempt = 0; (await makerNow()) === 'service' && attempt < 20; attempt += 1)
      await applyUpgrade(connection, set, set, { adopt: true }).catch((error: unknown) => {
        if (!isDeadlock(error)) throw error;
      });
  } finally {
    isOver = true;
  }
  const found = await Promise.all(writers);
  await Promise.all(sessions.map((session) => session.close()));
  expect(await makerNow()).toBe('dms-ddl');
  expect(found.map(({ unstamped }) => unstamped)).toEqual(found.map(() => 0));
  expect(found.every(({ done }) => done > 0)).toBe(true);
});

it('a session that ends at any moment leaves the service or ours, never both', async () => {
  const documents = () => connection.query(trusted('SELECT count(*)::int4 AS n FROM dms."Document"'));
  const before = await documents();
  const outcomes: string[] = [];
  /** How long an adoption takes, in milliseconds. */
  let whole = 0;
  for (const share of [1, ...Array.from({ length: isThorough ? 60 : 6 }, () => Math.random() * 1.1)]) {
    const session = await openDatabase(target);
    const [own] = await session.query<{ id: number }>(trusted('SELECT pg_backend_pid() AS id'));
    const begin = performance.now();
    const end = () => void connection.query(trusted('SELECT pg_terminate_backend($1)'), [own?.id]);
    // the first one is not disturbed
    const timer = whole === 0 ? undefined : setTimeout(end, share * whole);
    const outcome = await applyUpgrade(session, set, set, { adopt: true }).then(
      (result) => result.outcome,
      () => 'failed',
    );
    clearTimeout(timer);
    whole ||= performance.now() - begin;
    await session.close().catch(() => undefined);
    const maker = await makerNow();
    // a session that ends after its commit has adopted the database, although its outcome is a failure
    expect(outcome === 'failed' ? ['service', 'dms-ddl'] : ['dms-ddl'], `${share} of ${whole} ms`).toContain(maker);
    expect(await documents()).toEqual(before);
    outcomes.push(outcome);
    if (maker === 'dms-ddl') await provisionByService();
  }
  expect(new Set(outcomes)).toEqual(new Set(['upgraded', 'failed']));
});
