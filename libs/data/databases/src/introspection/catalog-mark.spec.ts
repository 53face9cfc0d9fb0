import { readFileSync } from 'node:fs';
import { givenScript, textOf } from '@dms/sql';
import { createScratchDatabase, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTarget } from '../addressing/parse-target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { catalogMark, introspectHere, markedCatalogs } from './introspect.ts';
import { pgsqlQueries } from './pgsql-queries.ts';

/*
 * The mark shows whether another session has changed a catalog, and a reading reuses rows of an earlier one (design 12a
 * §1).
 */

const script = `CREATE SCHEMA dms; CREATE SCHEMA other;
CREATE TABLE dms."EffectiveSchema" ("Hash" text NOT NULL);
INSERT INTO dms."EffectiveSchema" VALUES ('one');
CREATE TABLE dms.target (id int CONSTRAINT pk_target PRIMARY KEY, name text, CONSTRAINT ux_target UNIQUE (name));
CREATE TABLE dms.source (id int PRIMARY KEY, target int CONSTRAINT fk_source REFERENCES dms.target, size int DEFAULT 1 CHECK (size > 0));
CREATE INDEX ix_source ON dms.source (target);
CREATE VIEW dms.both AS SELECT s.id, t.name FROM dms.source AS s JOIN dms.target AS t ON t.id = s.target;
CREATE FUNCTION dms.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER touched AFTER INSERT ON dms.source FOR EACH ROW EXECUTE FUNCTION dms.touch();`;

const changes = [
  'ALTER TABLE dms.source ADD COLUMN more varchar(3)',
  'ALTER TABLE dms.source DROP COLUMN size',
  'ALTER TABLE dms.target RENAME COLUMN name TO label',
  'ALTER TABLE dms.source ALTER COLUMN size SET DEFAULT 2',
  'ALTER TABLE dms.source ALTER COLUMN size DROP DEFAULT',
  'ALTER TABLE dms.source ALTER COLUMN target SET NOT NULL',
  'ALTER TABLE dms.source ALTER COLUMN size TYPE bigint',
  'ALTER TABLE dms.source RENAME TO origin',
  'ALTER TABLE dms.source SET SCHEMA other',
  'ALTER TABLE dms.source SET (fillfactor = 70)',
  'ALTER TABLE dms.source DROP CONSTRAINT fk_source',
  'ALTER TABLE dms.target DROP CONSTRAINT pk_target CASCADE',
  'ALTER TABLE dms.target RENAME CONSTRAINT ux_target TO ux_other',
  'ALTER TABLE dms.source ADD CONSTRAINT ck_source CHECK (id > 0) NOT VALID',
  'ALTER TABLE dms.source ADD CONSTRAINT fk_self FOREIGN KEY (size) REFERENCES dms.source',
  'ALTER TABLE dms.target DISABLE TRIGGER ALL',
  'ALTER TABLE dms.source DISABLE TRIGGER touched',
  'ALTER TABLE dms.source ENABLE ROW LEVEL SECURITY',
  'ALTER INDEX dms.ix_source RENAME TO ix_other',
  'DROP INDEX dms.ix_source',
  'CREATE INDEX ix_more ON dms.source (id) WHERE size > 1',
  'CREATE TABLE dms.third (id int PRIMARY KEY REFERENCES dms.target)',
  'CREATE TABLE other.child () INHERITS (dms.target)',
  'DROP TABLE dms.source CASCADE',
  'DROP VIEW dms.both',
  'CREATE OR REPLACE VIEW dms.both AS SELECT s.id, t.name FROM dms.source AS s JOIN dms.target AS t ON t.id = s.id',
  'CREATE OR REPLACE FUNCTION dms.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
  'DROP TRIGGER touched ON dms.source',
  'CREATE SEQUENCE dms.counter',
  "CREATE TYPE dms.mood AS ENUM ('good')",
  'CREATE POLICY mine ON dms.source USING (true)',
  'CREATE STATISTICS dms.pairs ON id, target FROM dms.source',
  'CREATE PUBLICATION told FOR TABLE dms.source',
  "COMMENT ON TABLE dms.source IS 'told'",
  'CREATE SCHEMA third',
  'CREATE EXTENSION pgcrypto',
  `UPDATE dms."EffectiveSchema" SET "Hash" = 'two'`,
];

let database: PostgresDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createScratchDatabase();
  const { target } = parseTarget(database.url, 'pgsql');
  if (target.kind === 'static') throw new Error(target.kind);
  connection = await openDatabase(target);
  await connection.execute(givenScript(script));
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

describe('after a change', () => {
  it.each(changes)('%s', async (change) => {
    await connection.begin();
    try {
      const first = await introspectHere(connection);
      const mark = await catalogMark(connection);
      expect(await catalogMark(connection)).toBe(mark);
      await connection.execute(givenScript(change));
      expect(await catalogMark(connection)).not.toBe(mark);
      const again = await introspectHere(connection, {}, first.read);
      expect(again.catalog).toEqual((await introspectHere(connection)).catalog);
    } finally {
      await connection.rollback();
    }
  });
});

it('rows that are written change no mark', async () => {
  await connection.begin();
  const mark = await catalogMark(connection);
  await connection.execute(givenScript('INSERT INTO dms.target VALUES (1)'));
  expect(await catalogMark(connection)).toBe(mark);
  await connection.rollback();
});

it('every system catalog that is read of a database is marked, or changes only with one that is', () => {
  const marked: ReadonlySet<string> = new Set(markedCatalogs);
  /**
   * Catalogs without a mark: shared by the databases of a server, filled by the server itself, or a view of marked
   * ones.
   */
  const others = new Set([
    ...[
      'pg_am',
      'pg_auth_members',
      'pg_collation',
      'pg_language',
      'pg_opclass',
      'pg_publication_tables',
      'pg_roles',
      'pg_tablespace',
    ],
  ]);
  const ofDependents = readFileSync(new URL('../dependents/foreign-objects.ts', import.meta.url), 'utf8');
  const texts = [...Object.values(pgsqlQueries).map(textOf), ofDependents].join('\n');
  const read = [...texts.matchAll(/(?:FROM|JOIN|,)\s+(?:pg_catalog\.)?(pg_[a-z_]+)\b(?![.(])/g)].map(
    ([, name = '']) => name,
  );
  expect(read.length).toBeGreaterThan(30);
  expect([...new Set(read)].filter((name) => !marked.has(name) && !others.has(name))).toEqual([]);
});
