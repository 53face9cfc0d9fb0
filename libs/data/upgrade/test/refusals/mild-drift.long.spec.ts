import { diffCatalogs } from '@dms/catalog';
import { type Connection, introspect } from '@dms/databases';
import { DmsError } from '@dms/diagnostics';
import { givenScript, textOf, trusted } from '@dms/sql';
import type { MainGeneration } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { applyUpgrade, repairCatalog, surveyUpgrade } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { type Compiled, contentsOf, openOnServer } from '../bench.ts';
import { otherRoles, ownedBy } from '../planted-by-others.ts';
import { schoolPair, withMotto } from '../school-pairs.ts';
import type { EditableSet } from '../schools.ts';
import { sessionForAll } from '../sessions.ts';
import { filled } from '../upgraded.ts';

/* Differences of warning level between a database and its set, which `check` lets pass (design 12 §7.2). */

const edit = (later: EditableSet) => {
  withMotto(later);
  // the table of rooms and its indexes get other names
  later.resource('rooms').relational = { rootTableNameOverride: 'Space' };
};

const pair = (version: MainGeneration) => schoolPair(edit, { version });

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

const [before, after] = pair('v1');
const indexOf = (set: Compiled, table: string) =>
  set.catalog.tables.find(({ name }) => name === table)?.indexes[0]?.name ?? '';

async function drifted(sql: string): Promise<void> {
  await filled(connection, before, contentsOf(before.model));
  await connection.execute(givenScript(sql));
}

/** The messages of the survey (plan, fleet) and of apply, which must be alike. */
async function answers(): Promise<readonly (readonly string[])[]> {
  const plan = planUpgrade(before, after);
  const asked = [
    () => surveyUpgrade(connection, before, after, { plan }),
    () => applyUpgrade(connection, before, after, { plan }),
  ];
  const found: string[][] = [];
  for (const ask of asked) {
    const outcome = await ask().catch((error: unknown) => {
      if (error instanceof DmsError) return error;
      throw error;
    });
    found.push(outcome.diagnostics.map(({ code, message }) => `${code} ${message}`));
  }
  return found;
}

const one = async () => {
  const all = await answers();
  for (const each of all) expect(each).toEqual(all[0]);
  expect(all[0]).toHaveLength(1);
  return all[0]?.[0] ?? '';
};

describe('a database with a difference that check lets pass', () => {
  it.each([
    ['column', 'ALTER TABLE core."School" ADD COLUMN "Note" text', 'column core.School.Note'],
    ['column of a renamed table', 'ALTER TABLE core."Room" ADD COLUMN "Note" text', 'column core.Room.Note'],
    ['table', 'CREATE TABLE core."Note" (id integer)', 'table core.Note'],
  ])('keeps a foreign %s, and names it', async (_, sql, name) => {
    await drifted(sql);
    expect(await one()).toMatch(new RegExp(`^UPGRADE_DRIFT_MILD .*${name}: not of the schema set, and left as it is`));
    const { catalog } = await introspect(connection);
    expect(
      catalog.tables.some(
        ({ name: table, columns }) => table === 'Note' || columns.some((each) => each.name === 'Note'),
      ),
    ).toBe(true);
    // a second run finds it done
    expect((await applyUpgrade(connection, before, after)).outcome).toBe('alreadyUpgraded');
  });

  it.each([
    ['that is missing', (name: string) => `DROP INDEX core."${name}"`],
    [
      'in another form',
      (name: string) => `DROP INDEX core."${name}"; CREATE INDEX "${name}" ON core."Room" ("School_SchoolId" DESC)`,
    ],
  ])('gets an index again %s', async (_, sql) => {
    await drifted(sql(indexOf(before, 'Room')));
    expect(await one()).toContain(
      `index core.Room.${indexOf(before, 'Room')}: missing or different, and created again`,
    );
    const { catalog } = await introspect(connection);
    expect(catalog.tables.find(({ name }) => name === 'Space')?.indexes.map(({ name }) => name)).toContain(
      indexOf(after, 'Space'),
    );
  });

  it('is refused before anything is done where the difference would stay', async () => {
    const key = before.catalog.tables.find(({ name }) => name === 'School')?.primaryKey?.name ?? '';
    await drifted(`ALTER TABLE core."School" RENAME CONSTRAINT "${key}" TO "other"`);
    expect(await one()).toMatch(/^UPGRADE_DRIFTED .*the database differs from its schema set/);
  });
});

describe('the rights of the second generation', () => {
  const rights = (session: Connection) =>
    session.query<{ readonly name: string; readonly rights: string }>(
      trusted(`SELECT p.proname::text AS name, p.proacl::text AS rights FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
       WHERE n.nspname = 'dms' AND p.prosecdef ORDER BY 1`),
    );

  it('are those of a fresh database after an upgrade that replaces functions of the owner role', async () => {
    const [earlier, later] = pair('v2');
    const upgraded = await openOnServer();
    const fresh = await openOnServer();
    try {
      await upgraded.execute(givenScript(earlier.script));
      await fresh.execute(givenScript(earlier.script));
      const provisioned = await rights(fresh);
      expect(provisioned.length).toBeGreaterThan(0);
      expect(await rights(upgraded)).toEqual(provisioned);
      // an earlier version of the tool left this right to whoever upgraded
      for (const { name } of provisioned)
        await upgraded.execute(
          givenScript(`GRANT EXECUTE ON FUNCTION dms."${name}"() TO CURRENT_USER;
GRANT EXECUTE ON FUNCTION dms."${name}"() TO pg_monitor WITH GRANT OPTION;
GRANT USAGE ON SCHEMA dms TO pg_monitor; SET ROLE pg_monitor; GRANT EXECUTE ON FUNCTION dms."${name}"() TO pg_signal_backend; RESET ROLE`),
        );
      const { differences } = diffCatalogs(earlier.catalog, (await introspect(upgraded)).catalog);
      expect(differences.map(({ object, field, severity }) => [object, field, severity])).toEqual(
        provisioned.map(() => ['function', 'publicExecute', 'error']),
      );
      const { outcome, diagnostics } = await applyUpgrade(upgraded, earlier, later);
      expect([outcome, diagnostics.map(({ code }) => code)]).toEqual(['upgraded', ['UPGRADE_DRIFT_MILD']]);
      expect(await rights(upgraded)).toEqual(provisioned);
    } finally {
      await upgraded.close();
      await fresh.close();
    }
  });

  it('are revoked by an owner that may only assume the owner role', async () => {
    const [earlier, later] = pair('v2');
    const session = await openOnServer();
    const role = otherRoles('revoking').owner;
    try {
      await session.execute(
        givenScript(`CREATE ROLE "${role}"; ${earlier.script}; ${ownedBy(role, earlier.catalog.schemas)}`),
      );
      const provisioned = await rights(session);
      const [{ owner = '' } = {}] = await session.query<{ owner: string }>(
        trusted(
          `SELECT DISTINCT pg_get_userbyid(p.proowner)::text AS owner FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = 'dms'::regnamespace`,
        ),
      );
      await session.execute(
        givenScript(`GRANT "${owner}" TO "${role}" WITH INHERIT FALSE;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO "${role}"', current_database()); END $$`),
      );
      const widened = provisioned
        .map(({ name }) => `GRANT EXECUTE ON FUNCTION dms."${name}"() TO pg_monitor;`)
        .join('\n');
      for (const mend of [
        () => repairCatalog(session, earlier, { service: async () => null }),
        () => applyUpgrade(session, earlier, later),
      ]) {
        await session.execute(givenScript(`${widened}; SET ROLE "${role}"`));
        await mend();
        await session.execute(givenScript('RESET ROLE'));
        expect((await rights(session)).filter((each) => each.rights.includes('pg_monitor'))).toEqual([]);
      }
    } finally {
      await session
        .execute(givenScript(`RESET ROLE; DROP OWNED BY "${role}" CASCADE; DROP ROLE "${role}"`))
        .catch(() => undefined);
      await session.close();
    }
  });

  it('are restored where the plan itself replaces such a function', async () => {
    const [earlier] = pair('v2');
    // another version of the tool made another body
    const bodies = earlier.catalog.functions.map((each) =>
      each.securityDefiner ? { ...each, body: 'another' } : each,
    );
    const { statements } = planUpgrade({ ...earlier, catalog: { ...earlier.catalog, functions: bodies } }, earlier);
    const made = statements.filter(({ step }) => step === 'make code').map(({ sql }) => textOf(sql));
    expect(made.some((sql) => sql.includes('GRANT EXECUTE ON FUNCTION'))).toBe(true);
    expect(made.at(-1)).toContain('REVOKE EXECUTE ON FUNCTION');
  });
});
