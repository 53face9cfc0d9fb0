import { createRequire } from 'node:module';
import { stripVTControlCharacters } from 'node:util';

/** What a person does at a prompt. */
export interface Answer {
  /** A part of what the program shows when it waits for the answer. */
  readonly asked: string;
  /** What is typed; `\r` is the Enter key. */
  readonly keys: string;
}

const { optionalDependencies } = createRequire(import.meta.url)('@lydell/node-pty/package.json');

/** Whether a pseudo-terminal can be opened here: Node has none, and the package that has is built for the common platforms only. */
export const hasTerminal = `@lydell/node-pty-${process.platform}-${process.arch}` in optionalDependencies;

/** After so many milliseconds without output a program is taken to wait for an answer that nobody will type. */
const longestSilence = 120_000;

/**
 * Runs a program on a pseudo-terminal and answers its prompts in turn: each one when what it asks stands on the screen, after all
 * that the answer before has brought there.
 *
 * @returns the exit code, undefined for a program that waited in vain; and all that it has shown, without colours and movements
 */
export async function runOnTerminal(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  answers: readonly Answer[],
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
