import { createRequire } from 'node:module';
import { stripVTControlCharacters } from 'node:util';

/** The answer of a user to a prompt. */
export interface TerminalAnswer {
  /** A part of the text that the program shows when it waits for the answer. */
  readonly asked: string;
  /** The typed text; `\r` is the Enter key. */
  readonly keys: string;
}

const { optionalDependencies } = createRequire(import.meta.url)('@lydell/node-pty/package.json');

/**
 * Whether a pseudo-terminal can be opened here. Node cannot, and the package for it exists only for common platforms.
 */
export const hasTerminal = `@lydell/node-pty-${process.platform}-${process.arch}` in optionalDependencies;

/** After this many milliseconds without output, the program is assumed to wait for an answer that will never come. */
const longestSilence = 120_000;

/**
 * Runs a program on a pseudo-terminal and answers its prompts in turn. Each answer is sent once its prompt appears in
 * the output after the previous answer.
 *
 * @returns the exit code (undefined for a program that waited for an answer in vain) and its whole output, without
 * colours and cursor movements
 */
export async function runOnTerminal(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  answers: readonly TerminalAnswer[],
): Promise<{ readonly exitCode: number | undefined; readonly screen: string }> {
  const { spawn } = await import('@lydell/node-pty');
  const terminal = spawn(command, [...args], { cwd, env: { ...env }, name: 'xterm-256color', cols: 100, rows: 40 });
  const open = [...answers];
  let shown = '';
  let unanswered = '';
  return new Promise((resolve) => {
    const finish = (exitCode: number | undefined) => {
      clearTimeout(silence);
      resolve({ exitCode, screen: stripVTControlCharacters(shown) });
    };
    const silence = setTimeout(() => {
      finish(undefined);
      terminal.kill();
    }, longestSilence);
    terminal.onData((text) => {
      silence.refresh();
      shown += text;
      unanswered += text;
      if (!open[0] || !stripVTControlCharacters(unanswered).includes(open[0].asked)) return;
      unanswered = '';
      terminal.write(open.shift()?.keys ?? '');
    });
    terminal.onExit(({ exitCode }) => finish(open.length === 0 ? exitCode : undefined));
  });
}
