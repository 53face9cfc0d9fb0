import type { ResourcePlans, StoredRow } from '@dms/documents';
import { core, mustExist } from '@dms/model';
import type { SentDocument, SentOptions } from '../loading/batch-writer.ts';
import type { ByteRange, FilledTable, SentRows, WaitingRows } from './bulk-dialect.ts';
import type { BulkRules, BulkTable } from './bulk-rules.ts';
import type { BulkSession } from './bulk-session.ts';

/** A document of a batch, without its content. */
export interface BatchedDocument {
  readonly id: number;
  readonly sent: Pick<SentDocument, 'number' | 'uuid' | 'file' | 'line' | 'row' | 'again'>;
  /** The ids of the documents that it names, without descriptors. */
  readonly targets: readonly number[];
}

/**
 * The rows of a document: of `dms.Document`, of the identity tables, and of the tables of its resource in plan order.
 */
export interface DocumentRowSet {
  readonly document: StoredRow;
  readonly identities: readonly (readonly StoredRow[])[];
  readonly tables: readonly (readonly StoredRow[])[];
}

/** The most documents whose rows are written together, and roughly how many bytes of rows. */
const batchDocuments = 2_000;
const batchLength = 4_000_000;

const documentKeys = ['DocumentId', 'DocumentUuid', 'ResourceKeyId'];

/** The rows of a table, with the length of the rows after each document. */
interface MarkedRows {
  readonly rows: WaitingRows;
  readonly ends: number[];
}

const marked = (rows: WaitingRows): MarkedRows => ({ rows, ends: [] });

/** Adds rows to tables, given by table; returns how many bytes they have. */
function addRows(tables: readonly MarkedRows[], rows: DocumentRowSet['tables']): number {
  let length = 0;
  for (const [index, ofTable] of rows.entries()) {
    const table = tables[index];
    if (!table) throw new Error('rows of a table that the resource does not have');
    for (const each of ofTable) length += table.rows.addRow(each);
  }
  return length;
}

/** Documents of one resource whose rows are written together. */
export class RowBatch {
  readonly plans: ResourcePlans;
  readonly onRefused: SentOptions['onRefused'];
  readonly documents: BatchedDocument[] = [];
  private readonly core: MarkedRows;
  private readonly identities: readonly MarkedRows[];
  private readonly tables: readonly MarkedRows[];
  /** In the order in which rows are written. */
  private readonly written: readonly MarkedRows[];
  /** The bytes of the rows of {@link tables}. */
  private length = 0;

  constructor(
    plans: ResourcePlans,
    session: BulkSession,
    rules: BulkRules,
    timeColumns: readonly string[],
    onRefused: SentOptions['onRefused'],
  ) {
    this.plans = plans;
    this.onRefused = onRefused;
    const made = (tables: readonly BulkTable[]) =>
      tables.map(({ table, columns }) => marked(session.newRows(table, columns)));
    const { tables, insertOrder } = rules.tables(plans, session);
    this.core = marked(session.newRows(core.document, [...documentKeys, ...timeColumns, ...rules.documentColumns]));
    this.identities = made(rules.identities.tables);
    this.tables = made(tables);
    this.written = [this.core, ...this.identities, ...insertOrder.flatMap((index) => this.tables[index] ?? [])];
  }

  get isFull(): boolean {
    return this.documents.length >= batchDocuments || this.length >= batchLength;
  }

  add(document: BatchedDocument, { document: row, identities, tables }: DocumentRowSet): void {
    this.core.rows.addRow(row);
    addRows(this.identities, identities);
    this.length += addRows(this.tables, tables);
    for (const { rows, ends } of this.written) ends.push(rows.length);
    this.documents.push(document);
  }

  /** The tables with rows of the batch. */
  get filledTables(): readonly FilledTable[] {
    return this.written.flatMap(({ rows }) => (rows.length > 0 ? [rows.table] : []));
  }

  /**
   * Which of the documents the rows at some offsets belong to, in what {@link rowsOf} returns for a table. All ascend.
   */
  positionsAt(positions: readonly number[], table: FilledTable, offsets: readonly number[]): readonly number[] {
    const { ends } = mustExist(
      this.written.find(({ rows }) => rows.table === table),
      `the rows of ${table.name}`,
    );
    const found: number[] = [];
    let next = 0;
    let before = 0;
    for (const position of positions) {
      const after = before + lengthAt(ends, position);
      const first = next;
      while (next < offsets.length && mustExist(offsets[next], 'an offset') < after) next += 1;
      if (next > first) found.push(position);
      before = after;
    }
    return found;
  }

  /** The rows of some of the documents, given by their ascending positions. */
  rowsOf(positions: readonly number[]): SentRows[] {
    return this.written.flatMap(({ rows, ends }) => {
      const ranges = rangesOf(positions, ends);
      return ranges.length > 0 ? [{ table: rows.table, content: rows.contentOf(ranges) }] : [];
    });
  }
}

/** How many bytes the rows of a document have. */
const lengthAt = (ends: readonly number[], position: number) =>
  mustExist(ends[position], 'the end of a document') - (ends[position - 1] ?? 0);

/** The bytes of some documents; those of adjacent documents are one range. */
function rangesOf(positions: readonly number[], ends: readonly number[]): ByteRange[] {
  const ranges: [from: number, to: number][] = [];
  for (const position of positions) {
    const to = mustExist(ends[position], 'the end of a document');
    const from = to - lengthAt(ends, position);
    if (from === to) continue;
    const last = ranges.at(-1);
    if (last?.[1] === from) last[1] = to;
    else ranges.push([from, to]);
  }
  return ranges;
}
