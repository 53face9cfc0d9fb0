import { givenScript } from '@dms/sql';
import { createScratchDatabase, openSession, type PostgresDatabase } from '@dms/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { targetOf } from '../../test/engines.ts';
import { type EmittedInput, emitted, smallSet } from '../../test/schema-sets.ts';
import type { ServerTarget } from '../addressing/target.ts';
import type { Connection } from '../drivers/connection.ts';
import { openDatabase } from '../drivers/open-database.ts';
import { provision } from '../provisioning/provision.ts';
import { type GrantPurpose, grantsOf, grantsText } from './role-grants.ts';
import { roleRights } from './role-rights.ts';

/*
 * The statements that grant a role its rights (design 09c §1.3): afterwards `check --purpose` finds no right missing.
 */

const generations: readonly (readonly [string, EmittedInput])[] = [
  ['v1', emitted(smallSet(), 'pgsql')],
  ['v2', emitted(smallSet('5.0.0', 'v2'), 'pgsql')],
];

describe.each(generations)('for a database of %s', (version, input) => {
  const role = `Dms "grants" ${version} ${process.pid}`;
  const quoted = `"${role.replaceAll('"', '""')}"`;
  const set = { catalog: input.catalog, views: [] };
  let database: PostgresDatabase;
  let connection: Connection;
  const run = async (sql: string) => {
    const session = await openSession(database.url);
    await session.exec(sql).finally(() => session.close());
  };

  beforeAll(async () => {
    database = await createScratchDatabase();
    await run(`CREATE ROLE ${quoted}; CREATE SCHEMA ext; CREATE EXTENSION pgcrypto SCHEMA ext`);
    await run(`REVOKE CONNECT ON DATABASE ${database.url.split('/').at(-1)} FROM PUBLIC`);
    await provision(targetOf(database.url) as ServerTarget, input);
    connection = await openDatabase(targetOf(database.url));
  });
  afterAll(async () => {
    await connection.close();
    await run(`DROP OWNED BY ${quoted}; DROP ROLE ${quoted}`);
    await database.drop();
  });

  /** Runs the statements alone, and returns the purposes for which the role then lacks nothing. */
  const granted = async (statements: readonly string[]) => {
    await run(`DROP OWNED BY ${quoted}`);
    if (statements.length > 0) await run(statements.join('\n'));
    const { missing } = await roleRights(connection, input.catalog, { role });
    return Object.entries(missing).flatMap(([purpose, found]) => (found.rights.length === 0 ? [purpose] : []));
  };
  const statementsOf = (purpose: GrantPurpose) => grantsOf(set, role, purpose).flatMap(({ statements }) => statements);

  it.each([
    ['read', ['read']],
    ['write', ['read', 'write']],
  ] as const)('to %s gives that and no more, with every statement', async (purpose, expected) => {
    const statements = statementsOf(purpose);
    expect(await granted(statements)).toEqual(expected);
    for (const index of statements.keys())
      expect(await granted(statements.toSpliced(index, 1)), statements[index]).not.toEqual(expected);
  });

  it('the text runs as it is, and a writer may not change what no document is written to', async () => {
    await run(`DROP OWNED BY ${quoted}`);
    await run(grantsText(grantsOf(set, role)));
    const session = await openSession(database.url);
    const may = await session.query<{ name: string; rights: string }>(
      `SELECT c.relname AS name, string_agg(g.right, ' ' ORDER BY g.right) AS rights FROM pg_class c
       CROSS JOIN (VALUES ('DELETE'), ('INSERT'), ('SELECT'), ('UPDATE')) AS g("right")
       WHERE c.relnamespace = 'dms'::regnamespace AND c.relkind = 'r' AND has_table_privilege($1, c.oid, g.right)
       GROUP BY c.relname`,
      [quoted.slice(1, -1).replaceAll('""', '"')],
    );
    await session.close();
    const rightsOf = new Map(may.map(({ name, rights }) => [name, rights]));
    expect(rightsOf.get('Document')).toBe('DELETE INSERT SELECT UPDATE');
    expect(rightsOf.get('EffectiveSchema')).toBe('SELECT');
    expect(rightsOf.get('ResourceKey')).toBe('SELECT');
    expect(rightsOf.has('DocumentProjectionWork')).toBe(false);
    if (version === 'v1') expect(rightsOf.get('DocumentChangeEvent')).toBe('INSERT SELECT');
  });

  it('to provision gives the right to create, which an empty database asks for', async () => {
    const empty = await createScratchDatabase();
    const other = await openDatabase(targetOf(empty.url));
    const missing = async () => (await roleRights(other, input.catalog, { role })).missing.provision.rights;
    try {
      expect(await missing()).not.toEqual([]);
      await other.execute(givenScript(statementsOf('provision').join('\n')));
      expect(await missing()).toEqual([]);
    } finally {
      await other.execute(givenScript(`DROP OWNED BY ${quoted}`));
      await other.close();
      await empty.drop();
    }
  });
});

describe('for SQL Server', () => {
  const input = emitted(smallSet(), 'mssql');
  const grants = grantsOf({ catalog: input.catalog, views: [{ schema: 'edfi', name: 'Person' }] }, 'a]b');

  it('each right is on an object, and of the database only to change it', () => {
    const of = (purpose: GrantPurpose) => grants.find((each) => each.purpose === purpose)?.statements ?? [];
    expect(of('read')).toContain('GRANT SELECT ON OBJECT::[edfi].[Person] TO [a]]b];');
    expect(of('write')).toContain('GRANT INSERT, UPDATE, DELETE ON OBJECT::[edfi].[Person] TO [a]]b];');
    expect(of('write')).toContain('GRANT INSERT ON OBJECT::[dms].[DocumentChangeEvent] TO [a]]b];');
    expect(of('write')).toContain('GRANT UPDATE ON OBJECT::[dms].[ChangeVersionSequence] TO [a]]b];');
    expect(of('write')).toContain('GRANT EXECUTE ON OBJECT::[dms].[uuidv5] TO [a]]b];');
    expect(of('write').filter((each) => each.includes('[EffectiveSchema]'))).toEqual([]);
    expect(of('report')).toEqual(['GRANT SELECT ON OBJECT::[edfi].[Person] TO [a]]b];']);
    const contents = 'SELECT, INSERT, UPDATE, REFERENCES, EXECUTE';
    const onSchemas = (rights: string, ...schemas: readonly string[]) =>
      schemas.map(
        (schema) =>
          `IF EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'${schema}') GRANT ${rights} ON SCHEMA::[${schema}] TO [a]]b];`,
      );
    const database = 'GRANT ALTER, VIEW DEFINITION TO [a]]b];';
    expect(of('provision')).toEqual([database, ...onSchemas(contents, 'dms', 'edfi')]);
    // a table that moves to another schema needs CONTROL
    expect(of('upgrade')).toEqual([database, ...onSchemas('CONTROL', 'dms', 'edfi', 'dms_upgrade')]);
  });
});

it('without a mapping of an ODS there is nothing to report', () => {
  const { catalog } = emitted(smallSet(), 'pgsql');
  expect(grantsOf({ catalog, views: [] }, 'r').map(({ purpose }) => purpose)).toEqual(['read', 'write', 'provision']);
  expect(grantsOf({ catalog, views: [] }, 'r', 'report')).toEqual([]);
});
