import { ownerRoleNames, serviceTableNames } from '@dms/catalog';
import { counted, type Diagnostic, diagnostic, fail, mostExamples } from '@dms/diagnostics';
import { core } from '@dms/model';
import { dialectRules, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { notMarked } from '../views/marked-views.ts';
import { eventTable, notWritten, queueTable, trackedSchemas } from './written-tables.ts';

/*
 * What a role may do with the database of a schema set, by purpose (design 09 §1.8.1). The catalog is queried; nothing
 * is tried out.
 */

/**
 * The purposes that a role may have with a database. Each purpose needs its own rights; writing also needs those of
 * reading.
 */
export const rightPurposes = ['read', 'write', 'provision', 'upgrade'] as const;
export type RightPurpose = (typeof rightPurposes)[number];

/** The purposes as a message says them: `to write documents`. */
export const purposeTexts: Readonly<Record<RightPurpose, string>> = {
  read: 'to read documents',
  write: 'to write documents',
  provision: 'to provision',
  upgrade: 'to upgrade',
};

/** A right on an object that a purpose needs and the role does not have. */
interface Row {
  readonly purpose: RightPurpose;
  /** The word of a `GRANT`: `DATABASE`, `SCHEMA`, `TABLE`, `SEQUENCE`, `FUNCTION`. */
  readonly kind: string;
  /** Empty for a database. */
  readonly place: string;
  /** Empty for a schema. */
  readonly name: string;
  /** The argument types of a function. */
  readonly signature: string;
  /** `OWNER` for the rights of an owner, which cannot be granted one by one. */
  readonly right: string;
  /** The owner of an object that only its owner may change; otherwise empty or absent. */
  readonly owner?: string;
  /** Whether members of the owner get little more than its objects; see {@link strongRole}. */
  readonly isPlainOwner?: boolean;
  /** Whether the role may insert into any table of the set. */
  readonly writes: boolean | number;
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
}

/** The rights that a role lacks, by purpose. */
export interface RoleRights {
  readonly role: string;
  /** Whether the role writes documents at all: a role that may insert into no table is a reader. */
  readonly isWriter: boolean;
  readonly missing: Readonly<Record<RightPurpose, readonly MissingRights[]>>;
}

interface RightsDialect {
  /** Its rows are `Row`s. Throws the server's error for a role that does not exist. */
  query(schemas: readonly string[], role: string | undefined): string;
  readonly currentRole: string;
  /** The statements that give rights; each may be there several times. */
  grants(missing: MissingRights, role: string): readonly string[];
  /** One statement that makes a role the owner of everything in the schemas that needs its owner. */
  takeOver(schemas: readonly string[], role: string): string | null;
}

const shown = 3;

const listed = (dialect: SqlDialect, texts: readonly string[]) =>
  texts.map((text) => dialectRules[dialect].stringLiteral(text)).join(', ');

const { quote: quotePgsql, stringLiteral: pgsqlText } = dialectRules.pgsql;
const { quote: quoteMssql, stringLiteral: mssqlText } = dialectRules.mssql;

/**
 * A role whose members can do more than with its objects alone: a superuser, a role that makes roles, copies the server
 * or passes row security, a predefined role, and each member of such a role. The product never advises membership in it.
 */
const strongRole = `(SELECT bool_or(m.rolsuper OR m.rolcreaterole OR m.rolreplication OR m.rolbypassrls OR m.rolname LIKE 'pg\\_%'
  -- the owner of the database is a member of this one
  AND (m.rolname <> 'pg_database_owner' OR m.oid = n.owner))
  FROM pg_roles m WHERE pg_has_role(n.owner, m.oid, 'MEMBER'))`;

/** The objects of `places` that an upgrade may change, which only their owner may: kind, schema, name, arguments, owner. */
const ownedObjects = `SELECT 'SCHEMA', p.nspname::text, ''::text, ''::text, p.nspowner FROM places p
  UNION ALL SELECT CASE r.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
    r.nspname::text, r.relname::text, '', r.relowner
  FROM relations r
  -- the sequence of a column has the owner of its table
  WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND r.relkind = 'S' AND d.deptype IN ('a', 'i'))
  UNION ALL SELECT 'FUNCTION', p.nspname::text, f.proname::text, oidvectortypes(f.proargtypes), f.proowner
  FROM pg_proc f JOIN places p ON p.oid = f.pronamespace
  WHERE f.prokind = 'f' AND pg_get_userbyid(f.proowner) NOT IN (${listed('pgsql', ownerRoleNames)})
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')`;

/** The schemas of a set, and their tables, views and sequences, but for those of the service. */
const placesOf = (schemas: readonly string[]) => `places AS (
  SELECT n.oid, n.nspname, n.nspowner FROM pg_namespace n WHERE n.nspname IN (${listed('pgsql', schemas)})
), relations AS (
  SELECT c.oid, p.nspname, c.relname, c.relkind, c.relowner FROM pg_class c JOIN places p ON p.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT (p.nspname = 'dms' AND c.relname IN (${listed('pgsql', [queueTable, ...serviceTableNames])})) AND ${notMarked}
)`;

const pgsql: RightsDialect = {
  currentRole: 'SELECT current_user::text AS role',
  query: (schemas, role) => `WITH asked AS (
  SELECT ${role === undefined ? 'quote_ident(current_user)::regrole::oid' : `${pgsqlText(quotePgsql(role))}::regrole::oid`} AS role
), ${placesOf(schemas)}, hashing AS (
  SELECT f.oid, n.oid AS place, n.nspname, f.proname, oidvectortypes(f.proargtypes) AS signature
  FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace JOIN pg_proc f ON f.pronamespace = n.oid
  WHERE x.extname = 'pgcrypto' AND f.proname = 'digest' AND oidvectortypes(f.proargtypes) = 'bytea, text'
), owned(kind, place, name, signature, owner) AS (
  ${ownedObjects}
), granted(purpose, kind, place, name, signature, "right", has) AS (
  SELECT 'read', 'DATABASE', '', current_database()::text, '', 'CONNECT', has_database_privilege(a.role, current_database(), 'CONNECT') FROM asked a
  UNION ALL SELECT 'read', 'SCHEMA', p.nspname::text, '', '', 'USAGE', has_schema_privilege(a.role, p.oid, 'USAGE') FROM asked a, places p
  UNION ALL SELECT 'read', 'TABLE', r.nspname::text, r.relname::text, '', 'SELECT', has_table_privilege(a.role, r.oid, 'SELECT')
  FROM asked a, relations r WHERE r.relkind <> 'S'
  UNION ALL SELECT 'write', 'TABLE', r.nspname::text, r.relname::text, '', g.name, has_table_privilege(a.role, r.oid, g.name)
  FROM asked a, relations r, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS g(name)
  WHERE r.relkind IN ('r', 'p') AND NOT (r.nspname = 'dms' AND r.relname IN (${listed('pgsql', notWritten)}))
    AND (g.name = 'INSERT' OR NOT (r.nspname LIKE ${pgsqlText(`${trackedSchemas.replaceAll('_', '\\_')}%`)} OR r.nspname = 'dms' AND r.relname = ${pgsqlText(eventTable)}))
  UNION ALL SELECT 'write', 'SEQUENCE', r.nspname::text, r.relname::text, '', 'USAGE', has_sequence_privilege(a.role, r.oid, 'USAGE')
  FROM asked a, relations r WHERE r.relkind = 'S'
    -- the sequence of an identity column needs no right of its own
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype = 'i')
  UNION ALL SELECT 'write', 'FUNCTION', p.nspname::text, f.proname::text, oidvectortypes(f.proargtypes), 'EXECUTE',
    has_function_privilege(a.role, f.oid, 'EXECUTE')
  FROM asked a, pg_proc f JOIN places p ON p.oid = f.pronamespace
  -- the server asks for no right on the function of a trigger
  WHERE f.prorettype <> 'trigger'::regtype AND f.prokind = 'f' AND pg_get_userbyid(f.proowner) NOT IN (${listed('pgsql', ownerRoleNames)})
  UNION ALL SELECT 'write', 'SCHEMA', h.nspname::text, '', '', 'USAGE', has_schema_privilege(a.role, h.place, 'USAGE') FROM asked a, hashing h
  UNION ALL SELECT 'write', 'FUNCTION', h.nspname::text, h.proname::text, h.signature, 'EXECUTE', has_function_privilege(a.role, h.oid, 'EXECUTE')
  FROM asked a, hashing h
  UNION ALL SELECT g.purpose, 'DATABASE', '', current_database()::text, '', 'CREATE', has_database_privilege(a.role, current_database(), 'CREATE')
  FROM asked a, unnest(ARRAY['provision', 'upgrade']) AS g(purpose)
), needed AS (
  SELECT *, NULL::oid AS owner FROM granted
  UNION ALL SELECT g.purpose, o.kind, o.place, o.name, o.signature, 'OWNER', pg_has_role(a.role, o.owner, 'USAGE'), o.owner
  FROM asked a, owned o, unnest(ARRAY['provision', 'upgrade']) AS g(purpose)
), judged AS (
  SELECT n.*, bool_or(has AND purpose = 'write' AND "right" = 'INSERT') OVER () AS writes FROM needed n
)
SELECT purpose, kind, place, name, signature, "right", writes, coalesce(pg_get_userbyid(n.owner)::text, '') AS owner,
  n.owner IS NOT NULL AND NOT ${strongRole} AS "isPlainOwner"
FROM judged n WHERE NOT has ORDER BY purpose, kind, place, name, signature, "right"`,
  grants: ({ kind, place, rights, objects, owner, isPlainOwner }, role) => {
    if (owner !== null && isPlainOwner) return [`GRANT ${quotePgsql(owner)} TO ${quotePgsql(role)}`];
    if (owner !== null) return objects.map((each) => `ALTER ${kind} ${each} OWNER TO ${quotePgsql(role)}`);
    const all = kind === 'TABLE' || kind === 'SEQUENCE' || kind === 'FUNCTION';
    const object =
      all && objects.length > shown ? `ALL ${kind}S IN SCHEMA ${quotePgsql(place)}` : `${kind} ${objects.join(', ')}`;
    return [`GRANT ${rights.join(', ')} ON ${object} TO ${quotePgsql(role)}`];
  },
  takeOver: (schemas, role) => `DO $owners$ DECLARE change text; BEGIN
  FOR change IN WITH ${placesOf(schemas)}, owned(kind, place, name, signature, owner) AS (
  ${ownedObjects}
) SELECT concat('ALTER ', kind, ' ', quote_ident(place), CASE WHEN kind <> 'SCHEMA' THEN '.' || quote_ident(name) END,
    CASE WHEN kind = 'FUNCTION' THEN '(' || signature || ')' END, ${pgsqlText(` OWNER TO ${quotePgsql(role)}`)})
  FROM owned WHERE NOT pg_has_role(${pgsqlText(role)}, owner, 'USAGE')
  LOOP EXECUTE change; END LOOP;
END $owners$`,
};

const mssql: RightsDialect = {
  currentRole: 'SELECT USER_NAME() AS role',
  query: (schemas, role) => {
    const object = "QUOTENAME(s.name) + N'.' + QUOTENAME(o.name)";
    const objects = 'sys.objects AS o INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id';
    const ours = `s.name IN (${listed('mssql', schemas)})`;
    const has = (right: string) => `HAS_PERMS_BY_NAME(${object}, N'OBJECT', ${right})`;
    return `${role === undefined ? '' : `EXECUTE AS USER = ${mssqlText(role)};\n`}WITH needed AS (
  SELECT N'read' AS purpose, N'OBJECT' AS kind, s.name AS place, o.name AS name, N'SELECT' AS [right], ${has("N'SELECT'")} AS has
  FROM ${objects} WHERE ${ours} AND o.type IN ('U', 'V') AND NOT (s.name = N'dms' AND o.name IN (${listed('mssql', serviceTableNames)}))
  UNION ALL SELECT N'write', N'OBJECT', s.name, o.name, g.name, ${has('g.name')}
  FROM ${objects} CROSS JOIN (VALUES (N'INSERT'), (N'UPDATE'), (N'DELETE')) AS g(name)
  WHERE ${ours} AND o.type = 'U' AND NOT (s.name = N'dms' AND o.name IN (${listed('mssql', notWritten)}))
    AND (g.name = N'INSERT' OR NOT (s.name LIKE ${mssqlText(`${trackedSchemas.replaceAll('_', '[_]')}%`)} OR s.name = N'dms' AND o.name = ${mssqlText(eventTable)}))
  UNION ALL SELECT N'write', N'OBJECT', s.name, o.name, N'UPDATE', ${has("N'UPDATE'")} FROM ${objects} WHERE ${ours} AND o.type = 'SO'
  UNION ALL SELECT N'write', N'OBJECT', s.name, o.name, N'EXECUTE', ${has("N'EXECUTE'")} FROM ${objects} WHERE ${ours} AND o.type = 'FN'
  UNION ALL SELECT g.purpose, N'DATABASE', N'', DB_NAME(), N'ALTER', HAS_PERMS_BY_NAME(DB_NAME(), N'DATABASE', N'ALTER')
  FROM (VALUES (N'provision'), (N'upgrade')) AS g(purpose)
)
SELECT purpose, kind, place, name, N'' AS signature, [right],
  (SELECT COUNT(*) FROM needed AS w WHERE w.has = 1 AND w.purpose = N'write' AND w.[right] = N'INSERT') AS writes
FROM needed WHERE has = 0 ORDER BY purpose, kind, place, name, [right]`;
  },
  grants: ({ kind, place, rights, objects }, role) => {
    const granted = `GRANT ${rights.join(', ')} ON`;
    const to = `TO ${quoteMssql(role)}`;
    if (kind === 'DATABASE') return [`GRANT ${rights.join(', ')} ${to}`];
    if (objects.length > shown) return [`${granted} SCHEMA::${quoteMssql(place)} ${to}`];
    return objects.map((each) => `${granted} ${each} ${to}`);
  },
  takeOver: () => null,
};

const dialectsOfRights: Readonly<Record<SqlDialect, RightsDialect>> = { pgsql, mssql };

/**
 * The rights that a role lacks for each purpose in the `schemas` of a set. The role is that of the session, or a named
 * one, whose memberships count. Throws the `DB_*` codes; `DB_SQL` for a role that does not exist.
 */
export async function roleRights(
  connection: Connection,
  schemas: readonly string[],
  { role, signal }: Limits & { readonly role?: string | undefined } = {},
): Promise<RoleRights> {
  const { query, currentRole } = dialectsOfRights[connection.dialect];
  const found = await connection.query<Row>(query(schemas, role), [], { signal });
  const [current] = role === undefined ? await connection.query<{ role: string }>(currentRole, [], { signal }) : [];
  const of = (purpose: RightPurpose) =>
    grouped(
      found.filter((row) => row.purpose === purpose),
      connection.dialect,
    );
  const read = of('read');
  return {
    role: role ?? String(current?.role),
    isWriter: found.length === 0 || found.some(({ writes }) => writes === true || Number(writes) > 0),
    missing: { read, write: [...read, ...of('write')], provision: of('provision'), upgrade: of('upgrade') },
  };
}

/** Groups the rows of one purpose: objects that lack the same rights are listed together. */
function grouped(rows: readonly Row[], dialect: SqlDialect): MissingRights[] {
  const { quote } = dialectRules[dialect];
  const byObject = new Map<string, { readonly row: Row; readonly rights: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.kind, row.place, row.name, row.signature]);
    const known = byObject.get(key) ?? { row, rights: [] };
    known.rights.push(row.right);
    byObject.set(key, known);
  }
  const groups = new Map<string, Omit<MissingRights, 'objects'> & { readonly objects: string[] }>();
  for (const { row, rights } of byObject.values()) {
    const owner = rights.includes('OWNER') ? (row.owner ?? '') : null;
    const { isPlainOwner = false } = row;
    const key = JSON.stringify([row.kind, row.place, rights, owner]);
    const known = groups.get(key) ?? { kind: row.kind, place: row.place, rights, owner, isPlainOwner, objects: [] };
    const taken = row.kind === 'FUNCTION' ? `(${row.signature})` : '';
    known.objects.push(
      [row.place, row.name]
        .filter((part) => part !== '')
        .map(quote)
        .join('.') + taken,
    );
    groups.set(key, known);
  }
  return [...groups.values()];
}

/**
 * The rights that a role lacks for a purpose, as a sentence, with the statements that give them; null if it lacks none.
 */
export function missingText({ role, missing }: RoleRights, purpose: RightPurpose, dialect: SqlDialect): string | null {
  const found = missing[purpose];
  if (found.length === 0) return null;
  const { grants, takeOver } = dialectsOfRights[dialect];
  const isOwning = ({ owner, isPlainOwner }: MissingRights) => owner !== null && !isPlainOwner;
  const owning = found.filter(isOwning);
  const changes = owning.flatMap((each) => grants(each, role));
  const all = changes.length > mostExamples ? takeOver([...new Set(owning.map(({ place }) => place))], role) : null;
  const others = found.filter((each) => !isOwning(each)).flatMap((each) => grants(each, role));
  const statements = new Set([...others, ...(all === null ? changes : [all])]);
  return `the role ${dialectRules[dialect].quote(role)} lacks rights ${purposeTexts[purpose]}: ${found.map(rightText).join('; ')}. Run: ${[...statements].join('; ')}`;
}

function rightText({ kind, rights, objects, owner }: MissingRights): string {
  const more = objects.length > shown ? ` and ${objects.length - shown} more` : '';
  const named = objects
    .slice(0, shown)
    .map((object) => `${kind.toLowerCase()} ${object}`)
    .join(', ');
  return owner !== null
    ? `ownership of ${counted(objects.length, kind.toLowerCase())} (${named}${more}), which ${owner} owns`
    : `${rights.join(', ')} on ${named}${more}`;
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
    const details = { label: connection.label, driverCode: null, role: rights.role, purpose };
    return text === null ? [] : [diagnostic(code, `${connection.label}: ${text}`, {}, details)];
  };
  const warned = rights.isWriter && !asked.includes('write') ? of('write', 'DB_ROLE_RIGHTS') : [];
  return [...asked.flatMap((purpose) => of(purpose, 'DB_PERMISSION')), ...warned];
}

/**
 * Checks the role of the session before the first document is written. Throws `DB_PERMISSION` if the role cannot write
 * any document; returns the warning `DB_ROLE_RIGHTS` if it lacks rights on tables of some resources.
 */
export async function expectWriter(
  connection: Connection,
  schemas: readonly string[],
  limits: Limits = {},
): Promise<readonly Diagnostic[]> {
  const rights = await roleRights(connection, schemas, limits);
  const [first] = roleFindings(connection, rights, ['write']);
  if (first === undefined) return [];
  if (rights.missing.write.some(isOfEveryDocument)) return fail(first.code, first.message, {}, first.details);
  return [diagnostic('DB_ROLE_RIGHTS', first.message, {}, first.details)];
}

/**
 * Whether every document needs the right: true except for rights on the tables of resources, some of which a load may
 * leave alone.
 */
const isOfEveryDocument = ({ kind, place }: MissingRights) =>
  (kind !== 'TABLE' && kind !== 'OBJECT') || place === core.document.schema;
