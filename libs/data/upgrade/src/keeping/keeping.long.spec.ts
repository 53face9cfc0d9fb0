import { serviceCatalog } from '@dms/catalog';
import { type Connection, serverVersion } from '@dms/databases';
import { type DiagnosticCode, DmsError } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { givenScript, trusted } from '@dms/sql';
import {
  build,
  givenByOthers,
  type MainGeneration,
  mainGenerations,
  serverUrl,
  serviceProvisioning,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type Compiled, compiled, openOnServer } from '../../test/bench.ts';
import {
  factsByObject,
  madeRoles,
  type OtherRoles,
  otherRoles,
  ownedBy,
  plantedByOthers,
  removedRoles,
} from '../../test/planted-by-others.ts';
import { dumpedStatements, dumpProgram, givenStatements, namesOnly } from '../../test/schema-dump.ts';
import { schools, simple } from '../../test/schools.ts';
import { breakingSets } from '../../test/translating/translated-sets.ts';
import {
  type ApplyOptions,
  applyUpgrade,
  prepareUpgrade,
  repairCatalog,
  surveyUpgrade,
  undoPreparation,
} from '../index.ts';
import { planUpgrade } from '../plan/plan-upgrade.ts';

/* An upgrade keeps what others gave the objects that it makes again (design 12a §3). */

const { array, object, string } = build;

/** A set, and one with longer identities, other types, other triggers, and more and fewer columns and tables. */
function plainSets(generation: MainGeneration): readonly [Compiled, Compiled] {
  const later = schools();
  later.properties('rooms').roomCode = string(40);
  later.properties('schools').nickname = string(99);
  later.properties('schools').seats = string(20);
  later.properties('rooms').devices = array(object({ name: string(20) }, ['name']));
  later.add(simple('Club'));
  delete later.properties('sections').title;
  return [compiled(schools().documents, 'pgsql', generation), compiled(later.documents, 'pgsql', generation)];
}

/** Runs an action in a database of a set with things of others; a role owns its objects. */
async function planted(
  name: string,
  set: Compiled,
  action: (connection: Connection, roles: OtherRoles) => Promise<void>,
  planting: { readonly share?: number; readonly named?: readonly string[] } = {},
): Promise<void> {
  const connection = await openOnServer();
  const roles = otherRoles(name);
  try {
    await connection.execute(givenScript(madeRoles(roles)));
    await connection.execute(givenScript(set.script));
    await connection.execute(givenScript(ownedBy(roles.owner, set.catalog.schemas)));
    await plantedByOthers(connection, set.catalog.schemas, roles, planting);
    await action(connection, roles);
  } finally {
    await connection.execute(givenScript(removedRoles(roles))).catch(() => undefined);
    await connection.close();
  }
}

/** Compares what others gave before and after an action; returns how many objects that stayed had something. */
async function expectKept(
  connection: Connection,
  schemas: readonly string[],
  owner: string,
  action: () => Promise<unknown>,
): Promise<number> {
  const before = factsByObject(await givenByOthers(connection, [...schemas, 'others']));
  await action();
  const after = factsByObject(await givenByOthers(connection, [...schemas, 'others']));
  const staying = [...before].filter(([name]) => after.has(name));
  // the upgrade records itself in a comment
  const isOfOthers = (fact: string) => !fact.startsWith('comment dms upgrade history');
  for (const [name, facts] of staying)
    expect(mustExist(after.get(name), name).filter(isOfOthers), name).toEqual(facts.filter(isOfOthers));
  // new objects belong to the owner of the others
  const isOwned = (name: string) => /^(?:table|view|sequence|schema) [^ ]+$|^function /.test(name);
  const added = [...after].filter(([name]) => isOwned(name) && !before.has(name));
  for (const [name, facts] of added)
    expect(
      facts.find((fact) => !fact.startsWith('comment ')),
      name,
    ).toMatch(new RegExp(`^(?:${owner}|edfi_dms)`));
  return staying.filter(([name]) => (after.get(name)?.join() ?? '') !== '').length;
}

describe.each(mainGenerations)('in %s, what others gave stays', (version) => {
  it('in a plain upgrade', () => {
    const [before, after] = plainSets(version);
    return planted(`plain ${version}`, before, async (connection, { owner }) => {
      const schemas = [...new Set([...before.catalog.schemas, ...after.catalog.schemas])];
      const number = await expectKept(connection, schemas, owner, () =>
        applyUpgrade(connection, before, after, { allowLoss: ['all'] }),
      );
      expect(number).toBeGreaterThan(100);
    });
  });

  it('in an upgrade that makes tables again', () => {
    const { before, after, translation } = breakingSets(version);
    const action = async (connection: Connection, { owner }: OtherRoles) => {
      const options: ApplyOptions = { translation };
      const { objects } = planUpgrade(before, after, options);
      const emptied = objects.touched.flatMap(({ how, schema, table }) =>
        how === 'empty' ? [`${schema}."${table}"`] : [],
      );
      expect(emptied.length).toBeGreaterThan(1);
      const tables = () =>
        connection.query(trusted('SELECT to_regclass(name)::oid AS id FROM unnest($1::text[]) AS name'), [emptied]);
      const then = await tables();
      const number = await expectKept(connection, before.catalog.schemas, owner, () =>
        applyUpgrade(connection, before, after, options),
      );
      expect(number).toBeGreaterThan(100);
      expect(await tables()).toEqual(then);
    };
    // tables of the other schemas move, and with them what others made for them would get another meaning
    const named = before.catalog.schemas.filter((schema) => after.catalog.schemas.includes(schema));
    return planted(`place ${version}`, before, action, { named });
  });
});

describe.each(mainGenerations)('in %s, a dump of the schema (needs a pg_dump for the server)', (version) => {
  it('differs after an upgrade only in what the sets name differently', async (test) => {
    const { before, after, translation } = breakingSets(version);
    // tables of the other schemas move, and with them what others made for them would get another meaning
    const named = before.catalog.schemas.filter((schema) => after.catalog.schemas.includes(schema));
    const url = new URL(await serverUrl());
    const server = await openOnServer();
    const { version: release } = await serverVersion(server).finally(() => server.close());
    const program = await dumpProgram(Number.parseInt(release, 10));
    if (program === null) return test.skip(`no pg_dump for PostgreSQL ${release} is here`);
    const action = async (connection: Connection) => {
      const [row] = await connection.query<{ name: string }>(trusted('SELECT current_database()::text AS name'));
      url.pathname = `/${row?.name}`;
      const dumped = async () => givenStatements(await dumpedStatements(program, url.href));
      const then = await dumped();
      await applyUpgrade(connection, before, after, { translation });
      const now = await dumped();
      const isGone = namesOnly(before.catalog, after.catalog);
      const isNew = namesOnly(after.catalog, before.catalog);
      expect([...then].filter((each) => !now.has(each) && !isGone(each))).toEqual([]);
      const added = [...now].filter((each) => !then.has(each) && !isNew(each));
      expect(added.filter((each) => !each.includes("IS 'dms upgrade history"))).toEqual([]);
      expect([...then].filter((each) => now.has(each)).length).toBeGreaterThan(100);
    };
    await planted(`dump ${version}`, before, action, { share: 10, named });
  });
});

/** What others have on a table that is emptied, and how it is named. */
const onEmptied: readonly (readonly [
  what: string,
  sql: (table: string) => string,
  named: readonly string[],
  code: DiagnosticCode,
])[] = [
  [
    'a foreign key of another table',
    (table) => `CREATE TABLE public.others AS TABLE ${table} WITH NO DATA; DO $$ BEGIN EXECUTE (
  SELECT format('ALTER TABLE public.others ADD FOREIGN KEY (%1$s) REFERENCES ${table} (%1$s)', string_agg(quote_ident(a.attname), ', '))
  FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey) WHERE x.indrelid = '${table}'::regclass AND x.indisprimary); END $$`,
    ['on public.others'],
    'UPGRADE_VIEWS_OBJECT',
  ],
  [
    'an additional column',
    (table) => `ALTER TABLE ${table} ADD "Other" text DEFAULT 'given'`,
    ['"Other"'],
    'UPGRADE_VIEWS_OBJECT',
  ],
  [
    'a child table, a rule, a policy or a trigger',
    (
      table,
    ) => `CREATE TABLE public.heirs () INHERITS (${table}); CREATE RULE "Other rule" AS ON INSERT TO ${table} DO INSTEAD NOTHING;
CREATE POLICY "Other policy" ON ${table}; CREATE FUNCTION public.fire() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER "Other trigger" BEFORE TRUNCATE ON ${table} EXECUTE FUNCTION public.fire()`,
    ['INHERITED BY public.heirs', 'RULE Other rule', 'POLICY Other policy', 'Other trigger'],
    'UPGRADE_DRIFTED',
  ],
];

it.each(onEmptied)('%s on a table that is emptied is named before the first change', async (_, sql, named, code) => {
  const { before: earlier, after: later, translation } = breakingSets();
  const { objects } = planUpgrade(earlier, later, { translation });
  const emptied = mustExist(
    objects.touched.find(({ how }) => how === 'empty'),
    'a table that is emptied',
  );
  const connection = await openOnServer();
  try {
    await connection.execute(givenScript(`${earlier.script};\n${sql(`${emptied.schema}."${emptied.table}"`)}`));
    const errors = await surveyUpgrade(connection, earlier, later, { translation }).then(
      (survey) => survey.errors,
      (error: unknown) => (error instanceof DmsError ? error.diagnostics : Promise.reject(error)),
    );
    expect(errors.map((error) => error.code)).toEqual([code]);
    for (const name of named) expect(errors[0]?.message).toContain(name);
  } finally {
    await connection.close();
  }
});

describe.each(mainGenerations)('a script of %s for people', (version) => {
  const [earlier, later] = plainSets(version);
  const { script } = planUpgrade(earlier, later, { allowLoss: ['all'] });
  const run = (connection: Connection) =>
    connection.execute(givenScript(script ?? '')).then(
      () => 'upgraded',
      (error: unknown) => (error instanceof DmsError ? error.message : String(error)),
    );

  it('refuses before its first change where others would lose something, and names it', () =>
    planted(`script ${version}`, earlier, async (connection) => {
      const { schemas } = earlier.catalog;
      const then = await givenByOthers(connection, [...schemas, 'others']);
      const [view] = earlier.catalog.views;
      const message = await run(connection);
      expect(message).toContain('UPGRADE_CANNOT_KEEP: this script makes objects again');
      expect(message).toContain('Run dms-ddl upgrade apply');
      expect(message).toContain(`owner of ${view?.schema}.${view?.name}`);
      expect(message).toMatch(/, rights of [a-z]+\.[A-Za-z_]*View/);
      expect(message).toContain('storage of column Nickname of core.School');
      expect(await givenByOthers(connection, [...schemas, 'others'])).toEqual(then);
    }));

  it('runs where others have only comments, and where nobody has anything', async () => {
    for (const comments of ['', `COMMENT ON VIEW core."EducationOrganization_View" IS 'of others'`]) {
      const connection = await openOnServer();
      try {
        await connection.execute(givenScript(`${earlier.script};${comments}`));
        expect(await run(connection)).toBe('upgraded');
      } finally {
        await connection.close();
      }
    }
  });
});

const [before, after] = plainSets('v2');

/** Runs an upgrade that must be refused, and expects that nothing was changed. */
async function refusal(connection: Connection, options: ApplyOptions = {}): Promise<DmsError> {
  const { schemas } = before.catalog;
  const then = await givenByOthers(connection, schemas);
  const error = await applyUpgrade(connection, before, after, { allowLoss: ['all'], ...options }).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof DmsError)) throw error ?? new Error('nothing failed');
  expect(await givenByOthers(connection, schemas)).toEqual(then);
  const { errors } = await surveyUpgrade(connection, before, after, { allowLoss: ['all'], ...options });
  expect(errors.map(({ code, message }) => [code, message])).toEqual(
    error.diagnostics.map(({ code, message }) => [code, message]),
  );
  return error;
}

describe('before the first change', () => {
  it('a mixture of owners is refused, with schema and owners', () =>
    planted('mixed', before, async (connection, { owner }) => {
      await connection.execute(givenScript('ALTER TABLE core."Room" OWNER TO CURRENT_USER'));
      const { code, message } = await refusal(connection);
      expect(code).toBe('UPGRADE_OWNERS_MIXED');
      expect(message).toContain('the objects of the schema core belong to ');
      expect(message).toContain(owner);
      expect(message).toContain('(1 object)');
    }));
});

it('views are named before the first change if they, or views on them, use what gets another name', async () => {
  const { before: earlier, after: later, translation } = breakingSets('v2');
  const connection = await openOnServer();
  try {
    await connection.execute(givenScript(earlier.script));
    await connection.execute(
      givenScript(`CREATE SCHEMA others; CREATE VIEW others.free AS SELECT "DocumentId" FROM edfi."School";
CREATE VIEW others.used AS SELECT "DocumentId" FROM edfi."School";
CREATE VIEW others.moved AS SELECT u."DocumentId" FROM others.used AS u INNER JOIN preparation."Candidate" AS c ON c."DocumentId" = u."DocumentId"`),
    );
    const { errors } = await surveyUpgrade(connection, earlier, later, { translation });
    expect(errors.map(({ code }) => code)).toEqual(['UPGRADE_VIEWS_OBJECT']);
    const named = errors[0]?.details.users as readonly { readonly usedBy: string }[];
    expect([...new Set(named.map(({ usedBy }) => usedBy))].sort()).toEqual(['view others.moved', 'view others.used']);
    await connection.execute(givenScript('DROP VIEW others.moved'));
    const role = otherRoles('views').owner;
    await connection.execute(
      givenScript(`CREATE ROLE "${role}"; ${ownedBy(role, [...earlier.catalog.schemas, 'others'])};
ALTER SCHEMA others OWNER TO CURRENT_USER; GRANT USAGE ON SCHEMA others TO "${role}"; SET ROLE "${role}"`),
    );
    const refused = await surveyUpgrade(connection, earlier, later, { translation });
    await connection.execute(
      givenScript(
        `RESET ROLE; REASSIGN OWNED BY "${role}" TO CURRENT_USER; DROP OWNED BY "${role}"; DROP ROLE "${role}"`,
      ),
    );
    expect(refused.errors.map(({ code }) => code)).toContain('UPGRADE_CANNOT_KEEP');
    expect(refused.errors.map(({ message }) => message).join()).toContain(
      `the view others.used, because ${role} may not create in the schema others`,
    );
    const { outcome } = await applyUpgrade(connection, earlier, later, { translation });
    expect(outcome).toBe('upgraded');
    expect(await connection.query(trusted('SELECT count(*)::int AS n FROM others.used, others.free'))).toEqual([
      { n: 0 },
    ]);
  } finally {
    await connection.close();
  }
});

describe.each(mainGenerations)('in %s, the owner of the database', (version) => {
  const [earlier, later] = plainSets(version);
  /** Runs an action as another role. */
  async function as<Result>(connection: Connection, role: string, action: () => Promise<Result>): Promise<Result> {
    await connection.execute(givenScript(`SET ROLE "${role}"`));
    return action().finally(() => connection.execute(givenScript('RESET ROLE')));
  }
  /** Gives the owner what it needs to prepare and upgrade, and prepares as an administrator. */
  async function prepared(connection: Connection, owner: string): Promise<void> {
    await connection.execute(
      givenScript(`DO $$ DECLARE r text; BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), '${owner}');
FOR r IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'edfi\\_dms%' LOOP EXECUTE format('GRANT %I TO %I', r, '${owner}'); END LOOP; END $$`),
    );
    const { made } = await prepareUpgrade(connection, earlier, later, { allowLoss: ['all'] });
    expect(made.length).toBeGreaterThan(0);
  }
  const strangers = (connection: Connection, owner: string) =>
    connection.query(
      trusted(`SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'v', 'S') AND pg_get_userbyid(c.relowner) <> $2`),
      [['dms_upgrade', ...later.catalog.schemas], owner],
    );

  it('can remove what an administrator has prepared, and everything is as before', () =>
    planted(`undo ${version}`, earlier, async (connection, { owner }) => {
      const given = await givenByOthers(connection, [...earlier.catalog.schemas, 'others']);
      await prepared(connection, owner);
      expect(await strangers(connection, owner)).toEqual([]);
      const { removed } = await as(connection, owner, () => undoPreparation(connection));
      expect(removed.length).toBeGreaterThan(0);
      expect(await givenByOthers(connection, [...earlier.catalog.schemas, 'others'])).toEqual(given);
    }));

  it('can upgrade what an administrator has prepared', () =>
    planted(`prepared ${version}`, earlier, async (connection, { owner }) => {
      const schemas = [...new Set([...earlier.catalog.schemas, ...later.catalog.schemas])];
      // the administrator owns the views outside the set
      await connection.execute(givenScript(ownedBy(owner, ['others'])));
      const number = await expectKept(connection, schemas, owner, async () => {
        await prepared(connection, owner);
        const upgrade = () => applyUpgrade(connection, earlier, later, { allowLoss: ['all'] });
        expect((await as(connection, owner, upgrade)).outcome).toBe('upgraded');
      });
      expect(number).toBeGreaterThan(100);
      expect(await strangers(connection, owner)).toEqual([]);
    }));
});

it('an adoption keeps what others gave', async () => {
  const service = serviceCatalog(before.catalog, before.inventory);
  if (service === null) throw new Error('the service has no database of this generation');
  const script = `${before.script}\n${serviceProvisioning(before.catalog, service)}`;
  await planted('adopted', { ...before, script }, async (connection, { owner }) => {
    const number = await expectKept(connection, before.catalog.schemas, owner, async () => {
      const { adoption } = await applyUpgrade(connection, before, before, { adopt: true });
      expect(adoption?.statements.length).toBeGreaterThan(0);
    });
    expect(number).toBeGreaterThan(100);
  });
});

it.each(mainGenerations)(
  'a repair of the catalog of %s keeps rights and comments, and what it makes belongs to the owner',
  (version) => {
    const [set] = plainSets(version);
    return planted(`repair ${version}`, set, async (connection, { owner }) => {
      const { schemas, functions } = set.catalog;
      const [view] = set.catalog.views;
      const name = `"${view?.schema}"."${view?.name}"`;
      await connection.execute(givenScript(`COMMENT ON VIEW ${name} IS 'of others'`));
      const given = await givenByOthers(connection, schemas);
      // only its owner may execute a function of the role that owns functions
      const [closed] = functions.filter(({ securityDefiner }) => securityDefiner);
      if (closed !== undefined)
        await connection.execute(
          givenScript(`GRANT EXECUTE ON FUNCTION "${closed.schema}"."${closed.name}"() TO pg_monitor`),
        );
      // a view with other columns
      await connection.execute(
        givenScript(`DROP VIEW ${name}; CREATE VIEW ${name} AS SELECT 1 AS other;
GRANT SELECT ON ${name} TO PUBLIC; COMMENT ON VIEW ${name} IS 'of others'`),
      );
      await repairCatalog(connection, set, { service: async () => null });
      const lines = await givenByOthers(connection, schemas);
      expect(lines.filter((line) => line.includes('pg_monitor'))).toEqual([]);
      expect(lines).toContain(
        `view ${view?.schema}.${/[A-Z]/.test(view?.name ?? '') ? `"${view?.name}"` : view?.name}: comment of others`,
      );
      const elsewhere = (list: readonly string[]) => list.filter((line) => !line.includes(view?.name ?? ''));
      expect(elsewhere(lines)).toEqual(elsewhere(given));
      expect(lines.filter((line) => line.includes(`: ${owner} `)).length).toBeGreaterThan(given.length / 20);
    });
  },
);
