import { openSession } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { upgradedRooms } from '../upgraded-rooms.ts';

let rooms: Awaited<ReturnType<typeof upgradedRooms>>;

beforeAll(async () => {
  rooms = await upgradedRooms();
});
afterAll(() => rooms.close());

it('upgrade apply counts --lock-timeout and --statement-timeout in seconds', async () => {
  const { database, apply } = rooms;
  const reader = await openSession(database.url);
  try {
    await reader.exec('BEGIN; SELECT count(*) FROM edfi."Room"');
    const locked = await apply('--lock-timeout', '1');
    expect([locked.code, locked.err]).toEqual([1, expect.stringContaining('waited 1000 ms for a lock that session')]);
    // a statement that changes the schema and takes long
    await reader.exec(`COMMIT;
      CREATE FUNCTION public.slow() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3); END';
      CREATE EVENT TRIGGER slow ON ddl_command_start EXECUTE FUNCTION public.slow()`);
    const slow = await apply('--statement-timeout', '1');
    expect([slow.code, slow.err]).toEqual([1, expect.stringContaining('took longer than 1000 ms')]);
    await reader.exec('DROP EVENT TRIGGER slow; DROP FUNCTION public.slow()');
  } finally {
    await reader.close();
  }
  expect(await apply()).toMatchObject({ code: 0, out: expect.stringContaining('Upgraded') });
});
