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

const { stringLiteral } = dialectRules.pgsql;
const mssqlLiteral = dialectRules.mssql.stringLiteral;

/** The marked views of a database, as a query whose rows have `oid`, `schema`, `name` and `mark`. */
export const markedViewsQueries: Readonly<Record<SqlDialect, string>> = {
  pgsql: `SELECT c.oid, n.nspname AS schema, c.relname AS name, m.description AS mark
FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind = 'v' AND m.description LIKE ${stringLiteral(`${viewMark} %`)}`,
  mssql: `SELECT o.object_id AS [oid], s.name AS [schema], o.name, p.name + N' ' + CAST(p.value AS nvarchar(3750)) AS mark
FROM sys.extended_properties p JOIN sys.objects o ON o.object_id = p.major_id AND p.minor_id = 0 AND p.class = 1
JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE p.name = ${mssqlLiteral(viewMark)} AND o.type = 'V'`,
};

/** A condition on relations `c` of PostgreSQL: those that are not reporting views. */
export const notMarked = `NOT (c.relkind = 'v' AND EXISTS (SELECT 1 FROM pg_catalog.pg_description m WHERE m.objoid = c.oid
    AND m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND m.description LIKE ${stringLiteral(`${viewMark} %`)}))`;

/**
 * The hash of a definition, in a query on views whose rows are `o`. The transaction must search `pg_catalog` alone, so
 * that names are printed in full.
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
  /** What the run that made it chose, as its mark says. */
  readonly options: string;
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
  const [effectiveSchemaHash = '', made = '', ...options] = mark.slice(viewMark.length + 1).split(' ');
  return { schema, name, effectiveSchemaHash, isUnchanged: made === hash, options: options.join(' ') };
}

/**
 * The reporting views of a database. Names of definitions are compared in full, so the transaction must search
 * `pg_catalog` alone.
 */
export async function markedViews(connection: Connection, limits: Limits = {}): Promise<readonly MarkedView[]> {
  const rows = await connection.query<MarkedViewRow>(markedViewRows[connection.dialect], [], limits);
  return rows.map(markedView);
}
