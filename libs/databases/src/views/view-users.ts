import { counted } from '@dms/diagnostics';
import type { DbTableName } from '@dms/model';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';
import { type MarkedView, markedViewsQueries } from './view-marks.ts';

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
SELECT DISTINCT i.type || ' ' || i.identity AS "usedBy", m.schema || '.' || m.name AS uses, m.kind
FROM users u JOIN marked m ON m.oid = u.used, pg_catalog.pg_identify_object(u.classid, u.objid, 0) i WHERE u.objid <> u.used AND u.objid NOT IN (SELECT oid FROM marked)
  -- the computed column of the table itself
  AND NOT (u.classid = 'pg_catalog.pg_attrdef'::regclass AND u.objid IN (SELECT x.oid FROM pg_catalog.pg_attrdef x WHERE x.adrelid = u.used))
ORDER BY 1, 2`,
  mssql: `SELECT DISTINCT LOWER(REPLACE(u.type_desc, N'_', N' ')) + N' ' + us.name + N'.' + u.name AS usedBy, m.[schema] + N'.' + m.name AS uses, m.kind
FROM sys.sql_expression_dependencies d JOIN (${markedViewsQueries.mssql}) m ON m.[oid] = d.referenced_id
JOIN sys.objects u ON u.object_id = d.referencing_id JOIN sys.schemas us ON us.schema_id = u.schema_id
WHERE d.is_schema_bound_reference = 1 AND d.referencing_id NOT IN (SELECT v.[oid] FROM (${markedViewsQueries.mssql}) v)
UNION SELECT N'constraint ' + f.name + N' on table ' + OBJECT_SCHEMA_NAME(f.parent_object_id) + N'.' + OBJECT_NAME(f.parent_object_id), m.[schema] + N'.' + m.name, m.kind
FROM sys.foreign_keys f JOIN (${markedViewsQueries.mssql}) m ON m.[oid] = f.referenced_object_id ORDER BY 1, 2`,
};

/** How the table of descriptors names its key, whose negative values are those of rows that scripts have inserted. */
const keyNames: Readonly<Record<SqlDialect, string>> = { pgsql: 'descriptorid', mssql: 'DescriptorId' };

/** Rows that others have inserted into the table of descriptors, as a user of it. */
async function insertedRows(connection: Connection, limits: Limits): Promise<readonly ViewUser[]> {
  const { dialect } = connection;
  const rules = dialectRules[dialect];
  const tables = await connection.query<DbTableName>(
    `SELECT v.${rules.quote('schema')}, v.${rules.quote('name')} FROM (${markedViewsQueries[dialect]}) v WHERE v.kind = 'table'`,
    [],
    limits,
  );
  const found: ViewUser[] = [];
  for (const table of tables) {
    const text = `SELECT CAST(count(*) AS int) AS n FROM ${qualifiedName(rules, table)} WHERE ${rules.quote(keyNames[dialect])} < 0`;
    const [row] = await connection.query<{ n: number }>(text, [], limits);
    const count = row?.n ?? 0;
    if (count > 0) found.push({ usedBy: counted(count, 'inserted row'), uses: `${table.schema}.${table.name}` });
  }
  return found;
}

/**
 * What others made on top of the reporting views of a database, which cannot be removed while it is there; with the
 * table of descriptors, also the keys that refer to it and the rows that others have inserted.
 */
export async function usersOfMarkedViews(
  connection: Connection,
  limits: Limits = {},
  { keepsTable = false }: { readonly keepsTable?: boolean } = {},
): Promise<readonly ViewUser[]> {
  type Found = ViewUser & Pick<MarkedView, 'kind'>;
  const found = await connection.query<Found>(userQueries[connection.dialect], [], limits);
  const users = found
    .filter(({ kind }) => kind !== 'table' || !keepsTable)
    .map(({ usedBy, uses }) => ({ usedBy, uses }));
  return keepsTable ? users : [...users, ...(await insertedRows(connection, limits))];
}
