import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createScratchDatabase, openSession, ownSchemaFile, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* A server that allows one session: a role with a limit, or the last free connection (design 14a §1). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-few-sessions-'));
const role = `dms_few_${process.pid}`;
const source = ['--schema', ownSchemaFile('campus'), '--dialect', 'pgsql'];
const documents = path.join(scratch, 'districts.jsonl');
let database: PostgresDatabase;
let connection: readonly string[];

beforeAll(async () => {
  database = await createScratchDatabase();
  const administrator = await openSession(database.url);
  await administrator.exec(
    `CREATE ROLE ${role} LOGIN PASSWORD 'of the test' CONNECTION LIMIT 1; ALTER DATABASE "${database.name}" OWNER TO ${role}`,
  );
  await administrator.close();
  const url = Object.assign(new URL(database.url), { username: role, password: encodeURIComponent('of the test') });
  const file = path.join(scratch, 'connection');
  writeFileSync(file, url.href, { mode: 0o600 });
  connection = ['--connection-file', file];
  writeFileSync(
    documents,
    [1, 2, 3]
      .map(
        (districtId) => `{"resource":"Campus:District","document":{"districtId":${districtId},"districtName":"a"}}\n`,
      )
      .join(''),
  );
  expect(await ran(['provision', ...source, ...connection])).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await database.drop();
  const administrator = await openSession(database.url.replace(/\/[^/]*$/, '/postgres'));
  await administrator.exec(`DROP ROLE IF EXISTS ${role}`).finally(() => administrator.close());
  rmSync(scratch, { recursive: true, force: true });
});

const note =
  /^note DB_SESSIONS_FEW The server gave 1 of \d+ sessions, so the work goes on with 1; --jobs 1 asks for no more\. .*too many connections/m;

it('is enough for a load and a dump, which say so', async () => {
  const loaded = await ran(['load', documents, ...source, ...connection]);
  expect([loaded.code, loaded.err]).toEqual([0, expect.stringMatching(note)]);
  const again = await ran([
    'load',
    documents,
    ...source,
    ...connection,
    '--on-existing',
    'skip',
    '--json',
    '--jobs',
    '1',
  ]);
  expect([again.code, again.err, jsonLines(again.out).at(-1)]).toMatchObject([0, '', { total: { skipped: 3 } }]);
  const output = path.join(scratch, 'dumped');
  const dumped = await ran(['dump', ...source, ...connection, '--output', output]);
  expect([dumped.code, dumped.err, existsSync(output)]).toEqual([0, expect.stringMatching(note), true]);
  expect(dumped.out).toContain('3 documents of');
});

it('is not enough for a load in bulk, which says what is', async () => {
  writeFileSync(documents, '{"resource":"Campus:District","document":{"districtId":4,"districtName":"a"}}\n');
  const { code, err } = await ran(['load', documents, ...source, ...connection, '--bulk']);
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/^error DB_BUSY .*too many connections.* needs two sessions\. Load it without --bulk, /),
  ]);
  expect(err).not.toContain('Try again');
});
