import { collectDefinitions, type DocumentSchemas, definitionOfScope, resourceLabel } from '@dms/api-schema';
import type { DbTableName, RelationalModelSet, Table } from '@dms/model';
import { dialectRules, qualifiedName, type SqlDialect } from '@dms/sql';
import { chunk } from 'es-toolkit/array';
import { batchSeparator, disarming, framed } from '../mssql/script-frame.ts';
import { pgsqlSetGuard } from '../pgsql/anonymous-block.ts';
import { indented } from '../statement-lines.ts';

/** The definition of a table, or of one of its columns. */
interface Comment {
  readonly table: DbTableName;
  /** Null for a comment on the table itself. */
  readonly column: string | null;
  readonly text: string;
}

type Write = (comments: readonly Comment[], effectiveSchemaHash: string) => string;

function pgsqlScript(comments: readonly Comment[], effectiveSchemaHash: string): string {
  const { quote, stringLiteral } = dialectRules.pgsql;
  const statements = comments.map(({ table, column, text }) => {
    const owner = qualifiedName(dialectRules.pgsql, table);
    const object = column === null ? `TABLE ${owner}` : `COLUMN ${owner}.${quote(column)}`;
    return `COMMENT ON ${object} IS ${stringLiteral(text)};`;
  });
  const parts = [
    `-- Definitions of the schema set ${effectiveSchemaHash}, as comments on its tables and columns.`,
    '-- Run it in one transaction: dms-ddl comments apply, or psql --single-transaction --set ON_ERROR_STOP=1 --file comments.pgsql.sql',
    pgsqlSetGuard(effectiveSchemaHash),
    ...statements,
  ];
  return `${parts.join('\n')}\n`;
}

/** A VALUES constructor takes at most 1000 rows. */
const rowsOfInsert = 500;

/** The name under which tools of SQL Server show the description of an object. */
const propertyName = 'MS_Description';

/** An extended property takes at most 7500 bytes ("sp_addextendedproperty"). */
const longestProperty = 3750;

const shortened = (text: string) =>
  text.length <= longestProperty ? text : `${text.slice(0, longestProperty - 1).replace(/\p{Surrogate}$/u, '')}…`;

const property = [
  `@name = N'${propertyName}', @value = @text, @level0type = N'SCHEMA', @level0name = @schema`,
  "@level1type = N'TABLE', @level1name = @table, @level2type = @kind, @level2name = @column",
].join(', ');

/** Adds each property of `#definitions`, or replaces an existing one. */
const addedProperties = [
  'DECLARE @schema sysname, @table sysname, @column sysname, @kind varchar(128), @text nvarchar(3750), @id int;',
  'DECLARE definitions CURSOR LOCAL FAST_FORWARD FOR',
  "    SELECT [schema], [table], [column], CASE WHEN [column] IS NOT NULL THEN 'COLUMN' END, [text] FROM #definitions;",
  'OPEN definitions;',
  'FETCH NEXT FROM definitions INTO @schema, @table, @column, @kind, @text;',
  'WHILE @@FETCH_STATUS = 0',
  'BEGIN',
  ...indented([
    "SET @id = OBJECT_ID(QUOTENAME(@schema) + N'.' + QUOTENAME(@table));",
    'IF EXISTS (SELECT 1 FROM sys.extended_properties p WHERE p.class = 1 AND p.major_id = @id',
    `    AND p.minor_id = ISNULL(COLUMNPROPERTY(@id, @column, 'ColumnId'), 0) AND p.name = N'${propertyName}')`,
    `    EXEC sys.sp_updateextendedproperty ${property};`,
    'ELSE',
    `    EXEC sys.sp_addextendedproperty ${property};`,
    'FETCH NEXT FROM definitions INTO @schema, @table, @column, @kind, @text;',
  ]),
  'END',
  'CLOSE definitions;',
  'DEALLOCATE definitions;',
  'DROP TABLE #definitions;',
].join('\n');

function mssqlScript(comments: readonly Comment[], effectiveSchemaHash: string): string {
  const { stringLiteral } = dialectRules.mssql;
  const rows = comments.map(({ table, column, text }) => {
    const names = [
      stringLiteral(table.schema),
      stringLiteral(table.name),
      column === null ? 'NULL' : stringLiteral(column),
    ];
    return `    (${[...names, stringLiteral(shortened(text))].join(', ')})`;
  });
  const hash = stringLiteral(effectiveSchemaHash);
  const batches = [
    [
      'DECLARE @stored_hash nvarchar(64);',
      'SELECT @stored_hash = [EffectiveSchemaHash] FROM [dms].[EffectiveSchema] WHERE [EffectiveSchemaSingletonId] = 1;',
      `IF @stored_hash IS NULL OR @stored_hash <> ${hash}`,
      'BEGIN',
      `    DECLARE @refusal nvarchar(500) = N'EffectiveSchemaHash mismatch: database has ''' + ISNULL(@stored_hash, N'') + N''' but expected ''' + ${hash} + N'''';`,
      ...indented(disarming("RAISERROR(N'%s', 16, 1, @refusal)")),
      'END',
    ].join('\n'),
    [
      'CREATE TABLE #definitions ([schema] sysname NOT NULL, [table] sysname NOT NULL, [column] sysname NULL, [text] nvarchar(3750) NOT NULL);',
      ...[...chunk(rows, rowsOfInsert)].map(
        (piece) => `INSERT INTO #definitions ([schema], [table], [column], [text]) VALUES\n${piece.join(',\n')};`,
      ),
    ].join('\n'),
    addedProperties,
  ];
  const comment = [
    `-- Definitions of the schema set ${effectiveSchemaHash}, as ${propertyName} of its tables and columns.`,
    '-- Run it with dms-ddl comments apply, or sqlcmd -f 65001 -d <database> -i comments.mssql.sql',
  ].join('\n');
  return `${comment}\n\n${framed(`${batches.join(`\n${batchSeparator}\n`)}\n\n`)}`;
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
  return { text: dialectRules[model.dialect].scriptText(text), comments: comments.length };
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
