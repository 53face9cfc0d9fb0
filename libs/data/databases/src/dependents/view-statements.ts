import {
  dialectOf,
  empty,
  type PlainSql,
  type QualifiedName,
  type Sql,
  type SqlDialect,
  textOf,
  trusted,
  value,
} from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import { storedOptions } from '../introspection/pgsql-conditions.ts';
import type { UsedColumn } from '../keeping/kept.ts';
import { usedColumns } from '../keeping/pgsql-kept.ts';

/* The statements that remove views somebody else made and make them again (design 12 §7.3). */

/** A view that somebody else made. */
export interface ForeignView extends QualifiedName {
  /** Tells it apart in the database (see `FoundObject`). */
  readonly address: string;
  readonly uses: readonly UsedColumn[];
  readonly drop: PlainSql;
  /** Makes the view alone, without what others gave it. */
  readonly create: PlainSql;
}

/** The statements for some views and for the views that use them, in the order in which they run. */
export interface ViewStatements {
  /** Each after those that it uses; none on SQL Server. */
  readonly views: readonly ForeignView[];
  readonly drop: readonly string[];
  /** With owners, rights on the whole view, comments, and the indexes of materialized views. */
  readonly create: readonly string[];
  /**
   * Views with parts that these statements leave out: rights on columns, triggers and rules; on SQL Server also owners
   * and properties.
   */
  readonly incomplete: readonly string[];
}

interface ViewRow {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'v' | 'm';
  readonly address: string;
  /** JSON. */
  readonly uses: string;
  readonly has_rows: boolean;
  readonly definition: string;
  readonly options: readonly string[] | null;
  readonly owner: string;
  readonly comment: string | null;
  readonly indexes: readonly string[];
  readonly grants: readonly { readonly privilege: string; readonly role: string | null; readonly grantable: boolean }[];
  readonly has_more: boolean;
}

const { sql, id, literal } = dialectOf.pgsql;
const { mssql } = dialectOf;

const pgsqlQuery = (views: Sql) => sql`WITH RECURSIVE used (oid, depth) AS (
  SELECT c.oid, 0 FROM pg_catalog.json_to_recordset(${views}::json) AS t(schema text, name text)
  INNER JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
  INNER JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name AND c.relkind IN ('v', 'm')
  UNION
  SELECT w.oid, u.depth + 1 FROM used u
  INNER JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = u.oid AND d.classid = 'pg_rewrite'::regclass
  INNER JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
  INNER JOIN pg_catalog.pg_class w ON w.oid = r.ev_class AND w.oid <> u.oid AND w.relkind IN ('v', 'm')
), ordered AS (SELECT oid, max(depth) AS depth FROM used GROUP BY oid)
SELECT n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind, pg_get_viewdef(c.oid) AS definition,
  'pg_class'::regclass::oid::text || '/' || c.oid::text AS address, c.relispopulated AS has_rows,
  ${usedColumns(sql`'pg_rewrite'::regclass`, sql`(SELECT r.oid FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename = '_RETURN')`)}::text AS uses,
  c.reloptions AS options, pg_get_userbyid(c.relowner)::text AS owner, obj_description(c.oid, 'pg_class') AS comment,
  ARRAY(SELECT pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid ORDER BY 1) AS indexes,
  coalesce((SELECT json_agg(json_build_object('privilege', a.privilege_type,
      'role', CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee) END, 'grantable', a.is_grantable) ORDER BY a.ordinality)
    FROM aclexplode(c.relacl) WITH ORDINALITY a WHERE a.grantee <> c.relowner), '[]'::json) AS grants,
  EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)
    OR EXISTS (SELECT FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid)
    OR EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN')
    OR EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantor <> c.relowner) AS has_more
FROM ordered o INNER JOIN pg_catalog.pg_class c ON c.oid = o.oid INNER JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
ORDER BY o.depth, n.nspname, c.relname`;

/** Only bound views need to be removed; what they have besides their text and rights is not written again. */
const mssqlQuery = (views: Sql) => mssql.sql`WITH "used" AS (
  SELECT v.object_id, 0 AS "depth" FROM OPENJSON(${views}) WITH ("schema" nvarchar(128), "name" nvarchar(128)) AS t
  INNER JOIN sys.schemas AS s ON s.name COLLATE DATABASE_DEFAULT = t."schema"
  INNER JOIN sys.views AS v ON v.schema_id = s.schema_id AND v.name COLLATE DATABASE_DEFAULT = t."name"
  UNION ALL SELECT w.object_id, u."depth" + 1 FROM "used" AS u
  INNER JOIN sys.sql_expression_dependencies AS d ON d.referenced_class = 1 AND d.referenced_id = u.object_id AND d.referenced_minor_id = 0 AND d.is_schema_bound_reference = 1
  INNER JOIN sys.views AS w ON w.object_id = d.referencing_id
), "ordered" AS (SELECT object_id, MAX("depth") AS "depth" FROM "used" GROUP BY object_id)
SELECT s.name AS "schema", v.name AS "name", m.definition AS "definition",
  (SELECT g.state AS "state", g.permission_name AS "privilege", USER_NAME(g.grantee_principal_id) AS "role" FROM sys.database_permissions AS g
    WHERE g.class = 1 AND g.major_id = v.object_id AND g.minor_id = 0 ORDER BY g.grantee_principal_id, g.type FOR JSON PATH) AS "rights",
  CASE WHEN v.principal_id IS NOT NULL OR m.definition IS NULL
    OR EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.object_id = v.object_id) OR EXISTS (SELECT 1 FROM sys.triggers AS r WHERE r.parent_id = v.object_id)
    OR EXISTS (SELECT 1 FROM sys.extended_properties AS e WHERE e.class = 1 AND e.major_id = v.object_id)
    OR EXISTS (SELECT 1 FROM sys.database_permissions AS g WHERE g.class = 1 AND g.major_id = v.object_id AND g.minor_id <> 0) THEN 1 ELSE 0 END AS "has_more"
FROM "ordered" AS o INNER JOIN sys.views AS v ON v.object_id = o.object_id INNER JOIN sys.schemas AS s ON s.schema_id = v.schema_id
LEFT JOIN sys.sql_modules AS m ON m.object_id = v.object_id ORDER BY o."depth", s.name COLLATE Latin1_General_100_BIN2, v.name COLLATE Latin1_General_100_BIN2`;

interface MssqlViewRow extends QualifiedName {
  /** Null if the server does not show it. */
  readonly definition: string | null;
  /** JSON; null for none. */
  readonly rights: string | null;
  readonly has_more: number;
}

/** The words of a statement by the state of a right. */
const rightWords: {
  readonly [state: string]: readonly [verb: PlainSql, option: PlainSql];
  readonly G: readonly [PlainSql, PlainSql];
} = {
  G: [mssql.sql`GRANT`, empty],
  W: [mssql.sql`GRANT`, mssql.sql` WITH GRANT OPTION`],
  D: [mssql.sql`DENY`, empty],
};

interface MssqlViewRight {
  readonly state: string;
  readonly privilege: string;
  readonly role: string;
}

function mssqlStatements(rows: readonly MssqlViewRow[]): ViewStatements {
  const { sql, id } = mssql;
  const grants = (row: MssqlViewRow) =>
    (JSON.parse(row.rights ?? '[]') as readonly MssqlViewRight[]).map(({ state, privilege, role }) => {
      const [verb, option] = rightWords[state.trim()] ?? rightWords.G;
      return sql`${verb} ${trusted(privilege)} ON ${row} TO ${id(role)}${option};`;
    });
  return {
    views: [],
    drop: [...rows].reverse().map((row) => textOf(sql`DROP VIEW ${row};`)),
    // a view needs a batch of its own
    create: rows.flatMap((row) => [
      ...(row.definition === null ? [] : [`GO\n${row.definition.trim()}\nGO`]),
      ...grants(row).map(textOf),
    ]),
    incomplete: rows.flatMap((row) => (row.has_more === 1 ? [textOf(sql`${row}`)] : [])),
  };
}

function pgsqlStatements(rows: readonly ViewRow[]): ViewStatements {
  return {
    views: rows.map((row) => ({
      schema: row.schema,
      name: row.name,
      address: row.address,
      uses: JSON.parse(row.uses) as readonly UsedColumn[],
      drop: dropView(row),
      create: createView(row),
    })),
    drop: [...rows].reverse().map((row) => textOf(dropView(row))),
    create: rows.flatMap((row) => createWithRights(row).map(textOf)),
    incomplete: rows.flatMap((row) => (row.has_more ? [textOf(sql`${row}`)] : [])),
  };
}

type ReadStatements = (connection: Connection, views: Sql, limits: Limits) => Promise<ViewStatements>;

const readStatements: Readonly<Record<SqlDialect, ReadStatements>> = {
  pgsql: async (connection, views, limits) =>
    pgsqlStatements(await rowsOf<ViewRow>(connection, pgsqlQuery(views), limits)),
  mssql: async (connection, views, limits) =>
    mssqlStatements(await rowsOf<MssqlViewRow>(connection, mssqlQuery(views), limits)),
};

/**
 * The statements that remove views, with the views that use them, and make them again as they are now. Names of other
 * objects are left out. Throws the `DB_*` codes.
 */
export async function viewStatements(
  connection: Connection,
  views: readonly QualifiedName[],
  limits: Limits = {},
): Promise<ViewStatements> {
  if (views.length === 0) return { views: [], drop: [], create: [], incomplete: [] };
  return readStatements[connection.dialect](connection, value(JSON.stringify(views)), limits);
}

const kindOf = ({ kind }: ViewRow) => (kind === 'm' ? sql`MATERIALIZED VIEW` : sql`VIEW`);

const dropView = (row: ViewRow) => sql`DROP ${kindOf(row)} ${row};`;

function createView(row: ViewRow): PlainSql {
  const { definition, options, has_rows: hasRows } = row;
  const settings = options === null || options.length === 0 ? empty : sql` WITH (${storedOptions(options)})`;
  const rows = hasRows ? empty : sql`\nWITH NO DATA`;
  return sql`CREATE ${kindOf(row)} ${row}${settings} AS\n${trusted(definition.trim().replace(/;$/, ''))}${rows};`;
}

function createWithRights(row: ViewRow): readonly PlainSql[] {
  const { owner, comment, indexes, grants } = row;
  const kind = kindOf(row);
  return [
    createView(row),
    ...indexes.map((text) => sql`${trusted(text)};`),
    sql`ALTER ${kind} ${row} OWNER TO ${id(owner)};`,
    ...grants.map(({ privilege, role, grantable }) => {
      const option = grantable ? sql` WITH GRANT OPTION` : empty;
      return sql`GRANT ${trusted(privilege)} ON ${row} TO ${role === null ? sql`PUBLIC` : id(role)}${option};`;
    }),
    ...(comment === null ? [] : [sql`COMMENT ON ${kind} ${row} IS ${literal(comment)};`]),
  ];
}
