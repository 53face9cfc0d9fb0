import { existsSync, statfsSync } from 'node:fs';
import { trusted } from '@dms/sql';
import { openSession } from '@dms/testing';
import { expect, it } from 'vitest';
import { openDatabase } from '../drivers/open-database.ts';
import { startPostgresServer } from './postgres-server.ts';

it('a server has the settings it is given and a password, and leaves nothing', async () => {
  const { url, folder, stop } = await startPostgresServer({ settings: { max_connections: '7' } });
  const session = await openSession(url);
  expect(await session.queryRows("SELECT current_setting('max_connections'), current_setting('fsync')")).toEqual([
    ['7', 'off'],
  ]);
  await session.close();
  const wrong = new URL(url);
  wrong.password = 'another';
  await expect(openSession(wrong.href)).rejects.toMatchObject({ code: '28P01' });
  expect(existsSync(folder)).toBe(true);
  await stop();
  expect(existsSync(folder)).toBe(false);
  await expect(openSession(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('is started by a target embedded-postgres: and stopped with its connection', async () => {
  const connection = await openDatabase({ kind: 'embeddedServer', dialect: 'pgsql' });
  const [row] = await connection.query<{ folder: string }>(
    trusted("SELECT current_setting('data_directory') AS folder"),
  );
  expect(connection.label).toMatch(/^postgres:\/\/postgres@127\.0\.0\.1:\d+\/postgres$/);
  expect(existsSync(row?.folder ?? '')).toBe(true);
  await connection.close();
  expect(existsSync(row?.folder ?? '')).toBe(false);
});

it('keeps its databases in memory where there is room, and leaves nothing there', async () => {
  const { url, folder, stop } = await startPostgresServer({ isInMemory: true });
  const session = await openSession(url);
  const [[data] = []] = await session.queryRows("SELECT current_setting('data_directory')");
  await session.close();
  const memory = '/dev/shm';
  const isRoom = existsSync(memory) && statfsSync(memory).bavail * statfsSync(memory).bsize > 5 * 2 ** 30;
  expect(String(data)).toMatch(isRoom ? /^\/dev\/shm\/dms-postgres-/ : /dms-postgres-/);
  expect(existsSync(String(data))).toBe(true);
  await stop();
  expect([existsSync(String(data)), existsSync(folder)]).toEqual([false, false]);
});
