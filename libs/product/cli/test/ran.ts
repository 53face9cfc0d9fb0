import { run } from '../src/run.ts';
import type { Terminal } from '../src/terminal.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunContext {
  readonly isTerminal?: boolean;
  /** The width of the terminal. */
  readonly columns?: number;
  readonly input?: string;
  /** Added to the variables of this process, without its variables about colour. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The page with the meanings of the codes of this version. */
  readonly codesPage?: string;
  /** Cancels the command as a signal does. */
  readonly signal?: AbortSignal;
  /** The words with which the user runs the program. */
  readonly startedAs?: string;
  /** Answers questions. */
  readonly ask?: Terminal['ask'];
}

/** Runs the command line in this process; returns the exit code, and everything that it printed. */
export async function ran(
  args: readonly string[],
  { isTerminal = false, columns, input = '', ask, environment = {}, codesPage, startedAs, signal }: RunContext = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    input: async () => Buffer.from(input),
    ask,
    isOutTerminal: isTerminal,
    isErrTerminal: isTerminal,
    columns,
  };
  const variables = { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...environment };
  const cancellation = signal === undefined ? {} : { cancellation: { hold: () => signal } };
  const options = { environment: variables, codesPage, ...(startedAs && { startedAs }), ...cancellation };
  return { code: await run(args, terminal, '1.2.3', options), out, err };
}

/** The objects that `--json` has printed. */
export const jsonLines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
