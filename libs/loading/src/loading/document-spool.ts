import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@dms/files';
import { DocumentQueue } from './document-queue.ts';

/** A temporary folder for documents that must wait, so that memory does not grow with them. */
export class DocumentSpool {
  private readonly folder: string;
  private readonly queues = new Map<string, DocumentQueue>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Runs `work` with a spool and removes the spool afterwards. */
  static async use<Result>(work: (spool: DocumentSpool) => Promise<Result>): Promise<Result> {
    const folder = await temporaryFolder('dms-load-');
    const forget = () => rmSync(folder, { recursive: true, force: true });
    // a signal ends the process without another turn of the event loop
    process.once('exit', forget);
    try {
      return await work(new DocumentSpool(folder));
    } finally {
      process.off('exit', forget);
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The length of the texts in the queues of all resources. */
  get size(): number {
    return [...this.queues.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** A new queue. */
  queue(): DocumentQueue {
    return new DocumentQueue(path.join(this.folder, `${randomUUID()}.jsonl`));
  }

  /** The queue of a resource, created at its first use. */
  queueOf(resource: string): DocumentQueue {
    const known = this.queues.get(resource) ?? this.queue();
    this.queues.set(resource, known);
    return known;
  }

  /** The queue of a resource if it has waiting documents. */
  find(resource: string): DocumentQueue | undefined {
    return this.queues.get(resource);
  }
}
