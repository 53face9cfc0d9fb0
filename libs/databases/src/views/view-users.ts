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
