import { fail } from '@dms/diagnostics';
import { dialectOf, dialectRules, type PlainSql, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';

const { sql } = dialectOf.mssql;

/*
 * What a session sees of the catalog (design 09c §1.1). SQL Server shows a login only the objects that it has a right
 * to, and their definitions only with VIEW DEFINITION; without it an object that is not shown may still be there.
 */

/** ALTER and CONTROL give it too. */
const seenQuery = sql`SELECT CASE WHEN HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'VIEW DEFINITION') = 1
  OR HAS_PERMS_BY_NAME(QUOTENAME(DB_NAME()), N'DATABASE', N'ALTER') = 1 THEN 1 ELSE 0 END AS allowed, USER_NAME() AS "role"`;

/** Tables and modules whose definitions are denied to the session, though it may see those of the database. */
const hiddenQuery = sql`SELECT DISTINCT QUOTENAME(s.name) + N'.' + QUOTENAME(o.name) AS "name"
FROM sys.objects AS o INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
WHERE EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.object_id = o.object_id AND i.has_filter = 1 AND i.filter_definition IS NULL)
  OR EXISTS (SELECT 1 FROM sys.sql_modules AS m WHERE m.object_id = o.object_id AND m.definition IS NULL AND OBJECTPROPERTY(m.object_id, 'IsEncrypted') = 0)
ORDER BY "name"`;

/** PostgreSQL shows its catalogs to everybody. */
const queries: Readonly<Record<SqlDialect, PlainSql | null>> = { pgsql: null, mssql: seenQuery };

interface Seen {
  readonly seesAll: boolean;
  readonly role: string;
}

async function seen(connection: Connection, limits: Limits): Promise<Seen> {
  const query = queries[connection.dialect];
  if (query === null) return { seesAll: true, role: '' };
  const [row] = await rowsOf<{ allowed: number; role?: string }>(connection, query, limits);
  return { seesAll: row?.allowed === 1, role: row?.role ?? 'public' };
}

/** Whether a session sees all objects of its database, with their definitions. Throws the `DB_*` codes. */
export const seesEverything = async (connection: Connection, limits: Limits = {}): Promise<boolean> =>
  (await seen(connection, limits)).seesAll;

/** The statement that shows a login the whole catalog. */
const showing = (role: string) => `GRANT VIEW DEFINITION TO ${dialectRules.mssql.quote(role)}`;

/**
 * Why an object that is not shown cannot be called missing, as a sentence with the statement that shows everything;
 * null if the session sees everything.
 */
export async function blindness(connection: Connection, limits: Limits = {}): Promise<string | null> {
  const { seesAll, role } = await seen(connection, limits);
  if (seesAll) return null;
  const name = dialectRules.mssql.quote(role);
  return `the user ${name} may not see the definitions of the database, so it cannot be told what is there. Run: ${showing(role)}`;
}

/** Throws `DB_PERMISSION` for a session that does not see the whole catalog, with the statement that shows it. */
export async function expectSight(connection: Connection, limits: Limits = {}): Promise<void> {
  const reason = await blindness(connection, limits);
  if (reason === null) return;
  const details = { label: connection.label, driverCode: null, privilege: 'VIEW DEFINITION' };
  fail('DB_PERMISSION', `${connection.label}: ${reason}`, {}, details);
}

/** How many objects a message names; the others are counted. */
const shown = 3;

/**
 * Checks what was read of the catalog. Throws `DB_PERMISSION` for a session that does not see all of it, and where the
 * server does not show definitions.
 *
 * @param found tables of the reading with such definitions, as `[schema].[name]`
 */
export async function expectDefinitions(
  connection: Connection,
  found: readonly string[],
  limits: Limits = {},
): Promise<void> {
  await expectSight(connection, limits);
  const rows = await rowsOf<{ name?: string }>(connection, hiddenQuery, limits);
  const hidden = [...new Set([...found, ...rows.flatMap(({ name }) => (name === undefined ? [] : [name]))])];
  if (hidden.length === 0) return;
  const named = hidden.slice(0, shown).join(', ');
  const more = hidden.length > shown ? ` and ${hidden.length - shown} more` : '';
  const statements = hidden.slice(0, shown).map((name) => `GRANT VIEW DEFINITION ON OBJECT::${name} TO …`);
  const text = `${connection.label}: the server does not show the definitions of ${named}${more}, because VIEW DEFINITION on them is denied to the user of the session or to a role of it. Run for whom it is denied to: ${statements.join('; ')}`;
  fail('DB_PERMISSION', text, {}, { label: connection.label, driverCode: null, privilege: 'VIEW DEFINITION' });
}
