import { type Connection, openDatabase, type ServerTarget } from '@dms/databases';
import { givenScript, textOf, trusted } from '@dms/sql';
import { errorOf, type PostgresDatabase, usualGenerations } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { emptied } from '../../test/bench.ts';
import { schoolPair, withMotto } from '../../test/school-pairs.ts';
import { serverDatabase } from '../../test/sessions.ts';
import { applyUpgrade, upgradeDatabase } from '../index.ts';

/* Sessions that write documents while an upgrade runs. Only a server has more than one session (design 12 §7). */

let database: PostgresDatabase;
let target: ServerTarget;
let connection: Connection;
let writer: Connection;

beforeAll(async () => {
  ({ database, target } = await serverDatabase());
});
afterAll(() => database.drop());

beforeEach(async () => {
  [connection, writer] = [await openDatabase(target), await openDatabase(target)];
});
// closing the sessions ends whatever a test left open
afterEach(async () => {
  await writer.close();
  await connection.close();
});

const documentCount = async () =>
  (await writer.query<{ n: number }>(trusted('SELECT count(*)::int AS n FROM dms."Document"')))[0]?.n;
const written = 'INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") VALUES (gen_random_uuid(), 1)';

describe.each(usualGenerations())('a concurrent writer during an upgrade of %s', (version) => {
  const [before, after] = schoolPair(withMotto, { version });

  beforeEach(async () => {
    await emptied(connection);
    await connection.execute(givenScript(before.script));
  });

  it('holds the upgrade up until it commits, and is named if it does not', async () => {
    await writer.begin();
    const [row] = await writer.query<{ id: number }>(trusted('SELECT pg_backend_pid() AS id'));
    await writer.execute(givenScript(written));
    const error = await errorOf(() => upgradeDatabase(target, before, after, { limits: { lock: 1000 } }));
    const [{ code, message }] = error.diagnostics;
    expect(code).toBe('UPGRADE_LOCKED');
    expect(message).toContain('taking the locks of the upgrade waited 1000 ms for a lock that session');
    expect(message).toContain(`session ${row?.id} (`);
    const upgraded = upgradeDatabase(target, before, after);
    await writer.commit();
    expect(await upgraded).toMatchObject({ outcome: 'upgraded', documents: 1 });
  });

  it('waits until the upgrade is done if it starts after the count', async () => {
    let writing: Promise<void> | undefined;
    const counting: Connection = {
      ...connection,
      queryAll: async (statements, limits) => {
        const rows = await connection.queryAll(statements, limits);
        if (writing === undefined && statements.some(({ pieces }) => pieces.join('').includes('COUNT(*)'))) {
          writing = writer.execute(givenScript(written));
          // without a lock, the writer would finish here
          await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 500))]);
        }
        return rows;
      },
    };
    expect(await applyUpgrade(counting, before, after)).toMatchObject({ outcome: 'upgraded', documents: 0 });
    await writing;
    expect(await documentCount()).toBe(1);
  });

  it('goes on at once if the upgrade has a lock that it needs, and waits for it in turn', async () => {
    await writer.execute(givenScript("SET deadlock_timeout = '60s'"));
    await writer.begin();
    await writer.execute(givenScript('LOCK TABLE dms."Document" IN ROW EXCLUSIVE MODE'));
    let waited = 0;
    let writing: Promise<void> | undefined;
    const attempts: string[] = [];
    const watched: Connection = {
      ...connection,
      execute: async (statement, limits) => {
        const attempt = connection.execute(statement, limits);
        const text = textOf(statement);
        if (!text.startsWith('DO') || !text.includes('LOCK TABLE')) return attempt;
        attempts.push(text);
        const start = performance.now();
        // the upgrade has the table of the resource, and waits for the documents
        writing ??= new Promise((resolve) => setTimeout(resolve, 20))
          .then(() => writer.execute(givenScript('LOCK TABLE core."School" IN ROW EXCLUSIVE MODE')))
          .then(async () => {
            waited = performance.now() - start;
            await writer.execute(givenScript(written));
            await writer.commit();
          });
        return attempt;
      },
    };
    const reopen = () => openDatabase(target);
    expect(await applyUpgrade(watched, before, after, { reopen })).toMatchObject({ outcome: 'upgraded' });
    await writing;
    expect(attempts.length).toBeGreaterThan(1);
    expect(attempts[0]).toMatch(
      /LOCK TABLE "core"."School" IN ACCESS EXCLUSIVE MODE;\n[\s\S]*LOCK TABLE "dms"."Document"/,
    );
    expect(waited).toBeLessThan(900);
    expect(await documentCount()).toBe(1);
  });

  it('does not hold up an upgrade of a database that already has the later set', async () => {
    await upgradeDatabase(target, before, after);
    await writer.begin();
    await writer.execute(givenScript(written));
    const again = await upgradeDatabase(target, before, after, { limits: { lock: 1000 } });
    await writer.rollback();
    expect(again.outcome).toBe('alreadyUpgraded');
  });
});
