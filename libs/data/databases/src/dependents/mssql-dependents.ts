/*
 * Finds the dependents of objects of a SQL Server database in its system views, as `DROP`, `ALTER COLUMN`, `sp_rename`
 * and `TRANSFER` do. Modules that are not bound to their tables depend on nothing: the server looks names up when they
 * run. A dependent is found by its class, the id of its object, and the id of its part.
 */

const depends = (id: string, what: string, object: string, part: string, from: string) =>
  `SELECT N'depends', ${id}.[number], N'${what}', ${object}, ${part} FROM ${from}`;

const goes = (what: string, object: string, part: string, from: string) =>
  `SELECT N'goes', n.[number], N'${what}', ${object}, ${part} FROM [named] AS n ${from} AND n.[kind] = N'relation' AND n.[how] = N'drop'`;

const changedColumn = "c.[how] IN (N'drop', N'retype')";

/** The objects that the parameter names, and their columns and indexes. */
const named = `[named] AS (
  SELECT t.[number], t.[how], t.[kind], t.[name] AS [part], s.schema_id AS [place], o.object_id AS [id]
  FROM OPENJSON(@p1) WITH ([number] int, [how] nvarchar(10), [kind] nvarchar(12), [schema] nvarchar(128), [table] nvarchar(128), [name] nvarchar(128)) AS t
  INNER JOIN sys.schemas AS s ON s.name COLLATE DATABASE_DEFAULT = t.[schema]
  LEFT JOIN sys.objects AS o ON o.schema_id = s.schema_id
    AND o.name COLLATE DATABASE_DEFAULT = CASE WHEN t.[kind] = N'function' THEN t.[name] ELSE t.[table] END
), [columns] AS (
  SELECT n.[number], n.[how], n.[id], c.column_id AS [column] FROM [named] AS n
  INNER JOIN sys.columns AS c ON c.object_id = n.[id] AND c.name COLLATE DATABASE_DEFAULT = n.[part] WHERE n.[kind] = N'column'
), [indexes] AS (
  SELECT n.[number], n.[id], i.index_id AS [index], i.is_primary_key AS [isPrimary] FROM [named] AS n
  INNER JOIN sys.indexes AS i ON i.object_id = n.[id] AND i.name COLLATE DATABASE_DEFAULT = n.[part]
  WHERE n.[kind] IN (N'constraint', N'index') AND n.[how] = N'drop'
)`;

const found = `[found] ([finding], [number], [class], [id], [part]) AS (
  ${[
    // bound views and functions, policies and keys of other tables
    depends(
      'n',
      'object',
      'd.referencing_id',
      '0',
      `[named] AS n INNER JOIN sys.sql_expression_dependencies AS d ON d.referenced_class = 1 AND d.referenced_id = n.[id]
    INNER JOIN sys.objects AS u ON u.object_id = d.referencing_id
    WHERE n.[kind] IN (N'relation', N'function') AND n.[how] IN (N'drop', N'rename') AND d.is_schema_bound_reference = 1
      AND d.referencing_class = 1 AND d.referencing_id <> n.[id] AND u.parent_object_id <> n.[id]`,
    ),
    depends(
      'n',
      'object',
      'f.object_id',
      '0',
      `[named] AS n INNER JOIN sys.foreign_keys AS f ON f.referenced_object_id = n.[id] AND f.parent_object_id <> n.[id]
    WHERE n.[kind] = N'relation' AND n.[how] = N'drop'`,
    ),
    depends(
      'n',
      'object',
      'p.object_id',
      '0',
      `[named] AS n INNER JOIN sys.security_predicates AS p ON p.target_object_id = n.[id]
    WHERE n.[kind] = N'relation' AND n.[how] IN (N'drop', N'rename')`,
    ),
    depends(
      'n',
      'feature',
      't.object_id',
      '0',
      `[named] AS n INNER JOIN sys.tables AS t ON t.object_id = n.[id]
    WHERE n.[kind] = N'relation' AND n.[how] IN (N'drop', N'rename') AND (t.is_published = 1 OR t.is_merge_published = 1 OR t.temporal_type <> 0)`,
    ),
    // what is made of a column
    depends(
      'c',
      'column',
      'd.referencing_id',
      'd.referencing_minor_id',
      `[columns] AS c INNER JOIN sys.sql_expression_dependencies AS d ON d.referenced_class = 1 AND d.referenced_id = c.[id] AND d.referenced_minor_id = c.[column]
    WHERE d.is_schema_bound_reference = 1 AND d.referencing_class = 1 AND d.referencing_id = c.[id] AND d.referencing_minor_id > 0`,
    ),
    depends(
      'c',
      'object',
      'd.referencing_id',
      '0',
      `[columns] AS c INNER JOIN sys.sql_expression_dependencies AS d ON d.referenced_class = 1 AND d.referenced_id = c.[id] AND d.referenced_minor_id = c.[column]
    WHERE d.is_schema_bound_reference = 1 AND d.referencing_class = 1 AND d.referencing_id <> c.[id]`,
    ),
    depends(
      'c',
      'index',
      'd.referencing_id',
      'd.referencing_minor_id',
      `[columns] AS c INNER JOIN sys.sql_expression_dependencies AS d ON d.referenced_class = 1 AND d.referenced_id = c.[id] AND d.referenced_minor_id = c.[column]
    WHERE d.referencing_class = 7`,
    ),
    depends(
      'c',
      'index',
      'x.object_id',
      'x.index_id',
      `[columns] AS c INNER JOIN sys.index_columns AS x ON x.object_id = c.[id] AND x.column_id = c.[column] WHERE ${changedColumn}`,
    ),
    depends(
      'c',
      'statistics',
      'x.object_id',
      'x.stats_id',
      `[columns] AS c INNER JOIN sys.stats_columns AS x ON x.object_id = c.[id] AND x.column_id = c.[column]
    INNER JOIN sys.stats AS s ON s.object_id = x.object_id AND s.stats_id = x.stats_id WHERE ${changedColumn} AND s.user_created = 1`,
    ),
    depends(
      'c',
      'object',
      'x.constraint_object_id',
      '0',
      `[columns] AS c INNER JOIN sys.foreign_key_columns AS x ON x.parent_object_id = c.[id] AND x.parent_column_id = c.[column]
      OR x.referenced_object_id = c.[id] AND x.referenced_column_id = c.[column] WHERE ${changedColumn}`,
    ),
    depends(
      'c',
      'full-text index',
      'x.object_id',
      '0',
      `[columns] AS c INNER JOIN sys.fulltext_index_columns AS x ON x.object_id = c.[id] AND x.column_id = c.[column] WHERE ${changedColumn}`,
    ),
    depends(
      'c',
      'feature',
      't.object_id',
      '0',
      '[columns] AS c INNER JOIN sys.tables AS t ON t.object_id = c.[id] WHERE t.is_tracked_by_cdc = 1 OR t.is_published = 1 OR t.is_merge_published = 1',
    ),
    // what needs a key
    depends(
      'i',
      'object',
      'f.object_id',
      '0',
      '[indexes] AS i INNER JOIN sys.foreign_keys AS f ON f.referenced_object_id = i.[id] AND f.key_index_id = i.[index]',
    ),
    depends(
      'i',
      'full-text index',
      'x.object_id',
      '0',
      '[indexes] AS i INNER JOIN sys.fulltext_indexes AS x ON x.object_id = i.[id] AND x.unique_index_id = i.[index]',
    ),
    depends(
      'i',
      'feature',
      'k.object_id',
      '0',
      '[indexes] AS i INNER JOIN sys.change_tracking_tables AS k ON k.object_id = i.[id] WHERE i.[isPrimary] = 1',
    ),
    // what is in a schema
    depends(
      'n',
      'object',
      'o.object_id',
      '0',
      "[named] AS n INNER JOIN sys.objects AS o ON o.schema_id = n.[place] AND o.parent_object_id = 0 WHERE n.[kind] = N'schema' AND n.[how] = N'drop'",
    ),
    depends(
      'n',
      'type',
      't.user_type_id',
      '0',
      "[named] AS n INNER JOIN sys.types AS t ON t.schema_id = n.[place] WHERE n.[kind] = N'schema' AND n.[how] = N'drop'",
    ),
    // what goes with a table
    goes(
      'object',
      'o.object_id',
      '0',
      "INNER JOIN sys.objects AS o ON o.parent_object_id = n.[id] WHERE o.type IN ('C', 'F', 'PK', 'UQ', 'TR')",
    ),
    goes(
      'column',
      'c.object_id',
      'c.column_id',
      'INNER JOIN sys.columns AS c ON c.object_id = n.[id] WHERE c.column_id > 0',
    ),
    goes(
      'index',
      'i.object_id',
      'i.index_id',
      'INNER JOIN sys.indexes AS i ON i.object_id = n.[id] WHERE i.index_id > 0',
    ),
    goes(
      'statistics',
      's.object_id',
      's.stats_id',
      'INNER JOIN sys.stats AS s ON s.object_id = n.[id] WHERE s.user_created = 1',
    ),
    goes(
      'full-text index',
      'x.object_id',
      '0',
      'INNER JOIN sys.fulltext_indexes AS x ON x.object_id = n.[id] WHERE x.object_id > 0',
    ),
    goes(
      'feature',
      't.object_id',
      '0',
      'INNER JOIN sys.tables AS t ON t.object_id = n.[id] WHERE t.is_tracked_by_cdc = 1',
    ),
  ].join('\n  UNION ')}
)`;

const kindOfObject = `CASE WHEN o.type IN ('U', 'V', 'SO') THEN N'relation' WHEN o.type IN ('FN', 'IF', 'TF') THEN N'function'
    WHEN o.type IN ('C', 'F', 'PK', 'UQ') THEN N'constraint' WHEN o.type = 'TR' THEN N'trigger' END`;

const typeOfObject = `CASE o.type WHEN 'U' THEN N'table' WHEN 'SO' THEN N'sequence' ELSE LOWER(REPLACE(o.type_desc COLLATE DATABASE_DEFAULT, N'_', N' ')) END`;

/** What a table has that is no object of its own. */
const features = `CONCAT(CASE WHEN t.temporal_type <> 0 THEN N', system versioning' END, CASE WHEN t.is_tracked_by_cdc = 1 THEN N', change data capture' END,
    CASE WHEN t.is_published = 1 OR t.is_merge_published = 1 THEN N', replication' END,
    CASE WHEN EXISTS (SELECT 1 FROM sys.change_tracking_tables AS k WHERE k.object_id = t.object_id) THEN N', change tracking' END)`;

const parameters = `CONVERT(nvarchar(10), (SELECT COUNT(*) FROM sys.parameters AS r WHERE r.object_id = o.object_id AND r.parameter_id > 0))`;

/** The objects of `found`, with the names that a schema set uses for its own objects. */
const described = `SELECT f.[finding], f.[number], ${typeOfObject} AS [type],
  s.name + N'.' + o.name + CASE WHEN p.object_id IS NULL THEN N'' ELSE N' on ' + s.name + N'.' + p.name END AS [identity],
  ${kindOfObject} AS [kind], s.name AS [schema],
  CASE WHEN p.object_id IS NOT NULL THEN p.name WHEN o.type IN ('U', 'V', 'SO') THEN o.name END AS [table],
  CASE WHEN p.object_id IS NOT NULL THEN o.name WHEN o.type IN ('FN', 'IF', 'TF') THEN o.name + N'/' + ${parameters} END AS [name]
FROM [found] AS f INNER JOIN sys.objects AS o ON o.object_id = f.[id] INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
LEFT JOIN sys.objects AS p ON p.object_id = o.parent_object_id WHERE f.[class] = N'object' AND o.type <> 'D'
UNION ALL SELECT f.[finding], f.[number], N'type', s.name + N'.' + t.name, NULL, s.name, NULL, t.name
FROM [found] AS f INNER JOIN sys.types AS t ON t.user_type_id = f.[id] INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE f.[class] = N'type'
UNION ALL SELECT f.[finding], f.[number], f.[class], s.name + N'.' + o.name + N'.' + c.name, N'column', s.name, o.name, c.name
FROM [found] AS f INNER JOIN sys.objects AS o ON o.object_id = f.[id] INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
INNER JOIN sys.columns AS c ON c.object_id = f.[id] AND c.column_id = f.[part] WHERE f.[class] = N'column'
UNION ALL SELECT f.[finding], f.[number], f.[class], i.name + N' on ' + s.name + N'.' + o.name, N'index', s.name, o.name, i.name
FROM [found] AS f INNER JOIN sys.objects AS o ON o.object_id = f.[id] INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
INNER JOIN sys.indexes AS i ON i.object_id = f.[id] AND i.index_id = f.[part] WHERE f.[class] = N'index'
UNION ALL SELECT f.[finding], f.[number], f.[class], i.name + N' on ' + s.name + N'.' + o.name, NULL, s.name, o.name, i.name
FROM [found] AS f INNER JOIN sys.objects AS o ON o.object_id = f.[id] INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id
INNER JOIN sys.stats AS i ON i.object_id = f.[id] AND i.stats_id = f.[part] WHERE f.[class] = N'statistics'
UNION ALL SELECT f.[finding], f.[number], f.[class], N'on ' + s.name + N'.' + o.name, NULL, s.name, o.name, NULL
FROM [found] AS f INNER JOIN sys.objects AS o ON o.object_id = f.[id] INNER JOIN sys.schemas AS s ON s.schema_id = o.schema_id WHERE f.[class] = N'full-text index'
UNION ALL SELECT f.[finding], f.[number], STUFF(${features}, 1, 2, N''), N'on ' + s.name + N'.' + t.name, NULL, s.name, t.name, NULL
FROM [found] AS f INNER JOIN sys.tables AS t ON t.object_id = f.[id] INNER JOIN sys.schemas AS s ON s.schema_id = t.schema_id WHERE f.[class] = N'feature'
ORDER BY 1, 2, 3, 4`;

/** The dependents of the objects that `@p1` names: [{ number, how, kind, schema, table, name }, …]. */
export const mssqlDependents = `WITH ${[named, found].join(',\n')}\n${described}`;

/**
 * The objects that hold the names of `@p1`: [{ number, space, schema, table, name, parameters }, …]. Tables, views,
 * functions and constraints share the names of their schema; indexes and statistics share those of their table; a table
 * has no type of its name.
 */
export const mssqlHolders = `WITH [wanted] AS (
  SELECT w.[number], w.[space], w.[name], s.schema_id AS [place], o.object_id AS [id]
  FROM OPENJSON(@p1) WITH ([number] int, [space] nvarchar(12), [schema] nvarchar(128), [table] nvarchar(128), [name] nvarchar(128)) AS w
  INNER JOIN sys.schemas AS s ON s.name COLLATE DATABASE_DEFAULT = w.[schema]
  LEFT JOIN sys.objects AS o ON o.schema_id = s.schema_id AND o.name COLLATE DATABASE_DEFAULT = w.[table]
), [found] ([finding], [number], [class], [id], [part]) AS (
  SELECT N'holds', w.[number], N'object', o.object_id, 0 FROM [wanted] AS w
    INNER JOIN sys.objects AS o ON o.schema_id = w.[place] AND o.name COLLATE DATABASE_DEFAULT = w.[name] WHERE w.[space] IN (N'relation', N'function', N'constraint')
  UNION ALL SELECT N'holds', w.[number], N'column', c.object_id, c.column_id FROM [wanted] AS w
    INNER JOIN sys.columns AS c ON c.object_id = w.[id] AND c.name COLLATE DATABASE_DEFAULT = w.[name] WHERE w.[space] = N'column'
  UNION ALL SELECT N'holds', w.[number], N'index', i.object_id, i.index_id FROM [wanted] AS w
    INNER JOIN sys.indexes AS i ON i.object_id = w.[id] AND i.name COLLATE DATABASE_DEFAULT = w.[name] WHERE w.[space] = N'index'
  UNION ALL SELECT N'holds', w.[number], N'statistics', i.object_id, i.stats_id FROM [wanted] AS w
    INNER JOIN sys.stats AS i ON i.object_id = w.[id] AND i.name COLLATE DATABASE_DEFAULT = w.[name] WHERE w.[space] = N'index' AND i.user_created = 1
)
${described}`;
