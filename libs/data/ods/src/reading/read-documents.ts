import { append, type Diagnostic } from '@dms/diagnostics';
import { type DocumentReferenceBinding, mustExist } from '@dms/model';
import { tableLabel } from '../mapping/ods-mapping.ts';
import { idDiagnostics, type MergedKeys } from './key-checks.ts';
import type { DescriptorsById } from './read-descriptors.ts';
import type { SourceRow } from './reading-dialect.ts';
import {
  type CheckReadDocument,
  checkedDiagnostics,
  type OdsDocument,
  type RefuseRows,
  type RowCounts,
  rowDiagnostic,
  type TableRows,
} from './reading-report.ts';
import { compareKeys, RowStream } from './row-stream.ts';
import { type DraftDocument, type DraftObject, placeOfRow, type RowWriter, rowWriter } from './row-writer.ts';
import type { OpenedOds } from './source-catalog.ts';
import type { TableNode } from './table-nodes.ts';

interface DocumentReading extends Pick<OpenedOds, 'connection' | 'dialect'> {
  readonly descriptors: DescriptorsById;
  readonly references: ReadonlyMap<string, readonly DocumentReferenceBinding[]>;
  readonly rows: RowCounts;
  /** The tables with rows, by label. */
  readonly filled: ReadonlySet<string>;
  readonly check: CheckReadDocument | undefined;
  /** The ids that several documents have, if documents keep their ids. */
  readonly repeatedIds: ReadonlySet<string> | null;
  /** Reports documents whose keys the target does not distinguish; null if there are none. */
  readonly mergedKeys: MergedKeys | null;
  /** Whether rows of a base with this `Discriminator` may be left out. */
  mayLeave(discriminator: unknown): boolean;
  /** Counts a document that is read, and its losses and additions. */
  count(resource: string, losses: DraftDocument['losses']): void;
  readonly refuse: RefuseRows;
}

/** A table that is being read. */
interface OpenTable {
  readonly node: TableNode;
  readonly stream: RowStream;
  readonly rows: TableRows;
  /** By resource. */
  readonly writers: ReadonlyMap<string, RowWriter>;
  readonly children: readonly OpenTable[];
  readonly subclasses: readonly OpenTable[];
  previous: SourceRow | undefined;
}

/** The resource of a tree whose root is not a base. */
export const resourceOf = ({ table, sources }: TableNode): string =>
  mustExist([...sources.keys()][0], `the resource of ${tableLabel(table)}`);

/**
 * Reads the documents of a tree of tables, each table once; memory holds one document and a page of each table (design
 * 19a §2).
 *
 * @param cursor prefix of the names of its cursors, which no other open tree of the connection has
 */
export async function* documentsOf(
  reading: DocumentReading,
  tree: TableNode,
  cursor: string,
): AsyncGenerator<OdsDocument, void> {
  const root = await opened(reading, tree, undefined, cursor);
  const { node, stream } = root;
  for (let row = stream.head; row !== undefined; row = stream.head) {
    const diagnostics: Diagnostic[] = [];
    const parts: OpenTable[] = [];
    let resource: string | null = resourceOf(node);
    let isLeft = false;
    if (node.table.kind === 'base') {
      append(parts, await subclassesWithRow(reading, root, row));
      const found = subclassOf(root, row, parts);
      resource = 'only' in found ? resourceOf(found.only.node) : null;
      const discriminator = node.discriminatorIndex === null ? null : row[node.discriminatorIndex];
      isLeft = parts.length === 0 && reading.mayLeave(discriminator);
      if ('diagnostic' in found && !isLeft) diagnostics.push(found.diagnostic);
    }
    const document: DraftObject = new Map();
    const draft: DraftDocument = { resource, diagnostics, losses: [], rows: [], left: [] };
    const placing = { around: document, draft };
    const below = addRow(reading, root, row, placing);
    if (below !== undefined) await below;
    for (const part of parts) await addRows(reading, part, { row, key: node.key }, placing);
    if (resource !== null && reading.repeatedIds !== null)
      append(diagnostics, idDiagnostics(node, row, resource, reading.repeatedIds));
    if (resource !== null && reading.mergedKeys !== null) append(diagnostics, reading.mergedKeys(node, row, resource));
    const id = node.idIndex === null ? null : (row[node.idIndex] ?? null);
    const next = advance(root);
    if (next !== undefined) await next;
    if (isLeft && draft.diagnostics.length === 0) {
      for (const each of [...draft.rows, ...draft.left]) each.left += 1;
      continue;
    }
    if (draft.diagnostics.length === 0 && resource !== null)
      append(diagnostics, checkedDiagnostics(reading.check, { resource, document }, placeOfRow(node, row)));
    if (draft.diagnostics.length > 0 || resource === null) {
      reading.refuse(draft.diagnostics, [...draft.rows, ...draft.left]);
      continue;
    }
    for (const each of draft.rows) each.written += 1;
    for (const each of draft.left) {
      each.left += 1;
      each.collided += 1;
    }
    reading.count(resource, draft.losses);
    const own = row;
    yield { resource, document, uuid: id === null ? null : String(id), row: () => placeOfRow(node, own) };
  }
  await refuseRest(reading, root);
  await close(root);
}

async function opened(
  reading: DocumentReading,
  node: TableNode,
  around: TableNode | undefined,
  path: string,
): Promise<OpenTable> {
  const { connection, dialect, references, descriptors, rows, filled } = reading;
  const writers = [...node.sources].map(([resource, source]): [string, RowWriter] => {
    const outer = node.table.kind === 'subclass' ? undefined : around?.sources.get(resource);
    const bindings = references.get(resource) ?? [];
    return [resource, rowWriter({ node, source, around: outer, bindings, descriptors })];
  });
  const stream = filled.has(tableLabel(node.table))
    ? await RowStream.open(connection, dialect, path, node.query)
    : RowStream.empty();
  const below = async (nodes: readonly TableNode[], kind: string) => {
    const tables: OpenTable[] = [];
    for (const [index, each] of nodes.entries())
      tables.push(await opened(reading, each, node, `${path}_${kind}${index}`));
    return tables;
  };
  return {
    node,
    stream,
    rows: rows.of(tableLabel(node.table)),
    writers: new Map(writers),
    previous: undefined,
    children: await below(node.children, 'c'),
    subclasses: await below(node.subclasses, 's'),
  };
}

/** The tables of subclasses whose next row is a part of a row of the base. */
async function subclassesWithRow(reading: DocumentReading, base: OpenTable, row: SourceRow): Promise<OpenTable[]> {
  const { key } = base.node;
  const found: OpenTable[] = [];
  for (const each of base.subclasses) {
    if (!isDue(each, row, key)) continue;
    await skipOrphans(reading, each, row, key);
    if (isDue(each, row, key)) found.push(each);
  }
  return found;
}

/** Whether the next row of a table belongs to a row of the table around it, or comes before it. */
const isDue = ({ stream, node }: OpenTable, row: SourceRow, key: readonly number[]) =>
  stream.head !== undefined && compareKeys(stream.head, node.parentKey, row, key) <= 0;

/** Refuses rows of the table until one does not come before the row of the table around it. */
async function skipOrphans(
  reading: DocumentReading,
  open: OpenTable,
  row: SourceRow,
  key: readonly number[],
): Promise<void> {
  const { stream, node } = open;
  for (let head = stream.head; head !== undefined; head = stream.head) {
    if (compareKeys(head, node.parentKey, row, key) >= 0) return;
    await refuseOrphan(reading, open, head);
  }
}

/** Reports the next row of a table, which belongs to no row of the table around it. */
async function refuseOrphan(reading: DocumentReading, open: OpenTable, row: SourceRow): Promise<void> {
  const { node, rows } = open;
  const around = node.table.parent === null ? 'the table around it' : tableLabel(node.table.parent);
  const text = `${around} has no row with the key that this row repeats.`;
  reading.refuse([rowDiagnostic('ODS_ROW_ORPHANED', placeOfRow(node, row), text)], [rows]);
  await advance(open);
}

/** Advances to the next row. Returns a promise only if the next page must be awaited. */
function advance(open: OpenTable): Promise<void> | undefined {
  const { stream, rows } = open;
  open.previous = stream.head;
  rows.rows += 1;
  stream.advance();
  return stream.isWaiting ? stream.fill() : undefined;
}

/** The subclass of a row of a base, or a diagnostic if it is unknown (design 19a §4). */
function subclassOf(
  base: OpenTable,
  row: SourceRow,
  found: readonly OpenTable[],
): { only: OpenTable } | { diagnostic: Diagnostic } {
  const { node } = base;
  const value = node.discriminatorIndex === null ? null : (row[node.discriminatorIndex] ?? null);
  const named = value === null ? undefined : String(value);
  const refused = (text: string) => {
    const also = named === undefined ? '' : ` Its Discriminator is ${named}.`;
    return { diagnostic: rowDiagnostic('ODS_SUBCLASS_UNKNOWN', placeOfRow(node, row), `${text}${also}`) };
  };
  const [only, other] = found;
  if (only === undefined) return refused('No table of a subclass in the schema set has a row with this key.');
  const names = found.map((each) => tableLabel(each.node.table)).join(' and ');
  if (other !== undefined) return refused(`${names} have rows with this key, but a document belongs to one resource.`);
  if (named !== undefined && named.toLowerCase() !== discriminatorOf(only.node))
    return refused(`${names} has the row with this key.`);
  return { only };
}

/** The name of a subclass in `Discriminator`. */
const discriminatorOf = ({ table: { schema, name } }: TableNode) => `${schema}.${name}`.toLowerCase();

/** A document while rows are put into it, and the object of the row around them. */
interface Placing {
  readonly around: DraftObject | null;
  readonly draft: DraftDocument;
}

/** Puts a row and the rows below it into a document. Returns a promise only if there are rows below it. */
function addRow(
  reading: DocumentReading,
  open: OpenTable,
  row: SourceRow,
  { around, draft }: Placing,
): Promise<void> | undefined {
  const target = putRow(open, row, around, draft);
  const { key } = open.node;
  const due = open.children.filter((child) => isDue(child, row, key));
  const add = async () => {
    for (const child of due) await addRows(reading, child, { row, key }, { around: target, draft });
  };
  return due.length === 0 ? undefined : add();
}

/**
 * Puts the values of a row into a document and returns its object; `around` is the object of the row around it. Null
 * for a row that has no place in the document, and for the rows below such a row.
 */
function putRow(open: OpenTable, row: SourceRow, around: DraftObject | null, draft: DraftDocument): DraftObject | null {
  const { node, previous, rows } = open;
  const resource = draft.resource ?? undefined;
  const writer = resource === undefined ? undefined : open.writers.get(resource);
  const unfitting = around === null ? undefined : writer?.unfitting(row);
  if (around === null || (unfitting !== undefined && isPart(node))) {
    draft.left.push(rows);
    const scope = node.sources.get(resource ?? '')?.scope;
    if (scope !== undefined && unfitting !== undefined) draft.losses.push(['ODS_NAME_COLLISION', scope, unfitting]);
    return null;
  }
  draft.rows.push(rows);
  if (unfitting !== undefined) {
    const text = `${unfitting} holds the value of another path, and the document must have one of its own.`;
    draft.diagnostics.push(
      rowDiagnostic('ODS_VALUE_REJECTED', placeOfRow(node, row), text, { resource, column: unfitting }),
    );
  }
  if (previous !== undefined && compareKeys(row, node.key, previous, node.key) === 0)
    draft.diagnostics.push(
      rowDiagnostic('ODS_KEY_REPEATED', placeOfRow(node, row), 'Another row has this key.', { resource }),
    );
  if (writer === undefined && draft.resource !== null) {
    const text = `Documents of ${draft.resource} have no place for this row.`;
    draft.diagnostics.push(rowDiagnostic('ODS_ROW_ORPHANED', placeOfRow(node, row), text, { resource }));
  }
  // without a writer the rows below are only counted
  const target = node.table.kind === 'subclass' ? around : (writer?.place(around, row, draft) ?? new Map());
  writer?.write(row, target, draft);
  return target;
}

/** Whether a row has an object of its own that its document may lack. */
const isPart = ({ table: { kind } }: TableNode) => kind === 'collection' || kind === 'common';

async function addRows(
  reading: DocumentReading,
  open: OpenTable,
  { row, key }: { readonly row: SourceRow; readonly key: readonly number[] },
  placing: Placing,
): Promise<void> {
  for (let head = open.stream.head; head !== undefined; head = open.stream.head) {
    const order = compareKeys(head, open.node.parentKey, row, key);
    if (order > 0) return;
    if (order < 0) {
      await refuseOrphan(reading, open, head);
      continue;
    }
    // each await takes a turn of the event loop, and most rows need none
    const below = addRow(reading, open, head, placing);
    if (below !== undefined) await below;
    const next = advance(open);
    if (next !== undefined) await next;
  }
}

/** Refuses all remaining rows, which belong to no row of the table around them. */
async function refuseRest(reading: DocumentReading, open: OpenTable): Promise<void> {
  for (let head = open.stream.head; head !== undefined; head = open.stream.head)
    await refuseOrphan(reading, open, head);
  for (const each of [...open.children, ...open.subclasses]) await refuseRest(reading, each);
}

async function close({ stream, children, subclasses }: OpenTable): Promise<void> {
  for (const each of [...children, ...subclasses]) await close(each);
  await stream.close();
}
