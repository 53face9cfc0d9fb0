import { givenScript, trusted } from '@dms/sql';
import { createScratchDatabase, errorOf, type PostgresDatabase } from '@dms/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseTarget } from '../addressing/parse-target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { circleWatch } from './blocking-sessions.ts';

/* A session that gives way before the server looks for a deadlock (design 12a §2.1). */

let database: PostgresDatabase;
let open: () => Promise<Connection>;
let upgrade: Connection;
let writer: Connection;

beforeAll(async () => {
  database = await createScratchDatabase();
  const { target } = parseTarget(database.url, 'pgsql');
  if (target.kind !== 'server') throw new Error(target.kind);
  open = () => openDatabase(target);
});
afterAll(() => database.drop());

beforeEach(async () => {
  [upgrade, writer] = [await open(), await open()];
  await upgrade.execute(
    givenScript('CREATE TABLE IF NOT EXISTS first (id int); CREATE TABLE IF NOT EXISTS second (id int)'),
  );
  for (const session of [upgrade, writer]) {
    await session.execute(givenScript("SET deadlock_timeout = '60s'"));
    await session.begin();
  }
});
afterEach(async () => {
  await upgrade.close();
  await writer.close();
});

describe('a watch over a session', () => {
  it('ends its statement if it and another session wait for each other', async () => {
    const watch = await circleWatch(upgrade, open);
    await upgrade.execute(givenScript('LOCK TABLE first'));
    await writer.execute(givenScript('LOCK TABLE second IN ROW EXCLUSIVE MODE'));
    const writing = writer.execute(givenScript('INSERT INTO first VALUES (1)'));
    const error = await errorOf(async () => watch?.run(() => upgrade.execute(givenScript('LOCK TABLE second'))));
    expect(error.code).toBe('DB_TIMEOUT');
    expect(watch?.holders).toHaveLength(1);
    await upgrade.rollback();
    await writing;
    await watch?.close();
  });

  it('ends it if the other session waits for the one that watches', async () => {
    const watch = await circleWatch(upgrade, open);
    await watch?.watcher.begin();
    await watch?.watcher.execute(givenScript('LOCK TABLE first'));
    await writer.execute(givenScript('LOCK TABLE second IN ROW EXCLUSIVE MODE'));
    const writing = writer.execute(givenScript('INSERT INTO first VALUES (1)'));
    expect((await errorOf(async () => watch?.run(() => upgrade.execute(givenScript('LOCK TABLE second'))))).code).toBe(
      'DB_TIMEOUT',
    );
    await watch?.watcher.rollback();
    await writing;
    await watch?.close();
  });

  it('lets it wait for a session that works', async () => {
    const watch = await circleWatch(upgrade, open);
    await writer.execute(givenScript('LOCK TABLE second IN ROW EXCLUSIVE MODE'));
    const locking = watch?.run(() => upgrade.execute(givenScript('LOCK TABLE second')));
    await watch?.untilItWaits(() => false);
    await writer.query(trusted('SELECT pg_sleep(0.05)'));
    await writer.commit();
    await locking;
    await upgrade.execute(givenScript('INSERT INTO second VALUES (1)'));
    await watch?.close();
  });

  it('is not there without a second session', async () => {
    expect(await circleWatch(upgrade, undefined)).toBeNull();
    expect(await circleWatch({ ...upgrade, engine: 'embedded' }, open)).toBeNull();
    expect(await circleWatch(upgrade, () => Promise.reject(new Error('full')))).toBeNull();
  });
});
