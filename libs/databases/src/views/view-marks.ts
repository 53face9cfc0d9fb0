import { dialectRules, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';

/**
 * The beginning of the mark of a reporting view (design 19 §8): a comment in PostgreSQL, an extended property of this
 * name in SQL Server. The fingerprint of the schema set, a hash of the view's definition and the options of the run
 * follow.
 */
export const viewMark = 'dms-ddl reporting';

/** The mark of a schema that was made for reporting views. */
export const viewSchemaMark = 'dms-ddl reporting schema';

/** The mark of a function whose triggers keep the table of descriptors (design 19 §8.1). */
export const viewFunctionMark = 'dms-ddl reporting function';

const { stringLiteral } = dialectRules.pgsql;
const mssqlLiteral = dialectRules.mssql.stringLiteral;

/**
 * The marked views of a database, and the table of descriptors where there is one, as a query whose rows have `oid`,
 * `schema`, `name`, `kind` (`view` or `table`) and `mark`.
 */
export const markedViewsQueries: Readonly<Record<SqlDialect, string>> = {
  pgsql: `SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND m.description LIKE ${stringLiteral(`${viewMark} %`)}`,
  mssql: `SELECT o.object_id AS [oid], s.name AS [schema], o.name, CASE o.type WHEN 'V' THEN 'view' ELSE 'table' END AS kind, p.name + N' ' + CAST(p.value AS nvarchar(3750)) AS mark
FROM sys.extended_properties p JOIN sys.objects o ON o.object_id = p.major_id AND p.minor_id = 0 AND p.class = 1
JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE p.name = ${mssqlLiteral(viewMark)} AND o.type IN ('V', 'U')`,
};

/**
 * A condition on relations `c` of PostgreSQL: those that are neither reporting views nor the table of descriptors. The
 * subquery runs once for all relations.
 */
export const notMarked = `c.oid NOT IN (SELECT m.objoid FROM pg_catalog.pg_description m
    WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND m.description LIKE ${stringLiteral(`${viewMark} %`)})`;

/** The functions of PostgreSQL whose triggers keep the table of descriptors, as a query of `oid`s. */
export const markedFunctions = `SELECT m.objoid FROM pg_catalog.pg_description m
    WHERE m.classoid = 'pg_catalog.pg_proc'::regclass AND m.description = ${stringLiteral(viewFunctionMark)}`;

/** The columns of a table of PostgreSQL and the triggers that keep it, as a text. */
const pgsqlTableText = (
  id: string,
) => `(SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${id} AND a.attnum > 0 AND NOT a.attisdropped)
  || coalesce((SELECT string_agg(pg_get_triggerdef(t.oid) || t.tgenabled::text || f.prosrc, ';' ORDER BY t.tgname, t.tgrelid)
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid WHERE t.tgfoid IN (${markedFunctions})), '')`;

/**
 * The hash of the definition of a view or table. The transaction must search `pg_catalog` alone, so that names are
 * printed in full.
 */
export const definitionHashes: Readonly<Record<SqlDialect, (id: string) => string>> = {
  pgsql: (id) =>
    `pg_catalog.md5(CASE (SELECT k.relkind FROM pg_catalog.pg_class k WHERE k.oid = ${id}) WHEN 'v' THEN pg_catalog.pg_get_viewdef(${id}) ELSE ${pgsqlTableText(id)} END)`,
  mssql: (id) =>
    `LOWER(CONVERT(nvarchar(64), HASHBYTES('SHA2_256', ISNULL(OBJECT_DEFINITION(${id}), (SELECT STRING_AGG(CAST(c.name + N' ' + TYPE_NAME(c.user_type_id) AS nvarchar(max)), N',') WITHIN GROUP (ORDER BY c.column_id) FROM sys.columns c WHERE c.object_id = ${id}))), 2))`,
};

/** A reporting view of a database, or its table of descriptors. */
export interface MarkedView {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'view' | 'table';
  /** The fingerprint of the schema set that it was made for. */
  readonly effectiveSchemaHash: string;
  /** Whether it is still what was made. */
  readonly isUnchanged: boolean;
  /** What the run that made it chose, as its mark says. */
  readonly options: string;
}

/** Rows of the marked views with the hash of what each is now. */
export const markedViewRows: Readonly<Record<SqlDialect, string>> = {
  pgsql: `SELECT v.schema::text, v.name::text, v.kind, v.mark, ${definitionHashes.pgsql('v.oid')} AS hash FROM (${markedViewsQueries.pgsql}) v`,
  mssql: `SELECT v.[schema], v.name, v.kind, v.mark, ${definitionHashes.mssql('v.[oid]')} AS hash FROM (${markedViewsQueries.mssql}) v`,
};

export interface MarkedViewRow {
  readonly schema: string;
  readonly name: string;
  readonly kind: MarkedView['kind'];
  readonly mark: string;
  readonly hash: string;
}

/** What a mark says about a view. */
export function markedView({ schema, name, kind, mark, hash }: MarkedViewRow): MarkedView {
  const [effectiveSchemaHash = '', made = '', ...options] = mark.slice(viewMark.length + 1).split(' ');
  return { schema, name, kind, effectiveSchemaHash, isUnchanged: made === hash, options: options.join(' ') };
}

/**
 * The reporting views of a database. Names of definitions are compared in full, so the transaction must search
 * `pg_catalog` alone.
 */
export async function markedViews(connection: Connection, limits: Limits = {}): Promise<readonly MarkedView[]> {
  const rows = await connection.query<MarkedViewRow>(markedViewRows[connection.dialect], [], limits);
  return rows.map(markedView);
}
