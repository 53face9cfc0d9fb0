import { counted } from '@dms/diagnostics';
import { type DbTableName, qualified, readShape } from '@dms/model';
import { dialectOf, givenScript, join, type PlainSql, type Sql, type SqlDialect, textOf, value } from '@dms/sql';
import * as z from 'zod/mini';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf, run } from '../drivers/statement.ts';
import { expectDefinitions } from '../health/seen-objects.ts';

/** The tables that reporting views show: those of the database's own schema set, or of an earlier version (design 21). */
export type ViewLayer = 'own' | 'earlier';

/** Views of the earlier version select from the own ones. */
export const viewLayers = ['own', 'earlier'] as const satisfies readonly ViewLayer[];

/**
 * The beginning of the mark of a reporting view (design 19 §8): a comment in PostgreSQL, an extended property of this
 * name in SQL Server. A description of the view follows, as JSON ({@link Mark}).
 */
export const viewMarks: Readonly<Record<ViewLayer, string>> = {
  own: 'dms-ddl reporting',
  earlier: 'dms-ddl earlier reporting',
};

/** The mark of a schema that was made for reporting views. */
export const viewSchemaMark = 'dms-ddl reporting schema';

/** The mark of a function whose triggers keep the table of descriptors of a layer (design 19 §8.1). */
export const viewFunctionMarks: Readonly<Record<ViewLayer, string>> = {
  own: 'dms-ddl reporting function',
  earlier: 'dms-ddl earlier reporting function',
};

const { sql, literal } = dialectOf.pgsql;
const { mssql } = dialectOf;

/** A condition of PostgreSQL: whether a description is a mark of these layers. */
function isPgsqlMark(layers: readonly ViewLayer[]): PlainSql {
  const marks = layers.map((layer) => sql`m.description LIKE ${literal(`${viewMarks[layer]} %`)}`);
  return marks.length === 1 ? join(marks) : sql`(${join(marks, ' OR ')})`;
}

/** A condition of SQL Server: whether a property is a mark of these layers. */
export function isMssqlMark(layers: readonly ViewLayer[]): PlainSql {
  const marks = mssql.literals(layers.map((layer) => viewMarks[layer]));
  return layers.length === 1 ? sql`p.name = ${marks}` : sql`p.name IN (${marks})`;
}

/**
 * A condition on relations `c` of PostgreSQL: those that are neither reporting views nor the table of descriptors. The
 * subquery runs once for all relations.
 */
export const notMarked = sql`c.oid NOT IN (SELECT m.objoid FROM pg_catalog.pg_description m
    WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND ${isPgsqlMark(viewLayers)})`;

/** The functions of PostgreSQL whose triggers keep the tables of descriptors of some layers, as a query of `oid`s. */
export function markedFunctionsOf(layers: readonly ViewLayer[]): PlainSql {
  const marks = layers.map((layer) => literal(viewFunctionMarks[layer]));
  const isMark = marks.length === 1 ? sql`= ${join(marks)}` : sql`IN (${join(marks)})`;
  return sql`SELECT m.objoid FROM pg_catalog.pg_description m
    WHERE m.classoid = 'pg_catalog.pg_proc'::regclass AND m.description ${isMark}`;
}

/** The functions of PostgreSQL whose triggers keep tables of descriptors, as a query of `oid`s. */
export const markedFunctions = markedFunctionsOf(viewLayers);

/** The columns of a table of PostgreSQL and the triggers that keep it, with their functions, as a text. */
const pgsqlTableText = (
  id: PlainSql,
  layer: ViewLayer,
) => sql`(SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = ${id} AND a.attnum > 0 AND NOT a.attisdropped)
  || coalesce((SELECT string_agg(pg_get_triggerdef(t.oid) || t.tgenabled::text || pg_get_functiondef(f.oid) || pg_get_userbyid(f.proowner), ';' ORDER BY t.tgname, t.tgrelid)
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_proc f ON f.oid = t.tgfoid WHERE t.tgfoid IN (${markedFunctionsOf([layer])})), '')`;

/**
 * The other properties that decide the result of a view or table `k` of PostgreSQL: owner, options, rules, triggers,
 * defaults.
 */
const pgsqlSurroundings = sql`pg_get_userbyid(k.relowner) || ' ' || coalesce(array_to_string(k.reloptions, ','), '') || ' ' || k.relrowsecurity::text
  || coalesce((SELECT string_agg(pg_get_ruledef(r.oid) || r.ev_enabled::text, ';' ORDER BY r.rulename) FROM pg_catalog.pg_rewrite r WHERE r.ev_class = k.oid AND (k.relkind <> 'v' OR r.rulename <> '_RETURN')), '')
  || coalesce((SELECT string_agg(pg_get_triggerdef(t.oid) || t.tgenabled::text, ';' ORDER BY t.tgname) FROM pg_catalog.pg_trigger t WHERE t.tgrelid = k.oid AND NOT t.tgisinternal), '')
  || coalesce((SELECT string_agg(d.adnum || ' ' || pg_get_expr(d.adbin, d.adrelid), ';' ORDER BY d.adnum) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = k.oid), '')`;

/**
 * Statements that remove the triggers of the tables of descriptors of some layers and their functions, as rows in their
 * order.
 */
export const markedTriggerDrops = (layers: readonly ViewLayer[]): PlainSql => sql`SELECT d.statement FROM (
  SELECT 1 AS step, pg_catalog.format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::pg_catalog.regclass) AS statement
  FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgfoid IN (${markedFunctionsOf(layers)})
  UNION ALL SELECT 2, pg_catalog.format('DROP FUNCTION %s', m.objoid::pg_catalog.regprocedure) FROM (${markedFunctionsOf(layers)}) m
) d ORDER BY d.step, d.statement`;

/** The queries for the marked views of a database. */
interface ViewQueries {
  /**
   * The marked views, and the table of descriptors where there is one, as a query whose rows have `oid`, `schema`,
   * `name`, `kind` (`view` or `table`) and `mark`.
   */
  marked(layers: readonly ViewLayer[]): PlainSql;
  /**
   * The hash of a view or table of a layer: of its definition, owner, options, rules and triggers. The transaction must
   * search `pg_catalog` alone, so that names are printed in full.
   */
  definitionHash(id: PlainSql, layer: ViewLayer): PlainSql;
  /** The roles with SELECT on a view or table, and in PostgreSQL USAGE of its schema, as a JSON array. */
  readers(id: PlainSql): PlainSql;
  /** Rows of the marked views, with the current hash and readers of each. */
  rows(): PlainSql;
  /**
   * Finds the objects that have a given name and were not created by `reporting apply` for a layer: relations, and in
   * PostgreSQL types.
   */
  taken(layer: ViewLayer, names: Sql): Sql;
  /** The schemas that were created for views and are empty now; null if nothing says who created a schema. */
  readonly emptySchemas: PlainSql | null;
  /** Null if only `reporting apply` fills the tables of descriptors. */
  readonly triggerDrops: typeof markedTriggerDrops | null;
  /** Finds the users of the views of some layers; views of the other layer do not count. */
  users(layers: readonly ViewLayer[]): PlainSql;
  /** The key of the table of descriptors; its negative values are those of rows that scripts have inserted. */
  readonly tableKey: string;
}

const pgsqlViews: ViewQueries = {
  marked: (
    layers,
  ) => sql`SELECT c.oid, n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END AS kind, m.description AS mark
FROM pg_catalog.pg_description m JOIN pg_catalog.pg_class c ON c.oid = m.objoid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE m.classoid = 'pg_catalog.pg_class'::regclass AND m.objsubid = 0 AND c.relkind IN ('v', 'r') AND ${isPgsqlMark(layers)}`,
  definitionHash: (id, layer) =>
    sql`(SELECT pg_catalog.md5(CASE k.relkind WHEN 'v' THEN pg_catalog.pg_get_viewdef(k.oid) ELSE ${pgsqlTableText(sql`k.oid`, layer)} END || ${pgsqlSurroundings}) FROM pg_catalog.pg_class k WHERE k.oid = ${id})`,
  readers: (
    id,
  ) => sql`(SELECT json_agg(DISTINCT r.rolname) FROM pg_catalog.pg_class k JOIN pg_catalog.pg_namespace n ON n.oid = k.relnamespace,
    pg_catalog.aclexplode(k.relacl) a, pg_catalog.aclexplode(n.nspacl) u, pg_catalog.pg_roles r
    WHERE k.oid = ${id} AND a.privilege_type = 'SELECT' AND u.privilege_type = 'USAGE' AND u.grantee = a.grantee AND r.oid = a.grantee)::text`,
  rows() {
    const ofLayer = (layer: ViewLayer) =>
      sql`SELECT v.schema::text, v.name::text, v.kind, v.mark, ${pgsqlViews.definitionHash(sql`v.oid`, layer)} AS hash, ${pgsqlViews.readers(sql`v.oid`)} AS readers FROM (${pgsqlViews.marked([layer])}) v`;
    return join(viewLayers.map(ofLayer), '\nUNION ALL ');
  },
  taken: (layer, names) => sql`SELECT DISTINCT (o.schema || '.' || o.name) COLLATE "C" AS name FROM (
  SELECT n.nspname::text AS schema, c.relname::text AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind NOT IN ('v', 'r') OR coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') NOT LIKE ${literal(`${viewMarks[layer]} %`)}
  UNION ALL SELECT n.nspname::text, t.typname::text FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typrelid = 0
) o JOIN pg_catalog.json_to_recordset(${names}::json) AS w(schema text, name text) ON w.schema = o.schema AND w.name = o.name ORDER BY 1`,
  emptySchemas: sql`SELECT n.nspname::text AS name FROM pg_catalog.pg_namespace n
WHERE pg_catalog.obj_description(n.oid, 'pg_namespace') = ${literal(viewSchemaMark)}
AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid)
AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_proc p WHERE p.pronamespace = n.oid)
AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type t WHERE t.typnamespace = n.oid)`,
  triggerDrops: markedTriggerDrops,
  users: (layers) => sql`WITH marked AS (${pgsqlViews.marked(layers)}), users AS (
  SELECT d.refobjid AS used, CASE WHEN w.ev_class IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass::oid END AS classid,
    coalesce(w.ev_class, d.objid) AS objid
  FROM pg_catalog.pg_depend d LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
  WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'n' AND d.refobjid IN (SELECT oid FROM marked)
)
SELECT DISTINCT (i.type || ' ' || i.identity) COLLATE "C" AS "usedBy", (m.schema || '.' || m.name)::text COLLATE "C" AS uses, m.kind
FROM users u JOIN marked m ON m.oid = u.used, pg_catalog.pg_identify_object(u.classid, u.objid, 0) i WHERE u.objid <> u.used AND u.objid NOT IN (SELECT a.oid FROM (${pgsqlViews.marked(viewLayers)}) a)
  -- the computed column of the table itself
  AND NOT (u.classid = 'pg_catalog.pg_attrdef'::regclass AND u.objid IN (SELECT x.oid FROM pg_catalog.pg_attrdef x WHERE x.adrelid = u.used))
ORDER BY 1, 2`,
  tableKey: 'descriptorid',
};

const mssqlViews: ViewQueries = {
  marked: (
    layers,
  ) => mssql.sql`SELECT o.object_id AS "oid", s.name AS "schema", o.name, CASE o.type WHEN 'V' THEN 'view' ELSE 'table' END AS kind, p.name + N' ' + CAST(p.value AS nvarchar(3750)) AS mark
FROM sys.extended_properties p JOIN sys.objects o ON o.object_id = p.major_id AND p.minor_id = 0 AND p.class = 1
JOIN sys.schemas s ON s.schema_id = o.schema_id WHERE ${isMssqlMark(layers)} AND o.type IN ('V', 'U')`,
  definitionHash: (id) =>
    mssql.sql`(SELECT LOWER(CONVERT(nvarchar(64), HASHBYTES('SHA2_256', ISNULL(OBJECT_DEFINITION(k.object_id), (SELECT STRING_AGG(CAST(c.name + N' ' + TYPE_NAME(c.user_type_id) AS nvarchar(max)), N',') WITHIN GROUP (ORDER BY c.column_id) FROM sys.columns c WHERE c.object_id = k.object_id)) + N' ' + ISNULL(USER_NAME(k.principal_id), N'') + ISNULL((SELECT STRING_AGG(ISNULL(OBJECT_DEFINITION(t.object_id), t.name) + CAST(t.is_disabled AS nvarchar(1)), N';') WITHIN GROUP (ORDER BY t.name) FROM sys.triggers t WHERE t.parent_id = k.object_id), N'')), 2)) FROM sys.objects k WHERE k.object_id = ${id})`,
  readers: (id) =>
    mssql.sql`(SELECT N'[' + STRING_AGG(CAST(N'"' + STRING_ESCAPE(USER_NAME(g.grantee_principal_id), 'json') + N'"' AS nvarchar(max)), N',') + N']' FROM sys.database_permissions g WHERE g.class = 1 AND g.major_id = ${id} AND g.minor_id = 0 AND g.permission_name = N'SELECT' AND g.state IN ('G', 'W'))`,
  // a hash of SQL Server says nothing about the layer, and nothing about a view whose definition the server hides
  rows: () =>
    mssql.sql`SELECT v."schema", v.name, v.kind, v.mark, CASE WHEN v.kind = 'view' AND OBJECT_DEFINITION(v."oid") IS NULL THEN 1 ELSE 0 END AS hidden, ${mssqlViews.definitionHash(mssql.sql`v."oid"`, 'own')} AS hash, ${mssqlViews.readers(mssql.sql`v."oid"`)} AS readers FROM (${mssqlViews.marked(viewLayers)}) v`,
  taken: (
    layer,
    names,
  ) => mssql.sql`SELECT (s.name + N'.' + o.name) COLLATE Latin1_General_100_BIN2 AS name FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
JOIN OPENJSON(${names}) WITH ("schema" sysname '$.schema', "name" sysname '$.name') w ON w."schema" = s.name COLLATE DATABASE_DEFAULT AND w."name" = o.name COLLATE DATABASE_DEFAULT
WHERE NOT EXISTS (SELECT 1 FROM (${mssqlViews.marked([layer])}) v WHERE v."oid" = o.object_id) ORDER BY 1`,
  emptySchemas: null,
  triggerDrops: null,
  users: (
    layers,
  ) => mssql.sql`SELECT DISTINCT (LOWER(REPLACE(u.type_desc COLLATE DATABASE_DEFAULT, N'_', N' ')) + N' ' + us.name + N'.' + u.name) COLLATE Latin1_General_100_BIN2 AS usedBy, (m."schema" + N'.' + m.name) COLLATE Latin1_General_100_BIN2 AS uses, m.kind
FROM sys.sql_expression_dependencies d JOIN (${mssqlViews.marked(layers)}) m ON m."oid" = d.referenced_id
JOIN sys.objects u ON u.object_id = d.referencing_id JOIN sys.schemas us ON us.schema_id = u.schema_id
WHERE d.is_schema_bound_reference = 1 AND d.referencing_id NOT IN (SELECT v."oid" FROM (${mssqlViews.marked(viewLayers)}) v)
UNION SELECT (N'constraint ' + f.name COLLATE DATABASE_DEFAULT + N' on table ' + OBJECT_SCHEMA_NAME(f.parent_object_id) + N'.' + OBJECT_NAME(f.parent_object_id)) COLLATE Latin1_General_100_BIN2, (m."schema" + N'.' + m.name) COLLATE Latin1_General_100_BIN2, m.kind
FROM sys.foreign_keys f JOIN (${mssqlViews.marked(layers)}) m ON m."oid" = f.referenced_object_id ORDER BY 1, 2`,
  tableKey: 'DescriptorId',
};

export const viewQueries: Readonly<Record<SqlDialect, ViewQueries>> = { pgsql: pgsqlViews, mssql: mssqlViews };

/** The content of a mark, as JSON. */
const markFormat = z.object({
  /** The fingerprint of the schema set. */
  set: z.string(),
  /** The hash of the view or table when it was created. */
  definition: z.string(),
  /** The number of views that the run created. */
  views: z.number(),
  /** `schema.name` of the view or table when it was created. */
  name: z.string(),
  /** `schema.name` of the next view of the run, in a circle: it gives the name of a view that is gone. */
  next: z.string(),
  /** For views of an earlier version: its fingerprint, and the hash of the translation. */
  earlier: z.optional(z.object({ set: z.string(), translation: z.string() })),
  options: z.looseObject({ grants: z._default(z.array(z.string()), []) }),
});
type Mark = z.infer<typeof markFormat>;

/** A reporting view of a database, or its table of descriptors. */
export interface MarkedView {
  readonly layer: ViewLayer;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'view' | 'table';
  /** The content of its mark; null if `reporting apply` does not write such a mark today. */
  readonly made: Omit<Mark, 'definition'> | null;
  /** Whether it is unchanged since it was created, apart from its name. */
  readonly isUnchanged: boolean;
  /** The roles to which the run granted the right to read it, and which have lost that right. */
  readonly revoked: readonly string[];
}

export interface MarkedViewRow {
  readonly schema: string;
  readonly name: string;
  readonly kind: MarkedView['kind'];
  readonly mark: string;
  readonly hash: string;
  /** 1 if SQL Server does not show the definition to the login. */
  readonly hidden?: number;
  /** A JSON array of names; null if nobody has the right. */
  readonly readers: string | null;
}

/**
 * The reporting views of a database. Names in definitions are compared in full, so the transaction must search
 * `pg_catalog` alone. Throws `DB_PERMISSION` where the server does not show the definitions, `DB_*`.
 */
export async function markedViews(connection: Connection, limits: Limits = {}): Promise<readonly MarkedView[]> {
  const rows = await rowsOf<MarkedViewRow>(connection, viewQueries[connection.dialect].rows(), limits);
  const hidden = rows.filter((row) => row.hidden === 1);
  if (hidden.length > 0)
    await expectDefinitions(
      connection,
      hidden.map((row) => textOf(mssql.sql`${row}`)),
      limits,
    );
  return rows.map(markedView);
}

/** The view of a row, with the content of its mark. */
export function markedView({ schema, name, kind, mark, hash, readers }: MarkedViewRow): MarkedView {
  const layer = mark.startsWith(`${viewMarks.earlier} `) ? 'earlier' : 'own';
  const read = readMark(mark.slice(viewMarks[layer].length + 1));
  if (read === null) return { layer, schema, name, kind, made: null, isUnchanged: false, revoked: [] };
  const { definition, ...made } = read;
  const reading = new Set<string>(JSON.parse(readers ?? '[]'));
  // the grants in a mark apply only as long as the view keeps its name and schema
  const revoked =
    made.name === qualified({ schema, name }) ? made.options.grants.filter((role) => !reading.has(role)) : [];
  return { layer, schema, name, kind, made, isUnchanged: definition === hash, revoked };
}

/** Reads a mark; null if others wrote it. */
function readMark(text: string): Mark | null {
  try {
    const read = readShape(markFormat, JSON.parse(text));
    return 'found' in read ? null : read.value;
  } catch {
    return null;
  }
}

/** The given names that other objects of the database have, as `schema.name`. */
export async function takenViewNames(
  connection: Connection,
  names: readonly DbTableName[],
  layer: ViewLayer,
  limits: Limits = {},
): Promise<readonly string[]> {
  const rows = await rowsOf<{ name: string }>(
    connection,
    viewQueries[connection.dialect].taken(layer, value(JSON.stringify(names))),
    limits,
  );
  return rows.map(({ name }) => name);
}

/** Removes the triggers that keep the tables of descriptors of some layers. */
async function dropMarkedTriggers(connection: Connection, layers: readonly ViewLayer[], limits: Limits) {
  const { triggerDrops } = viewQueries[connection.dialect];
  if (triggerDrops === null) return;
  const drops = await rowsOf<{ statement: string }>(connection, triggerDrops(layers), limits);
  for (const { statement } of drops) await run(connection, givenScript(statement), limits);
}

/** The removed views and tables. */
export interface DroppedViews {
  readonly views: number;
  /** `schema.name` of each table of descriptors; none if there was none, or if it stays. */
  readonly descriptorTables: readonly string[];
}

/** Which reporting views are removed; by default all of them, with the tables of descriptors. */
export interface GoingViews {
  readonly layers?: readonly ViewLayer[] | undefined;
  readonly keepsTable?: boolean;
}

/**
 * Removes the reporting views of the open transaction's database, its tables of descriptors unless they stay, and the
 * schemas that were made for them. A table of the earlier version that stays loses its triggers, which read the views.
 */
export async function dropMarkedViews(
  connection: Connection,
  limits: Limits = {},
  { layers = viewLayers, keepsTable = false }: GoingViews = {},
): Promise<DroppedViews> {
  const { dialect } = connection;
  const { sql, id } = dialectOf[dialect];
  const { marked, emptySchemas } = viewQueries[dialect];
  const found = await rowsOf<DbTableName & Pick<MarkedView, 'kind'>>(
    connection,
    sql`SELECT v."schema", v."name", v.kind FROM (${marked(layers)}) v`,
    limits,
  );
  const views = found.filter(({ kind }) => kind === 'view');
  const going = found.filter(({ kind }) => kind === 'table' && !keepsTable);
  await dropMarkedTriggers(connection, keepsTable ? ['earlier'] : layers, limits);
  if (views.length > 0) await run(connection, sql`DROP VIEW ${join(views.map((view) => sql`${view}`))}`, limits);
  for (const table of going) await run(connection, sql`DROP TABLE ${table}`, limits);
  const schemas = emptySchemas === null ? [] : await rowsOf<{ name: string }>(connection, emptySchemas, limits);
  for (const { name } of schemas) await run(connection, sql`DROP SCHEMA ${id(name)}`, limits);
  return { views: views.length, descriptorTables: going.map(qualified).sort() };
}

/** An object outside the schema set that uses a view or column: `view dashboards.attendance`. */
export interface ViewUser {
  readonly usedBy: string;
  /** The used view or column: `schema.name`, or `schema.name.column`. */
  readonly uses: string;
}

/**
 * The objects outside the schema set that use the reporting views of a database; the views stay while such objects
 * exist. With the table of descriptors, also the keys that refer to it and the rows that others have inserted.
 */
export async function usersOfMarkedViews(
  connection: Connection,
  limits: Limits = {},
  { layers = viewLayers, keepsTable = false }: GoingViews = {},
): Promise<readonly ViewUser[]> {
  type FoundUser = ViewUser & Pick<MarkedView, 'kind'>;
  const found = await rowsOf<FoundUser>(connection, viewQueries[connection.dialect].users(layers), limits);
  const users = found
    .filter(({ kind }) => kind !== 'table' || !keepsTable)
    .map(({ usedBy, uses }) => ({ usedBy, uses }));
  return keepsTable ? users : [...users, ...(await insertedRows(connection, layers, limits))];
}

/** Rows that others have inserted into the tables of descriptors of some layers, as users of these. */
async function insertedRows(
  connection: Connection,
  layers: readonly ViewLayer[],
  limits: Limits,
): Promise<readonly ViewUser[]> {
  const { dialect } = connection;
  const { sql, id } = dialectOf[dialect];
  const { marked, tableKey } = viewQueries[dialect];
  const tables = await rowsOf<DbTableName>(
    connection,
    sql`SELECT v."schema", v."name" FROM (${marked(layers)}) v WHERE v.kind = 'table'`,
    limits,
  );
  const found: ViewUser[] = [];
  for (const table of tables) {
    const negative = sql`SELECT CAST(count(*) AS int) AS n FROM ${table} WHERE ${id(tableKey)} < 0`;
    const [row] = await rowsOf<{ n: number }>(connection, negative, limits);
    const count = row?.n ?? 0;
    if (count > 0) found.push({ usedBy: counted(count, 'inserted row'), uses: `${table.schema}.${table.name}` });
  }
  return found;
}
