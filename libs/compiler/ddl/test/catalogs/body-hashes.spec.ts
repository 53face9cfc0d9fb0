import { createHash } from 'node:crypto';
import { readScript } from '@dms/script-checks';
import { databaseEngines, type TestDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmittedSet, emitCampusAndAthletics } from '../emitted.ts';

/* The body hashes of the desired catalog are the hashes of the text that a server stores (design 09a §1.5 "Bodies"). */

/** Unifies line ends, and removes blanks at line ends and white space around the whole text. */
const hashOf = (body: string) =>
  createHash('sha256')
    .update(
      body
        .replaceAll(/\r\n?/g, '\n')
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n')
        .trim(),
    )
    .digest('hex');

let emitted: EmittedSet;

beforeAll(async () => {
  emitted = await emitCampusAndAthletics();
});

describe.each(databaseEngines())('functions on $name', ({ openProvisioned }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openProvisioned(emitted.pgsql.script);
  });

  afterAll(() => database.close());

  it('have the text whose hash the catalog has, and the catalog has no other', async () => {
    const rows = await database.queryRows(
      `SELECT n.nspname, p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname IN ('dms', 'auth', 'campus', 'athletics')`,
    );
    const actual = rows.map(([schema, name, body]) => `${schema}.${name} ${hashOf(String(body))}`).sort();
    expect(actual).toEqual(
      emitted.pgsql.catalog.functions.map(({ schema, name, body }) => `${schema}.${name} ${body}`).sort(),
    );
    expect(actual.length).toBe(emitted.pgsql.inventory.triggers.length + 2);
  });
});

describe('modules of the SQL Server script', () => {
  /** The part of each `sys.sql_modules` definition after the name of the object. */
  const definitions = (kind: string) =>
    readScript(emitted.mssql.script)
      .modules.filter((module) => module.kind === kind)
      .map(({ name, table, batch }) => {
        const start =
          /^(?:\s|--.*\n)*CREATE OR ALTER \w+ \[(?:[^\]]|\]\])+\]\.\[(?:[^\]]|\]\])+\]/.exec(batch.text)?.[0] ?? '';
        return { name, table, hash: hashOf(batch.text.slice(start.length)) };
      });

  it('triggers', () => {
    const { tables } = emitted.mssql.catalog;
    const wanted = tables.flatMap((table) =>
      table.triggers.map(({ name, body }) => ({
        name: `${table.schema}.${name}`,
        table: `${table.schema}.${table.name}`,
        hash: body,
      })),
    );
    const byName = <Item extends { readonly name: string }>(items: readonly Item[]) =>
      [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName(definitions('TRIGGER'))).toEqual(byName(wanted));
  });

  it('functions', () => {
    const { functions } = emitted.mssql.catalog;
    expect(definitions('FUNCTION').map(({ name, hash }) => `${name} ${hash}`)).toEqual(
      functions.map(({ schema, name, body }) => `${schema}.${name} ${body}`),
    );
  });

  it('views', () => {
    const { views } = emitted.mssql.catalog;
    expect(views).toHaveLength(1);
    expect(definitions('VIEW').map(({ name, hash }) => `${name} ${hash}`)).toEqual(
      views.map(({ schema, name, body }) => `${schema}.${name} ${body}`),
    );
  });
});
