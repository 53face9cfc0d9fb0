import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connection, openDatabase } from '@dms/databases';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { printedBy, replayed } from '../test/replayed-guide.ts';

/* The commands and the SQL of docs/reporting.md, in order, and what the commands print. */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-reporting-guide-'));
const place = (name: string) => path.join(scratch, name);
const database = { kind: 'embedded', dialect: 'pgsql', folder: place('database') } as const;
const guide = { file: 'reporting.md', folder: scratch, files: /^(?:out|sample|[\w.-]+\.json)$/ };

async function inDatabase<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
  const connection = await openDatabase(database);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

beforeAll(async () => {
  for (const name of ['district', 'transport'] as const) copyFileSync(ownSchemaFile(name), place(`${name}.json`));
  process.env.CAMPUS_DB = `pglite:${place('database')}`;
  for (const command of [
    'emit --schema district.json --schema transport.json --mapping-version v2 --output out',
    'provision --artifacts out --dialect pgsql --connection-env CAMPUS_DB',
    'sample --artifacts out --documents 200 --output sample',
    'load --artifacts out --dialect pgsql --connection-env CAMPUS_DB sample',
  ])
    expect(await printedBy(guide, command)).toMatchObject({ code: 0 });
}, 120_000);

afterAll(() => {
  delete process.env.CAMPUS_DB;
  rmSync(scratch, { recursive: true, force: true });
});

it('the guide prints what it says, and its SQL runs', async () => {
  let queries = 0;
  const sql = async (text: string) => {
    if (!text.startsWith('SELECT')) return inDatabase((connection) => connection.execute(text));
    queries += 1;
    expect((await inDatabase((connection) => connection.query(text))).length).toBeGreaterThan(0);
  };
  const { text, now } = await replayed({ ...guide, sql });
  expect(queries).toBe(1);
  expect(now).toBe(text);
}, 120_000);
