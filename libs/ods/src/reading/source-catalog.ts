import type { Connection } from '@dms/databases';
import { compareOrdinal, groupBy } from '@dms/files';
import { type DbTableName, mustExist } from '@dms/model';
import { type OdsColumn, type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import type { CatalogColumn, ReadingDialect } from './reading-dialect.ts';

/** A column of the source under its own name, and its type there. */
export interface SourceColumn {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
}

/** A table of the mapping as the source has it. */
export interface SourceTable {
  readonly table: OdsTable;
  readonly name: DbTableName;
  /** By the name in the mapping. */
  readonly columns: ReadonlyMap<string, SourceColumn>;
  /** The column that counts changes of the whole source; null without change queries. */
  readonly versionColumn: string | null;
  /** Where the source records deletes and changed keys of the rows; null if it does not. */
  readonly tracked: TrackedTable | null;
}

/** A table of deletes and changed keys. */
export interface TrackedTable {
  readonly name: DbTableName;
  /** By name in lower case. */
  readonly columns: ReadonlyMap<string, SourceColumn>;
}

export interface ColumnOfTable {
  readonly table: OdsTable;
  readonly column: OdsColumn;
}

/**
 * A table of the source, or one of its columns, that no document holds, with its rows or its values that are not NULL.
 */
export interface UnreadPart {
  readonly schema: string;
  readonly table: string;
  readonly column: string | null;
  readonly rows: number;
}

/** What a source has of the tables of a mapping (design 19 §10.1). */
export interface SourceCatalog {
  /** By the label in the mapping. */
  readonly tables: ReadonlyMap<string, SourceTable>;
  readonly schemaSuffix: string;
  /** How many tables the source has in all. */
  readonly tableCount: number;
  readonly missingTables: readonly OdsTable[];
  readonly missingColumns: readonly ColumnOfTable[];
  /** Columns whose type cannot hold the values of the mapping, with that type. */
  readonly otherTypes: readonly (ColumnOfTable & { readonly type: string })[];
  readonly unread: readonly UnreadPart[];
}

/** Columns that later scripts of an ODS add, which documents do not hold (design 19 §1). */
const technicalColumns = ['changeversion', 'aggregateid', 'aggregatedata'];

/** Fixed columns of an ODS without which documents can be read. */
const isOptional = ({ content, name }: OdsColumn) =>
  content.kind === 'fixed' ||
  (content.kind === 'descriptorColumn' && ['Uri', 'PriorDescriptorId', 'Discriminator'].includes(name));

/** Schemas that an ODS has for itself: authorization, administration and change queries. */
const isOwnSchema = (schema: string) =>
  ['auth', 'interop', 'util', 'changes', 'public', 'dbo'].includes(schema) ||
  /^tracked_(?:changes|deletes)_/.test(schema);

/** The entries by their name in lower case; of several, the one in lower case, which SQL without quotes means. */
function byPlainName<Entry>(entries: Iterable<readonly [string, Entry]>): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const [name, entry] of entries) {
    const plain = name.toLowerCase();
    if (!found.has(plain) || name === plain) found.set(plain, entry);
  }
  return found;
}

/** The column with versions; another type than a number is something else. */
function versionOf(dialect: ReadingDialect, columns: ReadonlyMap<string, CatalogColumn>): string | null {
  const found = columns.get('changeversion');
  return found !== undefined && dialect.typesFor.bigint.includes(found.type) ? found.column : null;
}

function trackedTable(dialect: ReadingDialect, found: readonly CatalogColumn[] | undefined): TrackedTable | null {
  const [first] = found ?? [];
  if (found === undefined || first === undefined) return null;
  if (versionOf(dialect, byPlainName(found.map((each) => [each.column, each] as const))) === null) return null;
  const columns = byPlainName(
    found.map(({ column, type, isNullable }) => [column, { name: column, type, isNullable }] as const),
  );
  return { name: { schema: first.schema, name: first.table }, columns };
}

/** Tables of an ODS with data of documents have this column, except those of descriptors and subclasses. */
const marksData = (columns: readonly CatalogColumn[]) =>
  columns.some(({ column }) => column.toLowerCase() === 'createdate');

/** How many counts to send together. */
const countsAtOnce = 50;

/** The results of count statements, in their order. */
export async function countedRows(connection: Connection, texts: readonly string[]): Promise<readonly number[]> {
  const counts: number[] = [];
  for (let start = 0; start < texts.length; start += countsAtOnce) {
    const answers = await connection.queryEach(texts.slice(start, start + countsAtOnce));
    for (const [row] of answers) counts.push(Number(mustExist(row?.rows, 'the count of a table')));
  }
  return counts;
}

/**
 * Compares the tables of a source with a mapping, and counts the rows that no document would hold.
 *
 * @param schemaSuffix what the schemas of the source have after the names of the mapping
 * @param countsUnread whether the rows are counted that no document would hold; otherwise there are none
 */
export async function readSourceCatalog(
  connection: Connection,
  dialect: ReadingDialect,
  mapping: OdsMapping,
  schemaSuffix: string,
  countsUnread = true,
): Promise<SourceCatalog> {
  const columns = await connection.query<CatalogColumn>(dialect.catalogQuery);
  const found = [...groupBy(columns, ({ schema, table }) => JSON.stringify([schema, table])).values()];
  const nameOf = ([first]: readonly CatalogColumn[]) => `${first?.schema}.${first?.table}`;
  const byName = byPlainName(found.map((each) => [nameOf(each), each] as const));

  const placeOf = (table: OdsTable) =>
    byName.get(`${table.schema}${schemaSuffix}.${dialect.tableName(table)}`.toLowerCase());
  const byLabel = new Map(mapping.tables.map((table) => [tableLabel(table), table]));
  /** Whether it is there, and the tables above it. */
  const isReachable = (table: OdsTable): boolean => {
    const parent = table.parent === null ? undefined : byLabel.get(tableLabel(table.parent));
    return placeOf(table) !== undefined && (parent === undefined || isReachable(parent));
  };
  const tables = new Map<string, SourceTable>();
  const missingTables: OdsTable[] = [];
  const missingColumns: ColumnOfTable[] = [];
  const otherTypes: (ColumnOfTable & { readonly type: string })[] = [];
  const used = new Set<readonly CatalogColumn[]>();
  const unknownColumns: CatalogColumn[] = [];
  for (const table of mapping.tables) {
    const own = placeOf(table);
    const [first] = own ?? [];
    if (own === undefined || first === undefined) missingTables.push(table);
    if (own === undefined || first === undefined || !isReachable(table)) continue;
    used.add(own);
    const ownColumns = byPlainName(own.map((each) => [each.column, each] as const));
    const known = new Map<string, SourceColumn>();
    for (const column of table.columns) {
      const place = ownColumns.get(dialect.columnName(column).toLowerCase());
      if (place === undefined && !isOptional(column)) missingColumns.push({ table, column });
      if (place === undefined) continue;
      known.set(column.name, { name: place.column, type: place.type, isNullable: place.isNullable });
      if (!dialect.typesFor[column.type.kind].includes(place.type) && !isOptional(column))
        otherTypes.push({ table, column, type: place.type });
    }
    const names = new Set([...known.values()].map(({ name }) => name));
    unknownColumns.push(
      ...own.filter(({ column }) => !names.has(column) && !technicalColumns.includes(column.toLowerCase())),
    );
    tables.set(tableLabel(table), {
      table,
      name: { schema: first.schema, name: first.table },
      columns: known,
      versionColumn: versionOf(dialect, ownColumns),
      tracked: trackedTable(dialect, byName.get(`tracked_changes_${first.schema}.${first.table}`.toLowerCase())),
    });
  }

  const schemas = new Set(mapping.tables.map(({ schema }) => `${schema}${schemaSuffix}`.toLowerCase()));
  const firstOf = ([first]: readonly CatalogColumn[]) => mustExist(first, 'a column of a table of the source');
  const schemaOf = (each: readonly CatalogColumn[]) => firstOf(each).schema.toLowerCase();
  for (const each of found) if (!isOwnSchema(schemaOf(each)) && marksData(each)) schemas.add(schemaOf(each));
  const unknownTables = found.filter((each) => !used.has(each) && schemas.has(schemaOf(each)));
  const parts = [
    ...unknownTables.map(firstOf).map(({ schema, table }) => ({ schema, table, column: null })),
    ...unknownColumns.map(({ schema, table, column }) => ({ schema, table, column })),
  ].sort((a, b) => compareOrdinal(JSON.stringify(a), JSON.stringify(b)));
  const counts = await countedRows(
    connection,
    (countsUnread ? parts : []).map(({ schema, table, column }) =>
      dialect.count({ schema, name: table }, column ?? undefined),
    ),
  );
  return {
    tables,
    schemaSuffix,
    tableCount: found.length,
    missingTables,
    missingColumns,
    otherTypes,
    unread: parts.map((part, index) => ({ ...part, rows: counts[index] ?? 0 })),
  };
}

/** Whether a `Discriminator` names a table of the source that the mapping lacks. */
export function isUnreadKind({ unread }: SourceCatalog, discriminator: unknown): boolean {
  const name = String(discriminator).toLowerCase();
  return unread.some(({ schema, table, column }) => column === null && `${schema}.${table}`.toLowerCase() === name);
}
