import { isMssqlMark, type ViewLayer, viewMarks, viewQueries } from '@dms/databases';
import { disarming, framed } from '@dms/ddl';
import { type DbTableName, qualified } from '@dms/model';
import { dialectOf, ended, group, join, listed, type PlainLines, type PlainSql, separated, textOf } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { markedOptions, mssqlReporting, type ReportingOptions, sourceDatabase } from '../views/reporting-dialect.ts';
import { changeColumns, type ReportingView } from '../views/view.ts';
import { viewText } from '../views/view-text.ts';
import {
  columnNamed,
  type DescriptorColumn,
  type DescriptorDocuments,
  type DescriptorTable,
  filledColumns,
  keyColumn,
  ownDescriptorTable,
} from './descriptor-table.ts';
import type { ViewsRun } from './views-run.ts';

const { lines, sql, id, ids, literal, nameLiteral, differs, isMissing } = dialectOf.mssql;

const markedViewsOf = (layer: ViewLayer): PlainSql => viewQueries.mssql.marked([layer]);

/**
 * `reporting.mssql.sql` (design 19 §7, §8): replaces the marked views of a second database. The variable
 * `SourceDatabase` names the database with our tables.
 */
export function mssqlScript(
  views: readonly ReportingView[],
  effectiveSchemaHash: string,
  options: ReportingOptions,
  documents: DescriptorDocuments,
): string {
  const table = ownDescriptorTable(mssqlReporting, views, documents, options);
  return mssqlViewsScript({
    layer: 'own',
    head: [
      `ODS views of the schema set ${effectiveSchemaHash}.`,
      'Run it in a database of its own on the same server: dms-ddl reporting apply, or',
      'sqlcmd -f 65001 -d <database>_Ods -v SourceDatabase=<database> -i reporting.mssql.sql',
      'A login that reads the views needs SELECT on the tables that they read. Either grant it in both databases, or chain ownership:',
      'ALTER DATABASE [<database>] SET DB_CHAINING ON; the same for [<database>_Ods], and the same owner for both.',
    ],
    guard: guard(effectiveSchemaHash),
    names: views.map((view) => mssqlReporting.viewName(view.table, options)),
    table,
    statements: views
      .filter((view) => table === null || view.table.kind !== 'descriptorBase')
      .map((view) => viewText(mssqlReporting, view, options)),
    grants: options.grants,
    mark: { set: effectiveSchemaHash, options: markedOptions(options), earlier: null },
  });
}

function guard(effectiveSchemaHash: string): PlainLines {
  const hash = literal(effectiveSchemaHash);
  return refusing(lines`
    DECLARE @stored_hash nvarchar(64);
    SELECT @stored_hash = "EffectiveSchemaHash" FROM ${sourceDatabase.id}."dms"."EffectiveSchema" WHERE "EffectiveSchemaSingletonId" = 1;
    IF @stored_hash IS NULL OR @stored_hash <> ${hash}
        SET @refusal = N'EffectiveSchemaHash mismatch: database has ''' + ISNULL(@stored_hash, N'') + N''' but expected ''' + ${hash} + N'''';
    IF @refusal IS NULL AND DB_NAME() = ${sourceDatabase.literal}
        SET @refusal = N'Names ignore case, so views need a database of their own. Run the script in another one.';`);
}

/** A batch that ends the script if it sets a refusal. */
const refusing = (refusal: PlainLines): PlainLines => lines`
  DECLARE @refusal nvarchar(2000);
  ${refusal}
  IF @refusal IS NOT NULL
  BEGIN
      ${disarming(sql`RAISERROR(N'%s', 16, 1, @refusal)`)}
  END`;

/** Refuses if the other database has no own views of a schema set, or is this database. */
export function mssqlViewsGuard(effectiveSchemaHash: string): PlainLines {
  const hash = literal(effectiveSchemaHash);
  return refusing(lines`
    IF NOT EXISTS (SELECT 1 FROM ${sourceDatabase.id}.sys.extended_properties p WHERE p.class = 1 AND p.minor_id = 0 AND ${isMssqlMark(['own'])}
        AND CAST(p.value AS nvarchar(3750)) LIKE N'%"' + ${hash} + N'"%')
        SET @refusal = N'The database ' + ${sourceDatabase.literal} + N' has no reporting views of the schema set ' + ${hash} + N'. Run dms-ddl reporting apply first.';
    IF @refusal IS NULL AND DB_NAME() = ${sourceDatabase.literal}
        SET @refusal = N'The views of the earlier version need a database of their own. Run the script in another one.';`);
}

/** The script of a layer: it replaces the marked views of that layer in a database of their own. */
export function mssqlViewsScript(run: ViewsRun): string {
  const { layer, head, guard, names, table, statements } = run;
  const schemas = [...new Set(names.map(({ schema }) => schema))].sort();
  const made = schemas.map(
    (schema) =>
      sql`IF SCHEMA_ID(${literal(schema)}) IS NULL EXEC(${literal(textOf(sql`CREATE SCHEMA ${id(schema)}`))});`,
  );
  const grants = run.grants.flatMap((role) => names.map((name) => sql`GRANT SELECT ON ${name} TO ${id(role)};`));
  const batches = [
    guard,
    nameRows(names, table?.name ?? null),
    cleared(layer),
    withoutAdditions(layer),
    droppedTables(layer, table?.name ?? null),
    group(...made),
    ...statements,
    ...(table === null ? [] : descriptorBatches(table)),
    ...(grants.length === 0 ? [] : [group(...grants)]),
    marks(run),
  ];
  const text = textOf(ended(separated(batches, sql`GO`)));
  return `${head.map((line) => `-- ${line}`).join('\n')}\n\n${framed(`${text}\n`)}`;
}

/** SQL Server accepts at most 1000 rows in one VALUES. */
const rowsOfInsert = 500;

function nameRows(names: readonly DbTableName[], table: DbTableName | null): PlainLines {
  const rows = names.map(
    (each) => sql`    (${literal(each.schema)}, ${literal(each.name)}, ${literal(kindOf(each, table))})`,
  );
  const inserts = chunk(rows, rowsOfInsert).map(
    (piece) => lines`
      INSERT INTO #views ("schema", "name", "kind") VALUES
      ${listed(piece)};`,
  );
  return lines`
    CREATE TABLE #views ("schema" sysname COLLATE DATABASE_DEFAULT NOT NULL, "name" sysname COLLATE DATABASE_DEFAULT NOT NULL, "kind" nvarchar(5) COLLATE DATABASE_DEFAULT NOT NULL);
    ${group(...inserts)}`;
}

const kindOf = (name: DbTableName, table: DbTableName | null) =>
  table !== null && qualified(name) === qualified(table) ? 'table' : 'view';

/** Refuses names that other objects have, and removes marked views that the set no longer has. */
const cleared = (layer: ViewLayer): PlainLines => lines`
  ${refusing(lines`
    SELECT @refusal = N'These names of views are taken: ' + LEFT(STRING_AGG(CAST(s.name + N'.' + o.name AS nvarchar(max)), N', '), 1900)
    FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id JOIN #views v ON v."schema" = s.name COLLATE DATABASE_DEFAULT AND v."name" = o.name COLLATE DATABASE_DEFAULT
    WHERE NOT EXISTS (SELECT 1 FROM sys.extended_properties p
        WHERE p.class = 1 AND p.major_id = o.object_id AND p.minor_id = 0 AND ${isMssqlMark([layer])});`)}
  DECLARE @drop nvarchar(max);
  SELECT @drop = STRING_AGG(CAST(N'DROP VIEW ' + QUOTENAME(m."schema") + N'.' + QUOTENAME(m.name) + N';' AS nvarchar(max)), N' ')
  FROM (${markedViewsOf(layer)}) m
  WHERE m.kind = 'view' AND NOT EXISTS (SELECT 1 FROM #views v WHERE v."schema" = m."schema" COLLATE DATABASE_DEFAULT AND v."name" = m.name COLLATE DATABASE_DEFAULT AND v."kind" = m.kind);
  IF @drop IS NOT NULL EXEC sys.sp_executesql @drop;`;

/**
 * Removes triggers that were added by hand to remaining views, and resets the owner of these views to that of their
 * schema.
 */
const withoutAdditions = (layer: ViewLayer): PlainLines => lines`
  DECLARE @added nvarchar(max);
  SELECT @added = STRING_AGG(a."text", N' ') FROM (
      SELECT CAST(N'DROP TRIGGER ' + QUOTENAME(m."schema") + N'.' + QUOTENAME(t.name) + N';' AS nvarchar(max)) AS "text"
      FROM (${markedViewsOf(layer)}) m JOIN sys.triggers t ON t.parent_id = m."oid" WHERE m.kind = 'view'
      UNION ALL
      SELECT CAST(N'ALTER AUTHORIZATION ON OBJECT::' + QUOTENAME(m."schema") + N'.' + QUOTENAME(m.name) + N' TO SCHEMA OWNER;' AS nvarchar(max))
      FROM (${markedViewsOf(layer)}) m JOIN sys.objects o ON o.object_id = m."oid" WHERE m.kind = 'view' AND o.principal_id IS NOT NULL
  ) a;
  IF @added IS NOT NULL EXEC sys.sp_executesql @added;`;

/** Marks the views, with a hash of the definition that the database keeps, and with the options. */
function marks({ layer, mark }: ViewsRun): PlainLines {
  const earlier = mark.earlier === null ? '' : `"earlier":${JSON.stringify(mark.earlier)},`;
  const value = [
    literal(`{"set":${JSON.stringify(mark.set)},"definition":"`),
    viewQueries.mssql.definitionHash(sql`o.object_id`, layer),
    sql`N'","views":' + CAST(v."count" AS nvarchar(10)) + N',"name":"'`,
    sql`STRING_ESCAPE(v."schema" + N'.' + v."name", 'json')`,
    sql`N'","next":"'`,
    sql`STRING_ESCAPE(v."next", 'json')`,
    literal(`",${earlier}"options":${mark.options}}`),
  ];
  return lines`
    DECLARE @marks nvarchar(max);
    SELECT @marks = STRING_AGG(m."text", N' ')
    FROM (
        SELECT CAST(
            CASE WHEN EXISTS (SELECT 1 FROM sys.extended_properties p WHERE p.class = 1 AND p.major_id = o.object_id AND p.minor_id = 0 AND ${isMssqlMark([layer])})
            THEN N'EXEC sys.sp_updateextendedproperty ' ELSE N'EXEC sys.sp_addextendedproperty ' END
            + ${literal(`@name = N'${viewMarks[layer]}', @value = N'`)} + REPLACE(${join(value, ' + ')}, N'''', N'''''')
            + N''', @level0type = N''SCHEMA'', @level0name = N' + QUOTENAME(s.name, '''') + N', @level1type = N''' + UPPER(v."kind" COLLATE DATABASE_DEFAULT) + N''', @level1name = N' + QUOTENAME(o.name, '''') + N';'
            AS nvarchar(max)) AS "text"
        FROM sys.objects o JOIN sys.schemas s ON s.schema_id = o.schema_id
        JOIN (
            SELECT w."schema", w."name", w."kind", COUNT(*) OVER () AS "count",
                COALESCE(LEAD(w."schema" + N'.' + w."name") OVER (ORDER BY w."schema", w."name"), FIRST_VALUE(w."schema" + N'.' + w."name") OVER (ORDER BY w."schema", w."name")) AS "next"
            FROM #views w
        ) v ON v."schema" = s.name COLLATE DATABASE_DEFAULT AND v."name" = o.name COLLATE DATABASE_DEFAULT
    ) m;
    EXEC sys.sp_executesql @marks;
    DROP TABLE #views;`;
}

/*
 * The table of descriptors on SQL Server, whose rows each run of the script updates (design 19 §8.1). It is in another
 * database than the documents: a trigger would need the rights of every writer there, and would refuse writes while
 * that database is unavailable.
 */

/** The definition of a column, with the default for rows that do not give it a value. */
function columnText(table: DescriptorTable, { name, role, type, isNullable }: DescriptorColumn): PlainSql {
  const named = (column: string) => id(columnNamed(table, column));
  const nullable = isNullable ? sql`NULL` : sql`NOT NULL`;
  switch (role) {
    case 'key':
      return sql`${id(name)} ${type} IDENTITY(-1,-1) NOT NULL PRIMARY KEY`;
    case 'computed':
      return sql`${id(name)} AS (${named('Namespace')} + N'#' + ${named('CodeValue')}) PERSISTED`;
    case 'moment':
      return sql`${id(name)} ${type} ${nullable} DEFAULT (SYSUTCDATETIME())`;
    case 'uuid':
      return sql`${id(name)} ${type} ${nullable} DEFAULT (NEWID())`;
    case 'plain':
      return sql`${id(name)} ${type} ${nullable}`;
  }
}

/** Removes the table of an earlier run that the script does not have. Fails if others have inserted rows into it. */
function droppedTables(layer: ViewLayer, kept: DbTableName | null): PlainLines {
  const isKept =
    kept === null ? sql`1 = 0` : sql`m."schema" = ${literal(kept.schema)} AND m.name = ${literal(kept.name)}`;
  return lines`
    DECLARE @tables nvarchar(max);
    SELECT @tables = STRING_AGG(CAST(N'IF EXISTS (SELECT 1 FROM ' + QUOTENAME(m."schema") + N'.' + QUOTENAME(m.name)
        + N' WHERE [DescriptorId] < 0) RAISERROR(N''The table of descriptors has rows that were inserted into it'', 16, 1) ELSE DROP TABLE '
        + QUOTENAME(m."schema") + N'.' + QUOTENAME(m.name) + N';' AS nvarchar(max)), N' ')
    FROM (${markedViewsOf(layer)}) m WHERE m.kind = 'table' AND NOT (${isKept});
    IF @tables IS NOT NULL EXEC sys.sp_executesql @tables;`;
}

/** The batches that create the table and fill it; a batch cannot name a column that it adds. */
function descriptorBatches(table: DescriptorTable): readonly PlainLines[] {
  const { name: descriptors } = table;
  const placeText = nameLiteral(descriptors);
  const create = lines`
    IF ${isMissing(descriptors)}
    CREATE TABLE ${descriptors} (
        ${listed(table.columns.map((column) => columnText(table, column)))}
    );`;
  const byName = new Map(table.columns.map((column) => [column.odsName, column]));
  const adjusted = changeColumns.map((each) => {
    const column = byName.get(each);
    const length = sql`COL_LENGTH(${placeText}, ${literal(each)})`;
    return column === undefined
      ? sql`IF ${length} IS NOT NULL ALTER TABLE ${descriptors} DROP COLUMN ${id(each)};`
      : sql`IF ${length} IS NULL ALTER TABLE ${descriptors} ADD ${id(column.name)} ${column.type} NULL;`;
  });
  const key = id(keyColumn(table));
  const columns = filledColumns(table);
  const list = ids(columns.map(({ name }) => name));
  const others = columns.map(({ name }) => name).filter((name) => name !== keyColumn(table));
  const of = (alias: PlainSql) => others.map((name) => sql`${alias}.${id(name)}`);
  // texts of the other database may have another collation than texts of this one
  const read = columns.map(({ name, type }) =>
    textOf(type).includes('char') ? sql`${id(name)} COLLATE DATABASE_DEFAULT AS ${id(name)}` : id(name),
  );
  const fill = lines`
    SELECT ${join(read)} INTO #descriptors FROM (
        ${table.query}
    ) v;
    DELETE t FROM ${descriptors} t WHERE t.${key} > 0 AND NOT EXISTS (SELECT 1 FROM #descriptors d WHERE d.${key} = t.${key});
    UPDATE t SET ${join(others.map((name) => sql`${id(name)} = d.${id(name)}`))} FROM ${descriptors} t INNER JOIN #descriptors d ON d.${key} = t.${key}
    WHERE ${differs(of(sql`t`), of(sql`d`))};
    SET IDENTITY_INSERT ${descriptors} ON;
    INSERT INTO ${descriptors} (${list}) SELECT ${list} FROM #descriptors d WHERE NOT EXISTS (SELECT 1 FROM ${descriptors} t WHERE t.${key} = d.${key});
    SET IDENTITY_INSERT ${descriptors} OFF;
    DROP TABLE #descriptors;`;
  return [create, group(...adjusted), fill];
}
