import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createScratchDatabase,
  inTurn,
  openSession,
  ownSchemaFile,
  type PostgresDatabase,
  type TestDatabase,
} from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonLines, ran } from '../ran.ts';

/* The advice of check is followed, and then the database equals the schema set (design 09a §2.6). */

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-repair-catalog-'));
const place = (name: string) => path.join(scratch, name);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each([
  ['v1', 'campus', 'campus'],
  ['v2', 'district', 'edfi'],
] as const)('a database of %s whose catalog has drifted', (generation, project, schema) => {
  let database: PostgresDatabase;
  let session: TestDatabase;
  const out = place(generation);
  const at = () => ['--artifacts', out, '--dialect', 'pgsql', '--connection', database.url];
  const check = (...options: readonly string[]) => ran(['check', ...at(), ...options]);

  beforeAll(async () => {
    database = await createScratchDatabase();
    session = await openSession(database.url);
    for (const args of [
      [
        'emit',
        '--schema',
        ownSchemaFile(project),
        '--mapping-version',
        generation,
        '--dialect',
        'pgsql',
        '--output',
        out,
      ],
      ['provision', ...at()],
      ['sample', '--artifacts', out, '--documents', '20', '--output', place(`${generation}-sample`)],
      ['load', place(`${generation}-sample`), ...at()],
    ]) {
      const { code, err } = await ran(args);
      expect(code, err).toBe(0);
    }
  });
  afterAll(async () => {
    await session.close();
    await database.drop();
  });

  /** Runs a statement for the first object of a query, whose only column is `name`. */
  const forFirst = (query: string, statement: string) =>
    session.exec(`DO $do$ DECLARE found text; BEGIN SELECT name INTO STRICT found FROM (${query}) q ORDER BY name LIMIT 1;
EXECUTE replace($st$${statement}$st$, '@', found); END $do$`);

  /** Every row with the transaction that wrote it. */
  const rows = () =>
    session.query(`SELECT xmin::text AS written, "DocumentId"::text AS id FROM ${schema}."Student" ORDER BY 2`);

  const index = `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisunique AND indrelid::regclass::text LIKE '${schema}.%'`;
  const trigger = `SELECT format('%I ON %s', tgname, tgrelid::regclass) AS name FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE '${schema}.%'`;
  const triggerTable = `SELECT format('%s DISABLE TRIGGER %I', tgrelid::regclass, tgname) AS name FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE '${schema}.%'`;
  const routine = `SELECT DISTINCT tgfoid::regprocedure::text AS name FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE '${schema}.%'`;
  const view = `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace::regnamespace::text IN ('${schema}', 'auth')`;
  const table = `SELECT '${schema}."Student"' AS name`;

  const repairable: readonly (readonly [what: string, query: string, statement: string])[] = [
    ['a dropped index', index, 'DROP INDEX @'],
    ['a renamed index', index, 'ALTER INDEX @ RENAME TO other_name'],
    ['another unique index', table, 'CREATE UNIQUE INDEX more ON @ ("DocumentId")'],
    ['a dropped trigger', trigger, 'DROP TRIGGER @'],
    ['a renamed trigger', trigger, 'ALTER TRIGGER @ RENAME TO other_name'],
    ['a disabled trigger', triggerTable, 'ALTER TABLE @'],
    [
      'a trigger of somebody else',
      table,
      `CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER more AFTER UPDATE ON @ FOR EACH ROW EXECUTE FUNCTION public.f()`,
    ],
    ['a function with a setting', routine, 'ALTER FUNCTION @ SET work_mem = 65536'],
    ['a function that is gone', routine, 'DROP FUNCTION @ CASCADE'],
    // the schemas of the first generation in this test have no view
    ...(generation === 'v1'
      ? []
      : ([
          ['a view that is gone', view, 'DROP VIEW @ CASCADE'],
          ['a view with an option', view, 'ALTER VIEW @ SET (security_barrier = true)'],
        ] as const)),
  ];

  // the objects are of the same kinds in both generations
  it.each(inTurn(['v1', 'v2'], generation, repairable))(
    '%s is repaired by what check advises',
    async (_, query, statement) => {
      await forFirst(query, statement);
      const before = await rows();
      const { code, err, out: told } = await check('--strict');
      expect(code).toBe(1);
      const [, command = ''] = /dms-ddl (check --repair-catalog) repairs it\./.exec(err) ?? [];
      expect(command, err).not.toBe('');
      expect(told).toContain('To repair it, dms-ddl check --repair-catalog runs:');
      const planned = await check('--repair-catalog', '--dry-run');
      expect(planned.out).toMatch(/^The repair, which was not run:\n(?:CREATE|DROP|ALTER|GRANT|REVOKE) /m);
      expect(await check('--strict')).toMatchObject({ code: 1 });
      const done = await ran([...command.split(' '), ...at()]);
      expect(done.code, done.err).toBe(0);
      expect(done.out).toMatch(/^Repaired: \d+ differences?$/m);
      expect(await check('--strict')).toMatchObject({ code: 0 });
      expect(await rows()).toEqual(before);
    },
  );

  it('by a renamed trigger is refused by provision and upgrade, which advise the same', async () => {
    await forFirst(trigger, 'ALTER TRIGGER @ RENAME TO other_name');
    const again = await ran(['provision', ...at(), '--if-same', 'apply']);
    expect(again.err).toContain('dms-ddl check --repair-catalog repairs it.');
    expect(again.err).not.toContain('dms-ddl provision');
    const upgrade = await ran(['upgrade', 'apply', '--before', out, '--after', out, '--connection', database.url]);
    expect(upgrade.err).toContain('dms-ddl check --repair-catalog repairs it.');
    expect(await check('--repair-catalog')).toMatchObject({ code: 0 });
  });

  it.each([
    [
      'a column with values',
      `ALTER TABLE ${schema}."Student" ADD more int DEFAULT 1`,
      `column ${schema}.Student.more: it may hold values`,
      `ALTER TABLE ${schema}."Student" DROP more`,
    ],
    [
      'a table',
      `CREATE TABLE ${schema}.more (id int)`,
      `table ${schema}.more: it may hold rows`,
      `DROP TABLE ${schema}.more`,
    ],
    [
      'a view',
      `CREATE VIEW ${schema}.more AS SELECT 1 AS id`,
      `view ${schema}.more: somebody else made it`,
      `DROP VIEW ${schema}.more`,
    ],
  ])('%s of somebody else is left to a person', async (_, statement, text, undo) => {
    await session.exec(statement);
    try {
      const told = await check('--strict');
      expect(told.code).toBe(1);
      expect(told.err).not.toContain('--repair-catalog');
      expect(told.out).toContain(`A person must decide about:\n  ${text}`);
      const { code, out: repaired } = await check('--strict', '--repair-catalog');
      expect(code).toBe(1);
      expect(repaired).toContain(text);
    } finally {
      // this would fail if the repair had removed it
      await session.exec(undo);
    }
    expect(await check('--strict')).toMatchObject({ code: 0 });
  });

  it('waits for locks no longer than it may, and changes nothing then', async () => {
    await forFirst(trigger, 'ALTER TRIGGER @ RENAME TO other_name');
    const other = await openSession(database.url);
    try {
      await other.exec(`BEGIN; LOCK TABLE ${schema}."Student", dms."Document" IN ROW EXCLUSIVE MODE`);
      const names = await session.query<{ name: string }>(
        "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'other_name'",
      );
      await other.exec(`LOCK TABLE ${names[0]?.name} IN ROW EXCLUSIVE MODE`);
      const { code, err } = await check('--repair-catalog', '--lock-timeout', '1');
      expect(code).toBe(1);
      expect(err).toMatch(/DB_LOCK_TIMEOUT/);
      await other.exec('ROLLBACK');
    } finally {
      await other.close();
    }
    expect(await check('--strict')).toMatchObject({ code: 1 });
    expect(await check('--repair-catalog')).toMatchObject({ code: 0 });
  });

  it('says it for machines', async () => {
    await forFirst(index, 'DROP INDEX @');
    const [result] = jsonLines((await check('--json')).out);
    expect(result.repair).toMatchObject({
      state: 'told',
      statements: [expect.stringMatching(/^CREATE INDEX /)],
      repaired: [{ object: 'index', change: 'missing' }],
      left: [],
    });
    expect(await check('--repair-catalog')).toMatchObject({ code: 0 });
  });
});

it.each([
  [['--dry-run'], "option '--dry-run' needs '--repair-catalog'"],
  [['--lock-timeout', '1'], "option '--lock-timeout <seconds>' needs '--repair-catalog'"],
])('%j alone is wrong use', async (options, text) => {
  const { code, err } = await ran([
    'check',
    '--artifacts',
    scratch,
    '--dialect',
    'pgsql',
    '--connection',
    'pglite',
    ...options,
  ]);
  expect(code).toBe(2);
  expect(err).toContain(text);
});
