import type { Connection } from '@dms/databases';
import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { qualifiedName } from '@dms/sql';
import { tableLabel } from '../mapping/ods-mapping.ts';
import type { ReadingDialect } from './reading-dialect.ts';
import { rowProblem } from './reading-report.ts';
import { placeOfRow } from './row-writer.ts';
import type { SourceCatalog, SourceTable } from './source-catalog.ts';
import type { TableNode } from './table-nodes.ts';

/*
 * What a reader that keeps ids asks of an ODS: each document has one, and no other document has the same (design 19
 * §10.1, §10.7).
 */

const idColumn = 'Id';

const hasId = ({ table }: TableNode) =>
  table.columns.some(({ content }) => content.kind === 'fixed' && content.column === idColumn);

/** Says of each table whose documents would lose their ids, because it has none, how many there are. */
export function missingIds(
  roots: readonly TableNode[],
  rowsOf: (label: string) => number,
  { allowMissing = false }: { readonly allowMissing?: boolean | undefined },
): Diagnostic[] {
  return roots.flatMap((root) => {
    const table = tableLabel(root.table);
    const rows = rowsOf(table);
    if (!hasId(root) || root.idIndex !== null || rows === 0) return [];
    const text = `${table} of the source lacks ${idColumn}, so ${counted(rows, 'document')} of it`;
    const details = { table, columns: [idColumn], rows };
    return allowMissing
      ? [diagnostic('ODS_READ_AS_EMPTY', `${text} get new ids.`, {}, details)]
      : [
          diagnostic(
            'ODS_COLUMN_MISSING',
            `${text} cannot keep the ids. Read without --keep-ids, or let these documents have new ones (--allow-missing).`,
            {},
            details,
          ),
        ];
  });
}

/** The ids that several rows of these tables have. */
export async function repeatedIds(
  connection: Connection,
  dialect: ReadingDialect,
  { tables }: SourceCatalog,
  roots: readonly TableNode[],
): Promise<ReadonlySet<string>> {
  const { quote } = dialect.rules;
  const idsOf = ({ name, columns }: SourceTable) => {
    const id = columns.get(idColumn);
    if (id === undefined) return [];
    const value = dialect.value(quote(id.name), 'uuid', id.type);
    return [`SELECT ${value} AS id FROM ${qualifiedName(dialect.rules, name)} WHERE ${quote(id.name)} IS NOT NULL`];
  };
  const parts = roots
    .filter(({ idIndex }) => idIndex !== null)
    .flatMap(({ table }) => {
      const source = tables.get(tableLabel(table));
      return source === undefined ? [] : idsOf(source);
    });
  if (parts.length === 0) return new Set();
  const text = `SELECT ids.id FROM (${parts.join(' UNION ALL ')}) AS ids GROUP BY ids.id HAVING count(*) > 1`;
  return new Set((await connection.query<{ id: string }>(text)).map(({ id }) => id.toLowerCase()));
}

/** What is wrong with the id of the row of a root. Of several rows with one id, nobody knows whose it is. */
export function idProblems(
  root: TableNode,
  row: readonly unknown[],
  resource: string,
  repeated: ReadonlySet<string>,
): Diagnostic[] {
  if (root.idIndex === null) return [];
  const id = row[root.idIndex] ?? null;
  const where = { resource, column: idColumn };
  if (id === null)
    return [
      rowProblem(
        'ODS_VALUE_MISSING',
        placeOfRow(root, row),
        `${idColumn} is NULL, and the document is to keep it.`,
        where,
      ),
    ];
  if (!repeated.has(String(id).toLowerCase())) return [];
  return [
    rowProblem('ODS_KEY_REPEATED', placeOfRow(root, row), `Another row has the ${idColumn} ${String(id)}.`, where),
  ];
}
