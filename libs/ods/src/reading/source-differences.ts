import { counted, type Diagnostic, diagnostic, listOfNames } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import { mustExist } from '@dms/model';
import { type OdsTable, tableLabel } from '../mapping/ods-mapping.ts';
import type { ColumnOfTable, SourceCatalog, UnreadPart } from './source-catalog.ts';

/** What a run may do although it does not read a whole ODS (design 19 §10.1). */
export interface ReadingPermissions {
  /** Whether tables, and columns that may be NULL, may be missing: they are read as empty. */
  readonly allowMissing: boolean;
  /** Whether rows may stay behind for which the mapping has no table or column. */
  readonly allowUnread: boolean;
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
  if (tables.size === 0) return 'The database is no ODS, or its tables are in other schemas.';
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
  // another database is needed
  if (reason.endsWith('.')) return '';
  const essential = missing.filter(isEssential).map(tableLabel);
  if (essential.length === 0) return ', or read without them (--allow-missing).';
  return `. Documents cannot be made without ${listOfNames(essential)}.`;
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
    if (isAllowed) return diagnostic('ODS_READ_AS_EMPTY', `${text} Documents have nothing of them.`, {}, details);
    const reason = reasonFor(schema, isWhole, catalog);
    return diagnostic('ODS_TABLE_MISSING', `${text} ${reason}${adviceAbout(missing, reason)}`, {}, details);
  });
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

/** What the columns or the table of a source hold that documents do not. */
function unreadText(table: string, parts: readonly UnreadPart[]): string {
  const [first] = parts;
  if (first?.column === null)
    return `${table} of the source (${counted(first.rows, 'row')}) is no table of the schema set.`;
  const names = listOfNames(parts.map(({ column }) => mustExist(column, `the name of an unread column of ${table}`)));
  const values = counted(
    parts.reduce((sum, { rows }) => sum + rows, 0),
    'value',
  );
  return `${table} of the source has ${values} in ${names}, for which the schema set has no property.`;
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

/**
 * What is wrong with a source for a mapping, before any row is read: `ODS_TABLE_MISSING`, `ODS_COLUMN_MISSING`,
 * `ODS_COLUMN_TYPE`, `ODS_UNREAD_ROWS`; with permission the warnings `ODS_READ_AS_EMPTY` and `ODS_NOT_READ` (design 19
 * §10.1).
 */
export function sourceDifferences(
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
