import { trusted } from '@dms/sql';
import { afterEach, expect, it, vi } from 'vitest';
import { openEmbedded } from './embedded.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('an embedded engine that takes an hour to start, and to answer, is waited for', async () => {
  // the engine runs in its own thread, whose clock is not faked
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
  const hour = async <Result>(work: Promise<Result>) => {
    await vi.advanceTimersByTimeAsync(3_600_000);
    return work;
  };
  const connection = await hour(openEmbedded({ kind: 'embedded', dialect: 'pgsql', folder: null }));
  expect(await hour(connection.query(trusted('SELECT 1 AS a FROM pg_sleep(0.3)')))).toEqual([{ a: 1 }]);
  await connection.close();
});
