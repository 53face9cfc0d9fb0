import { fstatSync } from 'node:fs';
import { type DmsError, fail } from '@dms/diagnostics';
import { outputError, readInputStream } from '@dms/files';
import type { Question } from '@dms/operations';

/** The streams that a command reads and prints to; tests pass their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Reads the whole standard input; `name` is its name in messages. */
  input?(name: string): Promise<Uint8Array>;
  /** Asks a person; undefined if they cancel the question. Absent if nobody can answer. */
  readonly ask?: ((question: Question) => Promise<readonly string[] | undefined>) | undefined;
  readonly isOutTerminal: boolean;
  readonly isErrTerminal: boolean;
  /** The width of the terminal; 80 if unknown. */
  readonly columns?: number | undefined;
}

/** Whether a person is there who can answer. */
const canAsk = ({ stdin, stdout, env }: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'env'>): boolean =>
  stdin.isTTY === true && stdout.isTTY === true && (env.CI ?? 'false') === 'false';

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  input: async (name) => {
    // Node would treat it as empty
    if (fstatSync(process.stdin.fd).isDirectory())
      fail(
        'INPUT_FILE_UNREADABLE',
        `${name} is a folder; name a file.`,
        { file: name },
        { path: name, cause: 'EISDIR' },
      );
    return readInputStream(process.stdin, name);
  },
  ask: canAsk(process) ? ask : undefined,
  isOutTerminal: process.stdout.isTTY === true,
  isErrTerminal: process.stderr.isTTY === true,
  get columns() {
    return process.stderr.columns;
  },
};

/** The members of `process` that `watchOutput` uses. */
interface OutputProcess {
  readonly stdout: Pick<NodeJS.WriteStream, 'on'>;
  readonly stderr: Pick<NodeJS.WriteStream, 'on'>;
}

/**
 * Watches for output that cannot be printed. A reader that closes the pipe (`dms-ddl … | head -1`) wants no more
 * output, which is not an error. Any other failure of the standard output is passed to `report`, once. Failures of the
 * standard error are ignored, because there is nowhere to report them.
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

/** Asks a person on the terminal, who chooses from a list. Undefined if they cancel the question. */
async function ask({ text, answers, chosen, several }: Question): Promise<readonly string[] | undefined> {
  // loaded only here: few runs ask something
  const { isCancel, multiselect, select } = await import('@clack/prompts');
  const question = { message: text, options: answers.map((answer) => ({ ...answer })) };
  if (several) {
    const answer = await multiselect({ ...question, initialValues: [...chosen], required: true });
    return isCancel(answer) ? undefined : answer;
  }
  const [first = ''] = chosen;
  const answer = await select({ ...question, initialValue: first });
  return isCancel(answer) ? undefined : [answer];
}
