import type { DbTableName } from '@dms/model';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import type { Connection, Limits } from '../connection/connection.ts';
import { type MarkedView, markedFunctions, markedViewsQueries, viewMark, viewSchemaMark } from './view-marks.ts';

const { stringLiteral } = dialectRules.pgsql;

/** What has names, other than what `reporting apply` made: relations, and in PostgreSQL types. */
const takenQueries: Readonly<Record<SqlDialect, string>> = {
  pgsql: `SELECT DISTINCT o.schema || '.' || o.name AS name FROM (
  SELECT n.nspname::text AS schema, c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind NOT IN ('v', 'r') OR coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE ${stringLiteral(`${viewMark} %`)}
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

/** Statements that remove the triggers of the table of descriptors and their functions, as rows in their order. */
export const markedTriggerDrops = `SELECT d.statement FROM (
  SELECT 1 AS step, pg_catalog.format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::pg_catalog.regclass) AS statement
  FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgfoid IN (${markedFunctions})
  UNION ALL SELECT 2, pg_catalog.format('DROP FUNCTION %s', m.objoid::pg_catalog.regprocedure) FROM (${markedFunctions}) m
) d ORDER BY d.step, d.statement`;

const triggerDrops: Readonly<Record<SqlDialect, string | null>> = {
  pgsql: markedTriggerDrops,
  // apply alone fills the table there
  mssql: null,
};

/** What was removed. */
export interface DroppedViews {
  readonly views: number;
  /** `schema.name` of the table of descriptors; null if there was none, or if it stays. */
  readonly descriptorTable: string | null;
}

/**
 * Removes the reporting views of the open transaction's database, its table of descriptors unless that stays, and the
 * schemas that were made for them.
 */
export async function dropMarkedViews(
  connection: Connection,
  limits: Limits = {},
  { keepsTable = false }: { readonly keepsTable?: boolean } = {},
): Promise<DroppedViews> {
  const { dialect } = connection;
  const rules = dialectRules[dialect];
  const marked = await connection.query<DbTableName & Pick<MarkedView, 'kind'>>(
    `SELECT v.${rules.quote('schema')}, v.${rules.quote('name')}, v.kind FROM (${markedViewsQueries[dialect]}) v`,
    [],
    limits,
  );
  const views = marked.filter(({ kind }) => kind === 'view');
  const table = keepsTable ? undefined : marked.find(({ kind }) => kind === 'table');
  if (views.length > 0)
    await connection.execute(`DROP VIEW ${views.map((view) => qualifiedName(rules, view)).join(', ')}`, limits);
  const drops = triggerDrops[dialect];
  if (table !== undefined) {
    const own = drops === null ? [] : await connection.query<{ statement: string }>(drops, [], limits);
    for (const { statement } of own) await connection.execute(statement, limits);
    await connection.execute(`DROP TABLE ${qualifiedName(rules, table)}`, limits);
  }
  const query = emptySchemas[dialect];
  const schemas = query === null ? [] : await connection.query<{ name: string }>(query, [], limits);
  for (const { name } of schemas) await connection.execute(`DROP SCHEMA ${rules.quote(name)}`, limits);
  return { views: views.length, descriptorTable: table === undefined ? null : `${table.schema}.${table.name}` };
}
