import path from 'node:path';
import { inTemporaryFolder } from '@dms/files';
import { HashFile } from './hash-file.ts';
import { type EntryForm, IdShares } from './id-shares.ts';
import { NumberFile } from './number-file.ts';
import { RecordFile } from './record-file.ts';
import { RejectFile } from './reject-file.ts';

/** A temporary folder for stored documents and values, so that memory does not grow with the documents. */
export class RecordFolder {
  private readonly folder: string;
  private files = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Runs `work` with a folder and removes the folder afterwards. */
  static use<Result>(work: (folder: RecordFolder) => Promise<Result>): Promise<Result> {
    return inTemporaryFolder('dms-translate-', (folder) => work(new RecordFolder(folder)));
  }

  private next(): string {
    this.files += 1;
    return path.join(this.folder, String(this.files));
  }

  /** A new file of records, of which up to `bufferLimit` bytes stay in memory. */
  records(bufferLimit: number): RecordFile {
    return new RecordFile(this.next(), bufferLimit);
  }

  hashes(): HashFile {
    return new HashFile(this.next());
  }

  ids<Entry>(form: EntryForm<Entry>): IdShares<Entry> {
    return new IdShares(this.next(), form);
  }

  numbers(width: number, bufferLimit: number): NumberFile {
    return new NumberFile(this.next(), width, bufferLimit);
  }

  rejects(bufferLimit: number): RejectFile {
    return new RejectFile(this.next(), bufferLimit);
  }
}
