import type { SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';
import { markedViewsQueries } from './view-marks.ts';

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

/** A table or view of ours, and one of its columns; null for all of it. */
export interface UsedColumn {
  readonly schema: string;
  readonly table: string;
  readonly column: string | null;
}

/**
 * Views and functions of others that use columns, in PostgreSQL; `$1` has the columns, `$2` the names of our own views. In SQL Server
 * they stand in nothing's way.
 */
const columnUsers = `WITH marked AS (${markedViewsQueries.pgsql}), used AS (
  SELECT c.oid, a.attnum, w.schema || '.' || w."table" || coalesce('.' || w."column", '') AS name
  FROM pg_catalog.json_to_recordset($1::json) AS w(schema text, "table" text, "column" text)
  JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w."table"
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = w."column"
), users AS (
  SELECT u.name, coalesce(r.ev_class, d.objid) AS objid, CASE WHEN r.ev_class IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass::oid END AS classid
  FROM used u JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = u.oid
    AND (u.attnum IS NULL OR d.refobjsubid = u.attnum) AND d.classid IN ('pg_catalog.pg_rewrite'::regclass, 'pg_catalog.pg_proc'::regclass)
  LEFT JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
  WHERE coalesce(r.ev_class, 0) <> u.oid
)
SELECT DISTINCT i.type || ' ' || i.identity AS "usedBy", u.name AS uses FROM users u, pg_catalog.pg_identify_object(u.classid, u.objid, 0) i
WHERE u.objid NOT IN (SELECT oid FROM marked) AND NOT EXISTS (SELECT 1 FROM pg_catalog.json_to_recordset($2::json) AS o(schema text, name text)
  JOIN pg_catalog.pg_class c ON c.relname = o.name JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = o.schema
  WHERE c.oid = u.objid AND u.classid = 'pg_catalog.pg_class'::regclass) ORDER BY 1, 2`;

const columnUserQueries: Readonly<Record<SqlDialect, string | null>> = { pgsql: columnUsers, mssql: null };

/** What others made on top of columns, which keeps these from being dropped and from changing their types. */
export async function usersOfColumns(
  connection: Connection,
  columns: readonly UsedColumn[],
  ownViews: readonly { readonly schema: string; readonly name: string }[],
  limits: Limits = {},
): Promise<readonly ViewUser[]> {
  const query = columnUserQueries[connection.dialect];
  if (query === null || columns.length === 0) return [];
  const names = ownViews.map(({ schema, name }) => ({ schema, name }));
  return connection.query<ViewUser>(query, [JSON.stringify(columns), JSON.stringify(names)], limits);
}
