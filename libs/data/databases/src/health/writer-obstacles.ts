import type { Catalog } from '@dms/catalog';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { dialectRules, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import type { RightPurpose } from './needed-rights.ts';
import type { RoleRights } from './role-rights.ts';
import { refusedWrites, writingAgain } from './server-checks.ts';

/*
 * Obstacles for roles that write documents, besides missing rights (design 09c §1.2): read-only sessions, the role of
 * the queue, subscriptions, and collations of keys.
 */

const { quote, stringLiteral } = dialectRules.pgsql;

const listed = (texts: readonly string[]) => texts.map((text) => stringLiteral(text)).join(', ');

/**
 * The settings that decide whether transactions of a role are read-only; `$1` is the role, null for the role of the
 * session.
 */
const readOnlyQuery = `SELECT CASE WHEN s.setrole <> 0 THEN 2 ELSE 0 END + CASE WHEN s.setdatabase <> 0 THEN 1 ELSE 0 END AS rank,
  (SELECT bool_or(split_part(c, '=', 2)::boolean) FROM unnest(s.setconfig) AS c WHERE c LIKE 'default_transaction_read_only=%') AS "isOn",
  CASE WHEN s.setrole = 0 AND s.setdatabase = 0 THEN 'ALTER ROLE ALL'
    WHEN s.setrole = 0 THEN format('ALTER DATABASE %I', d.datname)
    ELSE format('ALTER ROLE %I', r.rolname) || coalesce(' IN DATABASE ' || quote_ident(d.datname), '')
  END || ' RESET default_transaction_read_only' AS statement
FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
WHERE (s.setrole = 0 OR r.rolname = coalesce($1, session_user)) AND (s.setdatabase = 0 OR d.datname = current_database())
  AND EXISTS (SELECT 1 FROM unnest(s.setconfig) AS c WHERE c LIKE 'default_transaction_read_only=%')
UNION ALL SELECT -1, s.setting = 'on', NULL FROM pg_settings s
WHERE s.name = 'default_transaction_read_only' AND s.source NOT IN ('database', 'user', 'database user', 'client', 'session')
ORDER BY rank`;

/** SQL Server has no such settings of a role. */
const readOnlyQueries: Readonly<Record<SqlDialect, string | null>> = { pgsql: readOnlyQuery, mssql: null };

/** An object that is an obstacle: its name, and the values for its sentence. */
interface ObstacleRow {
  readonly code: 'DB_OWNER_MEMBER' | 'DB_SUBSCRIPTION' | 'DB_KEY_COLLATION';
  readonly object: string;
  readonly detail: string;
  readonly statement: string;
}

/** Members of the roles of the queue; the options of a membership exist since PostgreSQL 16 (design 16 §2.6). */
const membersQuery = (roles: readonly string[]) => {
  const option = (name: string) => `(to_jsonb(a) ->> '${name}')::boolean`;
  return `SELECT 'DB_OWNER_MEMBER' AS code, m.rolname::text AS object, o.rolname::text AS detail,
  format('REVOKE %I FROM %I', o.rolname, m.rolname) AS statement
FROM pg_auth_members a JOIN pg_roles o ON o.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
WHERE o.rolname IN (${listed(roles)}) AND to_jsonb(a) ->> 'set_option' IS NOT NULL
  AND NOT (NOT a.admin_option AND ${option('set_option')} AND NOT ${option('inherit_option')})
  AND NOT (a.admin_option AND NOT ${option('set_option')} AND NOT ${option('inherit_option')})`;
};

const subscriptionsQuery = (schemas: readonly string[]) =>
  `SELECT 'DB_SUBSCRIPTION' AS code, s.subname::text AS object, min(format('%I.%I', n.nspname, c.relname)) AS detail,
  format('ALTER SUBSCRIPTION %I DISABLE', s.subname) AS statement
FROM pg_subscription s JOIN pg_subscription_rel l ON l.srsubid = s.oid
JOIN pg_class c ON c.oid = l.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE s.subenabled AND n.nspname IN (${listed(schemas)}) GROUP BY s.subname`;

const collationsQuery = (schemas: readonly string[]) =>
  `SELECT DISTINCT 'DB_KEY_COLLATION' AS code, format('%I.%I.%I', n.nspname, c.relname, t.attname) AS object, k.collname::text AS detail,
  CASE WHEN t.attcollation = k.oid
    THEN format('ALTER TABLE %I.%I ALTER COLUMN %I TYPE %s COLLATE "default"', n.nspname, c.relname, t.attname, format_type(t.atttypid, t.atttypmod))
    ELSE format('DROP INDEX %I.%I', n.nspname, i.relname)
  END AS statement
FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class i ON i.oid = x.indexrelid
CROSS JOIN LATERAL generate_series(0, x.indnkeyatts - 1) AS p(place)
JOIN pg_collation k ON k.oid = x.indcollation[p.place] JOIN pg_attribute t ON t.attrelid = c.oid AND t.attnum = x.indkey[p.place]
WHERE x.indisunique AND NOT k.collisdeterministic AND n.nspname IN (${listed(schemas)})`;

function obstacleQuery({ schemas, roles }: Pick<Catalog, 'schemas' | 'roles'>): string {
  const names = roles.map(({ name }) => name);
  const questions = [
    ...(names.length === 0 ? [] : [membersQuery(names)]),
    subscriptionsQuery(schemas),
    collationsQuery(schemas),
  ];
  return `${questions.join('\nUNION ALL ')}\nORDER BY 1, 2, 3`;
}

/** SQL Server has neither such roles nor such collations, and replicates otherwise. */
const obstacleQueries: Readonly<Record<SqlDialect, typeof obstacleQuery | null>> = {
  pgsql: obstacleQuery,
  mssql: null,
};

const sentences: Readonly<Record<ObstacleRow['code'], (row: ObstacleRow) => string>> = {
  DB_OWNER_MEMBER: ({ object, detail, statement }) =>
    `${quote(object)} is a member of the role ${quote(detail)} with other options than SET TRUE, INHERIT FALSE, ADMIN FALSE. It may write the queue, and nothing can be provisioned, upgraded or verified as it. Run: ${statement}`,
  DB_SUBSCRIPTION: ({ object, detail, statement }) =>
    `the subscription ${quote(object)} writes into tables of the schema set (${detail}). It fires no triggers, so stamps and derived rows are not kept, and it stops at rows that others have written. Run: ${statement}`,
  DB_KEY_COLLATION: ({ object, detail, statement }) =>
    `a unique key takes different values of ${object} for equal, because the collation ${quote(detail)} is not deterministic. Documents would be refused. Triggers that name the column must be dropped first; provision makes them again. Run: ${statement}`,
};

/** The options of {@link writerObstacles}. */
interface WriterQuestion extends Limits {
  /** The purposes that were asked for. */
  readonly asked: readonly RightPurpose[];
  /** The role that was named; by default the role of the session. */
  readonly role?: string | undefined;
}

/**
 * The obstacles for roles that write documents: `DB_READ_ONLY`, an error if writing was asked for, otherwise a warning
 * if the role writes documents; `DB_KEY_COLLATION`, an error; `DB_OWNER_MEMBER` and `DB_SUBSCRIPTION`, warnings. Throws
 * the `DB_*` codes.
 *
 * @param rights the rights that the role lacks
 */
export async function writerObstacles(
  connection: Connection,
  design: Pick<Catalog, 'schemas' | 'roles'>,
  rights: RoleRights,
  { asked, role, signal }: WriterQuestion,
): Promise<readonly Diagnostic[]> {
  const { label, dialect } = connection;
  const isAsked = asked.includes('write');
  const reason = isAsked || rights.isWriter ? await readOnlyReason(connection, role, { signal }) : null;
  const found: Diagnostic[] = [];
  if (reason !== null) {
    const refused = diagnostic('DB_READ_ONLY', `${label}: ${reason}`, {}, { label });
    found.push(isAsked ? refused : { ...refused, class: 'W' });
  }
  const query = obstacleQueries[dialect];
  if (query === null || design.schemas.length === 0) return found;
  const rows = await connection.query<ObstacleRow>(query(design), [], { signal });
  const others = rows.map((row) =>
    diagnostic(row.code, `${label}: ${sentences[row.code](row)}`, {}, { object: row.object }),
  );
  return [...found, ...others];
}

/** A setting of a role or database; the setting with the greatest rank applies. */
interface ReadOnlySetting {
  readonly rank: number;
  readonly isOn: boolean;
  /** The statement that resets the setting; null for a setting of the server. */
  readonly statement: string | null;
}

/** Why the transactions of a role are read-only, with advice; null if they may write. */
async function readOnlyReason(
  connection: Connection,
  role: string | undefined,
  limits: Limits,
): Promise<string | null> {
  const query = readOnlyQueries[connection.dialect];
  if (query === null || role === undefined) return refusedWrites(connection);
  const settings = await connection.query<ReadOnlySetting>(query, [role], limits);
  if (settings.at(-1)?.isOn !== true) return null;
  const statements = settings.flatMap(({ isOn, statement }) => (isOn && statement !== null ? [statement] : []));
  const what = `default_transaction_read_only is on for the role ${quote(role)}, so its transactions only read`;
  return statements.length === 0
    ? `${what}: switch it off in the configuration of the server.`
    : `${what}. Run: ${[writingAgain, ...statements].join('; ')}`;
}
