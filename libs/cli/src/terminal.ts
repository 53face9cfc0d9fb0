import { outputError } from '@dms/canonical-json';
import { type Diagnostic, type DmsError, formatDiagnostic, severityOf } from '@dms/diagnostics';
import pico from 'picocolors';

/** Where a command prints; tests give their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  readonly isOutTerminal: boolean;
  readonly isErrTerminal: boolean;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isOutTerminal: process.stdout.isTTY === true,
  isErrTerminal: process.stderr.isTTY === true,
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

/** Prints results for people or, with `--json`, one JSON object per line; diagnostics always go to stderr. */
export class Printer {
  private readonly terminal: Terminal;
  private readonly isJson: boolean;
  private readonly colors: ReturnType<typeof pico.createColors>;

  constructor(terminal: Terminal, isJson: boolean, environment: NodeJS.ProcessEnv = process.env) {
    this.terminal = terminal;
    this.isJson = isJson;
    // colour only on a terminal, and never against NO_COLOR (https://no-color.org)
    this.colors = pico.createColors(terminal.isErrTerminal && !environment.NO_COLOR);
  }

  /** A finished result: the lines for people, or `value` as JSON. */
  result(lines: readonly string[], value: Readonly<Record<string, unknown>>): void {
    if (this.isJson) this.terminal.out(`${JSON.stringify({ type: 'result', ...value })}\n`);
    else for (const line of lines) this.terminal.out(`${line}\n`);
  }

  diagnostic(entry: Diagnostic): void {
    if (this.isJson) {
      this.terminal.err(`${JSON.stringify({ type: 'diagnostic', severity: severityOf(entry), ...entry })}\n`);
      return;
    }
    const { red, yellow, cyan, bold } = this.colors;
    const paint = { error: red, warning: yellow, note: cyan };
    this.terminal.err(`${formatDiagnostic(entry, (severity, text) => bold(paint[severity](text)))}\n`);
  }

  /** One line of progress, rewritten in place; only where somebody watches. */
  progress(text: string): void {
    if (this.terminal.isErrTerminal && !this.isJson) this.terminal.err(`\r\u001b[K${this.colors.dim(text)}`);
  }

  /** A line that says why it takes so long, for people. */
  notice(text: string): void {
    if (this.isJson) return;
    this.endProgress();
    this.terminal.err(`${this.colors.dim(text)}\n`);
  }

  endProgress(): void {
    if (this.terminal.isErrTerminal && !this.isJson) this.terminal.err('\r\u001b[K');
  }
}
