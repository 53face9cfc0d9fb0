import type { Catalog, CatalogTable } from '@dms/catalog';
import { pgsqlEncodingLine, pgsqlTokens } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import { pgsqlTextFindings } from './pgsql-checks.ts';

const emptyCatalog: Catalog = {
  dialect: 'pgsql',
  mappingVersion: null,
  roles: [],
  grants: [],
  schemas: [],
  extensions: [],
  sequences: [],
  tables: [],
  views: [],
  functions: [],
  tableTypes: [],
  fingerprint: null,
};

const brief = (script: string, catalog = emptyCatalog) =>
  pgsqlTextFindings(script, pgsqlTokens(script), catalog).map(({ id, text }) => `${id}: ${text}`);
const ofScript = (text: string) => brief(`SELECT 1;\n${text}\n\n`);

describe('S4: rights of a role', () => {
  const catalog = { ...emptyCatalog, roles: [{ name: 'owner', attributes: [], memberOf: [] }] };
  const found = (text: string) => brief(`SELECT 1;\n${text}\n\n`, catalog);

  it.each([
    'GRANT SELECT ON TABLE "s"."T" TO "owner";',
    'REVOKE CREATE ON SCHEMA "s" FROM "owner";',
    'REVOKE INSERT ON TABLE "s"."T" FROM PUBLIC;',
  ])('accepts %s', (statement) => {
    expect(found(statement)).toEqual([]);
  });

  it.each([
    ['GRANT SELECT ON TABLE "s"."T" TO "other";', 'GRANT'],
    ['GRANT SELECT ON TABLE "s"."T" TO PUBLIC;', 'GRANT'],
    ['REVOKE SELECT ON TABLE "s"."T" FROM "other";', 'REVOKE'],
    ['GRANT SELECT ON TABLE "s"."T" TO "owner" WITH GRANT OPTION;', 'GRANT'],
  ])('refuses %s', (statement, words) => {
    expect(found(statement)).toEqual([`S4: line 2: the statement ${words} is not allowed`]);
  });
});

describe('S4: statements', () => {
  it.each([
    'CREATE TABLE IF NOT EXISTS "s"."T" ();',
    'CREATE INDEX IF NOT EXISTS "i" ON "s"."T" ("A");',
    'ALTER TABLE "s"."T" ADD COLUMN "A" integer;',
    'INSERT INTO "s"."T" ("A") VALUES (1);',
    'DROP TRIGGER IF EXISTS "t" ON "s"."T";',
    'DROP INDEX "i";',
    'CREATE EXTENSION IF NOT EXISTS "pgcrypto";',
    // refused words inside a statement
    'UPDATE "s"."T" SET "A" = 1;',
    'SELECT "COMMIT", \'; COMMIT;\' FROM "s"."DROP"; -- ; COMMIT;',
    'DO $body$\nBEGIN\n    DROP TABLE "s"."T";\nEND\n$body$;',
    'SELECT 1 \\ 2;',
  ])('accepts %s', (statement) => {
    expect(ofScript(statement)).toEqual([]);
  });

  it('accepts the line that says the encoding, at the beginning alone', () => {
    expect(brief(`${pgsqlEncodingLine}SELECT 1;\n\n`)).toEqual([]);
    expect(brief(`${pgsqlEncodingLine}${pgsqlEncodingLine}`)).toEqual(['S4: line 3: the statement SET is not allowed']);
  });

  it.each([
    ['BEGIN;', 'BEGIN'],
    ['START TRANSACTION;', 'START TRANSACTION'],
    ['commit;', 'COMMIT'],
    ['END;', 'END'],
    ['ABORT;', 'ABORT'],
    ["PREPARE TRANSACTION 'a';", 'PREPARE TRANSACTION'],
    ['ROLLBACK TO a;', 'ROLLBACK'],
    ['SAVEPOINT a;', 'SAVEPOINT'],
    ['ALTER DATABASE "d" SET a = 1;', 'ALTER DATABASE'],
    ['CREATE DATABASE "d";', 'CREATE DATABASE'],
    ['DROP TABLE "s"."T";', 'DROP TABLE'],
    ['DROP SCHEMA "s";', 'DROP SCHEMA'],
    ['DROP VIEW "s"."V";', 'DROP VIEW'],
    ['DROP FUNCTION "s"."F";', 'DROP FUNCTION'],
    ['TRUNCATE "s"."T";', 'TRUNCATE'],
    ['GRANT SELECT ON "s"."T" TO PUBLIC;', 'GRANT'],
    ['REVOKE SELECT ON "s"."T" FROM PUBLIC;', 'REVOKE'],
    ['SET search_path = a;', 'SET'],
    ['RESET search_path;', 'RESET'],
    ['VACUUM;', 'VACUUM'],
    ['COPY "s"."T" FROM STDIN;', 'COPY'],
    ['CREATE INDEX CONCURRENTLY "i" ON "s"."T" ("A");', 'CREATE INDEX CONCURRENTLY'],
    ['CREATE UNIQUE INDEX CONCURRENTLY "i" ON "s"."T" ("A");', 'CREATE UNIQUE INDEX CONCURRENTLY'],
  ])('refuses %s', (statement, words) => {
    expect(ofScript(statement)).toEqual([`S4: line 2: the statement ${words} is not allowed`]);
  });

  it.each([
    ['ALTER TABLE "s"."T" DROP COLUMN "A";', 'the statement drops a column'],
    ['\\i other.sql', 'a command of psql'],
  ])('refuses %s as well', (statement, fault) => {
    expect(ofScript(statement)).toEqual([`S4: line 2: ${fault}`]);
  });
});

it('S2: accepts closed quotes and refuses open ones', () => {
  expect(ofScript("SELECT 'a', \"b\", $$ ' $$;")).toEqual([]);
  for (const text of ["SELECT 'a;", 'SELECT "a;', 'SELECT $$ a;'])
    expect(ofScript(text)).toContain('S2: line 2: a quote that is never closed');
});

it('S13: refuses a text without the form of a script', () => {
  expect(brief('SELECT 1;\n')).toEqual(['S13: the script must end with one empty line']);
});

describe('S14: characters', () => {
  it('accepts those beyond ASCII only in names, texts and bodies', () => {
    expect(ofScript('SELECT \'größer\', "größer", $$größer$$;')).toEqual([]);
    expect(ofScript('SELECT größer;')).toEqual(['S14: line 2: a character beyond ASCII in an unquoted word']);
    expect(ofScript('SELECT 1 → 2;')).toEqual(['S14: line 2: a character beyond ASCII in an unquoted word']);
    expect(ofScript('-- größer')).toEqual(['S14: line 2: a character beyond ASCII in a comment']);
  });

  it('refuses control characters', () => {
    expect(ofScript("SELECT '\u0007';")).toEqual(['S14: line 2 has a control character']);
  });
});

describe('S8: names', () => {
  const column = {
    type: 'integer',
    nullable: true,
    identity: null,
    default: null,
    generated: null,
    collation: null,
  } as const;
  const table = (schema: string, name: string, parts: Partial<CatalogTable> = {}): CatalogTable => ({
    schema,
    name,
    storage: 'ordinary',
    columns: [],
    primaryKey: null,
    uniques: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    triggers: [],
    ...parts,
  });
  const columns = (...names: readonly string[]) => names.map((name) => ({ ...column, name }));
  const key = (name: string) => ({ name, columns: ['A'], clustered: null });
  const check = (name: string) => ({ name, expression: '"A" = 1', validated: true });
  const index = (name: string) => ({
    name,
    unique: false,
    columns: ['A'],
    include: [],
    predicate: null,
    plain: true,
    valid: true,
  });
  const trigger = (name: string): CatalogTable['triggers'][number] => ({
    name,
    timing: 'AFTER',
    level: 'ROW',
    events: ['INSERT'],
    updateOf: [],
    oldTable: null,
    newTable: null,
    when: null,
    enabled: true,
    function: null,
    body: null,
  });
  const foreignKey = (name: string): CatalogTable['foreignKeys'][number] => ({
    name,
    columns: ['A'],
    target: { schema: 's', table: 'T' },
    targetColumns: ['A'],
    onDelete: 'CASCADE',
    onUpdate: 'NO ACTION',
    deferrable: false,
    validated: true,
  });
  const routine = (name: string, args: string): Catalog['functions'][number] => ({
    schema: 's',
    name,
    arguments: args,
    result: 'integer',
    language: 'sql',
    volatility: null,
    strict: null,
    securityDefiner: false,
    settings: [],
    owner: null,
    publicExecute: true,
    body: '',
  });
  const view = (name: string) => ({ schema: 's', name, columns: [], body: '' });
  const sequence = (name: string): Catalog['sequences'][number] => ({
    schema: 's',
    name,
    type: 'bigint',
    start: '1',
    increment: '1',
    min: '1',
    max: '9',
    cycle: false,
  });
  const ofCatalog = (parts: Partial<Catalog>) => brief('SELECT 1;\n\n', { ...emptyCatalog, ...parts });
  const longest = 'x'.repeat(63);

  it.each<[string, Partial<Catalog>]>([
    ['tables of two schemas', { tables: [table('s', 'T'), table('r', 'T')] }],
    ['tables that differ in case', { tables: [table('s', 'T'), table('s', 't')] }],
    ['a table and its column', { tables: [table('s', 'T', { columns: columns('T') })] }],
    [
      'columns and constraints of two tables',
      {
        tables: ['T', 'U'].map((name) =>
          table('s', name, { columns: columns('A'), checks: [check('C')], foreignKeys: [foreignKey('F')] }),
        ),
      },
    ],
    ['triggers of two tables', { tables: ['T', 'U'].map((name) => table('s', name, { triggers: [trigger('R')] })) }],
    ['functions with other arguments', { functions: [routine('F', 'a integer'), routine('F', '')] }],
    ['a function and a table', { functions: [routine('T', '')], tables: [table('s', 'T')] }],
    [
      'a table, a column and a check, of 63 bytes',
      { tables: [table('s', longest, { columns: columns(longest), checks: [check(longest)] })] },
    ],
  ])('accepts equal names of %s', (_, parts) => {
    expect(ofCatalog(parts)).toEqual([]);
  });

  it.each<[string, Partial<Catalog>, readonly string[]]>([
    ['two tables', { tables: [table('s', 'T'), table('s', 'T')] }, ['s.T has the name of s.T']],
    ['a table and a view', { tables: [table('s', 'T')], views: [view('T')] }, ['s.T has the name of s.T']],
    ['a table and a sequence', { tables: [table('s', 'T')], sequences: [sequence('T')] }, ['s.T has the name of s.T']],
    ['two functions', { functions: [routine('F', ''), routine('F', '')] }, ['s.F has the name of s.F']],
    ['two columns', { tables: [table('s', 'T', { columns: columns('A', 'A') })] }, ['s.T.A has the name of s.T.A']],
    [
      'two constraints of a table',
      { tables: [table('s', 'T', { foreignKeys: [foreignKey('C')], checks: [check('C')] })] },
      ['constraint C of s.T has the name of constraint C of s.T'],
    ],
    [
      'two triggers of a table',
      { tables: [table('s', 'T', { triggers: [trigger('R'), trigger('R')] })] },
      ['trigger R of s.T has the name of trigger R of s.T'],
    ],
    [
      'an index and a table',
      { tables: [table('s', 'T', { indexes: [index('T')] })] },
      ['index T of s.T has the name of s.T'],
    ],
    [
      'the keys of two tables, which are indexes of the schema',
      { tables: ['T', 'U'].map((name) => table('s', name, { uniques: [key('K')] })) },
      ['index K of s.U has the name of index K of s.T'],
    ],
    [
      'a primary key and an index of another table',
      { tables: [table('s', 'T', { primaryKey: key('K') }), table('s', 'U', { indexes: [index('K')] })] },
      ['index K of s.U has the name of index K of s.T'],
    ],
  ])('refuses equal names of %s', (_, parts, expected) => {
    expect(ofCatalog(parts)).toEqual(expected.map((text) => `S8: ${text}`));
  });

  it('refuses names of 64 bytes', () => {
    const wide = 'ä'.repeat(32);
    expect(ofCatalog({ tables: [table('s', 'T', { columns: columns(`${longest}x`) })], views: [view(wide)] })).toEqual([
      `S8: the name of s.${wide} is longer than 63 bytes`,
      `S8: the name of s.T.${longest}x is longer than 63 bytes`,
    ]);
  });
});
