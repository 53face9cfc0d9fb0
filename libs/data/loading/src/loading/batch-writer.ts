import type { Diagnostic, RowPlace } from '@dms/diagnostics';
import type { BatchOptions, CheckedDocument, IncomingDocument, WriteOutcome, Written } from '@dms/documents';
import type { QualifiedResourceName } from '@dms/model';
import type { JsonValue } from '@dms/values';

/** The outcome of a document, as far as loading needs it. */
export type BatchOutcome =
  | { readonly kind: Written['kind'] | 'skipped' }
  | Extract<WriteOutcome, { readonly kind: 'rejected' }>;

/** A document on its way to a writer. */
export interface SentDocument extends IncomingDocument {
  /** Its place among all entries of the run. */
  readonly number: number;
  /** Reads the document again, so that it need not be kept in memory. */
  readonly again: () => JsonValue;
  /** The row that the document was made from, if it does not come from a file. */
  readonly row?: (() => RowPlace) | undefined;
}

/** A document that the database has refused after its outcome `inserted`, or one that refers to such a document. */
export interface LateReject {
  readonly document: JsonValue;
  readonly checked: CheckedDocument;
  readonly sent: Pick<SentDocument, 'number' | 'uuid' | 'file' | 'line' | 'row'>;
  readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]];
}

export interface SentOptions extends BatchOptions {
  /** Called by writers that write later than they return, at the latest at the end of {@link BatchWriter.flush}. */
  readonly onLateReject?: ((refused: LateReject) => Promise<void>) | undefined;
}

/** Writes documents of one resource; outcomes are in the order of the documents. A document store is a batch writer. */
export interface BatchWriter {
  upsertBatch(
    resource: QualifiedResourceName,
    documents: readonly SentDocument[],
    options?: SentOptions,
  ): Promise<readonly BatchOutcome[]>;
  /** Waits until all documents are written; writers that write at once do not have it. */
  flush?(): Promise<void>;
}

export interface PooledWriter {
  readonly writer: BatchWriter;
  readonly warnings: Diagnostic[];
}

/** Opens a writer that collects its warnings; `open` gets the function that takes them. */
export function pooledWriter<Writer extends BatchWriter>(
  open: (onWarning: (warning: Diagnostic) => void) => Writer,
): PooledWriter & { readonly writer: Writer } {
  const warnings: Diagnostic[] = [];
  return { writer: open((warning) => void warnings.push(warning)), warnings };
}

/** Writers that are taken for one batch at a time. */
export class WriterPool {
  readonly size: number;
  private readonly free: PooledWriter[];
  private readonly waiting: { readonly position: number; readonly receive: (writer: PooledWriter) => void }[] = [];

  constructor(writers: readonly PooledWriter[]) {
    this.size = writers.length;
    this.free = [...writers];
  }

  /** Resolves with a writer that is free. The lowest position comes first. */
  take(position: number): Promise<PooledWriter> {
    const writer = this.free.pop();
    if (writer) return Promise.resolve(writer);
    return new Promise((receive) => {
      const after = this.waiting.findIndex((each) => each.position > position);
      this.waiting.splice(after < 0 ? this.waiting.length : after, 0, { position, receive });
    });
  }

  giveBack(writer: PooledWriter): void {
    const next = this.waiting.shift();
    if (next) next.receive(writer);
    else this.free.push(writer);
  }

  /** Waits until a writer that writes later than it returns has written everything. */
  async flush(position: number): Promise<void> {
    const pooled = await this.take(position);
    try {
      await pooled.writer.flush?.();
    } finally {
      this.giveBack(pooled);
    }
  }
}
