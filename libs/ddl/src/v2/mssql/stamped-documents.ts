import type { ColumnDefinition } from '@dms/catalog';
import { byKey, comparedColumn, documentTable, nextVersion, q, tableVariable } from '../../mssql/body-text.ts';
import { enclosed, indented, listed, setClause } from '../../statement-lines.ts';

const id = q('DocumentId');
const version = q('ContentVersion');
const modified = q('ContentLastModifiedAt');

/** The rows of one image of the statement that the other lacks, as a source; `key` names the document of a row. */
function rowsOf(own: 'inserted' | 'deleted', key: string, columns: readonly ColumnDefinition[]): string[] {
  const select = (image: 'inserted' | 'deleted') => {
    const alias = image === 'inserted' ? 'i' : 'd';
    const values = columns.flatMap(({ name, scalarType }) => comparedColumn(`${alias}.${q(name)}`, scalarType));
    return [
      'SELECT',
      ...indented(
        listed([`${alias}.${q(key)} AS [document]`, ...values.map((value, index) => `${value} AS c${index + 1}`)]),
      ),
      `FROM ${image} AS ${alias}`,
    ];
  };
  const other = own === 'inserted' ? 'deleted' : 'inserted';
  return ['SELECT o.[document]', 'FROM (', ...indented([...select(own), 'EXCEPT', ...select(other)]), ') AS o'];
}

/** Fills `variable` with the documents of the rows that were inserted, deleted or really changed (design 16 §6.2). */
export const collectChangedRows = (variable: string, key: string, columns: readonly ColumnDefinition[]): string[] => [
  ...tableVariable(variable, [`${id} bigint NOT NULL PRIMARY KEY`]),
  `INSERT INTO ${variable} (${id})`,
  ...enclosed('', [...rowsOf('inserted', key, columns), 'UNION', ...rowsOf('deleted', key, columns)], ';'),
];

/**
 * Stamps the content of the documents in a table variable and keeps the stamps in `@stamped`, so that the document and
 * the row that mirrors it get the same value.
 */
export const stampDocuments = (variable: string): string[] => [
  ...tableVariable('@stamped', [
    `${id} bigint NOT NULL PRIMARY KEY`,
    `${version} bigint NOT NULL`,
    `${modified} datetime2(7) NOT NULL`,
    `${q('DocumentUuid')} uniqueidentifier NOT NULL`,
  ]),
  'DECLARE @now datetime2(7) = sysutcdatetime();',
  'UPDATE d',
  ...setClause([`${version} = ${nextVersion}`, `${modified} = @now`]),
  `OUTPUT inserted.${id}, inserted.${version}, inserted.${modified}, inserted.${q('DocumentUuid')}`,
  `INTO @stamped (${id}, ${version}, ${modified}, ${q('DocumentUuid')})`,
  `FROM ${variable} AS c`,
  `${byKey(documentTable, 'd', 'DocumentId', `c.${id}`)};`,
  // an UPDATE of zero rows still runs triggers
  'IF NOT EXISTS (SELECT 1 FROM @stamped) RETURN;',
];

export const fromStamped = 'FROM @stamped AS c';

/** Gives the rows of a table the stamps of their documents, from the source `c`. */
export const repeatStamps = (table: string, source: string): string[] => [
  'UPDATE t',
  ...setClause([`${version} = c.${version}`, `${modified} = c.${modified}`]),
  source,
  `${byKey(table, 't', 'DocumentId', `c.${id}`)};`,
];
