import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connection, openDatabase } from '@dms/databases';
import { ownSchemaFile } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../test/ran.ts';

/* The commands and the SQL of docs/reporting.md, in order, and what the commands print. DMS_ACCEPT_GUIDE=1 writes that into it. */

const root = path.resolve(import.meta.dirname, '../../..');
const guide = path.join(root, 'docs', 'reporting.md');
const scratch = mkdtempSync(path.join(tmpdir(), 'dms-reporting-guide-'));
const place = (name: string) => path.join(scratch, name);
const database = { kind: 'embedded', dialect: 'pgsql', folder: place('database') } as const;

/** Runs a line of the guide with its files in the scratch folder, which is not in what it prints. */
async function printedBy(command: string) {
  const words = command.split(' ').map((word, index) => {
    return index > 0 && /^(?:out|sample|[\w.-]+\.json)$/.test(word) ? place(word) : word;
  });
  const { code, out, err } = await ran(words);
  return { code, text: `${out}${err}`.replaceAll(`${scratch}${path.sep}`, '') };
}

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
    expect(await printedBy(command)).toMatchObject({ code: 0 });
}, 120_000);

afterAll(() => {
  delete process.env.CAMPUS_DB;
  rmSync(scratch, { recursive: true, force: true });
});

const blocks = /```(?:console\n\$ dms-ddl (?<command>[^\n]*)\n[^`]*|sql\n(?<sql>[^`]*))```/g;

it('the guide prints what it says, and its SQL runs', async () => {
  const text = readFileSync(guide, 'utf8');
  let found = '';
  let end = 0;
  let queries = 0;
  for (const { 0: whole, index, groups } of text.matchAll(blocks)) {
    const { command, sql } = groups ?? {};
    if (sql?.startsWith('SELECT')) {
      queries += 1;
      expect((await inDatabase((connection) => connection.query(sql))).length).toBeGreaterThan(0);
    } else if (sql !== undefined) await inDatabase((connection) => connection.execute(sql));
    const now = command === undefined ? whole : `\`\`\`console\n$ dms-ddl ${command}\n${(await printedBy(command)).text}\`\`\``;
    found += text.slice(end, index) + now;
    end = index + whole.length;
  }
  found += text.slice(end);
  expect(queries).toBe(1);
  if (process.env.DMS_ACCEPT_GUIDE) writeFileSync(guide, found);
  expect(found).toBe(text);
}, 120_000);
