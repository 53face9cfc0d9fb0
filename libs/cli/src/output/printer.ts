import { codeFrameColumns } from '@babel/code-frame';
import { writeOutput } from '@dms/canonical-json';
import { type Diagnostic, formatDiagnostic, severityOf } from '@dms/diagnostics';
import { hideSecrets, type SourcePlace, type SourcePositions } from '@dms/pipeline';
import pico from 'picocolors';
import type { Terminal } from '../terminal.ts';
import { githubAnnotation } from './github-annotation.ts';
import { type Breakdown, sarifLog } from './sarif-log.ts';

/** Number of lines to show before and after the marked one. */
const around = 2;

/** The most characters to show of a line: a minified file has only one. */
const width = 120;

// biome-ignore lint/suspicious/noControlCharactersInRegex: a text from a file must not steer the terminal
const controlCharacters = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** The lines around a place in a source text, numbered, with a mark under it. */
export function codeFrame({ line, column, endColumn, lines }: SourcePlace, isColored: boolean): string {
  // show only the relevant part of a long line
  const from = column > width - 20 ? column - Math.floor(width / 3) : 0;
  const first = Math.max(1, line - around);
  const shown = lines.slice(first - 1, line + around).map((text) =>
    // the lines around it may contain a connection of a `dms.json`
    hideSecrets(text)
      .slice(from, from + width)
      .replace(controlCharacters, '\ufffd'),
  );
  const end = Math.min(endColumn, from + width + 1);
  const marked = { start: { line, column: column - from }, end: { line, column: Math.max(end, column + 1) - from } };
  // the published types lack the option for the number of the first line
  const options = { startLine: first, linesAbove: around, linesBelow: around, forceColor: isColored };
  return codeFrameColumns(shown.join('\n'), marked, options);
}

/**
 * Whether diagnostics are coloured: on a terminal, unless the environment says otherwise. `NO_COLOR` (https://no-color.org)
 * wins over `FORCE_COLOR` (https://force-color.org), whose values `0` and `false` mean no colour.
 */
function hasColor(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force } = environment;
  if (no) return false;
  return force ? !/^(?:0|false)$/i.test(force) : isTerminal;
}

/** Forms of diagnostics for tools that show them in pull requests. */
export const reportForms = ['sarif', 'github'] as const;

export type ReportForm = (typeof reportForms)[number];

/** The options that every command has: how the run prints. */
export interface OutputOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly report?: ReportForm | undefined;
  /** The file for the SARIF log; otherwise it is printed on the standard output in place of the result. */
  readonly reportFile?: string | undefined;
}

export interface PrinterSurroundings {
  readonly terminal: Terminal;
  readonly positions: SourcePositions;
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Prints results for people or, with `--json`, as one JSON object per line. Diagnostics are printed on stderr, unless they are
 * part of a SARIF log. A diagnostic about an input file gets its line and column here and, on a terminal, the lines around it.
 */
export class Printer {
  private readonly surroundings: PrinterSurroundings;
  private readonly options: OutputOptions;
  private readonly colors: ReturnType<typeof pico.createColors>;
  private readonly logged: Diagnostic[] = [];
  private breakdown: Breakdown | undefined;
  /** How many lines of the progress table are above the cursor. */
  private drawnLines = 0;

  constructor(surroundings: PrinterSurroundings, options: OutputOptions) {
    this.surroundings = surroundings;
    this.options = options;
    this.colors = pico.createColors(hasColor(surroundings.environment, surroundings.terminal.isErrTerminal));
  }

  /** Prints what was done: the lines for people, or `value` as JSON. */
  result(lines: readonly string[], value: Readonly<Record<string, unknown>>): void {
    if (!this.options.quiet) this.answer(lines, value);
  }

  /** Prints the requested result in the same way, even with `--quiet`. */
  answer(lines: readonly string[], value: Readonly<Record<string, unknown>>): void {
    this.documents(lines, () => JSON.stringify({ type: 'result', ...value }));
  }

  /** Prints a result that renders its JSON text itself, because its numbers keep their digits. */
  documents(lines: readonly string[], text: () => string): void {
    const { json, report, reportFile } = this.options;
    // a log on the standard output takes the place of the result
    if (report === 'sarif' && reportFile === undefined) return;
    const { terminal } = this.surroundings;
    if (json) terminal.out(`${text()}\n`);
    else for (const line of lines) terminal.out(`${line}\n`);
  }

  diagnostic(entry: Diagnostic): void {
    const { positions, terminal } = this.surroundings;
    const severity = severityOf(entry);
    if (this.options.quiet && severity === 'note') return;
    const located = positions.locate(entry);
    if (this.options.report === 'sarif') {
      this.logged.push(located);
      return;
    }
    if (this.options.report === 'github') {
      terminal.err(`${githubAnnotation(located)}\n`);
      return;
    }
    if (this.options.json) {
      terminal.err(`${JSON.stringify({ type: 'diagnostic', severity, ...located })}\n`);
      return;
    }
    terminal.err(`${this.text(located)}\n`);
    if (terminal.isErrTerminal && severity !== 'note') this.frame(located);
  }

  /** Prints a mistake in the use of the command line, which has no code. */
  usage(message: string): void {
    this.breakdown = { kind: 'usage', message };
    if (this.options.json) this.surroundings.terminal.err(`${JSON.stringify({ type: 'usage', severity: 'error', message })}\n`);
  }

  /** Prints an unexpected error with its stack, for a bug report. */
  bug(error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const text = 'This is a bug in dms-ddl, please report it.';
    this.breakdown = { kind: 'bug', message: `${text} ${error instanceof Error ? error.message : String(error)}` };
    const { terminal } = this.surroundings;
    terminal.err(
      this.options.json
        ? `${JSON.stringify({ type: 'bug', severity: 'error', message: text, stack })}\n`
        : `${text}\n${stack}\n`,
    );
  }

  /** Prints one line of progress, rewritten in place; only on a terminal. */
  progress(text: string): void {
    if (this.showsProgress()) this.surroundings.terminal.err(`\r\u001b[K${this.colors.dim(text)}`);
  }

  /** Draws a progress table in place of the last one; only on a terminal. `table` gets the width of the terminal. */
  progressLines(lines: (columns: number) => readonly string[]): void {
    if (!this.showsProgress()) return;
    this.endProgress();
    const { terminal } = this.surroundings;
    const table = lines(terminal.columns || 80);
    terminal.err(table.map((line) => `${this.colors.dim(line)}\n`).join(''));
    this.drawnLines = table.length;
  }

  /** Whether results are for people; with `--json` they are objects. */
  isForPeople(): boolean {
    return !this.options.json;
  }

  /** Prints one JSON object on a line, with and without `--json`. */
  object(value: Readonly<Record<string, unknown>>): void {
    const { quiet, report, reportFile } = this.options;
    if (quiet || (report === 'sarif' && reportFile === undefined)) return;
    this.surroundings.terminal.out(`${JSON.stringify(value)}\n`);
  }

  /** Prints where to look next, on a terminal only. */
  hint(text: string): void {
    if (this.showsProgress()) this.surroundings.terminal.err(`${this.colors.dim(text)}\n`);
  }

  /** Prints a line for people that says why the command is waiting. */
  notice(text: string): void {
    if (this.options.json || this.options.quiet) return;
    this.endProgress();
    this.surroundings.terminal.err(`${this.colors.dim(text)}\n`);
  }

  endProgress(): void {
    if (!this.showsProgress()) return;
    // move up to the first line of the table, and clear everything below
    const table = this.drawnLines > 0 ? `\u001b[${this.drawnLines}F\u001b[J` : '';
    this.drawnLines = 0;
    this.surroundings.terminal.err(`\r\u001b[K${table}`);
  }

  /**
   * Writes the log of all diagnostics if one was requested. Call it when the command has ended, successfully or not. If the log
   * cannot be written, `plain` prints the diagnostics instead, and then the reason. Throws `OUTPUT_*`.
   */
  async finish(plain: Printer): Promise<void> {
    const { report, reportFile } = this.options;
    if (report !== 'sarif') return;
    const log = sarifLog(this.logged, this.surroundings.version, this.breakdown);
    const text = `${JSON.stringify(log, null, 2)}\n`;
    if (reportFile === undefined) return this.surroundings.terminal.out(text);
    try {
      await writeOutput('report', reportFile, text);
    } catch (error) {
      for (const entry of this.logged) plain.diagnostic(entry);
      throw error;
    }
  }

  private showsProgress(): boolean {
    return this.surroundings.terminal.isErrTerminal && !this.options.json && !this.options.quiet;
  }

  private text(entry: Diagnostic): string {
    const { red, yellow, cyan, bold } = this.colors;
    const paint = { error: red, warning: yellow, note: cyan };
    return formatDiagnostic(entry, (severity, text) => bold(paint[severity](text)));
  }

  private frame(entry: Diagnostic): void {
    const place = this.surroundings.positions.find(entry);
    if (place) this.surroundings.terminal.err(`${codeFrame(place, this.colors.isColorSupported)}\n`);
  }
}
