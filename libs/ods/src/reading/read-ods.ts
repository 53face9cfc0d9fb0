import { type Connection, rolledBack } from '@dms/databases';
import { counted, type Diagnostic, DmsError, diagnostic, fail, failIfAny, severityOf } from '@dms/diagnostics';
import type { RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { type OdsMapping, tableLabel } from '../mapping/ods-mapping.ts';
import { Descriptors, descriptorDocuments } from './read-descriptors.ts';
import { documentsOf, type OdsDocument } from './read-documents.ts';
import { pgsqlReading, type ReadingDialect } from './reading-dialect.ts';
import { type DocumentCheck, type Loss, LossCounts, RowCounts, type TableRows } from './reading-report.ts';
import { countedRows, isUnreadKind, readSourceCatalog, type SourceCatalog, type UnreadPart } from './source-catalog.ts';
import { sourceDifferences } from './source-differences.ts';
import { referencesOf, tableTrees } from './table-nodes.ts';

export interface OdsReadOptions {
  readonly allowMissing?: boolean | undefined;
  readonly allowUnread?: boolean | undefined;
  /** What the schemas of the source have after the names of the mapping; nothing by default. */
  readonly schemaSuffix?: string | undefined;
  /** Refuses documents that the reader could make; each problem becomes `ODS_VALUE_REJECTED`. */
  readonly check?: DocumentCheck | undefined;
  /** Called for the rows of each document that cannot be made; the reader goes on. */
  readonly onRefused: (problems: readonly Diagnostic[]) => void;
  /** Called now and then with the table that is read. */
  readonly onProgress?: ((progress: OdsProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface OdsProgress {
  readonly table: string;
  readonly documents: number;
  readonly rows: number;
  /** Rows of all tables that are read. */
  readonly allRows: number;
}

/** What became of the rows of a table of the source. */
export interface ReadTable extends Readonly<TableRows> {
  readonly table: string;
}

export interface ReadResource {
  readonly resource: string;
  readonly documents: number;
}

/** What a reader has seen (design 19 §10.6). */
export interface OdsReading {
  readonly documents: number;
  readonly resources: readonly ReadResource[];
  /** The tables with rows, in the order of the mapping. `rows` is what the source counts. */
  readonly tables: readonly ReadTable[];
  readonly losses: readonly Loss[];
  /** Tables and columns with rows that no document holds. */
  readonly unread: readonly UnreadPart[];
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The dialects in which an ODS can be read. */
const readingDialects: Readonly<Partial<Record<SqlDialect, ReadingDialect>>> = { pgsql: pgsqlReading };

const progressStep = 500;

/** Each table must have as many rows as were seen, each of them in a document or refused. */
function rowDifferences(tables: readonly ReadTable[], read: ReadonlyMap<string, Readonly<TableRows>>): Diagnostic[] {
  return tables.flatMap(({ table, rows, written, refused, left }) => {
    const seen = read.get(table)?.rows ?? 0;
    if (seen === rows && written + refused + left === rows) return [];
    const text = `${table} has ${rows} rows; ${seen} were read, ${written} are in documents, ${refused} were refused and ${left} stayed behind. A person with two rows of one key does that; otherwise it is a bug.`;
    return [diagnostic('ODS_ROWS_DIFFER', text, {}, { table, rows, read: seen, written, refused, left })];
  });
}

/**
 * Reads the documents of an ODS in one transaction that sees a single moment: descriptors first, then tree by tree, each table once and
 * sorted by its key, so that memory does not grow with the database (design 19 §10). Rows from which no document can be made go to
 * `onRefused`. Throws `ODS_TABLE_MISSING`, `ODS_COLUMN_MISSING`, `ODS_COLUMN_TYPE` and `ODS_UNREAD_ROWS` before it reads, `ODS_ROWS_DIFFER`
 * at the end, and `DB_*`.
 */
export function readOds(
  connection: Connection,
  mapping: OdsMapping,
  model: RelationalModelSet,
  write: (document: OdsDocument) => Promise<void>,
  options: OdsReadOptions,
): Promise<OdsReading> {
  return rolledBack(connection, () => readInTransaction(connection, mapping, model, write, options), 'reading');
}

async function checkedCatalog(
  connection: Connection,
  dialect: ReadingDialect,
  mapping: OdsMapping,
  { schemaSuffix = '', allowMissing = false, allowUnread = false }: OdsReadOptions,
): Promise<{ readonly catalog: SourceCatalog; readonly warnings: readonly Diagnostic[] }> {
  const catalog = await readSourceCatalog(connection, dialect, mapping, schemaSuffix);
  const differences = sourceDifferences(catalog, mapping.tables, { allowMissing, allowUnread });
  const errors = differences.filter((entry) => severityOf(entry) === 'error');
  const warnings = differences.filter((entry) => severityOf(entry) !== 'error');
  const [first, ...rest] = errors;
  if (first) throw new DmsError([first, ...rest, ...warnings]);
  return { catalog, warnings };
}

async function readInTransaction(
  connection: Connection,
  mapping: OdsMapping,
  model: RelationalModelSet,
  write: (document: OdsDocument) => Promise<void>,
  options: OdsReadOptions,
): Promise<OdsReading> {
  const { check, onRefused, onProgress, signal } = options;
  const dialect = readingDialects[connection.dialect];
  if (dialect === undefined) throw new Error(`An ODS on ${connection.dialect} cannot be read.`);
  const { catalog, warnings } = await checkedCatalog(connection, dialect, mapping, options);
  const sources = [...catalog.tables.values()];
  const counts = await countedRows(
    connection,
    sources.map(({ name }) => dialect.count(name)),
  );
  const allRows = counts.reduce((sum, count) => sum + count, 0);

  const filled = new Set(sources.flatMap(({ table }, index) => (counts[index] === 0 ? [] : [tableLabel(table)])));
  const rows = new RowCounts();
  const losses = new LossCounts();
  const byResource = new Map<string, number>();
  let documents = 0;
  const refuse = (problems: readonly Diagnostic[], refused: readonly TableRows[]) => {
    for (const each of refused) each.refused += 1;
    onRefused(problems);
  };
  const pass = async (table: string, found: AsyncGenerator<OdsDocument, void>) => {
    for await (const document of found) {
      if (signal?.aborted) fail('DB_CANCELLED', 'The reading of the ODS was cancelled; nothing of it is left.');
      await write(document);
      documents += 1;
      byResource.set(document.resource, (byResource.get(document.resource) ?? 0) + 1);
      if (documents % progressStep === 0) onProgress?.({ table, documents, rows: rows.total(), allRows });
    }
  };

  const descriptors = new Descriptors();
  const { allowUnread = false } = options;
  const mayLeave = (discriminator: unknown) => allowUnread && isUnreadKind(catalog, discriminator);
  const reading = {
    connection,
    dialect,
    mapping,
    catalog,
    descriptors,
    references: referencesOf(model),
    rows,
    check,
    mayLeave,
    refuse,
  };
  await pass('descriptors', descriptorDocuments(reading, descriptors));
  const lose = (resource: string, lost: Parameters<typeof addLosses>[2]) => addLosses(losses, resource, lost);
  for (const tree of tableTrees(dialect, mapping, catalog)) {
    onProgress?.({ table: tableLabel(tree.table), documents, rows: rows.total(), allRows });
    await pass(tableLabel(tree.table), documentsOf({ ...reading, filled, lose }, tree));
  }

  const read = rows.all();
  const tables = sources
    .map(({ table }, index): ReadTable => {
      const { written = 0, refused = 0, left = 0 } = read.get(tableLabel(table)) ?? {};
      return { table: tableLabel(table), rows: counts[index] ?? 0, written, refused, left };
    })
    .filter((table) => table.rows > 0);
  failIfAny(rowDifferences(tables, read));
  const resources = [...byResource].map(([resource, count]) => ({ resource, documents: count }));
  const all = losses.all();
  return {
    ...{ documents, resources, tables, losses: all, diagnostics: [...warnings, ...leftRows(tables), ...lossNotes(all)] },
    unread: catalog.unread.filter((part) => part.rows > 0),
  };
}

/** Rows that belong to tables which were not read. */
function leftRows(tables: readonly ReadTable[]): Diagnostic[] {
  return tables
    .filter(({ left }) => left > 0)
    .map(({ table, left }) => {
      const text = `${counted(left, 'row')} of ${table} stayed behind, because the schema set has no table for the kind that Discriminator names.`;
      return diagnostic('ODS_NOT_READ', text, {}, { table, rows: [left], columns: [] });
    });
}

function addLosses(losses: LossCounts, resource: string, lost: readonly (readonly [Loss['code'], string])[]): void {
  for (const [code, path] of lost) losses.add(code, resource, path);
}

const noteTexts: Readonly<Record<Loss['code'], (count: number, paths: string) => string>> = {
  ODS_ORDER_LOST: (count, paths) =>
    `An ODS does not keep the order of arrays: ${counted(count, 'array')} at ${paths} in the order of keys.`,
  ODS_REFERENCE_IMPLIED: (count, paths) =>
    `${counted(count, 'optional reference')} at ${paths} may be additions: all of their values are there for other members. The API of the ODS shows them too.`,
  ODS_MONEY_ROUNDED: (count, paths) =>
    `${counted(count, 'amount')} at ${paths} from columns with two decimal places: a third or fourth place was lost when the ODS stored them.`,
  ODS_NAME_COLLISION: (count, paths) =>
    `Left out: ${counted(count, 'reference')} at ${paths}, because the ODS has one column for a value of theirs and another value.`,
  ODS_REFERENCE_PARTIAL: (count, paths) =>
    `Left out: ${counted(count, 'reference')} at ${paths}, because the ODS has only a part of their values.`,
};

/** One note for each code; the report has the paths. */
function lossNotes(losses: readonly Loss[]): Diagnostic[] {
  return (Object.keys(noteTexts) as Loss['code'][]).flatMap((code) => {
    const own = losses.filter((loss) => loss.code === code);
    if (own.length === 0) return [];
    const count = own.reduce((sum, loss) => sum + loss.count, 0);
    return [diagnostic(code, noteTexts[code](count, counted(own.length, 'path')), {}, { count, paths: own.length })];
  });
}
