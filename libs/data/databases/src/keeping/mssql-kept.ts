import { dialectOf, empty, join, type PlainSql, type Sql, value } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import { type KeepingSession, type KeptObject, type KeptReader, type KeptRight, rolesOf } from './kept.ts';

/*
 * What others gave the objects of a SQL Server database. Words of the server have a collation of their own, so they are
 * converted to that of the database before they meet names.
 */

const { sql, literal } = dialectOf.mssql;

/** A text as JSON. */
const json = (text: PlainSql) => sql`N'"' + STRING_ESCAPE(${text}, 'json') COLLATE DATABASE_DEFAULT + N'"'`;

const word = (column: PlainSql) => sql`${column} COLLATE DATABASE_DEFAULT`;

const part = (kind: string, name: PlainSql) => sql`${literal(kind)}, ${name}`;
const whole = sql`NULL, NULL`;

/** Something that objects have; `o` is the object, and `place` names its part. */
const found = (place: PlainSql, setting: string, value: PlainSql, from = empty) =>
  sql`SELECT o."kind", o."schema", o."name", ${place}, ${literal(setting)}, ${value} FROM "objects" AS o ${from}`;

const column = sql`INNER JOIN sys.columns AS p ON p.object_id = o."id"`;
const index = sql`INNER JOIN sys.indexes AS p ON p.object_id = o."id" AND p.is_hypothetical = 0`;
const trigger = sql`INNER JOIN sys.triggers AS p ON p.parent_id = o."id" AND p.parent_class = 1`;
const constraint = sql`INNER JOIN sys.objects AS p ON p.parent_object_id = o."id" AND p.type IN ('PK', 'UQ', 'F', 'C') AND o."class" = 1`;

const table = (condition: PlainSql) =>
  sql`INNER JOIN sys.tables AS t ON t.object_id = o."id" AND o."class" = 1 WHERE ${condition}`;

/** An extended property of a place, as `e`. */
const property = (place: PlainSql, kind: PlainSql, from: PlainSql, id: PlainSql) =>
  sql`SELECT o."kind", o."schema", o."name", ${place}, N'property ' + e."property", e."value" FROM "objects" AS o ${from}
  INNER JOIN "properties" AS e ON e."class" = ${kind} AND ${id}`;

/** The options of an index that is made again by a statement without options. */
const indexOptions = sql`CONCAT(CASE WHEN p.fill_factor NOT IN (0, 100) THEN CONCAT(N', FILLFACTOR = ', p.fill_factor) END,
    CASE WHEN p.is_padded = 1 THEN N', PAD_INDEX = ON' END, CASE WHEN p.allow_row_locks = 0 THEN N', ALLOW_ROW_LOCKS = OFF' END,
    CASE WHEN p.allow_page_locks = 0 THEN N', ALLOW_PAGE_LOCKS = OFF' END,
    CASE WHEN r.data_compression <> 0 THEN N', DATA_COMPRESSION = ' + ${word(sql`r.data_compression_desc`)} END)`;

const partition = sql`INNER JOIN sys.partitions AS r ON r.object_id = p.object_id AND r.index_id = p.index_id AND r.partition_number = 1`;

/** The value of a property as a text that its type reads back. */
const propertyText = sql`CASE WHEN CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY(p.value, 'BaseType')) IN (N'binary', N'varbinary')
    THEN CONVERT(nvarchar(max), CONVERT(varbinary(8000), p.value), 1) ELSE CONVERT(nvarchar(max), p.value, 126) END`;

const variant = (fact: PlainSql) => sql`CONVERT(nvarchar(128), SQL_VARIANT_PROPERTY(p.value, ${fact}))`;

const query = (schemas: Sql) => sql`WITH "places" AS (
  SELECT s.schema_id, s.name, s.principal_id FROM sys.schemas AS s
  INNER JOIN OPENJSON(${schemas}) WITH ("name" nvarchar(128) '$') AS w ON w."name" = s.name COLLATE DATABASE_DEFAULT
), "objects" AS (
  SELECT N'schema' AS "kind", p.name AS "schema", N'' AS "name", N'SCHEMA' AS "word", p.schema_id AS "id", 3 AS "class",
    p.principal_id AS "owner", N'false' AS "follows" FROM "places" AS p
  UNION ALL SELECT CASE WHEN o.type IN ('U', 'V', 'SO') THEN N'relation' ELSE N'function' END, p.name, o.name,
    CASE o.type WHEN 'U' THEN N'TABLE' WHEN 'V' THEN N'VIEW' WHEN 'SO' THEN N'SEQUENCE' ELSE N'FUNCTION' END, o.object_id, 1,
    COALESCE(o.principal_id, p.principal_id), CASE WHEN o.principal_id IS NULL THEN N'true' ELSE N'false' END
  FROM "places" AS p INNER JOIN sys.objects AS o ON o.schema_id = p.schema_id
  WHERE o.is_ms_shipped = 0 AND o.type IN ('U', 'V', 'SO', 'FN', 'IF', 'TF')
), "rights" AS (
  SELECT g.class, g.major_id, g.minor_id, N'[' + STRING_AGG(CAST(CONCAT(N'[', ${json(sql`USER_NAME(g.grantor_principal_id)`)}, N',',
    -- everybody
    CASE WHEN g.grantee_principal_id = 0 THEN N'null' ELSE ${json(sql`USER_NAME(g.grantee_principal_id)`)} END, N',"', ${word(sql`g.permission_name`)},
    N'","', CASE g.state WHEN 'W' THEN N'option' WHEN 'D' THEN N'deny' WHEN 'R' THEN N'revoke' ELSE N'grant' END, N'"]') AS nvarchar(max)), N',')
    WITHIN GROUP (ORDER BY g.grantor_principal_id, g.grantee_principal_id, g.type) + N']' AS "list"
  FROM sys.database_permissions AS g WHERE g.class IN (1, 3) GROUP BY g.class, g.major_id, g.minor_id
), "properties" AS (
  SELECT p.class, p.major_id, p.minor_id, p.name AS "property", CONCAT(N'{"name":', ${json(sql`p.name`)}, N',"type":"', ${variant(sql`'BaseType'`)},
    N'","precision":', ISNULL(${variant(sql`'Precision'`)}, N'0'), N',"scale":', ISNULL(${variant(sql`'Scale'`)}, N'0'), N',"text":',
    CASE WHEN p.value IS NULL THEN N'null' ELSE ${json(propertyText)} END, N'}') AS "value"
  FROM sys.extended_properties AS p WHERE p.class IN (1, 3, 7)
), "found" ("kind", "schema", "name", "part_kind", "part", "setting", "value") AS (
  ${join(
    [
      found(
        whole,
        'object',
        sql`CONCAT(N'{"word":"', o."word", N'","owner":', ${json(sql`USER_NAME(o."owner")`)}, N',"follows":', o."follows", N'}')`,
      ),
      found(
        whole,
        'rights',
        sql`r."list"`,
        sql`INNER JOIN "rights" AS r ON r.class = o."class" AND r.major_id = o."id" AND r.minor_id = 0`,
      ),
      found(
        part('column', sql`p.name`),
        'rights',
        sql`r."list"`,
        sql`${column} INNER JOIN "rights" AS r ON r.class = 1 AND r.major_id = o."id" AND r.minor_id = p.column_id WHERE o."class" = 1`,
      ),
      found(
        whole,
        'options',
        sql`N'"DATA_COMPRESSION = ' + ${word(sql`r.data_compression_desc`)} + N'"'`,
        sql`INNER JOIN sys.partitions AS r ON r.object_id = o."id" AND o."class" = 1 AND r.index_id = 0 AND r.partition_number = 1 WHERE r.data_compression <> 0`,
      ),
      found(
        part('index', sql`p.name`),
        'options',
        json(sql`STUFF(${indexOptions}, 1, 2, N'')`),
        sql`${index} ${partition} WHERE o."class" = 1 AND p.index_id > 0 AND ${indexOptions} <> N''`,
      ),
      found(
        whole,
        'data space',
        json(sql`d.name`),
        sql`${index} INNER JOIN sys.data_spaces AS d ON d.data_space_id = p.data_space_id WHERE o."class" = 1 AND p.index_id = 0 AND d.is_default = 0`,
      ),
      found(
        part('index', sql`p.name`),
        'data space',
        json(sql`d.name`),
        sql`${index} INNER JOIN sys.data_spaces AS d ON d.data_space_id = p.data_space_id WHERE o."class" = 1 AND p.index_id > 0 AND d.is_default = 0`,
      ),
      found(whole, 'lock escalation', json(sql`t.lock_escalation_desc`), table(sql`t.lock_escalation <> 0`)),
      found(
        whole,
        'change tracking',
        sql`CASE WHEN k.is_track_columns_updated_on = 1 THEN N'"ON"' ELSE N'"OFF"' END`,
        sql`INNER JOIN sys.change_tracking_tables AS k ON k.object_id = o."id" WHERE o."class" = 1`,
      ),
      found(
        part('column', sql`p.name`),
        'mask',
        json(sql`p.masking_function`),
        sql`INNER JOIN sys.masked_columns AS p ON p.object_id = o."id" WHERE o."class" = 1 AND p.is_masked = 1`,
      ),
      found(
        part('column', sql`p.name`),
        'classification',
        sql`CONCAT(N'{"LABEL":', ${json(sql`CONVERT(nvarchar(4000), ISNULL(s.label, ''))`)}, N',"LABEL_ID":', ${json(sql`CONVERT(nvarchar(4000), ISNULL(s.label_id, ''))`)},
    N',"INFORMATION_TYPE":', ${json(sql`CONVERT(nvarchar(4000), ISNULL(s.information_type, ''))`)}, N',"INFORMATION_TYPE_ID":', ${json(sql`CONVERT(nvarchar(4000), ISNULL(s.information_type_id, ''))`)},
    N',"RANK":', ${json(sql`ISNULL(s.rank_desc, N'')`)}, N'}')`,
        sql`${column} INNER JOIN sys.sensitivity_classifications AS s ON s.class = 1 AND s.major_id = o."id" AND s.minor_id = p.column_id WHERE o."class" = 1`,
      ),
      found(
        part('trigger', sql`p.name`),
        'state',
        sql`N'"DISABLE"'`,
        sql`${trigger} WHERE o."class" = 1 AND p.is_disabled = 1`,
      ),
      ...(
        [
          ['first', sql`v.is_first`],
          ['last', sql`v.is_last`],
        ] as const
      ).map(([order, isSo]) =>
        found(
          part('trigger', sql`p.name`),
          `order ${order}`,
          sql`N'[' + STRING_AGG(${json(sql`v.type_desc`)}, N',') WITHIN GROUP (ORDER BY v.type) + N']'`,
          sql`${trigger} INNER JOIN sys.trigger_events AS v ON v.object_id = p.object_id WHERE o."class" = 1 AND ${isSo} = 1 GROUP BY o."kind", o."schema", o."name", p.name`,
        ),
      ),
      property(whole, sql`o."class"`, empty, sql`e.major_id = o."id" AND e.minor_id = 0`),
      property(
        part('column', sql`p.name`),
        sql`1`,
        column,
        sql`e.major_id = o."id" AND e.minor_id = p.column_id WHERE o."class" = 1 AND o."kind" = N'relation'`,
      ),
      property(
        part('index', sql`p.name`),
        sql`7`,
        index,
        sql`e.major_id = o."id" AND e.minor_id = p.index_id WHERE o."class" = 1`,
      ),
      property(part('constraint', sql`p.name`), sql`1`, constraint, sql`e.major_id = p.object_id AND e.minor_id = 0`),
      property(
        part('trigger', sql`p.name`),
        sql`1`,
        trigger,
        sql`e.major_id = p.object_id AND e.minor_id = 0 WHERE o."class" = 1`,
      ),
    ],
    '\n  UNION ALL ',
  )}
)
SELECT "kind", "schema", "name", N'' AS "signature", "part_kind", "part", "setting", "value" FROM "found"
ORDER BY "kind", "schema" COLLATE Latin1_General_100_BIN2, "name" COLLATE Latin1_General_100_BIN2, "part_kind", "part" COLLATE Latin1_General_100_BIN2, "setting" COLLATE Latin1_General_100_BIN2`;

/** The names of the parameter that meet a condition, as a JSON array. */
const namesIf = (names: readonly string[], condition: PlainSql, from = empty) =>
  sql`(SELECT N'[' + STRING_AGG(CAST(${json(sql`w."name"`)} AS nvarchar(max)), N',') + N']'
    FROM OPENJSON(${value(JSON.stringify(names))}) WITH ("name" nvarchar(128) '$') AS w ${from} WHERE ${condition})`;

const may = (name: PlainSql, kind: string, right: string) =>
  sql`HAS_PERMS_BY_NAME(QUOTENAME(${name}), ${literal(kind)}, ${literal(right)}) = 1`;
const mayInDatabase = (right: string) => may(sql`DB_NAME()`, 'DATABASE', right);

/** Settings that need a right on the whole database. */
const rightsOfSettings = {
  'column mask': 'ALTER ANY MASK',
  'column classification': 'ALTER ANY SENSITIVITY CLASSIFICATION',
} as const;

const sessionQuery = (grantors: readonly string[], schemas: readonly string[]) => sql`SELECT USER_NAME() AS "role",
  ${namesIf(
    grantors,
    sql`${mayInDatabase('CONTROL')} OR p.type <> 'R' AND ${may(sql`p.name`, 'USER', 'IMPERSONATE')} OR p.type = 'R' AND ${may(sql`p.name`, 'ROLE', 'ALTER')}`,
    sql`INNER JOIN sys.database_principals AS p ON p.name COLLATE DATABASE_DEFAULT = w."name"`,
  )} AS "roles",
  ${namesIf(schemas, sql`NOT ${may(sql`w."name"`, 'SCHEMA', 'CONTROL')}`)} AS "closed",
  CONCAT(${join(
    Object.entries(rightsOfSettings).map(
      ([setting, right]) => sql`CASE WHEN ${mayInDatabase(right)} THEN N'' ELSE ${literal(`${setting};`)} END`,
    ),
  )}) AS "settings"`;

interface MssqlSessionRow {
  readonly role: string;
  /** JSON arrays; null for none. */
  readonly roles: string | null;
  readonly closed: string | null;
  /** The settings that the session may not give, each with a semicolon. */
  readonly settings: string;
}

async function session(
  connection: Connection,
  objects: readonly KeptObject[],
  limits: Limits,
): Promise<KeepingSession> {
  const schemas = objects.flatMap(({ schema, kind }) => (kind === 'schema' ? [schema] : []));
  const [row] = await rowsOf<MssqlSessionRow>(connection, sessionQuery(rolesOf(objects), schemas), limits);
  const { role = '', roles, closed, settings = '' } = row ?? {};
  const names = (text: string | null | undefined) => JSON.parse(text ?? '[]') as readonly string[];
  return {
    role,
    resume: empty,
    mayBecome: new Set([role, ...names(roles)]),
    mayNotCreate: new Set(),
    mayNotGrantIn: new Set(names(closed)),
    mayNotSet: new Set(settings.split(';').slice(0, -1)),
    ownerRights: new Map(),
  };
}

/** Rights in an order in which they can be given: each after those that let its grantor give it. */
function inOrder(rights: readonly KeptRight[]): readonly KeptRight[] {
  const lets = (right: KeptRight, { grantee, privilege, way }: KeptRight) =>
    grantee === right.grantor && (privilege === 'CONTROL' || (privilege === right.privilege && way === 'option'));
  const depths = new Map<KeptRight, number>();
  const depthOf = (right: KeptRight): number => {
    const known = depths.get(right);
    if (known !== undefined) return known;
    depths.set(right, 0);
    const depth = Math.max(-1, ...rights.filter((each) => each !== right && lets(right, each)).map(depthOf)) + 1;
    depths.set(right, depth);
    return depth;
  };
  return [...rights].sort((left, right) => depthOf(left) - depthOf(right));
}

export const mssqlKept: KeptReader = { query, readsParts: false, session, inOrder };
