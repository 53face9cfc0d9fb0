import { ownerRoleNames, serviceTableNames } from '@dms/catalog';
import { ownerRoleTexts } from '@dms/ddl';
import { counted, type Diagnostic, diagnostic, fail, failIfAny, mostExamples } from '@dms/diagnostics';
import { core } from '@dms/model';
import { dialectOf, dialectRules, type Sql, type SqlDialect, textOf, value } from '@dms/sql';
import { type Connection, type Limits, rolledBack } from '../drivers/connection.ts';
import { rowsOf, run } from '../drivers/statement.ts';
import { hasColumn, notOfExtension } from '../introspection/pgsql-conditions.ts';
import { notMarked } from '../views/marked-views.ts';
import { actingAs } from './acting-as.ts';
import {
  type NeededRights,
  neededRights,
  type RightPurpose,
  type RightsSet,
  rightPurposes,
  type UpgradeNeeds,
} from './needed-rights.ts';
import { seesEverything } from './seen-objects.ts';
import { queueTable } from './written-tables.ts';

/*
 * What a role may do with the database of a schema set, by purpose (design 09c §1.1): the needed rights are asked of
 * the database in one query; nothing is tried out.
 */

/** The purposes as a message says them: `to write documents`. */
export const purposeTexts: Readonly<Record<RightPurpose, string>> = {
  read: 'to read documents',
  write: 'to write documents',
  provision: 'to provision',
  upgrade: 'to upgrade',
};

/** A right on an object that a purpose needs and the role does not have. */
interface MissingRight {
  readonly purpose: RightPurpose;
  readonly kind: NeededRights['kind'] | 'VIEW' | 'MATERIALIZED VIEW' | 'ROLE';
  /** Empty for a database. */
  readonly place: string;
  /** Empty for a schema. */
  readonly name: string;
  /** The argument types of a function. */
  readonly signature: string;
  /** `OWNER` for the rights of an owner, which cannot be granted one by one; the options of a membership. */
  readonly right: string;
  /** Whether the database has no such object. */
  readonly isAbsent?: boolean;
  /** The owner of an object that only its owner may change; otherwise empty or absent. */
  readonly owner?: string;
  /** Whether members of the owner get little more than its objects; see {@link strongRole}. */
  readonly isPlainOwner?: boolean;
}

/** Missing rights of one kind on objects of one schema. */
interface MissingRights {
  readonly kind: string;
  readonly place: string;
  readonly rights: readonly string[];
  /** The objects, quoted. */
  readonly objects: readonly string[];
  /** The owner of objects that only their owner may change. */
  readonly owner: string | null;
  readonly isPlainOwner: boolean;
  readonly isAbsent: boolean;
}

/** What a role lacks for one purpose. */
interface Missing {
  readonly rights: readonly MissingRights[];
  /** Whether objects on which rights are needed are missing, as is right before they are created. */
  readonly isUnseen?: boolean;
  /** Why else the role may not use a role that owns functions, as sentences with advice. */
  readonly refusals: readonly string[];
}

/** The rights that a role lacks, by purpose. */
export interface RoleRights {
  readonly role: string;
  /** Whether the role writes documents at all: a role that may insert into no table is a reader. */
  readonly isWriter: boolean;
  readonly missing: Readonly<Record<RightPurpose, Missing>>;
}

/** What is asked about a role. */
interface RightsQuestion extends Limits, UpgradeNeeds {
  /** The role that is named; by default the role of the session. */
  readonly role?: string | undefined;
  /** The purposes to ask about; by default all. */
  readonly purposes?: readonly RightPurpose[] | undefined;
  /**
   * Whether the database has the set, so that an object which is not there is missing too. Otherwise nothing is said of
   * such an object, because it is not there yet.
   */
  readonly isProvisioned?: boolean | undefined;
  /**
   * The set of the database, before an upgrade. Where it is not known, an upgrade is taken to change everything in the
   * schemas.
   */
  readonly earlier?: RightsSet | undefined;
}

/** A right, with its purpose, as the query gets it. */
type AskedRights = NeededRights & { readonly purpose: RightPurpose };

/** The answer of a database. */
interface RightsAnswer {
  readonly role: string;
  readonly isWriter: boolean;
  readonly rows: readonly MissingRight[];
}

interface RightsDialect {
  /** Throws the server's error for a role that does not exist. */
  ask(
    connection: Connection,
    set: RightsSet,
    asked: readonly AskedRights[],
    question: RightsQuestion,
  ): Promise<RightsAnswer>;
  /** The statements that give rights; each may be there several times. */
  grants(missing: MissingRights, role: string): readonly string[];
  /** One statement that makes a role the owner of everything in the schemas that needs its owner. */
  takeOver(schemas: readonly string[], role: string): string | null;
}

const shown = 3;

const { sql, literal, literals } = dialectOf.pgsql;
const { quote: quotePgsql } = dialectRules.pgsql;
const { quote: quoteMssql } = dialectRules.mssql;

/**
 * A role whose members can do more than with its objects alone: a superuser, a role that makes roles, copies the server
 * or passes row security, a predefined role, and each member of such a role. The product never advises membership in it.
 */
const strongRole = sql`(SELECT bool_or(m.rolsuper OR m.rolcreaterole OR m.rolreplication OR m.rolbypassrls OR m.rolname LIKE 'pg\\_%'
  -- the owner of the database is a member of this one
  AND (m.rolname <> 'pg_database_owner' OR m.oid = n.owner))
  FROM pg_roles m WHERE pg_has_role(n.owner, m.oid, 'MEMBER'))`;

/** The objects of `places` that an upgrade may change, which only their owner may: kind, schema, name, arguments, owner. */
const ownedObjects = sql`SELECT 'SCHEMA', p.nspname::text, ''::text, ''::text, p.nspowner FROM places p
  UNION ALL SELECT CASE r.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
    r.nspname::text, r.relname::text, '', r.relowner
  FROM relations r
  -- the sequence of a column has the owner of its table
  WHERE NOT (r.relkind = 'S' AND ${hasColumn(sql`r.oid`)})
  UNION ALL SELECT 'FUNCTION', p.nspname::text, f.proname::text, oidvectortypes(f.proargtypes), f.proowner
  FROM pg_proc f JOIN places p ON p.oid = f.pronamespace
  WHERE f.prokind = 'f' AND pg_get_userbyid(f.proowner) NOT IN (${literals(ownerRoleNames)})
    AND ${notOfExtension('pg_proc', 'f')}`;

/** The schemas of a set, and their tables, views and sequences, but for those of the service. */
const placesOf = (schemas: readonly string[]) => sql`places AS (
  SELECT n.oid, n.nspname, n.nspowner FROM pg_namespace n WHERE n.nspname IN (${literals(schemas.length === 0 ? [null] : schemas)})
), relations AS (
  SELECT c.oid, p.nspname, c.relname, c.relkind, c.relowner FROM pg_class c JOIN places p ON p.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT (p.nspname = 'dms' AND c.relname IN (${literals([queueTable, ...serviceTableNames])})) AND ${notMarked}
)`;

/** The query of {@link MissingRight}s, with the needed rights and the objects whose owner is asked for, by purpose, as JSON. */
const pgsqlQuery = (
  schemas: readonly string[],
  role: string | undefined,
  rights: Sql,
  owning: Sql,
) => sql`WITH asked AS (
  SELECT ${role === undefined ? sql`quote_ident(current_user)` : literal(quotePgsql(role))}::regrole::oid AS role, ${rights}::jsonb AS rights
), needed AS (
  SELECT n.purpose, n.kind, n.place, n.name, n.signature, r."right", p.oid AS space, c.oid AS relation, f.oid AS routine,
    coalesce(oidvectortypes(f.proargtypes), n.signature) AS types
  FROM asked CROSS JOIN LATERAL jsonb_to_recordset(asked.rights) AS n(purpose text, kind text, place text, name text, signature text, rights jsonb)
  CROSS JOIN LATERAL jsonb_array_elements_text(n.rights) AS r("right")
  LEFT JOIN pg_namespace p ON p.nspname = n.place
  LEFT JOIN pg_class c ON c.relnamespace = p.oid AND c.relname = n.name AND n.kind IN ('TABLE', 'SEQUENCE')
  LEFT JOIN pg_proc f ON f.pronamespace = p.oid AND f.proname = n.name AND n.kind = 'FUNCTION'
    AND pg_get_function_identity_arguments(f.oid) = n.signature
  WHERE n.kind <> 'EXTENSION'
), hashing AS (
  SELECT n.purpose, n.name AS extension, s.oid AS place, s.nspname, f.oid, f.proname, oidvectortypes(f.proargtypes) AS signature,
    n.rights ? 'CREATE' AS creates, x.oid IS NULL AS lacks
  FROM asked CROSS JOIN LATERAL jsonb_to_recordset(asked.rights) AS n(purpose text, kind text, name text, rights jsonb)
  LEFT JOIN pg_extension x ON x.extname = n.name LEFT JOIN pg_namespace s ON s.oid = x.extnamespace
  LEFT JOIN pg_proc f ON f.pronamespace = s.oid AND f.proname = 'digest' AND oidvectortypes(f.proargtypes) = 'bytea, text'
  WHERE n.kind = 'EXTENSION'
), ${placesOf(schemas)}, owned(kind, place, name, signature, owner) AS (
  ${ownedObjects}
), granted(purpose, kind, place, name, signature, "right", has) AS (
  SELECT n.purpose, n.kind, n.place, CASE n.kind WHEN 'DATABASE' THEN current_database()::text ELSE n.name END, n.types, n."right",
    CASE n.kind WHEN 'DATABASE' THEN has_database_privilege(a.role, current_database(), n."right")
      WHEN 'SCHEMA' THEN has_schema_privilege(a.role, n.space, n."right")
      WHEN 'SEQUENCE' THEN has_sequence_privilege(a.role, n.relation, n."right")
      WHEN 'FUNCTION' THEN has_function_privilege(a.role, n.routine, n."right")
      WHEN 'LANGUAGE' THEN (SELECT has_language_privilege(a.role, l.oid, n."right") FROM pg_language l WHERE l.lanname = n.name)
      ELSE has_table_privilege(a.role, n.relation, n."right") END
  FROM asked a, needed n
  UNION ALL SELECT h.purpose, 'EXTENSION', '', h.extension, '', 'USAGE', NULL FROM hashing h WHERE h.oid IS NULL AND NOT h.creates
  UNION ALL SELECT h.purpose, 'SCHEMA', h.nspname::text, '', '', 'USAGE', has_schema_privilege(a.role, h.place, 'USAGE')
  FROM asked a, hashing h WHERE h.oid IS NOT NULL AND NOT h.creates
  UNION ALL SELECT h.purpose, 'FUNCTION', h.nspname::text, h.proname::text, h.signature, 'EXECUTE', has_function_privilege(a.role, h.oid, 'EXECUTE')
  FROM asked a, hashing h WHERE h.oid IS NOT NULL AND NOT h.creates
  -- the script installs an extension in this schema, which its session must see
  UNION ALL SELECT h.purpose, 'SCHEMA', p.nspname::text, '', '', 'USAGE', has_schema_privilege(a.role, p.oid, 'USAGE')
  FROM asked a, hashing h JOIN pg_namespace p ON p.nspname = 'public' WHERE h.creates AND h.lacks
), judged AS (
  SELECT g.*, NULL::oid AS owner FROM granted g
  UNION ALL SELECT g.purpose, o.kind, o.place, o.name, o.signature, 'OWNER', pg_has_role(a.role, o.owner, 'USAGE'), o.owner
  FROM asked a, owned o, jsonb_to_recordset(${owning}::jsonb) AS g(purpose text, objects jsonb)
  -- only the objects of the sets: their schemas may hold other objects too
  WHERE g.objects IS NULL OR o.kind = 'SCHEMA' OR g.objects ? format('%s.%s', o.place, o.name)
)
SELECT purpose, kind, place, name, signature, "right", has IS NULL AS "isAbsent", coalesce(pg_get_userbyid(n.owner)::text, '') AS owner,
  n.owner IS NOT NULL AND NOT ${strongRole} AS "isPlainOwner"
FROM judged n WHERE has IS NOT TRUE
UNION ALL SELECT 'writes', '', '', '', '', '', false, '', false
WHERE EXISTS (SELECT FROM granted WHERE purpose = 'write' AND "right" = 'INSERT' AND has)
ORDER BY purpose, kind, place, name, signature, "right"`;

async function currentRole(connection: Connection, limits: Limits): Promise<string> {
  const [row] = await rowsOf<{ role: string }>(connection, sql`SELECT current_user::text AS role`, limits);
  return String(row?.role);
}

/** The objects whose owner is asked for, as members `schema.name`; null for everything in the schemas. */
function ownedNames(set: RightsSet, purpose: RightPurpose, earlier: RightsSet | undefined): object | null {
  // a set without tables stands for one that is not known
  if (set.tables.length === 0 || (purpose === 'upgrade' && earlier === undefined)) return null;
  const sets = earlier === undefined ? [set] : [set, earlier];
  const objects = sets.flatMap(({ tables, views, sequences, functions }) =>
    [...tables, ...views, ...sequences, ...functions].map(({ schema, name }) => [`${schema}.${name}`, 1] as const),
  );
  return Object.fromEntries(objects);
}

const purposeOfRow = 'writes';

const pgsql: RightsDialect = {
  ask: async (connection, set, asked, { role, earlier, signal }) => {
    const schemas = [...new Set([...set.schemas, ...(earlier?.schemas ?? [])])];
    const owning = [...new Set(asked.map(({ purpose }) => purpose))]
      .filter((purpose) => purpose === 'provision' || purpose === 'upgrade')
      .map((purpose) => ({ purpose, objects: ownedNames(set, purpose, earlier) }));
    const found = await rowsOf<Omit<MissingRight, 'purpose'> & { readonly purpose: string }>(
      connection,
      pgsqlQuery(schemas, role, value(JSON.stringify(asked)), value(JSON.stringify(owning))),
      { signal },
    );
    const rows = found.filter(({ purpose }) => purpose !== purposeOfRow) as readonly MissingRight[];
    const isWriter = found.length > rows.length;
    if (role !== undefined) return { role, isWriter, rows };
    return { role: await currentRole(connection, { signal }), isWriter, rows };
  },
  grants: ({ kind, place, rights, objects, owner, isPlainOwner }, role) => {
    if (owner !== null && isPlainOwner) return [`GRANT ${quotePgsql(owner)} TO ${quotePgsql(role)}`];
    if (owner !== null) return objects.map((each) => `ALTER ${kind} ${each} OWNER TO ${quotePgsql(role)}`);
    if (kind === 'ROLE') return objects.map((each) => `GRANT ${each} TO ${quotePgsql(role)}${rights.join('')}`);
    const all = kind === 'TABLE' || kind === 'SEQUENCE' || kind === 'FUNCTION';
    const object =
      all && objects.length > shown ? `ALL ${kind}S IN SCHEMA ${quotePgsql(place)}` : `${kind} ${objects.join(', ')}`;
    return [`GRANT ${rights.join(', ')} ON ${object} TO ${quotePgsql(role)}`];
  },
  takeOver: (schemas, role) =>
    textOf(sql`DO $owners$ DECLARE change text; BEGIN
  FOR change IN WITH ${placesOf(schemas)}, owned(kind, place, name, signature, owner) AS (
  ${ownedObjects}
) SELECT concat('ALTER ', kind, ' ', quote_ident(place), CASE WHEN kind <> 'SCHEMA' THEN '.' || quote_ident(name) END,
    CASE WHEN kind = 'FUNCTION' THEN '(' || signature || ')' END, ${literal(` OWNER TO ${quotePgsql(role)}`)})
  FROM owned WHERE NOT pg_has_role(${literal(role)}, owner, 'USAGE')
  LOOP EXECUTE change; END LOOP;
END $owners$`),
};

const mssqlTag = dialectOf.mssql.sql;

/** Rows of the needed rights, which are JSON. */
const mssqlNeeded = (rights: Sql) =>
  mssqlTag`OPENJSON(${rights}) WITH ("purpose" nvarchar(20), "kind" nvarchar(20), "place" nvarchar(128), "name" nvarchar(128), "rights" nvarchar(max) AS JSON) AS n`;

/** The objects that the login of the session sees; those that it may not see are not there. */
const mssqlSeen = (rights: Sql) => mssqlTag`SELECT DISTINCT n."kind", n."place", n."name" FROM ${mssqlNeeded(rights)}
WHERE n."kind" = N'OBJECT' AND EXISTS (SELECT 1 FROM sys.objects AS o INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id WHERE s.name COLLATE DATABASE_DEFAULT = n."place" AND o.name COLLATE DATABASE_DEFAULT = n."name")
  OR n."kind" = N'SCHEMA' AND EXISTS (SELECT 1 FROM sys.schemas AS s WHERE s.name COLLATE DATABASE_DEFAULT = n."place")`;

/**
 * Every needed right with its answer, which is NULL for an object that is not there or may not be seen. The function
 * parses names, so each part is quoted.
 */
const mssqlQuery = (
  rights: Sql,
) => mssqlTag`SELECT n."purpose", n."kind", n."place", CASE n."kind" WHEN N'DATABASE' THEN DB_NAME() ELSE n."name" END AS name, N'' AS signature, r."value" AS "right", CASE n."kind"
    WHEN N'DATABASE' THEN HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', CAST(r."value" AS nvarchar(128)))
    WHEN N'SCHEMA' THEN HAS_PERMS_BY_NAME(QUOTENAME(n."place"), N'SCHEMA', CAST(r."value" AS nvarchar(128)))
    ELSE HAS_PERMS_BY_NAME(QUOTENAME(n."place") + N'.' + QUOTENAME(n."name"), N'OBJECT', CAST(r."value" AS nvarchar(128))) END AS has, USER_NAME() AS "role"
FROM ${mssqlNeeded(rights)} CROSS APPLY OPENJSON(n."rights") AS r
ORDER BY n."purpose", n."kind", n."place", n."name", r."value"`;

/** Rights on the database that another one gives. */
const givenByOthers: Readonly<Record<string, string>> = { 'DATABASE VIEW DEFINITION': 'ALTER' };

const mssql: RightsDialect = {
  ask: async (connection, _, asked, { role, signal }) => {
    const needed = value(
      JSON.stringify(asked.map(({ purpose, kind, place, name, rights }) => ({ purpose, kind, place, name, rights }))),
    );
    const seesAll = await seesEverything(connection, { signal });
    const seen = await rowsOf<Pick<MissingRight, 'kind' | 'place' | 'name'>>(connection, mssqlSeen(needed), { signal });
    const keyOf = ({ kind, place, name }: Pick<MissingRight, 'kind' | 'place' | 'name'>) =>
      JSON.stringify([kind, place, name]);
    const there = new Set(seen.map(keyOf));
    const answers = await actingAs(connection, role, () =>
      rowsOf<MissingRight & { readonly has: number | null; readonly role: string }>(connection, mssqlQuery(needed), {
        signal,
      }),
    );
    const isGiven = ({ purpose, kind, right }: MissingRight) => {
      const other = givenByOthers[`${kind} ${right}`];
      if (other === undefined) return false;
      return answers.some(
        (each) => each.purpose === purpose && each.kind === kind && each.right === other && each.has === 1,
      );
    };
    const optional = new Set(asked.filter(({ isOptional }) => isOptional).map(keyOf));
    const rows = answers.flatMap(({ has, role: _role, ...row }): MissingRight[] => {
      if (has === 1 || isGiven(row)) return [];
      const isHidden = row.kind !== 'DATABASE' && !there.has(keyOf(row));
      return isHidden && optional.has(keyOf(row)) ? [] : [{ ...row, isAbsent: seesAll && isHidden }];
    });
    const isWriter = answers.some(({ purpose, right, has }) => purpose === 'write' && right === 'INSERT' && has === 1);
    return { role: role ?? String(answers[0]?.role), isWriter, rows };
  },
  grants: ({ kind, place, rights, objects }, role) => {
    const granted = `GRANT ${rights.join(', ')} ON`;
    const to = `TO ${quoteMssql(role)}`;
    if (kind === 'DATABASE') return [`GRANT ${rights.join(', ')} ${to}`];
    if (kind === 'SCHEMA') return objects.map((each) => `${granted} SCHEMA::${each} ${to}`);
    if (objects.length > shown) return [`${granted} SCHEMA::${quoteMssql(place)} ${to}`];
    return objects.map((each) => `${granted} ${each} ${to}`);
  },
  takeOver: () => null,
};

const dialectsOfRights: Readonly<Record<SqlDialect, RightsDialect>> = { pgsql, mssql };

/**
 * The rights that a role lacks for each purpose in a database of a set. The role is that of the session, or a named one,
 * whose memberships count. Throws the `DB_*` codes; `DB_SQL` for a role that does not exist.
 */
export async function roleRights(
  connection: Connection,
  set: RightsSet,
  question: RightsQuestion = {},
): Promise<RoleRights> {
  const { purposes = rightPurposes, isProvisioned = false } = question;
  const asked = purposes.flatMap((purpose) =>
    neededRights(set, purpose, question).map((each) => ({ ...each, purpose })),
  );
  const { role, isWriter, rows } = await dialectsOfRights[connection.dialect].ask(
    connection,
    set,
    asked.filter(({ kind }) => kind !== 'ROLE'),
    question,
  );
  const joined = asked.filter(({ kind }) => kind === 'ROLE');
  const owning = purposes.filter((each) => joined.some(({ purpose }) => purpose === each));
  const roles = [...new Set(joined.map(({ name }) => name))];
  const { refusals, memberships } = await ownerRoles(connection, roles, question);
  const of = (purpose: RightPurpose): Missing => ({
    rights: grouped(
      [...rows, ...memberships].filter(
        (row) =>
          (row.kind === 'ROLE' ? owning.includes(purpose) : row.purpose === purpose) &&
          (isProvisioned || !row.isAbsent),
      ),
      connection.dialect,
    ),
    refusals: owning.includes(purpose) ? refusals : [],
    isUnseen: !isProvisioned && rows.some((row) => row.purpose === purpose && row.isAbsent === true),
  });
  const read = of('read');
  const write = of('write');
  return {
    role,
    isWriter,
    missing: {
      read,
      write: { ...write, rights: [...read.rights, ...write.rights] },
      provision: of('provision'),
      upgrade: of('upgrade'),
    },
  };
}

/** What the guards of a script say about the roles that own functions. */
interface OwnerRoles {
  /** Memberships that the role needs and does not have. */
  readonly memberships: readonly MissingRight[];
  readonly refusals: readonly string[];
}

/** The options of a membership that the guards ask for; there are none before PostgreSQL 16. */
const optionsQuery = sql`SELECT CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN ' WITH SET TRUE, INHERIT FALSE, ADMIN FALSE' ELSE '' END AS options`;

/**
 * Whether a role may use the roles that own functions, as the guards of the script decide it (design 16 §5.1). Nothing
 * is changed. Throws the `DB_*` codes.
 */
async function ownerRoles(
  connection: Connection,
  roles: readonly string[],
  { role, signal }: RightsQuestion,
): Promise<OwnerRoles> {
  const memberships: MissingRight[] = [];
  const refusals: string[] = [];
  for (const name of roles) {
    const texts = ownerRoleTexts({ name }, role);
    const [found] = await rolledBack(connection, async () => {
      await run(connection, texts.check, { signal });
      return rowsOf<{ refusal: string }>(connection, texts.refusal, { signal });
    });
    const refusal = found?.refusal ?? '';
    if (texts.isOfNoMember(refusal)) {
      const [row] = await rowsOf<{ options: string }>(connection, optionsQuery, { signal });
      const membership = { kind: 'ROLE', place: '', name, signature: '', right: row?.options ?? '' } as const;
      memberships.push({ ...membership, purpose: 'provision' });
    } else if (refusal !== '') refusals.push(refusal);
  }
  return { memberships, refusals };
}

/** Groups the rows of one purpose: objects that lack the same rights are listed together. */
function grouped(rows: readonly MissingRight[], dialect: SqlDialect): MissingRights[] {
  const { quote } = dialectRules[dialect];
  const byObject = new Map<string, { readonly row: MissingRight; readonly rights: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.kind, row.place, row.name, row.signature]);
    const known = byObject.get(key) ?? { row, rights: [] };
    known.rights.push(row.right);
    byObject.set(key, known);
  }
  const groups = new Map<string, Omit<MissingRights, 'objects'> & { readonly objects: string[] }>();
  for (const { row, rights } of byObject.values()) {
    const owner = rights.includes('OWNER') ? (row.owner ?? '') : null;
    const { isPlainOwner = false, isAbsent = false } = row;
    const key = JSON.stringify([row.kind, row.place, rights, owner, isAbsent]);
    const group = groups.get(key) ?? {
      kind: row.kind,
      place: row.place,
      rights,
      owner,
      isPlainOwner,
      isAbsent,
      objects: [],
    };
    const taken = row.kind === 'FUNCTION' ? `(${row.signature})` : '';
    group.objects.push(
      [row.place, row.name]
        .filter((part) => part !== '')
        .map(quote)
        .join('.') + taken,
    );
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * What a role lacks for a purpose, as sentences with the statements that give it; null if it lacks nothing. Objects that
 * are not there are named apart: nothing can be granted on them.
 */
export function missingText({ role, missing }: RoleRights, purpose: RightPurpose, dialect: SqlDialect): string | null {
  const { rights, refusals } = missing[purpose];
  const absent = rights.filter(({ isAbsent }) => isAbsent);
  const lacking = rights.filter(({ isAbsent }) => !isAbsent);
  const sentences = [
    ...(lacking.length === 0 ? [] : [lackingText(role, lacking, purpose, dialect)]),
    ...refusals.map(
      (refusal) => `the role ${dialectRules[dialect].quote(role)} lacks rights ${purposeTexts[purpose]}: ${refusal}`,
    ),
    ...(absent.length === 0 ? [] : [absentText(absent, purpose)]),
  ];
  return sentences.length === 0 ? null : sentences.join('. ');
}

function lackingText(
  role: string,
  found: readonly MissingRights[],
  purpose: RightPurpose,
  dialect: SqlDialect,
): string {
  const { grants, takeOver } = dialectsOfRights[dialect];
  const isOwning = ({ owner, isPlainOwner }: MissingRights) => owner !== null && !isPlainOwner;
  const owning = found.filter(isOwning);
  const changes = owning.flatMap((each) => grants(each, role));
  const all = changes.length > mostExamples ? takeOver([...new Set(owning.map(({ place }) => place))], role) : null;
  const others = found.filter((each) => !isOwning(each)).flatMap((each) => grants(each, role));
  const statements = new Set([...others, ...(all === null ? changes : [all])]);
  return `the role ${dialectRules[dialect].quote(role)} lacks rights ${purposeTexts[purpose]}: ${found.map(rightText).join('; ')}. Run: ${[...statements].join('; ')}`;
}

/** The objects, the first of them by name. */
function objectsText({ kind, objects }: MissingRights): string {
  const more = objects.length > shown ? ` and ${objects.length - shown} more` : '';
  const named = objects
    .slice(0, shown)
    .map((object) => `${kind.toLowerCase()} ${object}`)
    .join(', ');
  return `${named}${more}`;
}

function absentText(found: readonly MissingRights[], purpose: RightPurpose): string {
  const named = [...new Set(found.map(objectsText))].join('; ');
  return `what is needed ${purposeTexts[purpose]} is not there: ${named}. Run check, which names everything that lacks`;
}

function rightText(found: MissingRights): string {
  const { kind, rights, objects, owner } = found;
  if (kind === 'ROLE') return `membership in ${objectsText(found)}`;
  return owner !== null
    ? `ownership of ${counted(objects.length, kind.toLowerCase())} (${objectsText(found)}), which ${owner} owns`
    : `${rights.join(', ')} on ${objectsText(found)}`;
}

/**
 * Findings about missing rights: `DB_PERMISSION` for each purpose that was asked for; for writing, if it was not asked
 * for and the role writes documents at all, the warning `DB_ROLE_RIGHTS`.
 */
export function roleFindings(
  connection: Pick<Connection, 'label' | 'dialect'>,
  rights: RoleRights,
  asked: readonly RightPurpose[],
): readonly Diagnostic[] {
  const of = (purpose: RightPurpose, code: 'DB_PERMISSION' | 'DB_ROLE_RIGHTS') => {
    const text = missingText(rights, purpose, connection.dialect);
    const ofDatabase = rights.missing[purpose].rights.find(({ kind }) => kind === 'DATABASE');
    const privilege = ofDatabase === undefined ? {} : { privilege: `${ofDatabase.rights.join(', ')} on the database` };
    const details = { label: connection.label, driverCode: null, role: rights.role, purpose, ...privilege };
    return text === null ? [] : [diagnostic(code, `${connection.label}: ${text}`, {}, details)];
  };
  const warned = rights.isWriter && !asked.includes('write') ? of('write', 'DB_ROLE_RIGHTS') : [];
  return [...asked.flatMap((purpose) => of(purpose, 'DB_PERMISSION')), ...warned];
}

/** The rights that a run needs before it changes anything. */
export interface RunRights extends Pick<RightsQuestion, 'earlier' | 'movesTables' | 'signal'> {
  readonly set: RightsSet;
  readonly purpose: RightPurpose;
}

/** The finding `DB_PERMISSION` about what the role of the session lacks for a run; none if it lacks nothing. */
export async function runFindings(
  connection: Connection,
  { set, purpose, ...question }: RunRights,
): Promise<readonly Diagnostic[]> {
  const rights = await roleRights(connection, set, { ...question, purposes: [purpose] });
  return roleFindings(connection, rights, [purpose]);
}

/** Throws what {@link runFindings} finds. */
export async function expectRights(connection: Connection, rights: RunRights): Promise<void> {
  failIfAny(await runFindings(connection, rights));
}

/**
 * Throws `DB_PERMISSION` if the role of the session may not use the roles of the server that own functions: the part of
 * {@link expectRights} that can be asked before the database exists.
 */
export async function expectOwnerRoles(connection: Connection, set: RightsSet, limits: Limits = {}): Promise<void> {
  const found = await ownerRoles(
    connection,
    set.roles.map(({ name }) => name),
    limits,
  );
  const none: Missing = { rights: [], refusals: [] };
  const provision = { rights: grouped(found.memberships, connection.dialect), refusals: found.refusals };
  const missing = { read: none, write: none, provision, upgrade: none };
  const role = await currentRole(connection, limits);
  failIfAny(roleFindings(connection, { role, isWriter: false, missing }, ['provision']));
}

/**
 * Checks the role of the session before the first document is written. Throws `DB_PERMISSION` if the role cannot write
 * any document; returns the warning `DB_ROLE_RIGHTS` if it lacks rights on tables of some resources.
 */
export async function expectWriter(
  connection: Connection,
  set: RightsSet,
  limits: Limits = {},
): Promise<readonly Diagnostic[]> {
  const rights = await roleRights(connection, set, { ...limits, purposes: ['read', 'write'], isProvisioned: true });
  const [first] = roleFindings(connection, rights, ['write']);
  if (first === undefined) return [];
  if (rights.missing.write.rights.some(isOfEveryDocument)) return fail(first.code, first.message, {}, first.details);
  return [diagnostic('DB_ROLE_RIGHTS', first.message, {}, first.details)];
}

/**
 * Whether every document needs the right: true except for rights on the tables of resources, some of which a load may
 * leave alone.
 */
const isOfEveryDocument = ({ kind, place }: MissingRights) =>
  (kind !== 'TABLE' && kind !== 'OBJECT') || place === core.document.schema;
