import type { Connection } from '@dms/databases';
import { type DocumentPlans, storedIdentities } from '@dms/documents';
import { type Column, qualified, type Table } from '@dms/model';
import { trusted } from '@dms/sql';

/** Columns whose values differ between any two loads: versions, times and random uuids. */
const ofItsOwn = new Set([
  'DocumentUuid',
  'ContentVersion',
  'IdentityVersion',
  'ContentLastModifiedAt',
  'IdentityLastModifiedAt',
  'CreatedAt',
  'AppliedAt',
  'RequiredContentVersion',
  'FirstEnqueuedAt',
  'LastEnqueuedAt',
]);

/** The events of the first generation: a bulk load leaves fewer of them. */
const journal = 'dms."DocumentChangeEvent"';

/** Names are shortened, so the kinds of the columns count too. */
const isDocumentId = (column: string, kinds: ReadonlyMap<string, Column['kind']>) =>
  /(?:^|_)DocumentId$/.test(column) || ['DocumentFk', 'DescriptorFk'].includes(kinds.get(column) ?? '');
const isItemId = (column: string) => /CollectionItemId$/.test(column);

type LoadedRow = Readonly<Record<string, string | null>>;

interface StoredTable {
  readonly name: string;
  readonly schema: string;
  readonly columns: readonly string[];
  readonly rows: readonly LoadedRow[];
}

async function storedTables(connection: Connection): Promise<StoredTable[]> {
  const tables = await connection.query<{ schema: string; name: string; sql: string; columns: string }>(
    trusted(`SELECT table_schema AS schema, table_name AS name, format('%I.%I', table_schema, table_name) AS sql, json_agg(column_name ORDER BY ordinal_position)::text AS columns
      FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_schema NOT IN ('information_schema', 'public') AND table_schema NOT LIKE 'pg\\_%' AND table_type = 'BASE TABLE'
      GROUP BY 1, 2 ORDER BY 1, 2`),
  );
  const stored: StoredTable[] = [];
  for (const { schema, name, sql, columns: text } of tables) {
    const columns: readonly string[] = JSON.parse(text);
    const values = columns.map((column) => `t."${column}"::text`).join(', ');
    const rows = await connection.query<{ row: string }>(
      trusted(`SELECT json_build_array(${values})::text AS row FROM ${sql} t`),
    );
    stored.push({
      name: sql,
      schema: `${schema}.${name}`,
      columns,
      rows: rows.map(({ row }) => {
        const found: readonly (string | null)[] = JSON.parse(row);
        return Object.fromEntries(columns.map((column, index) => [column, found[index] ?? null]));
      }),
    });
  }
  return stored;
}

/** The referential id of each document, by its document id: the stored one, or the one that memory has. */
export async function referentialIds(
  connection: Connection,
  plans: DocumentPlans,
): Promise<ReadonlyMap<string, string>> {
  const [table] = await connection.query(trusted(`SELECT to_regclass('dms."ReferentialIdentity"') AS name`));
  const ids = new Map<string, string>();
  if (table?.name === null) {
    // the own identity comes before that of the superclass
    for await (const page of storedIdentities(connection, plans))
      for (const [identity, id] of page) if (!ids.has(String(id))) ids.set(String(id), identity);
    return ids;
  }
  const stored = await connection.query<{ id: string; identity: string }>(
    trusted(
      `SELECT d."DocumentId"::text AS id, i."ReferentialId"::text AS identity FROM dms."ReferentialIdentity" i JOIN dms."Document" d USING ("DocumentId", "ResourceKeyId")`,
    ),
  );
  return new Map(stored.map(({ id, identity }) => [id, identity]));
}

/**
 * All rows of all tables of a database, sorted, without the columns whose values differ between any two loads. The id
 * of a document is shown as its referential id, the id of a row of a collection as its place in the document.
 */
export async function storedRows(
  connection: Connection,
  plans: DocumentPlans,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { resources } = plans.mappingSet.model;
  const documents = await referentialIds(connection, plans);
  const tables = await storedTables(connection);
  const models = new Map<string, Table>(
    resources.flatMap(({ tablesInDependencyOrder }) =>
      tablesInDependencyOrder.map((table) => [qualified(table.table), table] as const),
    ),
  );
  const items = new Map<string, () => string>();
  const placeOf = (item: string): string => items.get(item)?.() ?? `no row ${item}`;
  for (const { schema, columns, rows } of tables) {
    const own = columns.includes('CollectionItemId') ? models.get(schema) : undefined;
    const [locator = ''] = own?.identity.parentLocator ?? [];
    for (const row of own ? rows : []) {
      const parent = row[locator] ?? '';
      items.set(row.CollectionItemId ?? '', () => {
        const around = isItemId(locator) ? placeOf(parent) : documents.get(parent);
        return `${around}/${schema}:${row.Ordinal}`;
      });
    }
  }
  const shown = (column: string, value: string | null, kinds: ReadonlyMap<string, Column['kind']>) => {
    if (value === null) return null;
    if (isItemId(column)) return placeOf(value);
    return isDocumentId(column, kinds) ? (documents.get(value) ?? `no document ${value}`) : value;
  };
  return Object.fromEntries(
    tables
      .filter(({ name }) => name !== journal)
      .map(({ name, schema, columns, rows }) => {
        const kinds = new Map(models.get(schema)?.columns.map((column) => [column.name, column.kind]));
        const compared = columns.filter((column) => !ofItsOwn.has(column));
        return [
          name,
          rows.map((row) => JSON.stringify(compared.map((column) => shown(column, row[column] ?? null, kinds)))).sort(),
        ];
      }),
  );
}
