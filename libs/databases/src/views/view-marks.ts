import { dialectRules, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';

/**
 * The beginning of the mark of a reporting view (design 19 §8): a comment in PostgreSQL, an extended property of this name in SQL
 * Server. The fingerprint of the schema set and a hash of the view's definition follow.
 */
export const viewMark = 'dms-ddl reporting';

/** The mark of a schema that was made for reporting views. */
export const viewSchemaMark = 'dms-ddl reporting schema';

const { stringLiteral } = dialectRules.pgsql;
const mssqlLiteral = dialectRules.mssql.stringLiteral;

/** The marked views of a database, as a query whose rows have `oid`, `schema`, `name` and `mark`. */
export const markedViewsQueries: Readonly<Record<SqlDialect, string>> = {
  pgsql: `SELECT c.oid, n.nspname AS schema, c.relname AS name, m.description AS mark
FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind = 'v' AND m.description LIKE ${stringLiteral(`${viewMark} %`)}`,
  mssql: `SELECT o.object_id AS [oid], s.name AS [schema], o.name, p.name + N' ' + CAST(p.value AS nvarchar(200)) AS mark
FROM sys.extended_properties p JOIN sys.objects o ON o.object_id = p.major_id AND p.minor_id = 0 AND p.class = 1
JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE p.name = ${mssqlLiteral(viewMark)} AND o.type = 'V'`,
};

/**
 * The hash of a definition, in a query on views whose rows are `o`. The transaction must search `pg_catalog` alone, so that names are
 * printed in full.
 */
export const definitionHashes: Readonly<Record<SqlDialect, (id: string) => string>> = {
  pgsql: (id) => `pg_catalog.md5(pg_catalog.pg_get_viewdef(${id}))`,
  mssql: (id) => `LOWER(CONVERT(nvarchar(64), HASHBYTES('SHA2_256', OBJECT_DEFINITION(${id})), 2))`,
};

/** A reporting view of a database. */
export interface MarkedView {
  readonly schema: string;
  readonly name: string;
  /** The fingerprint of the schema set that it was made for. */
  readonly effectiveSchemaHash: string;
  /** Whether it is still what was made. */
  readonly isUnchanged: boolean;
}

/** Rows of the marked views with the hash of what each is now. */
export const markedViewRows: Readonly<Record<SqlDialect, string>> = {
  pgsql: `SELECT v.schema::text, v.name::text, v.mark, ${definitionHashes.pgsql('v.oid')} AS hash FROM (${markedViewsQueries.pgsql}) v`,
  mssql: `SELECT v.[schema], v.name, v.mark, ${definitionHashes.mssql('v.[oid]')} AS hash FROM (${markedViewsQueries.mssql}) v`,
};

export interface MarkedViewRow {
  readonly schema: string;
  readonly name: string;
  readonly mark: string;
  readonly hash: string;
}

/** What a mark says about a view. */
export function markedView({ schema, name, mark, hash }: MarkedViewRow): MarkedView {
  const [effectiveSchemaHash = '', made = ''] = mark.slice(viewMark.length + 1).split(' ');
  return { schema, name, effectiveSchemaHash, isUnchanged: made === hash };
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
SELECT DISTINCT pg_catalog.pg_describe_object(u.classid, u.objid, 0) AS "usedBy", m.schema || '.' || m.name AS uses
FROM users u JOIN marked m ON m.oid = u.used WHERE u.objid <> u.used AND u.objid NOT IN (SELECT oid FROM marked) ORDER BY 1, 2`,
  mssql: `SELECT DISTINCT LOWER(REPLACE(u.type_desc, N'_', N' ')) + N' ' + us.name + N'.' + u.name AS usedBy, m.[schema] + N'.' + m.name AS uses
FROM sys.sql_expression_dependencies d JOIN (${markedViewsQueries.mssql}) m ON m.[oid] = d.referenced_id
JOIN sys.objects u ON u.object_id = d.referencing_id JOIN sys.schemas us ON us.schema_id = u.schema_id
WHERE d.is_schema_bound_reference = 1 AND d.referencing_id NOT IN (SELECT v.[oid] FROM (${markedViewsQueries.mssql}) v) ORDER BY 1, 2`,
};

/** What others made on top of the reporting views of a database, which cannot be removed while it is there. */
export function usersOfMarkedViews(connection: Connection, limits: Limits = {}): Promise<readonly ViewUser[]> {
  return connection.query<ViewUser>(userQueries[connection.dialect], [], limits);
}

/** The reporting views of a database. Names of definitions are compared in full, so the transaction must search `pg_catalog` alone. */
export async function markedViews(connection: Connection, limits: Limits = {}): Promise<readonly MarkedView[]> {
  const rows = await connection.query<MarkedViewRow>(markedViewRows[connection.dialect], [], limits);
  return rows.map(markedView);
}
