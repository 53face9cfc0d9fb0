import { fstatSync } from 'node:fs';
import { outputError, readInputStream } from '@dms/canonical-json';
import { type DmsError, fail } from '@dms/diagnostics';

/** Where a command reads and prints; tests give their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Everything that stands in the standard input, which messages call by this name. Throws `INPUT_*`. */
  input?(name: string): Promise<Uint8Array>;
  readonly isOutTerminal: boolean;
  readonly isErrTerminal: boolean;
  /** How wide the terminal is; 80 unless it says so. */
  readonly columns?: number | undefined;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: async (name) => {
    // Node takes it for an empty one
    if (fstatSync(process.stdin.fd).isDirectory())
      fail('INPUT_FILE_UNREADABLE', `${name} is a folder; name a file.`, { file: name }, { path: name, cause: 'EISDIR' });
    return readInputStream(process.stdin, name);
  },
  isOutTerminal: process.stdout.isTTY === true,
  isErrTerminal: process.stderr.isTTY === true,
  get columns() {
    return process.stderr.columns;
  },
};

/** What a process gives of itself to `watchOutput`. */
export interface OutputProcess {
  readonly stdout: Pick<NodeJS.WriteStream, 'on'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'on'>;
}

/**
 * Takes note of what cannot be printed. A reader that has closed the pipe (`dms-ddl … | head -1`) wants no more, which is no
 * mistake; any other failure of the standard output is given to `report`, once. Nothing can be said where nothing can be printed:
 * failures of the standard error go unheard.
 */
export function watchOutput({ stdout, stderr }: OutputProcess, report: (error: DmsError) => void): void {
  let isReported = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isReported) return;
    isReported = true;
    report(outputError(error, 'the standard output'));
  });
  stderr.on('error', () => {});
}
