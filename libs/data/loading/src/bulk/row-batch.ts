import { copiedRowOf } from '@dms/databases';
import type { Diagnostic, DiagnosticLocation } from '@dms/diagnostics';
import {
  type CheckedDocument,
  checkDocument,
  type DocumentPlans,
  type ResourcePlans,
  rejectedDocument,
  type StoredRow,
  unresolved,
} from '@dms/documents';
import { core, mustExist, qualified } from '@dms/model';
import type { SentDocument, SentOptions } from '../loading/batch-writer.ts';
import type { ByteRange, FilledTable, SentRows, WaitingRows } from './bulk-dialect.ts';
import type { BulkRules, BulkTable } from './bulk-rules.ts';
import { type BulkSession, rowFailure } from './bulk-session.ts';

/** A document of a batch, without its content. */
interface BatchedDocument {
  readonly id: number;
  readonly sent: Pick<SentDocument, 'number' | 'uuid' | 'file' | 'line' | 'row' | 'again'>;
  /** The ids of the documents to which it refers, without descriptors. */
  readonly targets: readonly number[];
}

/**
 * The rows of a document: of `dms.Document`, of the identity tables, and of the tables of its resource in plan order.
 */
interface DocumentRowSet {
  readonly document: StoredRow;
  readonly identities: readonly (readonly StoredRow[])[];
  readonly tables: readonly (readonly StoredRow[])[];
}

/**
 * The largest number of documents whose rows are written together, and the approximate limit of the bytes of their
 * rows.
 */
const batchDocuments = 2_000;
const batchLength = 4_000_000;

const documentKeys = ['DocumentId', 'DocumentUuid', 'ResourceKeyId'];

/** The rows of a table, with the length of the rows after each document. */
interface MarkedRows {
  readonly rows: WaitingRows;
  readonly ends: number[];
}

interface RowBatchOptions extends Pick<SentOptions, 'onLateReject'> {
  readonly rules: BulkRules;
  /** The columns of `dms.Document` with the time of the load. */
  readonly timeColumns: readonly string[];
}

/** Documents of one resource whose rows are written together. */
export class RowBatch {
  readonly plans: ResourcePlans;
  readonly onLateReject: SentOptions['onLateReject'];
  readonly documents: BatchedDocument[] = [];
  private readonly core: MarkedRows;
  private readonly identities: readonly MarkedRows[];
  private readonly tables: readonly MarkedRows[];
  /** The tables in the order in which their rows are written. */
  private readonly written: readonly MarkedRows[];
  /** The bytes of the rows of {@link tables}. */
  private length = 0;

  constructor(plans: ResourcePlans, session: BulkSession, { rules, timeColumns, onLateReject }: RowBatchOptions) {
    this.plans = plans;
    this.onLateReject = onLateReject;
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
   * The positions of the documents to which the rows at some offsets belong, in the content that {@link rowsOf} returns
   * for a table. All lists ascend.
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
      const ranges = joinRanges(positions, ends);
      return ranges.length > 0 ? [{ table: rows.table, content: rows.contentOf(ranges) }] : [];
    });
  }
}

const marked = (rows: WaitingRows): MarkedRows => ({ rows, ends: [] });

/** Adds the rows of each table; returns their number of bytes. */
function addRows(tables: readonly MarkedRows[], rows: DocumentRowSet['tables']): number {
  let length = 0;
  for (const [index, ofTable] of rows.entries()) {
    const table = tables[index];
    if (!table) throw new Error('rows of a table that the resource does not have');
    for (const each of ofTable) length += table.rows.addRow(each);
  }
  return length;
}

/** The number of bytes of the rows of a document. */
const lengthAt = (ends: readonly number[], position: number) =>
  mustExist(ends[position], 'the end of a document') - (ends[position - 1] ?? 0);

/** The bytes of some documents; those of adjacent documents are one range. */
function joinRanges(positions: readonly number[], ends: readonly number[]): ByteRange[] {
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

export interface RowBatchWriterOptions {
  readonly ignoreUnknown?: boolean | undefined;
  /** Called when all entries of the run up to a number are written or refused. */
  readonly onWritten?: ((upTo: number) => Promise<void>) | undefined;
}

export const placeOf = ({ file, line }: Pick<BatchedDocument['sent'], 'file' | 'line'>): DiagnosticLocation => ({
  ...(file === undefined ? {} : { file }),
  ...(line === undefined ? {} : { line }),
});

/**
 * The number of documents with rows of a table that were written or refused, and of those that the database refused
 * there.
 */
interface RejectShare {
  documents: number;
  rejected: number;
}

/**
 * Writes batches one after another. If the database refuses the rows of a batch, the rows of that table are tried by
 * themselves, where a failure names its row; else halving finds the documents that it refuses. They are rejected, and
 * so are the documents that refer to them (design 14a §3).
 */
export class RowBatchWriter {
  private readonly plans: DocumentPlans;
  private readonly session: BulkSession;
  private readonly options: RowBatchWriterOptions;
  /** The ids of documents that were refused. */
  private readonly refused = new Set<number>();
  /** The shares by the name of a table. */
  private readonly rejectedAt = new Map<string, RejectShare>();
  /**
   * How often the database has refused a batch. While it is written again, ids that were found before may no longer
   * exist.
   */
  failures = 0;
  /** The largest id of a document that is written. */
  writtenUpTo = 0;

  constructor(plans: DocumentPlans, session: BulkSession, options: RowBatchWriterOptions) {
    this.plans = plans;
    this.session = session;
    this.options = options;
  }

  async write(batch: RowBatch): Promise<void> {
    const positions = [...batch.documents.keys()];
    const { filledTables } = batch;
    const expected = filledTables.filter((table) => this.isExpectedAt(table, positions.length));
    if (expected.length === 0) await this.part(batch, positions, new Set());
    else await this.looked(batch, await this.withoutOrphans(batch, positions), new Set(expected), expected);
    for (const table of filledTables) this.shareAt(table).documents += positions.length;
    const last = mustExist(batch.documents.at(-1), 'a document of the batch');
    this.writtenUpTo = last.id;
    await this.options.onWritten?.(last.sent.number);
  }

  private shareAt(table: FilledTable): RejectShare {
    const name = qualified(table);
    const share = this.rejectedAt.get(name) ?? { documents: 0, rejected: 0 };
    this.rejectedAt.set(name, share);
    return share;
  }

  /** Whether the database will probably refuse a row of a table in `count` documents. */
  private isExpectedAt(table: FilledTable, count: number): boolean {
    const { documents, rejected } = this.shareAt(table);
    return 2 * rejected * count > documents;
  }

  /**
   * Writes the documents at some positions. `looked` are the tables whose rows were tried by themselves. `isBad` says
   * that the database surely refuses one of the documents, so they are not tried together.
   */
  private async part(
    batch: RowBatch,
    positions: readonly number[],
    looked: ReadonlySet<FilledTable>,
    isBad = false,
  ): Promise<void> {
    const left = this.refused.size === 0 ? positions : await this.withoutOrphans(batch, positions);
    const [only] = left;
    if (only === undefined) return;
    if (!isBad || left.length === 1) {
      const refused = await this.session.write(batch.rowsOf(left)).catch((error: unknown) => {
        throw rowFailure(batch.plans.label, error, this.plans.dialect);
      });
      if (!refused) return;
      const { table, error } = refused;
      this.failures += 1;
      if (left.length === 1) {
        this.shareAt(table).rejected += 1;
        await this.refuse(batch, only, (_, place) => [rejectedDocument(this.plans, batch.plans, error, place)]);
        return;
      }
      if (!looked.has(table) && copiedRowOf(error) !== null) {
        await this.looked(batch, left, new Set([...looked, table]), [table], true);
        return;
      }
    }
    const half = Math.ceil(left.length / 2);
    const { size } = this.refused;
    await this.part(batch, left.slice(0, half), looked);
    await this.part(batch, left.slice(half), looked, this.refused.size === size);
  }

  /**
   * The same, after trying the rows of some tables by themselves. The documents that this finds are a guess, so each of
   * them is written by itself: after the documents to which it may refer, and before those that refer to it.
   */
  private async looked(
    batch: RowBatch,
    positions: readonly number[],
    looked: ReadonlySet<FilledTable>,
    tables: readonly FilledTable[],
    isBad = false,
  ): Promise<void> {
    const suspects = new Set<number>();
    for (const table of tables) {
      const left = positions.filter((position) => !suspects.has(position));
      if (left.length === 0) break;
      const offsets = await this.session.rejectedOffsets(batch.rowsOf(left), table);
      for (const position of batch.positionsAt(left, table, offsets)) suspects.add(position);
    }
    if (suspects.size === 0) {
      await this.part(batch, positions, looked, isBad);
      return;
    }
    const held = new Set<number>();
    const others: number[] = [];
    const alone: number[] = [];
    const naming: number[] = [];
    for (const position of positions) {
      const { id, targets } = mustExist(batch.documents[position], 'a document of the batch');
      const isNaming = targets.some((target) => held.has(target));
      if (isNaming || suspects.has(position)) held.add(id);
      if (isNaming) naming.push(position);
      else if (suspects.has(position)) alone.push(position);
      else others.push(position);
    }
    await this.part(batch, others, looked);
    for (const position of alone) await this.part(batch, [position], looked);
    await this.part(batch, naming, looked);
  }

  /** Refuses the documents that refer to refused ones; returns the positions of the others. */
  private async withoutOrphans(batch: RowBatch, positions: readonly number[]): Promise<readonly number[]> {
    const left: number[] = [];
    for (const position of positions) {
      const { targets } = mustExist(batch.documents[position], 'a document of the batch');
      if (targets.some((id) => this.refused.has(id)))
        await this.refuse(batch, position, (checked, place) => unresolved(checked, this.known(checked), place));
      else left.push(position);
    }
    return left;
  }

  /** The ids of the documents to which a document refers, as far as they exist. */
  private known({ targets }: CheckedDocument): ReadonlyMap<string, string> {
    return new Map(
      targets.flatMap(({ referentialId }) => {
        const id = this.session.identities.get(referentialId);
        return id === undefined ? [] : [[referentialId, String(id)] as const];
      }),
    );
  }

  private async refuse(
    { plans, documents, onLateReject }: RowBatch,
    position: number,
    why: (checked: CheckedDocument, place: DiagnosticLocation) => readonly Diagnostic[],
  ): Promise<void> {
    const { id, sent } = mustExist(documents[position], 'a document of the batch');
    const { identities, uuids } = this.session;
    const { ignoreUnknown } = this.options;
    const document = sent.again();
    const place = placeOf(sent);
    const checked = mustExist(
      checkDocument(this.plans, plans.resourceKey, document, { ignoreUnknown, ...place }).document,
      'a document that was checked before',
    );
    const [diagnostic, ...others] = why(checked, place);
    this.refused.add(id);
    identities.remove(checked.referentialId, id);
    if (checked.superclass !== null) identities.remove(checked.superclass.referentialId, id);
    if (sent.uuid !== undefined) uuids?.remove(sent.uuid, id);
    await onLateReject?.({
      document,
      checked,
      sent,
      diagnostics: [mustExist(diagnostic, 'why a document is refused'), ...others],
    });
  }
}
