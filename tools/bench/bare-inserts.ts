/* The rows of documents as plain multi-row inserts: the minimum cost of writing them. */

import { type Connection, command, type Statement } from '@dms/databases';
import type { DocumentPlans } from '@dms/documents';
import type { MappingVersion, QualifiedResourceName, Table } from '@dms/model';
import { trusted } from '@dms/sql';
import { rowsInsert, rowsPerInsert } from './rows-insert.ts';

type InsertedValues = readonly unknown[];

/** Rows of one table. */
interface InsertedRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly InsertedValues[];
}

/** The inserts: first the rows that existed before, then one transaction per batch. */
export interface BareRows {
  readonly before: readonly InsertedRows[];
  readonly batches: readonly (readonly InsertedRows[])[];
}

async function rowsOf(connection: Connection, schema: string, table: string, columns: readonly string[]) {
  const list = columns.map((name) => `"${name}"`).join(', ');
  const found = await connection.query<Record<string, unknown>>(
    trusted(`SELECT ${list} FROM "${schema}"."${table}" ORDER BY 1`),
  );
  return found.map((row) => columns.map((name) => row[name]));
}

/** Columns of `dms.Descriptor` that only this generation has. */
const moreOfDescriptor: Readonly<Record<MappingVersion, readonly string[]>> = {
  v1: [],
  v2: ['ResourceKeyId'],
  'v2-natural': ['ResourceKeyId'],
};

const coreTables = (version: MappingVersion): readonly (readonly [string, readonly string[]])[] => [
  ['Document', ['DocumentId', 'DocumentUuid', 'ResourceKeyId']],
  [
    'Descriptor',
    [
      ...['DocumentId', 'Namespace', 'CodeValue', 'ShortDescription', 'Description', 'Discriminator', 'Uri'],
      ...moreOfDescriptor[version],
    ],
  ],
  ['ReferentialIdentity', ['DocumentId', 'ReferentialId', 'ResourceKeyId']],
];

/** The stored columns, with the id of the document first. */
function storedColumns({
  columns,
  identity: {
    rootLocator: [documentId = 'DocumentId'],
  },
}: Table): string[] {
  const stored = columns.filter(({ storage }) => storage.kind === 'Stored').map(({ name }): string => name);
  return [documentId, ...stored.filter((name) => name !== documentId)];
}

const named = (label: string): QualifiedResourceName => {
  const colon = label.indexOf(':');
  return { projectName: label.slice(0, colon), resourceName: label.slice(colon + 1) };
};

function byDocument(rows: readonly InsertedValues[]): Map<string, InsertedValues[]> {
  const map = new Map<string, InsertedValues[]>();
  for (const row of rows) {
    const id = String(row[0]);
    const list = map.get(id);
    if (list) list.push(row);
    else map.set(id, [row]);
  }
  return map;
}

/**
 * The rows of a database, in the batches in which its documents were written; before any is written, all rows are in
 * `before`.
 */
export async function storedRows(
  connection: Connection,
  plans: DocumentPlans,
  written: readonly { readonly resource: string; readonly ids: readonly string[] }[],
): Promise<BareRows> {
  const { model } = plans.mappingSet;
  const core = await Promise.all(
    coreTables(model.effectiveSchema.relationalMappingVersion).map(async ([name, columns]) => ({
      table: `"dms"."${name}"`,
      columns,
      rows: await rowsOf(connection, 'dms', name, columns),
    })),
  );
  if (written.length === 0) return { before: core, batches: [] };
  const indexed = async (table: Table) => ({
    table: `"${table.table.schema}"."${table.table.name}"`,
    columns: storedColumns(table),
    rows: byDocument(await rowsOf(connection, table.table.schema, table.table.name, storedColumns(table))),
  });
  const tablesOf = new Map<string, Awaited<ReturnType<typeof indexed>>[]>();
  for (const label of new Set(written.map(({ resource }) => resource))) {
    const { shape } = plans.of(named(label));
    const tables: Awaited<ReturnType<typeof indexed>>[] = [];
    // each table after the table of its parent rows
    const ordered = [...shape.tables].sort(
      (a, b) => a.depth - b.depth || Number(a.parent !== null) - Number(b.parent !== null),
    );
    for (const { table } of ordered) tables.push(await indexed(table));
    tablesOf.set(label, tables);
  }
  const abstracts = await Promise.all(model.abstractIdentityTables.map(({ table }) => indexed(table)));
  const coreRows = core.map(({ rows, ...rest }) => ({ ...rest, rows: byDocument(rows) }));
  const batches = written.map(({ resource, ids }) => {
    const [document, , identity] = coreRows;
    return [document, ...(tablesOf.get(resource) ?? []), ...abstracts, identity].flatMap((source): InsertedRows[] => {
      const rows = source ? ids.flatMap((id) => source.rows.get(id) ?? []) : [];
      return source && rows.length > 0 ? [{ table: source.table, columns: source.columns, rows }] : [];
    });
  });
  return { before: core, batches };
}

function insert({ table, columns, rows }: InsertedRows): Statement[] {
  const list = columns.map((name) => `"${name}"`).join(', ');
  const overriding = table === '"dms"."Document"' ? ' OVERRIDING SYSTEM VALUE' : '';
  return Array.from({ length: Math.ceil(rows.length / rowsPerInsert) }, (_, index) =>
    rowsInsert(`${table} (${list})${overriding}`, rows.slice(index * rowsPerInsert, (index + 1) * rowsPerInsert)),
  );
}

const statement = (text: string): Statement => command(trusted(text));

/** Inserts everything, each batch in a separate transaction, in one round trip. */
export async function insertBare(connection: Connection, { before, batches }: BareRows): Promise<void> {
  for (const tables of [before, ...batches])
    await connection.queryAll([statement('BEGIN'), ...tables.flatMap(insert), statement('COMMIT')]);
}
