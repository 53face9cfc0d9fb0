import { coreSchema } from '@dms/model';
import { dialectOf, join, type PlainSql, type Sql } from '@dms/sql';

/*
 * Finds the dependents of objects of a SQL Server database in its system views, as `DROP`, `ALTER COLUMN`, `sp_rename`
 * and `TRANSFER` do. Modules that are not bound to their tables depend on nothing but functions and core tables that are
 * dropped: the server looks names up when they run. A dependent is found by its class, the id of its object, and the id of its part.
 */

const { sql, literal, exact } = dialectOf.mssql;

const droppedTable = sql`n."kind" = N'relation' AND n."how" = N'drop'`;
const changedColumn = sql`c."how" IN (N'drop', N'retype')`;

/** The objects that a JSON array names, and their columns and indexes. */
const named = (asked: Sql) => sql`"named" AS (
  SELECT t."number", t."how", t."kind", t."name" AS "part", s.schema_id AS "place", o.object_id AS "id"
  FROM OPENJSON(${asked}) WITH ("number" int, "how" nvarchar(10), "kind" nvarchar(12), "schema" nvarchar(128), "table" nvarchar(128), "name" nvarchar(128)) AS t
  INNER JOIN sys.schemas AS s ON s.name COLLATE DATABASE_DEFAULT = t."schema"
  LEFT JOIN sys.objects AS o ON o.schema_id = s.schema_id
    AND o.name COLLATE DATABASE_DEFAULT = CASE WHEN t."kind" = N'function' THEN t."name" ELSE t."table" END
), "columns" AS (
  SELECT n."number", n."how", n."id", c.column_id AS "column" FROM "named" AS n
  INNER JOIN sys.columns AS c ON c.object_id = n."id" AND c.name COLLATE DATABASE_DEFAULT = n."part" WHERE n."kind" = N'column'
), "indexes" AS (
  SELECT n."number", n."id", i.index_id AS "index", i.is_primary_key AS "isPrimary" FROM "named" AS n
  INNER JOIN sys.indexes AS i ON i.object_id = n."id" AND i.name COLLATE DATABASE_DEFAULT = n."part"
  WHERE n."kind" IN (N'constraint', N'index') AND n."how" = N'drop'
)`;

/**
 * What depends on the objects: bound views and functions, policies and keys of other tables; for rows that go, values of
 * other columns; what is made of a column, what needs a key, what is in a schema; and what goes with a table.
 */
const found = sql`"found" ("finding", "number", "class", "id", "part") AS (
  SELECT N'depends', n."number", N'object', d.referencing_id, 0 FROM "named" AS n INNER JOIN sys.sql_expression_dependencies AS d ON d.referenced_class = 1 AND d.referenced_id = n."id"
    INNER JOIN sys.objects AS u ON u.object_id = d.referencing_id
    WHERE n."kind" IN (N'relation', N'function') AND n."how" IN (N'drop', N'rename')
      AND (d.is_schema_bound_reference = 1 OR (n."how" = N'drop' AND (n."kind" = N'function' OR n."place" = SCHEMA_ID(${literal(coreSchema)}))))
      AND d.referencing_class = 1 AND d.referencing_id <> n."id" AND u.parent_object_id <> n."id"
  UNION SELECT N'depends', n."number", N'object', f.object_id, 0 FROM "named" AS n INNER JOIN sys.foreign_keys AS f ON f.referenced_object_id = n."id" AND f.parent_object_id <> n."id"
    WHERE n."kind" = N'relation' AND n."how" IN (N'drop', N'empty')
  UNION SELECT N'depends', n."number", N'object', p.object_id, 0 FROM "named" AS n INNER JOIN sys.security_predicates AS p ON p.target_object_id = n."id"
    WHERE n."kind" = N'relation' AND n."how" IN (N'drop', N'rename', N'empty')
  UNION SELECT N'depends', n."number", N'feature', t.object_id, 0 FROM "named" AS n INNER JOIN sys.tables AS t ON t.object_id = n."id"
    WHERE n."kind" = N'relation' AND (n."how" IN (N'drop', N'rename') AND (t.is_published = 1 OR t.is_merge_published = 1 OR t.temporal_type <> 0)
      OR n."how" = N'empty' AND t.temporal_type <> 0)
  UNION SELECT N'depends', n."number", N'column', c.object_id, c.column_id FROM "named" AS n INNER JOIN sys.columns AS c ON c.object_id = n."id"
    WHERE n."kind" = N'relation' AND n."how" = N'empty' AND c.is_computed = 0
  UNION SELECT N'depends', c."number", N'column', d.referencing_id, d.referencing_minor_id FROM "columns" AS c INNER JOIN sys.sql_expression_dependencies AS d ON d.referenced_class = 1 AND d.referenced_id = c."id" AND d.referenced_minor_id = c."column"
    WHERE d.is_schema_bound_reference = 1 AND d.referencing_class = 1 AND d.referencing_id = c."id" AND d.referencing_minor_id > 0
  UNION SELECT N'depends', c."number", N'object', d.referencing_id, 0 FROM "columns" AS c INNER JOIN sys.sql_expression_dependencies AS d ON d.referenced_class = 1 AND d.referenced_id = c."id" AND d.referenced_minor_id = c."column"
    WHERE d.is_schema_bound_reference = 1 AND d.referencing_class = 1 AND d.referencing_id <> c."id"
  UNION SELECT N'depends', c."number", N'index', d.referencing_id, d.referencing_minor_id FROM "columns" AS c INNER JOIN sys.sql_expression_dependencies AS d ON d.referenced_class = 1 AND d.referenced_id = c."id" AND d.referenced_minor_id = c."column"
    WHERE d.referencing_class = 7
  UNION SELECT N'depends', c."number", N'index', x.object_id, x.index_id FROM "columns" AS c INNER JOIN sys.index_columns AS x ON x.object_id = c."id" AND x.column_id = c."column" WHERE ${changedColumn}
  UNION SELECT N'depends', c."number", N'statistics', x.object_id, x.stats_id FROM "columns" AS c INNER JOIN sys.stats_columns AS x ON x.object_id = c."id" AND x.column_id = c."column"
    INNER JOIN sys.stats AS s ON s.object_id = x.object_id AND s.stats_id = x.stats_id WHERE ${changedColumn} AND s.user_created = 1
  UNION SELECT N'depends', c."number", N'object', x.constraint_object_id, 0 FROM "columns" AS c INNER JOIN sys.foreign_key_columns AS x ON x.parent_object_id = c."id" AND x.parent_column_id = c."column"
      OR x.referenced_object_id = c."id" AND x.referenced_column_id = c."column" WHERE ${changedColumn}
  UNION SELECT N'depends', c."number", N'full-text index', x.object_id, 0 FROM "columns" AS c INNER JOIN sys.fulltext_index_columns AS x ON x.object_id = c."id" AND x.column_id = c."column" WHERE ${changedColumn}
  UNION SELECT N'depends', c."number", N'feature', t.object_id, 0 FROM "columns" AS c INNER JOIN sys.tables AS t ON t.object_id = c."id" WHERE t.is_tracked_by_cdc = 1 OR t.is_published = 1 OR t.is_merge_published = 1
  UNION SELECT N'depends', i."number", N'object', f.object_id, 0 FROM "indexes" AS i INNER JOIN sys.foreign_keys AS f ON f.referenced_object_id = i."id" AND f.key_index_id = i."index"
  UNION SELECT N'depends', i."number", N'full-text index', x.object_id, 0 FROM "indexes" AS i INNER JOIN sys.fulltext_indexes AS x ON x.object_id = i."id" AND x.unique_index_id = i."index"
  UNION SELECT N'depends', i."number", N'feature', k.object_id, 0 FROM "indexes" AS i INNER JOIN sys.change_tracking_tables AS k ON k.object_id = i."id" WHERE i."isPrimary" = 1
  UNION SELECT N'depends', n."number", N'object', o.object_id, 0 FROM "named" AS n INNER JOIN sys.objects AS o ON o.schema_id = n."place" AND o.parent_object_id = 0 WHERE n."kind" = N'schema' AND n."how" = N'drop'
  UNION SELECT N'depends', n."number", N'type', t.user_type_id, 0 FROM "named" AS n INNER JOIN sys.types AS t ON t.schema_id = n."place" WHERE n."kind" = N'schema' AND n."how" = N'drop'
  UNION SELECT N'goes', n."number", N'object', o.object_id, 0 FROM "named" AS n INNER JOIN sys.objects AS o ON o.parent_object_id = n."id" WHERE o.type IN ('C', 'F', 'PK', 'UQ', 'TR') AND ${droppedTable}
  UNION SELECT N'goes', n."number", N'column', c.object_id, c.column_id FROM "named" AS n INNER JOIN sys.columns AS c ON c.object_id = n."id" WHERE c.column_id > 0 AND ${droppedTable}
  UNION SELECT N'goes', n."number", N'index', i.object_id, i.index_id FROM "named" AS n INNER JOIN sys.indexes AS i ON i.object_id = n."id" WHERE i.index_id > 0 AND ${droppedTable}
  UNION SELECT N'goes', n."number", N'statistics', s.object_id, s.stats_id FROM "named" AS n INNER JOIN sys.stats AS s ON s.object_id = n."id" WHERE s.user_created = 1 AND ${droppedTable}
  UNION SELECT N'goes', n."number", N'full-text index', x.object_id, 0 FROM "named" AS n INNER JOIN sys.fulltext_indexes AS x ON x.object_id = n."id" WHERE x.object_id > 0 AND ${droppedTable}
  UNION SELECT N'goes', n."number", N'feature', t.object_id, 0 FROM "named" AS n INNER JOIN sys.tables AS t ON t.object_id = n."id" WHERE t.is_tracked_by_cdc = 1 AND ${droppedTable}
)`;

const kindOfObject = sql`CASE WHEN o.type IN ('U', 'V', 'SO') THEN N'relation' WHEN o.type IN ('FN', 'IF', 'TF') THEN N'function'
    WHEN o.type IN ('C', 'F', 'PK', 'UQ') THEN N'constraint' WHEN o.type = 'TR' THEN N'trigger' END`;

const typeOfObject = sql`CASE o.type WHEN 'U' THEN N'table' WHEN 'SO' THEN N'sequence' ELSE LOWER(REPLACE(o.type_desc COLLATE DATABASE_DEFAULT, N'_', N' ')) END`;

/** The features of a table that are not objects: system versioning, replication. */
const features = sql`CONCAT(CASE WHEN t.temporal_type <> 0 THEN N', system versioning' END, CASE WHEN t.is_tracked_by_cdc = 1 THEN N', change data capture' END,
    CASE WHEN t.is_published = 1 OR t.is_merge_published = 1 THEN N', replication' END,
    CASE WHEN EXISTS (SELECT 1 FROM sys.change_tracking_tables AS k WHERE k.object_id = t.object_id) THEN N', change tracking' END)`;

const parameters = sql`CONVERT(nvarchar(10), (SELECT COUNT(*) FROM sys.parameters AS r WHERE r.object_id = o.object_id AND r.parameter_id > 0))`;

/** A text of names, sorted alike on every server. */
const sorted = (text: PlainSql): PlainSql => exact(sql`(${text})`);

/** The objects of `found`, with the names that a schema set uses for its own objects. */
const described = sql`SELECT f."finding", f."number", ${sorted(typeOfObject)} AS "type",
  ${sorted(sql`s.name + N'.' + o.name + CASE WHEN p.object_id IS NULL THEN N'' ELSE N' on ' + s.name + N'.' + p.name END`)} AS "identity",
  ${kindOfObject} AS "kind", s.name AS "schema",
  CASE WHEN p.object_id IS NOT NULL THEN p.name WHEN o.type IN ('U', 'V', 'SO') THEN o.name END AS "table",
  CASE WHEN p.object_id IS NOT NULL THEN o.name WHEN o.type IN ('FN', 'IF', 'TF') THEN o.name + N'/' + ${parameters} END AS "name"
FROM "found" AS f INNER JOIN sys.objects AS o ON o.object_id = f."id" INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
LEFT JOIN sys.objects AS p ON p.object_id = o.parent_object_id WHERE f."class" = N'object' AND o.type <> 'D'
UNION ALL SELECT f."finding", f."number", N'type', ${sorted(sql`s.name + N'.' + t.name`)}, NULL, s.name, NULL, t.name
FROM "found" AS f INNER JOIN sys.types AS t ON t.user_type_id = f."id" INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE f."class" = N'type'
UNION ALL SELECT f."finding", f."number", f."class", ${sorted(sql`s.name + N'.' + o.name + N'.' + c.name`)}, N'column', s.name, o.name, c.name
FROM "found" AS f INNER JOIN sys.objects AS o ON o.object_id = f."id" INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
INNER JOIN sys.columns AS c ON c.object_id = f."id" AND c.column_id = f."part" WHERE f."class" = N'column'
UNION ALL SELECT f."finding", f."number", f."class", ${sorted(sql`i.name + N' on ' + s.name + N'.' + o.name`)}, N'index', s.name, o.name, i.name
FROM "found" AS f INNER JOIN sys.objects AS o ON o.object_id = f."id" INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
INNER JOIN sys.indexes AS i ON i.object_id = f."id" AND i.index_id = f."part" WHERE f."class" = N'index'
UNION ALL SELECT f."finding", f."number", f."class", ${sorted(sql`i.name + N' on ' + s.name + N'.' + o.name`)}, NULL, s.name, o.name, i.name
FROM "found" AS f INNER JOIN sys.objects AS o ON o.object_id = f."id" INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
INNER JOIN sys.stats AS i ON i.object_id = f."id" AND i.stats_id = f."part" WHERE f."class" = N'statistics'
UNION ALL SELECT f."finding", f."number", f."class", ${sorted(sql`N'on ' + s.name + N'.' + o.name`)}, NULL, s.name, o.name, NULL
FROM "found" AS f INNER JOIN sys.objects AS o ON o.object_id = f."id" INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id WHERE f."class" = N'full-text index'
UNION ALL SELECT f."finding", f."number", STUFF(${features}, 1, 2, N''), ${sorted(sql`N'on ' + s.name + N'.' + t.name`)}, NULL, s.name, t.name, NULL
FROM "found" AS f INNER JOIN sys.tables AS t ON t.object_id = f."id" INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE f."class" = N'feature'
ORDER BY 1, 2, 3, 4`;

/** The dependents of objects: [{ number, how, kind, schema, table, name }, …]. */
export const mssqlDependents = (asked: Sql): Sql => sql`WITH ${join([named(asked), found], ',\n')}\n${described}`;

/**
 * The objects that hold names: [{ number, space, schema, table, name, parameters }, …]. Tables, views,
 * functions and constraints share the names of their schema; indexes and statistics share those of their table; a table
 * has no type of its name.
 */
export const mssqlHolders = (asked: Sql): Sql => sql`WITH "wanted" AS (
  SELECT w."number", w."space", w."name", s.schema_id AS "place", o.object_id AS "id"
  FROM OPENJSON(${asked}) WITH ("number" int, "space" nvarchar(12), "schema" nvarchar(128), "table" nvarchar(128), "name" nvarchar(128)) AS w
  INNER JOIN sys.schemas AS s ON s.name COLLATE DATABASE_DEFAULT = w."schema"
  LEFT JOIN sys.objects AS o ON o.schema_id = s.schema_id AND o.name COLLATE DATABASE_DEFAULT = w."table"
), "found" ("finding", "number", "class", "id", "part") AS (
  SELECT N'holds', w."number", N'object', o.object_id, 0 FROM "wanted" AS w
    INNER JOIN sys.objects AS o ON o.schema_id = w."place" AND o.name COLLATE DATABASE_DEFAULT = w."name" WHERE w."space" IN (N'relation', N'function', N'constraint')
  UNION ALL SELECT N'holds', w."number", N'column', c.object_id, c.column_id FROM "wanted" AS w
    INNER JOIN sys.columns AS c ON c.object_id = w."id" AND c.name COLLATE DATABASE_DEFAULT = w."name" WHERE w."space" = N'column'
  UNION ALL SELECT N'holds', w."number", N'index', i.object_id, i.index_id FROM "wanted" AS w
    INNER JOIN sys.indexes AS i ON i.object_id = w."id" AND i.name COLLATE DATABASE_DEFAULT = w."name" WHERE w."space" = N'index'
  UNION ALL SELECT N'holds', w."number", N'statistics', i.object_id, i.stats_id FROM "wanted" AS w
    INNER JOIN sys.stats AS i ON i.object_id = w."id" AND i.name COLLATE DATABASE_DEFAULT = w."name" WHERE w."space" = N'index' AND i.user_created = 1
)
${described}`;
