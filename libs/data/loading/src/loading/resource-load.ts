import type { BatchTurn, CheckedDocument } from '@dms/documents';
import { mustExist, type QualifiedResourceName } from '@dms/model';
import { Batch, type BatchEntry, type BatchRules, batchOutcomes, checkedInput } from './batch.ts';
import type { LateReject, PooledWriter, WriterPool } from './batch-writer.ts';
import type { InputDocument } from './document-queue.ts';
import type { WaitingDocuments } from './load-circle.ts';
import type { LoadReject, OnReject } from './load-report.ts';
import { type LoadReporter, type NumberedReject, OrderedWork, type WrittenBatch } from './load-reporter.ts';

interface OpenBatch<Result> {
  readonly keys: ReadonlySet<string>;
  readonly done: Promise<Result>;
  isOver: boolean;
}

/**
 * Writes documents of one resource in batches; several at the same time, unless some of them may have to wait for
 * others.
 */
export class ResourceLoad {
  private readonly options: ResourceLoadOptions;
  private readonly label: string;
  private readonly name: QualifiedResourceName;
  private readonly waiting: WaitingDocuments | null;
  private readonly isShared: boolean;
  private readonly open: OpenBatches<WrittenBatch>;
  private readonly turns = new OrderedWork();
  private batch: Batch;
  private nextTurn = 0;

  /** `waiting` takes the documents that refer to documents of a circle which are not stored yet. */
  constructor(
    label: string,
    name: QualifiedResourceName,
    waiting: WaitingDocuments | null,
    options: ResourceLoadOptions,
  ) {
    const { pool, position, run, batchLength } = options;
    this.options = options;
    this.label = label;
    this.name = name;
    this.waiting = waiting;
    this.isShared = pool.size > 1 && !waiting;
    this.batch = new Batch(batchLength);
    this.open = new OpenBatches<WrittenBatch>(waiting ? 0 : 2 * pool.size - 1, (written) =>
      run.report(position, written),
    );
  }

  /** Writes all documents. */
  async all(read: (refuse: OnReject) => AsyncIterable<InputDocument>): Promise<void> {
    try {
      for await (const input of read((reject) => this.refuse(reject))) await this.addDocument(input);
      await this.flush();
    } catch (error) {
      await this.open.finish().catch(() => undefined);
      throw error;
    }
    await this.open.finish();
  }

  private async addDocument(input: InputDocument): Promise<void> {
    const { waiting, name, options } = this;
    const { merged } = options.run;
    const checked = waiting || this.isShared || merged.canMerge ? checkedInput(options.rules, name, input) : null;
    const diagnostic =
      merged.canMerge && checked?.document ? merged.mergedKeyOf(this.label, checked.document, input) : null;
    if (diagnostic !== null) {
      const { file, line, row, document, again, uuid = null } = input;
      const reject = { file, line, row: row?.(), resource: this.label, document: document ?? again(), uuid };
      await this.refuse({ ...reject, diagnostics: [diagnostic] });
      return;
    }
    if (waiting && checked?.document) {
      const { referentialId, targets } = checked.document;
      // a document must come in a later batch than its targets and than earlier documents with its identity, so that
      // the order stays
      const before = [referentialId, ...targets.map((target) => target.referentialId)];
      if (before.some((id) => this.batch.keys.has(id))) await this.flush();
      if (await waiting.waitsBehind(this.label, input, referentialId)) return;
    }
    const { schemaCheck, onWarning } = options.rules;
    const ofSchema =
      this.isShared && schemaCheck?.isLinear(this.label)
        ? (schemaCheck.diagnosticsOf(this.label, [input], onWarning)[0] ?? [])
        : null;
    // batches wait for connections, so the document is not kept: only its rows, and its text, from which it can be read
    // again
    const isChecked = this.isShared && (ofSchema !== null || !schemaCheck);
    const light = isChecked ? { ...input, document: null } : input;
    await this.add({ kind: 'document', number: options.run.nextNumber(), input: light, checked, ofSchema });
  }

  private async add(entry: BatchEntry): Promise<void> {
    this.batch.add(entry);
    if (this.batch.isFull) await this.flush();
  }

  private async refuse(reject: LoadReject): Promise<void> {
    await this.add({ kind: 'unreadable', number: this.options.run.nextNumber(), reject });
    if (this.options.run.isContinued) return;
    await this.flush();
    await this.open.finish();
  }

  /** Hands the batch to a writer. */
  private async flush(): Promise<void> {
    const { pool, position, batchLength } = this.options;
    const full = this.batch;
    this.batch = new Batch(batchLength);
    if (full.isEmpty) return;
    // an earlier document of an identity must be written first
    await this.open.without(full.keys);
    const writer = await pool.take(position);
    const number = this.nextTurn;
    this.nextTurn += 1;
    const turn = this.isShared
      ? { waitForTurn: () => this.turns.waitFor(number), release: () => this.turns.release(number) }
      : undefined;
    const done = this.written(writer, full, turn).finally(() => {
      this.turns.release(number);
      pool.giveBack(writer);
    });
    await this.open.add(full.keys, done);
  }

  /** Writes a batch and counts the documents that are then stored. Other documents are rejected, or wait. */
  private async written(
    { writer, warnings }: PooledWriter,
    batch: Batch,
    turn: BatchTurn | undefined,
  ): Promise<WrittenBatch> {
    const { options, label, name } = this;
    const { run } = options;
    run.begin(label);
    const outcomes = await batchOutcomes(options.rules, writer, name, batch.documents, {
      turn,
      awaited: this.waiting?.resources,
      onLateReject: (refused) => this.refused(refused),
    });
    const rejects: NumberedReject[] = [];
    const stored: [input: InputDocument, checked: CheckedDocument | null | undefined][] = [];
    let position = 0;
    for (const entry of batch.entries) {
      if (entry.kind === 'unreadable') {
        rejects.push(entry);
        continue;
      }
      const outcome = mustExist(outcomes[position++], 'the outcome of a document');
      const { input, checked, number } = entry;
      if (outcome.kind !== 'rejected') {
        run.tally.add(label, outcome.kind);
        stored.push([input, checked?.document]);
        continue;
      }
      const { file, line, row, uuid = null } = input;
      const own = checked?.document;
      if (own && (await this.waiting?.waitsFor(label, input, own, outcome.diagnostics))) continue;
      if (own) this.waiting?.settled(input, own.referentialId);
      const document = input.document ?? input.again();
      rejects.push({
        number,
        reject: { file, line, row: row?.(), resource: label, diagnostics: outcome.diagnostics, document, uuid },
      });
    }
    // only now, because any document of the batch may wait for these
    for (const [input, checked] of stored) if (checked) this.waiting?.stored(input, checked);
    // before the batch is reported, so that no other begins
    if (rejects.length > 0 && !run.isContinued) run.stop();
    return { rejects, warnings: warnings.splice(0) };
  }

  /** Takes back a document that was counted as loaded. */
  private async refused({ document, checked, sent, diagnostics }: LateReject): Promise<void> {
    const { run } = this.options;
    const { number, uuid, file = '', line = 0, row } = sent;
    // its batch may be counted later
    run.tally.add(this.label, 'inserted', -1);
    if (this.waiting) this.waiting.loaded -= 1;
    if (await this.waiting?.waitsFor(this.label, { document, uuid, file, line, row }, checked, diagnostics)) return;
    run.hold({
      number,
      reject: { file, line, row: row?.(), resource: this.label, diagnostics, document, uuid: uuid ?? null },
    });
    if (!run.isContinued) run.stop();
  }
}

/** Batches of one resource that are written at the same time. Their results are handled in the order of the batches. */
export class OpenBatches<Result> {
  private readonly batches: OpenBatch<Result>[] = [];
  private readonly limit: number;
  private readonly handle: (result: Result) => Promise<void>;

  /** `limit` is the number of batches whose results may wait to be handled. */
  constructor(limit: number, handle: (result: Result) => Promise<void>) {
    this.limit = limit;
    this.handle = handle;
  }

  /** Waits for the batches that have one of the keys. */
  async without(keys: ReadonlySet<string>): Promise<void> {
    for (const { keys: own, done, isOver } of [...this.batches])
      if (!isOver && [...keys].some((key) => own.has(key))) await done;
  }

  /** Adds a batch that is being written, and handles results that have come. */
  async add(keys: ReadonlySet<string>, done: Promise<Result>): Promise<void> {
    const batch: OpenBatch<Result> = { keys, done, isOver: false };
    const end = () => {
      batch.isOver = true;
    };
    done.then(end, end);
    this.batches.push(batch);
    while (this.batches.length > this.limit || this.batches[0]?.isOver) await this.handleFirst();
  }

  private async handleFirst(): Promise<void> {
    const first = this.batches.shift();
    if (first) await this.handle(await first.done);
  }

  /** Waits for all batches and handles their results, even after one that fails. Throws the first failure. */
  async finish(): Promise<void> {
    const failures: unknown[] = [];
    while (this.batches.length > 0) await this.handleFirst().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}

/** The state that the resources of a run share. */
interface ResourceLoadOptions {
  readonly run: LoadReporter;
  readonly rules: BatchRules;
  readonly batchLength: number | undefined;
  readonly pool: WriterPool;
  /** The position of the group of the resource. */
  readonly position: number;
}
