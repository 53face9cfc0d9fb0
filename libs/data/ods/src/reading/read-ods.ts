import { type Connection, expectNotCancelled, rolledBack, run } from '@dms/databases';
import {
  counted,
  type Diagnostic,
  DmsError,
  diagnostic,
  fail,
  failIfAny,
  listOfNames,
  severityOf,
} from '@dms/diagnostics';
import { mustExist, type RelationalModelSet } from '@dms/model';
import { allowSnapshotsHere, type PlainSql } from '@dms/sql';
import { type OdsMapping, tableLabel } from '../mapping/ods-mapping.ts';
import { exactKeys, type KeyFolding, mergedKeys, missingIds, repeatedIds } from './key-checks.ts';
import { changeQueries, changesOf, type OdsChange, recordsChanges } from './read-changes.ts';
import { Descriptors, descriptorDocuments } from './read-descriptors.ts';
import { documentsOf, resourceOf } from './read-documents.ts';
import { readingDialects } from './reading-dialect.ts';
import {
  type CheckReadDocument,
  LossCounts,
  leftRows,
  lossNotes,
  type OdsDocument,
  type OdsReading,
  type ReadTable,
  type RefuseRows,
  RowCounts,
  type TableRows,
} from './reading-report.ts';
import type { DocumentLoss } from './row-writer.ts';
import {
  countedRows,
  isUnreadKind,
  type OpenedOds,
  readSourceCatalog,
  type SourceCatalog,
  type SourceTable,
  sourceDifferences,
} from './source-catalog.ts';
import { referencesOf, type TableNode, tableTrees } from './table-nodes.ts';

export interface OdsReadOptions extends OpenOdsOptions {
  /** Called for the rows of each document that cannot be made; the reader continues. */
  readonly onRefused: OnRefused;
  /** Called for each delete and each changed key that the source has recorded after `since`, at the end. */
  readonly onChange?: ((change: OdsChange) => Promise<void>) | undefined;
  /** Called from time to time with the table that is read. */
  readonly onProgress?: ((progress: OdsProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface OdsProgress {
  readonly table: string;
  readonly documents: number;
  readonly rows: number;
  /** Rows of all tables that are read. */
  readonly allRows: number;
}

const progressStep = 500;

/**
 * Reads the documents of an ODS in one transaction that sees a single moment: descriptors first, then tree by tree,
 * each table once and sorted by its key, so that memory does not grow with the database (design 19a). Rows from
 * which no document can be made go to `onRefused`. Throws `ODS_SNAPSHOT_OFF`, `ODS_SWAPPED`, `ODS_TABLE_MISSING`,
 * `ODS_COLUMN_MISSING`, `ODS_COLUMN_TYPE`, `ODS_UNREAD_ROWS` and `ODS_CHANGES_MISSING` before it reads,
 * `ODS_ROWS_DIFFER` at the end, and `DB_*`.
 */
export function readOds(
  connection: Connection,
  mapping: OdsMapping,
  model: RelationalModelSet,
  write: (document: OdsDocument) => Promise<void>,
  options: OdsReadOptions,
): Promise<OdsReading> {
  const { onRefused, onProgress, signal } = options;
  const read = async () => {
    const ods = await openOds(connection, mapping, model, options);
    const { allRows } = ods;
    let documents = 0;
    const report = (table: string) => onProgress?.({ table, documents, rows: ods.rows, allRows });
    const count = (table: string) => {
      documents += 1;
      if (documents % progressStep === 0) report(table);
    };
    const pass = async (table: string, found: AsyncGenerator<OdsDocument, void>) => {
      report(table);
      for await (const document of found) {
        expectNotCancelled(signal, 'The reading of the ODS was cancelled; nothing of it is left.');
        await write(document);
        count(table);
      }
    };
    await pass('descriptors', ods.descriptors(onRefused));
    for (const tree of ods.trees) await pass(tree.table, tree.documents(onRefused));
    for await (const change of ods.changes()) await options.onChange?.(change);
    return ods.finish();
  };
  return rolledBack(connection, read, 'reading');
}

export interface OpenOdsOptions {
  readonly allowMissing?: boolean | undefined;
  readonly allowUnread?: boolean | undefined;
  /** Suffix of the source's schemas after the names of the mapping; none by default. */
  readonly schemaSuffix?: string | undefined;
  /** Only documents that have changed after this version of the source; all by default. */
  readonly since?: bigint | undefined;
  /** For a whole copy that continues: the deletes and changed keys after this version are read too. */
  readonly changesSince?: bigint | undefined;
  /** Whether documents keep their ids: documents without an id, or with the id of another, are then refused. */
  readonly keepIds?: boolean | undefined;
  /** The differences between texts of keys that the target ignores; none by default. */
  readonly folding?: KeyFolding | undefined;
  /** Refuses documents that the reader could make; each diagnostic becomes `ODS_VALUE_REJECTED`. */
  readonly check?: CheckReadDocument | undefined;
}

/** Receives the errors of the rows of a document that cannot be made; the reader continues. */
type OnRefused = (diagnostics: readonly Diagnostic[]) => void;

/** The tables of one tree, whose documents are read together. */
interface OdsTree {
  /** The label of its root. */
  readonly table: string;
  /** The resource of its documents; null for a base, whose documents are of several. */
  readonly resource: string | null;
  /** The rows of its tables, as the source counts them. */
  readonly rows: number;
  /**
   * Reads its documents, once. The descriptors must have been read before. Several trees can be read at the same time.
   */
  documents(onRefused: OnRefused): AsyncGenerator<OdsDocument, void>;
}

/** An ODS whose tables fit the mapping, in a transaction that sees one moment. */
export interface OpenOds {
  /** The largest `ChangeVersion` at the moment that is read; null without change queries. */
  readonly lastVersion: bigint | null;
  /** The rows of all tables that are read. */
  readonly allRows: number;
  /** The rows that have been read so far. */
  readonly rows: number;
  /** The trees with rows, in the order of the mapping. */
  readonly trees: readonly OdsTree[];
  descriptors(onRefused: OnRefused): AsyncGenerator<OdsDocument, void>;
  /** The deletes and changed keys that the source has recorded after `since` or `changesSince`; none without them. */
  changes(): AsyncGenerator<OdsChange, void>;
  /** Compares the rows that were read with the counts of the source, after all were read. Throws `ODS_ROWS_DIFFER`. */
  finish(): OdsReading;
}

/**
 * Compares an ODS with a mapping and counts its rows, and reads nothing else yet (design 19a §1). The connection must
 * be in a transaction for reading. Throws `ODS_SNAPSHOT_OFF`, `ODS_SWAPPED`, `ODS_TABLE_MISSING`, `ODS_COLUMN_MISSING`,
 * `ODS_COLUMN_TYPE`, `ODS_UNREAD_ROWS`, `ODS_CHANGES_MISSING` and `DB_*`.
 */
export async function openOds(
  connection: Connection,
  mapping: OdsMapping,
  model: RelationalModelSet,
  options: OpenOdsOptions,
): Promise<OpenOds> {
  const { check, allowUnread = false, since = null, keepIds = false } = options;
  const dialect = readingDialects[connection.dialect];
  await expectOneMoment(connection);
  const { catalog, warnings } = await checkedCatalog({ connection, dialect, mapping }, options);
  const source: OpenedOds = { connection, dialect, mapping, catalog };
  const lastVersion = await largestVersion(source);
  if (since !== null) expectVersions(catalog, lastVersion, since);
  if (dialect.keepOpen !== null) await run(connection, dialect.keepOpen);
  const nodes = tableTrees(source, since);
  const rowsOfTables = await countedTables(source, nodes, since);
  const rowsOf = (label: string) => mustExist(rowsOfTables.get(label), `the count of ${label}`);
  const lostIds = keepIds ? missingIds(nodes, rowsOf, options) : [];
  failIfAny(lostIds.filter((entry) => severityOf(entry) === 'error'));
  const repeated = keepIds ? await repeatedIds(source, nodes) : null;
  const merged = await mergedKeys(source, nodes, options.folding ?? exactKeys);
  const changesSince = since ?? options.changesSince ?? null;
  const { queries, unrecorded } =
    changesSince === null ? { queries: [], unrecorded: [] } : changeQueries(source, model, changesSince);
  const filled = new Set([...rowsOfTables].flatMap(([label, count]) => (count === 0 ? [] : [label])));
  const rows = new RowCounts();
  const losses = new LossCounts();
  const byResource = new Map<string, number>();
  const descriptors = new Descriptors();
  const refuse =
    (onRefused: OnRefused): RefuseRows =>
    (diagnostics, refused) => {
      for (const each of refused) each.refused += 1;
      onRefused(diagnostics);
    };
  const reading = {
    ...source,
    descriptors,
    rows,
    filled,
    check,
    since,
    repeatedIds: repeated,
    mergedKeys: merged,
    references: referencesOf(model),
    mayLeave: (discriminator: unknown) => allowUnread && isUnreadKind(catalog, discriminator),
    count(resource: string, lost: readonly DocumentLoss[]) {
      byResource.set(resource, (byResource.get(resource) ?? 0) + 1);
      for (const [code, path, column] of lost) losses.add(code, resource, path, column);
    },
  };
  const trees = nodes.map(
    (tree, index): OdsTree => ({
      table: tableLabel(tree.table),
      resource: tree.table.kind === 'base' ? null : resourceOf(tree),
      rows: nodesOf(tree).reduce((sum, { table }) => sum + rowsOf(tableLabel(table)), 0),
      documents: (onRefused) => documentsOf({ ...reading, refuse: refuse(onRefused) }, tree, `dms${index}`),
    }),
  );
  return {
    lastVersion,
    allRows: [...rowsOfTables.values()].reduce((sum, count) => sum + count, 0),
    get rows() {
      return rows.total();
    },
    trees: trees.filter((tree) => tree.rows > 0),
    changes: () => changesOf(source, queries),
    descriptors: (onRefused) => descriptorDocuments({ ...reading, refuse: refuse(onRefused) }, descriptors),
    finish() {
      const read = rows.all();
      const tables = [...rowsOfTables]
        .map(([table, count]) => {
          const { written = 0, refused = 0, left = 0 } = read.get(table) ?? {};
          return { table, rows: count, written, refused, left };
        })
        .filter((table) => table.rows > 0);
      failIfAny(rowDifferences(tables, read));
      const resources = [...byResource].map(([resource, documents]) => ({ resource, documents }));
      const all = losses.all();
      return {
        resources,
        tables,
        losses: all,
        lastVersion,
        diagnostics: [
          ...warnings,
          ...lostIds,
          ...unrecordedDeletes(unrecorded),
          ...leftRows(tables, read),
          ...lossNotes(all),
        ],
        documents: resources.reduce((sum, { documents }) => sum + documents, 0),
        unread: catalog.unread.filter((part) => part.rows > 0),
      };
    },
  };
}

/** Throws if the statements of a transaction may see different moments. */
async function expectOneMoment({ label, readsOneMoment }: Connection): Promise<void> {
  if ((await readsOneMoment?.()) ?? true) return;
  const text = `${label}: the database does not allow snapshots, and an ODS is read as it is at one moment. To allow them, run there: ${allowSnapshotsHere}`;
  fail('ODS_SNAPSHOT_OFF', text, {}, { statement: allowSnapshotsHere });
}

async function checkedCatalog(
  source: Omit<OpenedOds, 'catalog'>,
  { schemaSuffix = '', allowMissing = false, allowUnread = false }: OpenOdsOptions,
): Promise<{ readonly catalog: SourceCatalog; readonly warnings: readonly Diagnostic[] }> {
  const catalog = await readSourceCatalog(source, schemaSuffix);
  const differences = sourceDifferences(catalog, source.mapping.tables, { allowMissing, allowUnread });
  const errors = differences.filter((entry) => severityOf(entry) === 'error');
  const warnings = differences.filter((entry) => severityOf(entry) !== 'error');
  const [first, ...rest] = errors;
  if (first) throw new DmsError([first, ...rest, ...warnings]);
  return { catalog, warnings };
}

/** The largest version in all tables and in their records of changes. */
async function largestVersion({ connection, dialect, catalog }: OpenedOds): Promise<bigint | null> {
  const texts = [...catalog.tables.values()].flatMap(({ name, versionColumn, tracked }) => {
    const recorded = tracked?.columns.get('changeversion');
    return [
      ...(versionColumn === null ? [] : [dialect.largest(name, versionColumn)]),
      ...(tracked === null || recorded === undefined ? [] : [dialect.largest(tracked.name, recorded.name)]),
    ];
  });
  let largest: bigint | null = null;
  for (const [row] of await connection.queryEach(texts)) {
    if (row?.version === null || row?.version === undefined) continue;
    const version = BigInt(String(row.version));
    if (largest === null || version > largest) largest = version;
  }
  return largest;
}

/** Throws if a source does not know which rows have changed after a version. */
function expectVersions({ tables }: SourceCatalog, lastVersion: bigint | null, since: bigint): void {
  const without = [...tables.values()]
    .filter(({ table, versionColumn }) => recordsChanges(table) && versionColumn === null)
    .map(({ table }) => tableLabel(table));
  if (without.length > 0) {
    const text = `The source has no ChangeVersion in ${listOfNames(without)}, so nobody knows what has changed there. Read without --since, or switch change queries on in the ODS first.`;
    fail('ODS_CHANGES_MISSING', text, {}, { tables: without });
  }
  if (lastVersion !== null && since > lastVersion) {
    const text = `The last version of the source is ${lastVersion}, and --since asks for what came after ${since}. It is another source, or one that was restored; read without --since.`;
    fail('ODS_CHANGES_MISSING', text, {}, { since: String(since), lastVersion: String(lastVersion) });
  }
}

/** The number of rows to read from each table, by its label. */
async function countedTables(
  source: OpenedOds,
  trees: readonly TableNode[],
  since: bigint | null,
): Promise<ReadonlyMap<string, number>> {
  const { connection, dialect, catalog } = source;
  const selections = new Map(trees.flatMap(nodesOf).map(({ table, selection }) => [tableLabel(table), selection]));
  const tables = [...catalog.tables.values()];
  const countText = (each: SourceTable) => {
    const selection =
      selections.get(tableLabel(each.table)) ?? (since === null ? null : changedDescriptors(source, each, since));
    return selection === null || since === null
      ? dialect.count(each.name)
      : dialect.countOf(dialect.rules.sql`SELECT 1 AS one FROM ${selection}`);
  };
  const counts = await countedRows(connection, tables.map(countText));
  return new Map(
    tables.map(({ table }, index) => [
      tableLabel(table),
      mustExist(counts[index], `the count of ${tableLabel(table)}`),
    ]),
  );
}

/** The tables of a tree. */
const nodesOf = (node: TableNode): readonly TableNode[] => [
  node,
  ...[...node.children, ...node.subclasses].flatMap(nodesOf),
];

/** The text after FROM for the changed rows of a table of descriptors; null for other tables. */
function changedDescriptors({ dialect, catalog }: OpenedOds, source: SourceTable, since: bigint): PlainSql | null {
  const base = [...catalog.tables.values()].find(({ table }) => table.kind === 'descriptorBase');
  const { kind, key } = source.table;
  if (base === undefined || base.versionColumn === null || (kind !== 'descriptor' && kind !== 'descriptorBase'))
    return null;
  const { sql, id, literal } = dialect.rules;
  const baseKey = mustExist(base.columns.get('DescriptorId'), 'the key of all descriptors').name;
  const own = mustExist(
    key[0] === undefined ? undefined : source.columns.get(key[0]),
    `the key of ${tableLabel(source.table)}`,
  ).name;
  const changed = sql`SELECT ${id(baseKey)} FROM ${dialect.from(base.name)} WHERE ${id(base.versionColumn)} > ${literal(since)}`;
  return sql`${dialect.from(source.name)} WHERE ${id(own)} IN (${changed})`;
}

/** Reports tables of which not all rows were read, or not all were written, refused or left out. */
function rowDifferences(tables: readonly ReadTable[], read: ReadonlyMap<string, Readonly<TableRows>>): Diagnostic[] {
  return tables.flatMap(({ table, rows, written, refused, left }) => {
    const seen = read.get(table)?.rows ?? 0;
    if (seen === rows && written + refused + left === rows) return [];
    const text = `${table} has ${counted(rows, 'row')}; ${seen} were read, ${written} are in documents, ${refused} were refused and ${left} stayed behind. A person with two rows of one key does that; otherwise it is a bug.`;
    return [diagnostic('ODS_ROWS_DIFFER', text, {}, { table, rows, read: seen, written, refused, left })];
  });
}

/** Reports the deletes that the ODS did not record. */
function unrecordedDeletes(tables: readonly string[]): Diagnostic[] {
  if (tables.length === 0) return [];
  const text = `The source does not record deletes of ${listOfNames(tables)}: documents that are gone there stay. Compare the numbers of rows, or read everything into a new database.`;
  return [diagnostic('ODS_DELETES_UNKNOWN', text, {}, { tables })];
}
