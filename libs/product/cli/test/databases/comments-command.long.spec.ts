import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type OwnSchema, openSession, ownSchema, serverUrl } from '@dms/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* comments on the command line (design 13 §8). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-comments-'));
const place = (...names: string[]) => path.join(scratch, ...names);
/** The variable with the connection of each database. */
const databases = { v1: 'DMS_TEST_COMMENTS_V1', v2: 'DMS_TEST_COMMENTS_V2', other: 'DMS_TEST_COMMENTS_OTHER' } as const;
const databaseOf = (variable: string) => `${variable.toLowerCase()}_${process.pid}`;
let server: string;

beforeAll(async () => {
  server = await serverUrl();
  for (const variable of Object.values(databases)) {
    const url = new URL(server);
    url.pathname = `/${databaseOf(variable)}`;
    process.env[variable] = url.href;
  }
});
afterAll(async () => {
  const session = await openSession(server);
  for (const variable of Object.values(databases)) {
    await session.exec(`DROP DATABASE IF EXISTS "${databaseOf(variable)}" WITH (FORCE)`);
    delete process.env[variable];
  }
  await session.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** A schema of ours whose student has definitions. */
function definedSchema(name: OwnSchema): string {
  const schema = ownSchema(name);
  const student = schema.projectSchema.resourceSchemas.students.jsonSchemaForInsert;
  student.description = 'Somebody who learns.';
  student.properties.studentUniqueId.description = "The student's number.";
  writeFileSync(place(`${name}.json`), JSON.stringify(schema));
  return place(`${name}.json`);
}

/** The comments on tables of a database. */
async function commentsIn(variable: string) {
  const session = await openSession(process.env[variable] ?? '');
  try {
    return await session.query(
      `SELECT c.relname || coalesce('.' || a.attname, '') AS object, d.description AS text
FROM pg_description d JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
WHERE c.relnamespace::regnamespace::text IN ('campus', 'edfi') ORDER BY 1`,
    );
  } finally {
    await session.close();
  }
}

it.each([
  ['v1', 'campus'],
  ['v2', 'district'],
] as const)(
  '%s: writes the scripts, applies them twice, and check finds no difference',
  async (mappingVersion, name) => {
    const out = place(`${name}-out`);
    const variable = databases[mappingVersion];
    const schema = definedSchema(name);
    const generation = ['--mapping-version', mappingVersion];
    expect(await ran(['emit', '--schema', schema, ...generation, '--output', out])).toMatchObject({ code: 0 });
    const before = readdirSync(out);
    const emitted = await ran(['comments', 'emit', '--artifacts', out, '--json']);
    expect([emitted.code, jsonLines(emitted.out)]).toEqual([
      0,
      [expect.objectContaining({ command: 'comments emit', comments: expect.any(Number) })],
    ]);
    const added = readdirSync(out).filter((file) => !before.includes(file));
    expect(added).toEqual(['comments.mssql.sql', 'comments.pgsql.sql']);

    // the schemas alone give the same bytes
    const alone = ['comments', 'emit', '--schema', schema, ...generation, '--output', place(`${name}-alone`)];
    expect(await ran(alone)).toMatchObject({ code: 0 });
    expect(readdirSync(place(`${name}-alone`)).sort()).toEqual(added);
    for (const file of added)
      expect(readFileSync(place(`${name}-alone`, file))).toEqual(readFileSync(path.join(out, file)));

    const at = ['--artifacts', out, '--dialect', 'pgsql', '--connection-env', variable];
    expect(await ran(['provision', ...at, '--create-database'])).toMatchObject({ code: 0 });
    expect(await commentsIn(variable)).toEqual([]);
    for (const _ of ['first', 'again']) {
      const applied = await ran(['comments', 'apply', ...at]);
      expect([applied.code, applied.out]).toEqual([0, expect.stringMatching(/^Applied \d+ comments?\n/)]);
      expect(await commentsIn(variable)).toEqual(
        expect.arrayContaining([
          { object: 'Student', text: 'Somebody who learns.' },
          { object: 'Student.StudentUniqueId', text: "The student's number." },
        ]),
      );
    }
    const fleet = place(`${name}-fleet.json`);
    writeFileSync(fleet, JSON.stringify({ databases: [{ name: 'one', env: variable }] }));
    const inFleet = await ran([
      'comments',
      'apply',
      '--artifacts',
      out,
      '--dialect',
      'pgsql',
      '--fleet',
      fleet,
      '--json',
    ]);
    expect([inFleet.code, inFleet.out]).toEqual([0, expect.stringContaining('"outcome":"applied"')]);
    const check = await ran(['check', ...at]);
    expect([check.code, check.out, check.err]).toEqual([
      0,
      expect.stringMatching(/^pgsql: 0 differences [\s\S]*Check: passed\n$/),
      '',
    ]);
  },
);

it('refuses a database of another schema set, which then has no comment', async () => {
  const schema = place('other.json');
  const other = ownSchema('campus');
  other.projectSchema.resourceSchemas.students.jsonSchemaForInsert.properties.studentUniqueId.maxLength = 31;
  writeFileSync(schema, JSON.stringify(other));
  const at = (file: string) => ['--schema', file, '--dialect', 'pgsql', '--connection-env', databases.other];
  expect(await ran(['provision', ...at(schema), '--create-database'])).toMatchObject({ code: 0 });
  const { code, err } = await ran(['comments', 'apply', ...at(definedSchema('campus'))]);
  expect([code, err]).toEqual([1, expect.stringContaining('GATE_')]);
  expect(await commentsIn(databases.other)).toEqual([]);
});

it('says what is missing', async () => {
  const without = await ran(['comments', 'apply', '--schema', place('campus.json'), '--dialect', 'pgsql']);
  expect([without.code, without.err]).toEqual([2, expect.stringContaining('--connection')]);
  const nowhere = await ran(['comments', 'emit', '--artifacts', place('nowhere')]);
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining('INPUT_FILE_NOT_FOUND')]);
});
