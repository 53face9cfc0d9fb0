import { DmsError, diagnostic } from '@dms/diagnostics';
import { dialectRules, engineLimits, givenScript } from '@dms/sql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engines, failureOf, type OpenedEngine } from '../../test/engines.ts';
import { driverCodeOf, errorMessage, failureKind, isRefusedRow } from './failure.ts';

/* Which failures are about a row that a statement writes, and which are not (design 09 §1.7.1). */

const failure = (
  driverCode: string | null,
  {
    code = 'DB_SQL',
    message = 'x',
    raised = false,
  }: {
    code?: 'DB_SQL' | 'DB_DEADLOCK' | 'DB_LOCK_TIMEOUT' | 'DB_CONNECTION_LOST' | 'DB_PERMISSION';
    message?: string;
    raised?: boolean;
  } = {},
) => new DmsError([diagnostic(code, message, {}, { driverCode, ...(raised ? { raised } : {}) })]);

it.each([
  [new Error('no route'), 'no route'],
  [{ code: 'ECONNREFUSED' }, 'ECONNREFUSED'],
  [{ message: '', code: 7 }, '7'],
  [new AggregateError([new Error('first'), new Error('second')], 'all'), 'first'],
  [new AggregateError([], 'none'), 'none'],
  [undefined, 'unknown failure'],
])('the message of %j is %s', (thrown, message) => {
  expect(errorMessage(thrown)).toBe(message);
});

describe('the kind of a failure', () => {
  it.each([
    ['pgsql', '23505', 'unique'],
    ['pgsql', '23503', 'foreign-key'],
    ['pgsql', '23001', 'foreign-key'],
    ['pgsql', '40001', 'transient'],
    ['pgsql', '40P01', 'transient'],
    ['pgsql', '55P03', 'transient'],
    ['pgsql', '23514', 'row'],
    ['pgsql', '22003', 'row'],
    ['pgsql', '54000', 'row'],
    ['pgsql', 'P0001', 'row'],
    ['pgsql', '44000', 'row'],
    ['pgsql', '45000', 'row'],
    ['pgsql', '42601', 'script'],
    ['pgsql', '42P01', 'script'],
    ['pgsql', '53100', 'server'],
    ['pgsql', 'XX001', 'server'],
    ['pgsql', '25P02', 'connection'],
    ['pgsql', 'ECONNRESET', 'connection'],
    ['mssql', '2627', 'unique'],
    ['mssql', '2601', 'unique'],
    ['mssql', '547', 'foreign-key'],
    ['mssql', '1205', 'transient'],
    ['mssql', '3960', 'transient'],
    ['mssql', '1222', 'transient'],
    ...(['511', '515', '1946', '2628', '8152', '8115', '8114', '241', '242', '245', '50000', '51234'] as const).map(
      (number) => ['mssql', number, 'row'] as const,
    ),
    ['mssql', '208', 'script'],
    ['mssql', '1105', 'server'],
    ['mssql', 'ESOCKET', 'connection'],
  ] as const)('%s: %s is %s', (dialect, code, kind) => {
    expect(failureKind(failure(code), dialect)).toBe(kind);
    expect(isRefusedRow(failure(code), dialect)).toBe(['unique', 'foreign-key', 'row'].includes(kind));
  });

  it('a function chooses its code, which says nothing about the session, except that the transaction may be repeated', () => {
    for (const code of ['42501', '57014', '28000', 'XX000', '55000', '0A000'])
      expect([
        failureKind(failure(code), 'pgsql') === 'row',
        failureKind(failure(code, { raised: true }), 'pgsql'),
      ]).toEqual([false, 'row']);
    expect(failureKind(failure('40001', { raised: true }), 'pgsql')).toBe('transient');
  });

  it('a trigger of SQL Server may ask for another try', () => {
    const message =
      'No lock on auth.X: another session writes education organizations. Run the transaction again. (50000)';
    expect(failureKind(failure('50000', { message }), 'mssql')).toBe('transient');
  });

  it('a deadlock and a lock timeout are transient; a lost session, or a failure without a code, is not about a row', () => {
    expect(failureKind(failure('40P01', { code: 'DB_DEADLOCK' }), 'pgsql')).toBe('transient');
    expect(failureKind(failure('1222', { code: 'DB_LOCK_TIMEOUT' }), 'mssql')).toBe('transient');
    expect(failureKind(failure('23505', { code: 'DB_CONNECTION_LOST' }), 'pgsql')).toBe('connection');
    expect(failureKind(failure('42501', { code: 'DB_PERMISSION' }), 'pgsql')).toBe('connection');
    expect(failureKind(failure(null), 'pgsql')).toBe('connection');
    expect(failureKind(new Error('x'), 'pgsql')).toBeNull();
  });
});

/** Objects with which a database refuses rows. */
const objects = `CREATE TABLE t (id int PRIMARY KEY CHECK (id < 1000), name varchar(20000), n numeric(3), kind text, half int GENERATED ALWAYS AS (100 / (id - 50)) STORED, parent int REFERENCES t);
CREATE INDEX ON t (name);
CREATE TABLE wide (${Array.from({ length: 1500 }, (_, index) => `c${index} bigint`).join(', ')});
CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$DECLARE found int; BEGIN
  IF NEW.kind = 'raise' THEN RAISE EXCEPTION 'no'; END IF;
  IF NEW.kind LIKE 'code %' THEN RAISE EXCEPTION USING ERRCODE = substr(NEW.kind, 6), MESSAGE = 'no'; END IF;
  IF NEW.kind = 'assert' THEN ASSERT false, 'no'; END IF;
  IF NEW.kind = 'case' THEN CASE NEW.id WHEN -1 THEN NULL; END CASE; END IF;
  IF NEW.kind = 'strict' THEN SELECT id INTO STRICT found FROM t WHERE id = -1; END IF;
  IF NEW.kind = 'subquery' THEN found := (SELECT g FROM generate_series(1, 2) AS g); END IF;
  IF NEW.kind = 'date' THEN PERFORM 'x'::date; END IF;
  IF NEW.kind = 'deep' THEN SET LOCAL max_stack_depth = '100kB'; INSERT INTO t (id, kind) VALUES (NEW.id, 'deep'); END IF;
  RETURN NEW; END$$;
CREATE TRIGGER look BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION look();
CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF NEW.kind = 'late' THEN RAISE EXCEPTION 'no'; END IF; RETURN NULL; END$$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late();
CREATE VIEW positive AS SELECT id FROM t WHERE id > 0 WITH CHECK OPTION;
CREATE DOMAIN short AS text CHECK (length(VALUE) < 3);
CREATE TABLE of_domain (a short);
CREATE TABLE parts (a int) PARTITION BY LIST (a);
CREATE TABLE apart (a int, EXCLUDE USING btree (a WITH =));
CREATE TABLE guarded (a int); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
CREATE TABLE closed (a int);
CREATE ROLE failure_kind_reader; GRANT INSERT ON guarded TO failure_kind_reader;
CREATE POLICY small ON guarded FOR INSERT TO failure_kind_reader WITH CHECK (a < 10)`;

/** Statements that fail because of their row; another row of the same table would be written. */
const ofRows: readonly (readonly [string, string])[] = [
  ['a repeated key', 'INSERT INTO t (id) VALUES (1); INSERT INTO t (id) VALUES (1)'],
  ['a check', 'INSERT INTO t (id) VALUES (1000)'],
  ['a NULL', 'INSERT INTO t (id) VALUES (NULL)'],
  ['a foreign key', 'INSERT INTO t (id, parent) VALUES (2, 77)'],
  [
    'an index entry that is too long',
    "INSERT INTO t (id, name) SELECT 3, string_agg(md5(g::text), '') FROM generate_series(1, 200) AS g",
  ],
  ['a row that is too long', `INSERT INTO wide VALUES (${Array.from({ length: 1500 }, () => '1').join(', ')})`],
  ['a text that is too long', "INSERT INTO t (id, name) VALUES (4, repeat('x', 20001))"],
  ['a number out of range', 'INSERT INTO t (id, n) VALUES (5, 1000)'],
  ['a generated column', 'INSERT INTO t (id) VALUES (50)'],
  ['a domain', "INSERT INTO of_domain VALUES ('xxx')"],
  ['no partition', 'INSERT INTO parts VALUES (1)'],
  ['an exclusion', 'INSERT INTO apart VALUES (1), (1)'],
  ['a view with a check', 'INSERT INTO positive VALUES (-5)'],
  ['a policy', 'SET LOCAL row_security = on; SET ROLE failure_kind_reader; INSERT INTO guarded VALUES (10)'],
  ['a deferred trigger', "INSERT INTO t (id, kind) VALUES (6, 'late'); COMMIT"],
  ...['raise', 'assert', 'case', 'strict', 'subquery', 'date', 'deep'].map(
    (kind) => [`a trigger: ${kind}`, `INSERT INTO t (id, kind) VALUES (7, '${kind}')`] as const,
  ),
  // one code of each class about the session, the server or the script, and codes that only a function uses
  ...[
    '08006',
    '0A000',
    '25006',
    '28000',
    '42501',
    '42P01',
    '53100',
    '55000',
    '57014',
    '57P01',
    '58030',
    'XX000',
    '45000',
    'ED001',
  ].map((code) => [`a trigger with the code ${code}`, `INSERT INTO t (id, kind) VALUES (8, 'code ${code}')`] as const),
];

/** Statements that fail whatever the rows are. */
const ofOthers: readonly (readonly [string, string])[] = [
  ['a mistake in the text', 'INSERT INTO t (id) VALUES (9'],
  ['a table that is not there', 'INSERT INTO nothing VALUES (1)'],
  ['a column that is not there', 'INSERT INTO t (nothing) VALUES (1)'],
  ['a type that does not fit', 'INSERT INTO t (id) VALUES (now())'],
  ['a right that is missing', 'SET ROLE failure_kind_reader; INSERT INTO closed VALUES (1)'],
  ['a transaction that only reads', 'SET TRANSACTION READ ONLY; INSERT INTO t (id) VALUES (10)'],
  ['a savepoint that is not there', 'ROLLBACK TO nothing'],
];

/** Statements for servers only: the embedded engine has no timers. */
const ofServers: typeof ofOthers = [
  ['a statement timeout', 'SET LOCAL statement_timeout = 20; INSERT INTO t (id) SELECT 11 FROM pg_sleep(5)'],
];

describe.each(engines())('a failure on $name', ({ name, open }) => {
  let opened: OpenedEngine;
  const kindOf = async (statement: string) => {
    const { connection } = opened;
    await connection.begin();
    try {
      return await failureOf(() => connection.execute(givenScript(statement)));
    } finally {
      await connection.rollback();
    }
  };
  beforeAll(async () => {
    opened = await open();
    await opened.connection.execute(givenScript(objects));
  });
  afterAll(async () => {
    await opened.connection.execute(givenScript('DROP OWNED BY failure_kind_reader; DROP ROLE failure_kind_reader'));
    await opened.close();
  });

  it.each(ofRows)('by %s is about a row', async (_, statement) => {
    expect(isRefusedRow(await kindOf(statement), 'pgsql')).toBe(true);
  });

  it('is that of a key which is longer than the limits say, and of no shorter one', async () => {
    const { keyOverhead, size } = dialectRules.pgsql.storage;
    const keyBytes = engineLimits.keyBytes.most.pgsql;
    const longest = (keyBytes - keyOverhead(1) - 4) / 4;
    expect(keyOverhead(1) + size({ kind: 'String', maxLength: longest, decimal: null }).most).toBe(keyBytes);
    const letters = (count: number) =>
      `(SELECT string_agg(chr(65536 + (('x' || substr(md5(g::text), 1, 8))::bit(32)::bigint % 50000)::int), '') FROM generate_series(1, ${count}) AS g)`;
    const { connection } = opened;
    await connection.execute(givenScript('CREATE TABLE keyed (a varchar PRIMARY KEY)'));
    await connection.execute(givenScript(`INSERT INTO keyed VALUES (${letters(longest)})`));
    expect(driverCodeOf(await kindOf(`INSERT INTO keyed VALUES (${letters(longest + 1)})`))).toBe('54000');
  });

  it.each(name === 'PGlite' ? ofOthers : [...ofOthers, ...ofServers])('by %s is about no row', async (_, statement) => {
    const error = await kindOf(statement);
    expect([isRefusedRow(error, 'pgsql'), failureKind(error, 'pgsql')]).toEqual([
      false,
      expect.stringMatching(/^(script|server|connection)$/),
    ]);
  });
});
