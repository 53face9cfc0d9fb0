import type { DbTableName } from '@dms/model';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';
import { markedViewsQueries, viewMark, viewSchemaMark } from './view-marks.ts';

const { stringLiteral } = dialectRules.pgsql;

/** What has names, other than reporting views: relations, and in PostgreSQL types. */
const takenQueries: Readonly<Record<SqlDialect, string>> = {
  pgsql: `SELECT DISTINCT o.schema || '.' || o.name AS name FROM (
  SELECT n.nspname::text AS schema, c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind <> 'v' OR coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE ${stringLiteral(`${viewMark} %`)}
  UNION ALL SELECT n.nspname::text, t.typname::text FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typrelid = 0
) o JOIN pg_catalog.json_to_recordset($1::json) AS w(schema text, name text) ON w.schema = o.schema AND w.name = o.name ORDER BY 1`,
  mssql: `SELECT s.name + N'.' + o.name AS name FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
JOIN OPENJSON(@p1) WITH ([schema] sysname '$.schema', [name] sysname '$.name') w ON w.[schema] = s.name AND w.[name] = o.name
WHERE NOT EXISTS (SELECT 1 FROM (${markedViewsQueries.mssql}) v WHERE v.[oid] = o.object_id) ORDER BY 1`,
};

/** Those of the names that something else in the database has, as `schema.name`. */
export async function takenViewNames(
  connection: Connection,
  names: readonly DbTableName[],
  limits: Limits = {},
): Promise<readonly string[]> {
  const rows = await connection.query<{ name: string }>(
    takenQueries[connection.dialect],
    [JSON.stringify(names)],
    limits,
  );
  return rows.map(({ name }) => name);
}

/** The schemas that were made for views and hold nothing any more. */
const emptySchemas: Readonly<Record<SqlDialect, string | null>> = {
  pgsql: `SELECT n.nspname::text AS name FROM pg_catalog.pg_namespace n
WHERE pg_catalog.obj_description(n.oid, 'pg_namespace') = ${stringLiteral(viewSchemaMark)}
AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid)
AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid)
AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid)`,
  // schemas of the second database stay: nothing says who made them
  mssql: null,
};

/**
 * Removes the reporting views of the open transaction's database, and the schemas that were made for them; returns how
 * many views.
 */
export async function dropMarkedViews(connection: Connection, limits: Limits = {}): Promise<number> {
  const { dialect } = connection;
  const rules = dialectRules[dialect];
  const views = await connection.query<DbTableName>(
    `SELECT v.${rules.quote('schema')}, v.${rules.quote('name')} FROM (${markedViewsQueries[dialect]}) v`,
    [],
    limits,
  );
  if (views.length > 0)
    await connection.execute(`DROP VIEW ${views.map((view) => qualifiedName(rules, view)).join(', ')}`, limits);
  const query = emptySchemas[dialect];
  const schemas = query === null ? [] : await connection.query<{ name: string }>(query, [], limits);
  for (const { name } of schemas) await connection.execute(`DROP SCHEMA ${rules.quote(name)}`, limits);
  return views.length;
}

/** Something that others made on top of a view or column: `view dashboards.attendance`. */
export interface ViewUser {
  readonly usedBy: string;
  /** What it uses: `schema.name`, or `schema.name.column`. */
  readonly uses: string;
}

const userQueries: Readonly<Record<SqlDialect, string>> = {
  pgsql: `WITH marked AS (${markedViewsQueries.pgsql}), users AS (
  SELECT d.refobjid AS used, CASE WHEN w.ev_class IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass::oid END AS classid,
    coalesce(w.ev_class, d.objid) AS objid
  FROM pg_catalog.pg_depend d LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
  WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'n' AND d.refobjid IN (SELECT oid FROM marked)
)
SELECT DISTINCT i.type || ' ' || i.identity AS "usedBy", m.schema || '.' || m.name AS uses
FROM users u JOIN marked m ON m.oid = u.used, pg_catalog.pg_identify_object(u.classid, u.objid, 0) i WHERE u.objid <> u.used AND u.objid NOT IN (SELECT oid FROM marked) ORDER BY 1, 2`,
  mssql: `SELECT DISTINCT LOWER(REPLACE(u.type_desc, N'_', N' ')) + N' ' + us.name + N'.' + u.name AS usedBy, m.[schema] + N'.' + m.name AS uses
FROM sys.sql_expression_dependencies d JOIN (${markedViewsQueries.mssql}) m ON m.[oid] = d.referenced_id
JOIN sys.objects u ON u.object_id = d.referencing_id JOIN sys.schemas us ON us.schema_id = u.schema_id
WHERE d.is_schema_bound_reference = 1 AND d.referencing_id NOT IN (SELECT v.[oid] FROM (${markedViewsQueries.mssql}) v) ORDER BY 1, 2`,
};

/** What others made on top of the reporting views of a database, which cannot be removed while it is there. */
export function usersOfMarkedViews(connection: Connection, limits: Limits = {}): Promise<readonly ViewUser[]> {
  return connection.query<ViewUser>(userQueries[connection.dialect], [], limits);
}
