import { collectDefinitions, type DocumentSchemas, definitionOfScope, resourceLabel } from '@dms/api-schema';
import type { DbTableName, RelationalModelSet, Table } from '@dms/model';
import {
  dialectOf,
  group,
  joined,
  listed,
  type PlainLines,
  type PlainSql,
  type SqlDialect,
  textOf,
  trusted,
} from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { disarming, framed } from '../mssql/script-frame.ts';
import { pgsqlSetGuard } from '../pgsql/anonymous-block.ts';

/** The definition of a table, or of one of its columns. */
interface Comment {
  readonly table: DbTableName;
  /** Null for a comment on the table itself. */
  readonly column: string | null;
  readonly text: string;
}

type Write = (comments: readonly Comment[], effectiveSchemaHash: string) => string;

function pgsqlScript(comments: readonly Comment[], effectiveSchemaHash: string): string {
  const { sql, lines, id, literal } = dialectOf.pgsql;
  const statements = comments.map(({ table, column, text }) => {
    const object = column === null ? sql`TABLE ${table}` : sql`COLUMN ${table}.${id(column)}`;
    return sql`COMMENT ON ${object} IS ${literal(text)};`;
  });
  return scriptText(lines`
    -- Definitions of the schema set ${trusted(effectiveSchemaHash)}, as comments on its tables and columns.
    -- Run it in one transaction: dms-ddl comments apply, or psql --single-transaction --set ON_ERROR_STOP=1 --file comments.pgsql.sql
    ${pgsqlSetGuard(effectiveSchemaHash)}
    ${group(...statements)}`);
}

const scriptText = (script: PlainLines) => `${textOf(joined(script))}\n`;

/** A VALUES constructor takes at most 1000 rows. */
const rowsOfInsert = 500;

/** An extended property takes at most 7500 bytes ("sp_addextendedproperty"). */
const longestProperty = 3750;

const shortened = (text: string) =>
  text.length <= longestProperty ? text : `${text.slice(0, longestProperty - 1).replace(/\p{Surrogate}$/u, '')}…`;

const { sql, lines, literal, literals } = dialectOf.mssql;

const property = sql`@name = N'MS_Description', @value = @text, @level0type = N'SCHEMA', @level0name = @schema, @level1type = N'TABLE', @level1name = @table, @level2type = @kind, @level2name = @column`;

/**
 * Adds each property of `#definitions`, or replaces an existing one. Tools of SQL Server show the description of an
 * object under the name `MS_Description`.
 */
const addedProperties = lines`
  DECLARE @schema sysname, @table sysname, @column sysname, @kind varchar(128), @text nvarchar(3750), @id int;
  DECLARE definitions CURSOR LOCAL FAST_FORWARD FOR
      SELECT "schema", "table", "column", CASE WHEN "column" IS NOT NULL THEN 'COLUMN' END, "text" FROM #definitions;
  OPEN definitions;
  FETCH NEXT FROM definitions INTO @schema, @table, @column, @kind, @text;
  WHILE @@FETCH_STATUS = 0
  BEGIN
      SET @id = OBJECT_ID(QUOTENAME(@schema) + N'.' + QUOTENAME(@table));
      IF EXISTS (SELECT 1 FROM sys.extended_properties p WHERE p.class = 1 AND p.major_id = @id
          AND p.minor_id = ISNULL(COLUMNPROPERTY(@id, @column, 'ColumnId'), 0) AND p.name = N'MS_Description')
          EXEC sys.sp_updateextendedproperty ${property};
      ELSE
          EXEC sys.sp_addextendedproperty ${property};
      FETCH NEXT FROM definitions INTO @schema, @table, @column, @kind, @text;
  END
  CLOSE definitions;
  DEALLOCATE definitions;
  DROP TABLE #definitions;`;

const insertDefinitions = (rows: readonly PlainSql[]) => lines`
  INSERT INTO #definitions ("schema", "table", "column", "text") VALUES
      ${listed(rows)};`;

function mssqlScript(comments: readonly Comment[], effectiveSchemaHash: string): string {
  const rows = comments.map(
    ({ table, column, text }) => sql`(${literals([table.schema, table.name, column, shortened(text)])})`,
  );
  const hash = literal(effectiveSchemaHash);
  const heading = lines`
    -- Definitions of the schema set ${trusted(effectiveSchemaHash)}, as MS_Description of its tables and columns.
    -- Run it with dms-ddl comments apply, or sqlcmd -f 65001 -d <database> -i comments.mssql.sql`;
  const batches = lines`
    DECLARE @stored_hash nvarchar(64);
    SELECT @stored_hash = "EffectiveSchemaHash" FROM "dms"."EffectiveSchema" WHERE "EffectiveSchemaSingletonId" = 1;
    IF @stored_hash IS NULL OR @stored_hash <> ${hash}
    BEGIN
        DECLARE @refusal nvarchar(500) = N'EffectiveSchemaHash mismatch: database has ''' + ISNULL(@stored_hash, N'') + N''' but expected ''' + ${hash} + N'''';
        ${disarming(sql`RAISERROR(N'%s', 16, 1, @refusal)`)}
    END
    GO
    CREATE TABLE #definitions ("schema" sysname NOT NULL, "table" sysname NOT NULL, "column" sysname NULL, "text" nvarchar(3750) NOT NULL);
    ${group(...chunk(rows, rowsOfInsert).map(insertDefinitions))}
    GO
    ${addedProperties}`;
  return `${scriptText(heading)}\n${framed(`${scriptText(batches)}\n`)}`;
}

const scripts: Readonly<Record<SqlDialect, Write>> = { pgsql: pgsqlScript, mssql: mssqlScript };

/** A script, and the number of its comments. */
interface CommentsScript {
  readonly text: string;
  readonly comments: number;
}

/** `comments.<dialect>.sql` (design 13 §8) for the dialect of the model. */
export function commentsScript(model: RelationalModelSet, schemas: DocumentSchemas): CommentsScript {
  const comments = definedComments(model, schemas);
  const text = scripts[model.dialect](comments, model.effectiveSchema.effectiveSchemaHash);
  return { text: dialectOf[model.dialect].scriptText(text), comments: comments.length };
}

/**
 * The definitions of a schema set by table and column (design 13 §8), in the order of the model: a table has the
 * definition of its resource or of the array whose items it holds, a column has the definition of its path. Tables and
 * columns without a definition are omitted, and so are descriptors, which share one table.
 */
function definedComments({ resources }: RelationalModelSet, schemas: DocumentSchemas): Comment[] {
  return resources.flatMap(({ resourceKey, tablesInDependencyOrder }) => {
    const definitions = collectDefinitions(schemas.get(resourceLabel(resourceKey)) ?? []);
    return tablesInDependencyOrder.flatMap((table) => commentsOnTable(table, definitions));
  });
}

/** The comments on a table and its columns, from the definitions of its resource by path. */
function commentsOnTable({ table, jsonScope, columns }: Table, definitions: ReadonlyMap<string, string>): Comment[] {
  const comment = (column: string | null, definition = ''): Comment[] => {
    const text = onOneLine(definition);
    return text === '' ? [] : [{ table, column, text }];
  };
  return [
    ...comment(null, definitionOfScope(definitions, jsonScope.canonical)),
    ...columns.flatMap(({ name, sourcePath }) =>
      sourcePath === null ? [] : comment(name, definitions.get(sourcePath.canonical)),
    ),
  ];
}

/** Characters that a literal cannot hold: NUL and half a surrogate pair. */
const unwritable = /\0|\p{Surrogate}/gu;

/** A definition on one line, because a script is read by line. */
const onOneLine = (definition: string) => definition.replaceAll(unwritable, '\uFFFD').replaceAll(/\s+/g, ' ').trim();
