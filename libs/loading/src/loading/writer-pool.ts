import type { Diagnostic } from '@dms/diagnostics';
import type { BatchWriter } from './batch-writer.ts';

/** A writer, and the warnings of the batch that it writes. */
export interface PooledWriter {
  readonly writer: BatchWriter;
  readonly warnings: Diagnostic[];
}

/** A writer with its warnings; `open` gets what takes them. */
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
