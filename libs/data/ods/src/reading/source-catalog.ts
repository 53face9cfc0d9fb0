import { type Connection, rowsOf } from '@dms/databases';
import { counted, type Diagnostic, diagnostic, listOfNames, severityOf } from '@dms/diagnostics';
import { core, mustExist } from '@dms/model';
import { dialectOf, type PlainSql, textOf } from '@dms/sql';
import { compareBy, groupBy } from '@dms/values';
import { type OdsColumn, type OdsMapping, type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import { type OdsCatalogColumn, type OdsSourceTable, type ReadingDialect, readingDialects } from './reading-dialect.ts';

/** A column of the source under its own name, and its type there. */
interface SourceColumn {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
}

/** A table of the mapping as the source has it. */
export interface SourceTable {
  readonly table: OdsTable;
  readonly name: OdsSourceTable;
  /** By the name in the mapping. */
  readonly columns: ReadonlyMap<string, SourceColumn>;
  /** The column that counts changes of the whole source; null without change queries. */
  readonly versionColumn: string | null;
  /** The table in which the source records deletes and changed keys of the rows; null if there is none. */
  readonly tracked: TrackedTable | null;
}

/** A table of deletes and changed keys. */
export interface TrackedTable {
  readonly name: OdsSourceTable;
  /** By name in lower case. */
  readonly columns: ReadonlyMap<string, SourceColumn>;
}

interface ColumnOfTable {
  readonly table: OdsTable;
  readonly column: OdsColumn;
}

/**
 * A table of the source, or one of its columns, that no document holds, with the number of its rows or of its values
 * that are not NULL.
 */
export interface UnreadPart {
  readonly schema: string;
  readonly table: string;
  readonly column: string | null;
  readonly rows: number;
}

/** The tables of a mapping as a source has them (design 19a §1). */
export interface SourceCatalog {
  /** By the label in the mapping. */
  readonly tables: ReadonlyMap<string, SourceTable>;
  readonly schemaSuffix: string;
  /** The number of all tables of the source. */
  readonly tableCount: number;
  readonly missingTables: readonly OdsTable[];
  /** The login, by schema: schemas in which the missing tables may only be hidden from it. */
  readonly partlyShown: ReadonlyMap<string, string>;
  readonly missingColumns: readonly ColumnOfTable[];
  /** Columns whose type cannot hold the values of the mapping, with that type. */
  readonly otherTypes: readonly (ColumnOfTable & { readonly type: string })[];
  readonly unread: readonly UnreadPart[];
  /** A column that a database of ours has in its tables, and an ODS never has; null if there is none. */
  readonly ownColumn: UnreadPart | null;
}

/** An ODS that is read: its session, the mapping, and its tables. */
export interface OpenedOds {
  readonly connection: Connection;
  readonly dialect: ReadingDialect;
  readonly mapping: OdsMapping;
  readonly catalog: SourceCatalog;
}

/** Columns that later scripts of an ODS add, which documents do not hold (design 19 §1). */
const technicalColumns = ['changeversion', 'aggregateid', 'aggregatedata'];

/** Number of counts per request. */
const countsAtOnce = 50;

/** The results of count statements, in their order. */
export async function countedRows(connection: Connection, queries: readonly PlainSql[]): Promise<readonly number[]> {
  const counts: number[] = [];
  for (let start = 0; start < queries.length; start += countsAtOnce) {
    const answers = await connection.queryEach(queries.slice(start, start + countsAtOnce));
    for (const [row] of answers) counts.push(Number(mustExist(row?.rows, 'the count of a table')));
  }
  return counts;
}

/**
 * Compares the tables of a source with a mapping, and counts the rows that no document would hold.
 *
 * @param schemaSuffix suffix of the source's schemas after the names of the mapping
 * @param countsUnread whether to count the rows that no document would hold; otherwise their number is 0
 */
export async function readSourceCatalog(
  { connection, dialect, mapping }: Omit<OpenedOds, 'catalog'>,
  schemaSuffix: string,
  countsUnread = true,
): Promise<SourceCatalog> {
  const columns = await rowsOf<OdsCatalogColumn>(connection, dialect.catalogQuery);
  const sourceTables = [...groupBy(columns, ({ schema, table }) => JSON.stringify([schema, table])).values()];
  const nameOf = ([first]: readonly OdsCatalogColumn[]) => `${first?.schema}.${first?.table}`;
  const byName = byPlainName(sourceTables.map((each) => [nameOf(each), each] as const));

  const placeOf = (table: OdsTable) =>
    byName.get(`${table.schema}${schemaSuffix}.${dialect.tableName(table)}`.toLowerCase());
  const byLabel = new Map(mapping.tables.map((table) => [tableLabel(table), table]));
  /** Whether the source has a table and all tables above it. */
  const isReachable = (table: OdsTable): boolean => {
    const parent = table.parent === null ? undefined : byLabel.get(tableLabel(table.parent));
    return placeOf(table) !== undefined && (parent === undefined || isReachable(parent));
  };
  const tables = new Map<string, SourceTable>();
  const missingTables: OdsTable[] = [];
  const missingColumns: ColumnOfTable[] = [];
  const otherTypes: (ColumnOfTable & { readonly type: string })[] = [];
  const used = new Set<readonly OdsCatalogColumn[]>();
  const unknownColumns: OdsCatalogColumn[] = [];
  for (const table of mapping.tables) {
    const ownPlace = placeOf(table);
    const [first] = ownPlace ?? [];
    if (ownPlace === undefined || first === undefined) missingTables.push(table);
    if (ownPlace === undefined || first === undefined || !isReachable(table)) continue;
    used.add(ownPlace);
    const ownColumns = byPlainName(ownPlace.map((each) => [each.column, each] as const));
    const columnByName = new Map<string, SourceColumn>();
    for (const column of table.columns) {
      const place = ownColumns.get(dialect.columnName(column).toLowerCase());
      if (place === undefined && !isOptional(column)) missingColumns.push({ table, column });
      if (place === undefined) continue;
      columnByName.set(column.name, { name: place.column, type: place.type, isNullable: place.isNullable });
      if (!dialect.typesFor[column.type.kind].includes(place.type) && !isOptional(column))
        otherTypes.push({ table, column, type: place.type });
    }
    const names = new Set([...columnByName.values()].map(({ name }) => name));
    unknownColumns.push(
      ...ownPlace.filter(({ column }) => !names.has(column) && !technicalColumns.includes(column.toLowerCase())),
    );
    tables.set(tableLabel(table), {
      table,
      name: sourceName(first),
      columns: columnByName,
      versionColumn: versionOf(dialect, ownColumns),
      tracked: trackedTable(dialect, byName.get(`tracked_changes_${first.schema}.${first.table}`.toLowerCase())),
    });
  }

  const schemas = new Set(mapping.tables.map(({ schema }) => `${schema}${schemaSuffix}`.toLowerCase()));
  const firstOf = ([first]: readonly OdsCatalogColumn[]) => mustExist(first, 'a column of a table of the source');
  const schemaOf = (each: readonly OdsCatalogColumn[]) => firstOf(each).schema.toLowerCase();
  for (const each of sourceTables) if (!isOwnSchema(schemaOf(each)) && marksData(each)) schemas.add(schemaOf(each));
  const unknownTables = sourceTables.filter((each) => !used.has(each) && schemas.has(schemaOf(each)));
  const parts = [...unknownTables.map((columns) => ({ ...firstOf(columns), column: null })), ...unknownColumns].sort(
    compareBy(({ schema, table, column }) => JSON.stringify([schema, table, column])),
  );
  const counts = await countedRows(
    connection,
    (countsUnread ? parts : []).map((part) => dialect.count(sourceName(part), part.column ?? undefined)),
  );
  return {
    tables,
    schemaSuffix,
    tableCount: sourceTables.length,
    missingTables,
    partlyShown: await partlyShown(connection, dialect, missingTables, schemaSuffix),
    missingColumns,
    otherTypes,
    unread: parts.map(({ schema, table, column }, index) => ({ schema, table, column, rows: counts[index] ?? 0 })),
    ownColumn: byName.has(`${core.document.schema}.${core.document.name}`.toLowerCase())
      ? ownColumnOf(sourceTables, schemas)
      : null,
  };
}

/** The logins of `SourceCatalog.partlyShown`, by the schema in the mapping. */
async function partlyShown(
  connection: Connection,
  dialect: ReadingDialect,
  missing: readonly OdsTable[],
  schemaSuffix: string,
): Promise<ReadonlyMap<string, string>> {
  const schemas = new Map(missing.map(({ schema }) => [`${schema}${schemaSuffix}`, schema]));
  if (dialect.partlyShown === null || schemas.size === 0) return new Map();
  const rows = await rowsOf<{ schema: string; role: string }>(connection, dialect.partlyShown([...schemas.keys()]));
  return new Map(
    rows.map(({ schema, role }) => [mustExist(schemas.get(schema), 'a schema with missing tables'), role]),
  );
}

const sourceName = ({ schema, table, isPartitioned = false }: Omit<OdsCatalogColumn, 'column'>): OdsSourceTable => ({
  schema,
  name: table,
  isPartitioned,
});

/** The entries by their name in lower case; of several, the one in lower case, which SQL without quotes means. */
function byPlainName<Entry>(entries: Iterable<readonly [string, Entry]>): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const [name, entry] of entries) {
    const plain = name.toLowerCase();
    if (!found.has(plain) || name === plain) found.set(plain, entry);
  }
  return found;
}

function missingTables(
  catalog: SourceCatalog,
  all: readonly OdsTable[],
  { allowMissing }: ReadingPermissions,
): Diagnostic[] {
  const bySchema = groupBy(catalog.missingTables, ({ schema }) => schema);
  return [...bySchema].map(([schema, missing]) => {
    const isWhole = all.filter((table) => table.schema === schema).length === missing.length;
    const names = missing.map(tableLabel);
    const isAllowed = allowMissing && !missing.some(isEssential);
    const details = { schema, tables: names };
    const text = `The source lacks ${counted(missing.length, 'table')} of the schema ${schema}: ${listOfNames(names)}.`;
    const login = catalog.partlyShown.get(schema);
    if (login !== undefined) {
      const hidden = `The login has no right to see all tables of this schema, so they may be there. Run: GRANT SELECT, VIEW DEFINITION TO ${textOf(dialectOf.mssql.id(login))}`;
      return diagnostic('ODS_TABLE_MISSING', `${text} ${hidden}`, {}, details);
    }
    if (isAllowed) return diagnostic('ODS_READ_AS_EMPTY', `${text} Documents have nothing of them.`, {}, details);
    const reason = reasonFor(schema, isWhole, catalog);
    return diagnostic('ODS_TABLE_MISSING', `${text} ${reason}${adviceAbout(missing, reason)}`, {}, details);
  });
}

/** Documents cannot be made without descriptors, nor without the unique ids of persons. */
const isEssential = (table: OdsTable) => table.kind === 'descriptorBase' || isPerson(table);

const isPerson = ({ kind, columns, key }: OdsTable) =>
  kind === 'root' &&
  columns.some(({ content, name }) => content.kind === 'usi' && key.length === 1 && key.includes(name));

/** The likely reason why tables of a schema are missing. */
function reasonFor(
  schema: string,
  isWhole: boolean,
  { tables, schemaSuffix, tableCount, unread }: SourceCatalog,
): string {
  if (tableCount === 0) return 'The database is empty.';
  if (tables.size === 0) return 'The database is not an ODS, or its tables are in other schemas.';
  if (isWhole)
    return `The source has none of the tables of this schema: the extension is not installed there. Leave it out of the schema set`;
  const others = unread.filter(
    (part) => part.schema.toLowerCase() === `${schema}${schemaSuffix}`.toLowerCase() && part.column === null,
  ).length;
  return others === 0
    ? 'The source is probably of an earlier version of the standard or of the extension. Name the schemas of that version'
    : `The source has ${counted(others, 'table')} there that the schema set lacks, so it is of another version of the standard or of the extension. Name the schemas of that version`;
}

/** The end of the sentence with the reason: what may be read without these tables. */
function adviceAbout(missing: readonly OdsTable[], reason: string): string {
  // a reason that ends with a period means that another database is needed
  if (reason.endsWith('.')) return '';
  const essential = missing.filter(isEssential).map(tableLabel);
  if (essential.length === 0) return ', or read without them (--allow-missing).';
  return `. Documents cannot be made without ${listOfNames(essential)}.`;
}

function missingColumns(
  { missingColumns: missing }: SourceCatalog,
  { allowMissing }: ReadingPermissions,
): Diagnostic[] {
  const byTable = groupBy(missing, ({ table }) => tableLabel(table));
  return [...byTable].map(([table, parts]) => {
    const names = parts.map(({ column }) => column.name);
    const isOptional = ({ column }: ColumnOfTable) => column.isNullable;
    const text = `${table} of the source lacks ${listOfNames(names)}.`;
    const details = { table, columns: names };
    if (allowMissing && parts.every(isOptional))
      return diagnostic('ODS_READ_AS_EMPTY', `${text} Documents have nothing of it.`, {}, details);
    const required = parts.filter((part) => !isOptional(part)).map(({ column }) => column.name);
    const advice =
      required.length > 0
        ? `Documents cannot be made without ${listOfNames(required)}.`
        : 'Name the schemas of that version, or read without it (--allow-missing).';
    const guessed = parts.filter(({ column }) => column.isGuessed).map(({ column }) => column.name);
    const reason =
      guessed.length > 0
        ? `Names are guessed where the older format carries no roles of references: ${listOfNames(guessed)}. Give the roles in a file of overrides (--ods-overrides).`
        : 'The column was renamed, or the source is of another version of the standard.';
    return diagnostic('ODS_COLUMN_MISSING', `${text} ${reason} ${advice}`, {}, details);
  });
}

/** Columns of an ODS that are not needed to read documents. */
const isOptional = ({ content, name }: OdsColumn) =>
  content.kind === 'fixed' ||
  (content.kind === 'descriptorColumn' && ['Uri', 'PriorDescriptorId', 'Discriminator'].includes(name));

function otherTypes({ otherTypes: others }: SourceCatalog): Diagnostic[] {
  return others.map(({ table, column, type }) => {
    const text = `${tableLabel(table)}.${column.name} of the source is of type ${type}; the schema set needs ${column.type.kind}. The source is of another version of the standard, or was changed.`;
    return diagnostic(
      'ODS_COLUMN_TYPE',
      text,
      {},
      { table: tableLabel(table), column: column.name, type, expected: column.type.kind },
    );
  });
}

/** The column with versions; null if its type is not that of a number. */
function versionOf(dialect: ReadingDialect, columns: ReadonlyMap<string, OdsCatalogColumn>): string | null {
  const found = columns.get('changeversion');
  return found !== undefined && dialect.typesFor.bigint.includes(found.type) ? found.column : null;
}

function trackedTable(dialect: ReadingDialect, found: readonly OdsCatalogColumn[] | undefined): TrackedTable | null {
  const [first] = found ?? [];
  if (found === undefined || first === undefined) return null;
  if (versionOf(dialect, byPlainName(found.map((each) => [each.column, each] as const))) === null) return null;
  const columns = byPlainName(
    found.map(({ column, type, isNullable }) => [column, { name: column, type, isNullable }] as const),
  );
  return { name: sourceName(first), columns };
}

/** Schemas that an ODS has for itself: authorization, administration and change queries. */
const isOwnSchema = (schema: string) =>
  ['auth', 'interop', 'util', 'changes', 'public', 'dbo'].includes(schema) ||
  /^tracked_(?:changes|deletes)_/.test(schema);

/** Tables of an ODS with data of documents have this column, except those of descriptors and subclasses. */
const marksData = (columns: readonly OdsCatalogColumn[]) =>
  columns.some(({ column }) => column.toLowerCase() === 'createdate');

/** The first `DocumentId` column of the schemas: our tables refer to documents by a column of this name. */
function ownColumnOf(
  tables: readonly (readonly OdsCatalogColumn[])[],
  schemas: ReadonlySet<string>,
): UnreadPart | null {
  const own = tables.flat().find((each) => each.column === 'DocumentId' && schemas.has(each.schema.toLowerCase()));
  return own === undefined ? null : { schema: own.schema, table: own.table, column: own.column, rows: 0 };
}

/** Whether a `Discriminator` names a table of the source that the mapping lacks. */
export function isUnreadKind({ unread }: SourceCatalog, discriminator: unknown): boolean {
  const name = String(discriminator).toLowerCase();
  return unread.some(({ schema, table, column }) => column === null && `${schema}.${table}`.toLowerCase() === name);
}

/** Permissions to read an ODS incompletely (design 19a §1). */
interface ReadingPermissions {
  /** Whether tables, and columns that may be NULL, may be missing: they are read as empty. */
  readonly allowMissing: boolean;
  /** Whether rows and values without a table or column in the mapping may be left out. */
  readonly allowUnread: boolean;
}

/**
 * Differences between a source and a mapping, before any row is read: `ODS_TABLE_MISSING`, `ODS_COLUMN_MISSING`,
 * `ODS_COLUMN_TYPE`, `ODS_UNREAD_ROWS`; with permission, the warnings `ODS_READ_AS_EMPTY` and `ODS_NOT_READ` (design 19a
 * §1). If a database of ours has any such error, only `ODS_SWAPPED` is returned.
 */
export function sourceDifferences(
  catalog: SourceCatalog,
  all: readonly OdsTable[],
  permissions: ReadingPermissions,
): readonly Diagnostic[] {
  const found = tableDifferences(catalog, all, permissions);
  const { ownColumn } = catalog;
  if (ownColumn === null || found.every((entry) => severityOf(entry) !== 'error')) return found;
  const { schema, table, column } = ownColumn;
  const text = `The source is a database of this tool, not an ODS: its table ${schema}.${table} has the column ${column}. Name the ODS as the source. Were source and target swapped?`;
  return [diagnostic('ODS_SWAPPED', text, {}, { part: 'source', table: `${schema}.${table}` })];
}

function tableDifferences(
  catalog: SourceCatalog,
  all: readonly OdsTable[],
  permissions: ReadingPermissions,
): readonly Diagnostic[] {
  return [
    ...missingTables(catalog, all, permissions),
    ...missingColumns(catalog, permissions),
    ...otherTypes(catalog),
    ...unreadParts(catalog, permissions),
  ];
}

function unreadParts({ unread }: SourceCatalog, { allowUnread }: ReadingPermissions): Diagnostic[] {
  const withRows = unread.filter(({ rows }) => rows > 0);
  const byTable = groupBy(withRows, ({ schema, table, column }) => `${schema}.${table}${column === null ? '' : ' '}`);
  return [...byTable].map(([label, parts]) => {
    const table = label.trimEnd();
    const details = {
      table,
      rows: parts.map(({ rows }) => rows),
      columns: parts.flatMap(({ column }) => (column === null ? [] : [column])),
    };
    const text = unreadText(table, parts);
    if (allowUnread) return diagnostic('ODS_NOT_READ', `${text} It was not read.`, {}, details);
    const advice =
      'Add the extension or the version that has it to the schema set, or read without it (--allow-unread).';
    return diagnostic('ODS_UNREAD_ROWS', `${text} ${advice}`, {}, details);
  });
}

/** The text about data of a source that documents do not hold: columns of a table, or the table. */
function unreadText(table: string, parts: readonly UnreadPart[]): string {
  const [first] = parts;
  if (first?.column === null)
    return `${table} of the source (${counted(first.rows, 'row')}) is not a table of the schema set.`;
  const names = listOfNames(parts.map(({ column }) => mustExist(column, `the name of an unread column of ${table}`)));
  const values = counted(
    parts.reduce((sum, { rows }) => sum + rows, 0),
    'value',
  );
  return `${table} of the source has ${values} in ${names}, for which the schema set has no property.`;
}

/** Whether a database has the tables of a mapping as an ODS has them, and is not a database of ours. */
export async function isOds(connection: Connection, mapping: OdsMapping, schemaSuffix: string): Promise<boolean> {
  const dialect = readingDialects[connection.dialect];
  const catalog = await readSourceCatalog({ connection, dialect, mapping }, schemaSuffix, false);
  const isBase = ({ table, columns }: SourceTable) => table.kind === 'descriptorBase' && columns.has('CodeValue');
  return catalog.ownColumn === null && [...catalog.tables.values()].some(isBase);
}
