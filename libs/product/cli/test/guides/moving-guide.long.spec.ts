import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Connection, openDatabase } from '@dms/databases';
import { copiedTables, deriveMapping } from '@dms/ods';
import { givenScript, trusted } from '@dms/sql';
import { ownSchema, ownSchemaFile, schemaSetOf } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ran } from '../ran.ts';

/*
 * The commands of docs/moving-from-the-ods.md, in order, and their output. The guide begins with an ODS and its schema
 * files, which are made here; DMS_ACCEPT_GUIDE=1 writes the current output of the commands into the guide.
 */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-moving-guide-'));
const place = (name: string) => path.join(scratch, name);
const guide = path.resolve(import.meta.dirname, '../../../../../docs/moving-from-the-ods.md');

/** The words of its commands that are files and folders in the folder of the test. */
const files = /^(?:out|first|documents|again|rejects\.jsonl|[\w.-]+\.json)$/;

/** Runs a command with its files in the folder; returns its output without the folder. */
async function printedBy(command: string) {
  const words = command.split(' ').map((word, index) => (index > 0 && files.test(word) ? place(word) : word));
  const { code, out, err } = await ran(words);
  return { code, text: `${out}${err}`.replaceAll(`${scratch}${path.sep}`, '') };
}

const embedded = (name: string) => ({ kind: 'embedded', dialect: 'pgsql', folder: place(name) }) as const;

async function inDatabase(name: string, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await openDatabase(embedded(name));
  try {
    await connection.begin();
    await work(connection);
    await connection.commit();
  } finally {
    await connection.close();
  }
}

const { mapping } = deriveMapping(schemaSetOf('v2', [ownSchema('district'), ownSchema('transport')]));

/** Copies the views of a database into a new ODS. */
async function makeOds(): Promise<void> {
  const tables = copiedTables(mapping, (schema) => schema);
  const rows = new Map<string, string>();
  const nameOf = ({ schema, pgsqlName }: (typeof tables)[number]['table']) => `${schema}.${pgsqlName.toLowerCase()}`;
  await inDatabase('documents-of-ods', async (connection) => {
    for (const { table } of tables) {
      const [found] = await connection.query<{ rows: string }>(
        trusted(`SELECT coalesce(json_agg(v), '[]')::text AS rows FROM ${nameOf(table)} v`),
      );
      rows.set(nameOf(table), found?.rows ?? '[]');
    }
  });
  await inDatabase('ods', async (connection) => {
    for (const schema of new Set(tables.map(({ table }) => table.schema)))
      await connection.execute(givenScript(`CREATE SCHEMA ${schema}`));
    for (const { table, create } of tables) {
      await connection.execute(givenScript(create));
      const name = nameOf(table);
      await connection.query(
        trusted(`INSERT INTO ${name} SELECT * FROM json_populate_recordset(NULL::${name}, $1::json)`),
        [rows.get(name)],
      );
    }
    await connection.execute(
      givenScript('ALTER TABLE edfi.staff ADD shoesize int; UPDATE edfi.staff SET shoesize = 42'),
    );
  });
}

beforeAll(async () => {
  for (const name of ['district', 'transport'] as const) copyFileSync(ownSchemaFile(name), place(`${name}.json`));
  process.env.ODS = `pglite:${place('ods')}`;
  process.env.CAMPUS_DB = `pglite:${place('campus')}`;
  process.env.ODS_DOCUMENTS = `pglite:${place('documents-of-ods')}`;
  for (const command of [
    'emit --schema district.json --schema transport.json --mapping-version v2 --output out',
    'provision --artifacts out --dialect pgsql --connection-env ODS_DOCUMENTS',
    'sample --artifacts out --documents 60 --output first',
    'load --artifacts out --dialect pgsql --connection-env ODS_DOCUMENTS first',
    'reporting apply --artifacts out --dialect pgsql --connection-env ODS_DOCUMENTS',
    'provision --artifacts out --dialect pgsql --connection-env CAMPUS_DB',
  ])
    expect(await printedBy(command)).toMatchObject({ code: 0 });
  await makeOds();
});

afterAll(() => {
  for (const name of ['ODS', 'CAMPUS_DB', 'ODS_DOCUMENTS']) delete process.env[name];
  rmSync(scratch, { recursive: true, force: true });
});

it('the guide prints what it says', async () => {
  const text = readFileSync(guide, 'utf8');
  let now = '';
  let end = 0;
  for (const { 0: whole, index, groups } of text.matchAll(/```console\n\$ dms-ddl (?<command>[^\n]*)\n[^`]*```/g)) {
    const command = groups?.command ?? '';
    now += `${text.slice(end, index)}\`\`\`console\n$ dms-ddl ${command}\n${(await printedBy(command)).text}\`\`\``;
    end = index + whole.length;
  }
  now += text.slice(end);
  if (process.env.DMS_ACCEPT_GUIDE) writeFileSync(guide, now);
  expect(end).toBeGreaterThan(0);
  expect(now).toBe(text);
});
