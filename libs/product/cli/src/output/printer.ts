import { codeFrameColumns } from '@babel/code-frame';
import {
  codeAddress,
  counted,
  type Diagnostic,
  type DiagnosticCode,
  formatDiagnostic,
  printableColumns,
  printableJson,
  printableLines,
  severityOf,
} from '@dms/diagnostics';
import { writeOutput } from '@dms/files';
import { mayHoldPassword, type SourcePlace, type SourcePositions } from '@dms/operations';
import { groupBy } from '@dms/values';
import pico from 'picocolors';
import type { Terminal } from '../terminal.ts';
import { type Breakdown, githubAnnotation, sarifLog } from './pull-request-reports.ts';

/** Number of lines to show before and after the marked one. */
const around = 2;

/** The maximum number of characters shown of a line: a minified file has only one line. */
const width = 120;

/**
 * Prints results for people or, with `--json`, as one JSON object per line. Diagnostics are printed on stderr, unless
 * they are part of a SARIF log. A diagnostic about an input file gets its line and column here and, on a terminal, the
 * lines around it. All text passes through here and loses characters that would control a terminal (design 09 §1.3);
 * only `documents` are printed unchanged.
 */
export class Printer {
  private readonly surroundings: PrinterSurroundings;
  private readonly options: OutputOptions;
  private readonly colors: ReturnType<typeof pico.createColors>;
  private readonly logged: Diagnostic[] = [];
  private breakdown: Breakdown | undefined;
  private place: string | undefined;
  /** The number of lines of the progress table above the cursor. */
  private drawnLines = 0;
  /** Whether the line of the cursor shows progress. */
  private hasProgress = false;

  constructor(surroundings: PrinterSurroundings, options: OutputOptions) {
    this.surroundings = surroundings;
    this.options = options;
    this.colors = pico.createColors(hasColor(surroundings.environment, surroundings.terminal.isErrTerminal));
  }

  /** Sets the file or folder that the command works on: the place of results of a log that have none of their own. */
  worksOn(place: string | undefined): void {
    this.place = place;
  }

  /** Prints what was done: the lines for people, or `value` as JSON. */
  result(lines: readonly string[], value: Readonly<Record<string, unknown>>): void {
    if (!this.options.quiet) this.answer(lines, value);
  }

  /** Prints the requested result in the same way, even with `--quiet`. */
  answer(lines: readonly string[], value: Readonly<Record<string, unknown>>): void {
    this.documents(lines.map(this.shown), () => this.json({ type: 'result', ...value }));
  }

  /** Prints the content of a file: data of a database or of schemas, unchanged. `text` renders its JSON text itself. */
  documents(lines: readonly string[], text: () => string): void {
    const { json, report, reportFile } = this.options;
    // a log on the standard output replaces the result
    if (report === 'sarif' && reportFile === undefined) return;
    const { terminal } = this.surroundings;
    if (json) terminal.out(`${text()}\n`);
    else for (const line of lines) terminal.out(`${line}\n`);
  }

  /**
   * Prints diagnostics. Notes that follow from the schema set alone are the same at every run, so people see only their
   * number unless they ask for them.
   */
  diagnostics(entries: readonly Diagnostic[]): void {
    const { json, quiet, report, notes } = this.options;
    const isCounted = ({ code }: Diagnostic) =>
      !notes && !json && report === undefined && Object.hasOwn(countedNotes, code);
    for (const entry of entries) if (!isCounted(entry)) this.diagnostic(entry);
    if (quiet) return;
    for (const [subject, { length }] of groupBy(entries.filter(isCounted), ({ code }) => countedNotes[code] ?? '')) {
      const text = `${counted(length, 'note')} about ${subject}; --notes shows ${length === 1 ? 'it' : 'them'}`;
      this.surroundings.terminal.err(`${this.colors.cyan(text)}\n`);
    }
  }

  diagnostic(entry: Diagnostic): void {
    const { positions, terminal } = this.surroundings;
    const severity = severityOf(entry);
    if (this.options.quiet && severity === 'note') return;
    const shown = positions.locate(entry);
    if (this.options.report === 'sarif') {
      this.logged.push(shown);
      return;
    }
    if (this.options.report === 'github') {
      terminal.err(`${githubAnnotation(shown)}\n`);
      return;
    }
    if (this.options.json) {
      terminal.err(`${this.json({ type: 'diagnostic', severity, ...shown })}\n`);
      return;
    }
    terminal.err(`${this.text(shown)}\n`);
    if (terminal.isErrTerminal && severity !== 'note') this.frame(shown);
  }

  /** Records a mistake in the use of the command line, whose message has already been printed for people. */
  usage(code: DiagnosticCode, message: string): void {
    this.breakdown = { kind: 'usage', code, message };
    if (this.options.json)
      this.surroundings.terminal.err(`${this.json({ type: 'usage', severity: 'error', code, message })}\n`);
  }

  /** Prints an unexpected error with its stack, for a bug report. */
  bug(error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const text = 'This is a bug in dms-ddl, please report it.';
    const { terminal } = this.surroundings;
    this.breakdown = {
      kind: 'bug',
      message: `${text} ${error instanceof Error ? error.message : String(error)}`,
    };
    terminal.err(
      this.options.json
        ? `${this.json({ type: 'bug', severity: 'error', message: text, stack })}\n`
        : `${text}\n${this.shown(stack)}\n`,
    );
  }

  /** Prints one line of progress, rewritten in place; only on a terminal. */
  progress(text: string): void {
    if (!this.showsProgress()) return;
    this.hasProgress = true;
    this.surroundings.terminal.err(`\r\u001b[K${this.colors.dim(this.shown(text))}`);
  }

  /** Draws a progress table in place of the last one; only on a terminal. `table` gets the width of the terminal. */
  progressLines(lines: (columns: number) => readonly string[]): void {
    if (!this.showsProgress()) return;
    this.endProgress();
    const { terminal } = this.surroundings;
    const table = lines(terminal.columns || 80);
    terminal.err(table.map((line) => `${this.colors.dim(this.shown(line))}\n`).join(''));
    this.drawnLines = table.length;
  }

  /** Whether results are printed for people; with `--json` they are objects. */
  isForPeople(): boolean {
    return !this.options.json;
  }

  /** Prints one JSON object on a line, with and without `--json`. */
  object(value: Readonly<Record<string, unknown>>): void {
    const { quiet, report, reportFile } = this.options;
    if (quiet || (report === 'sarif' && reportFile === undefined)) return;
    this.surroundings.terminal.out(`${this.json(value)}\n`);
  }

  /** Prints a hint about the next step, on a terminal only. */
  hint(text: string): void {
    if (this.showsProgress()) this.surroundings.terminal.err(`${this.colors.dim(this.shown(text))}\n`);
  }

  /** Prints a line for people about the reason why the command is waiting. */
  notice(text: string): void {
    if (this.options.json || this.options.quiet) return;
    this.endProgress();
    this.surroundings.terminal.err(`${this.colors.dim(this.shown(text))}\n`);
  }

  endProgress(): void {
    if (!this.showsProgress() || (!this.hasProgress && this.drawnLines === 0)) return;
    // move up to the first line of the table, and clear everything below
    const table = this.drawnLines > 0 ? `\u001b[${this.drawnLines}F\u001b[J` : '';
    this.drawnLines = 0;
    this.hasProgress = false;
    this.surroundings.terminal.err(`\r\u001b[K${table}`);
  }

  /**
   * Writes the log of all diagnostics if one was requested. Call it when the command has ended, successfully or not. If
   * the log cannot be written, `plain` prints the diagnostics instead, and then the reason.
   */
  async finish(plain: Printer): Promise<void> {
    const { report, reportFile } = this.options;
    if (report !== 'sarif') return;
    const log = sarifLog(this.logged, { ...this.surroundings, place: this.place }, this.breakdown);
    const text = `${printableJson(JSON.stringify(log, null, 2))}\n`;
    if (reportFile === undefined) return this.surroundings.terminal.out(text);
    try {
      await writeOutput('report', reportFile, text);
    } catch (error) {
      for (const entry of this.logged) plain.diagnostic(entry);
      throw error;
    }
  }

  /** A text for people. */
  private readonly shown = (text: string): string => printableLines(text);

  /** An object for programs. */
  private json(value: Readonly<Record<string, unknown>>): string {
    return printableJson(JSON.stringify(value));
  }

  private showsProgress(): boolean {
    return this.surroundings.terminal.isErrTerminal && !this.options.json && !this.options.quiet;
  }

  private text(entry: Diagnostic): string {
    const { red, yellow, cyan, bold } = this.colors;
    const paint = { error: red, warning: yellow, note: cyan };
    return formatDiagnostic(entry, (severity, text) => this.linked(bold(paint[severity](text)), entry.code));
  }

  /** A text that a terminal shows as a link to the meaning of a code (OSC 8); unchanged for other outputs. */
  private linked(text: string, code: string): string {
    const { codesPage, environment, terminal } = this.surroundings;
    const isShown = terminal.isErrTerminal && this.colors.isColorSupported && environment.TERM !== 'dumb';
    if (codesPage === undefined || !isShown) return text;
    return `\u001b]8;;${codeAddress(codesPage, code)}\u001b\\${text}\u001b]8;;\u001b\\`;
  }

  private frame(entry: Diagnostic): void {
    const place = this.surroundings.positions.find(entry);
    if (place) this.surroundings.terminal.err(`${codeFrame(place, this.colors.isColorSupported)}\n`);
  }
}

/**
 * Whether diagnostics are coloured: on a terminal, unless the environment says otherwise. `NO_COLOR`
 * (https://no-color.org) wins over `FORCE_COLOR` (https://force-color.org), whose values `0` and `false` mean no
 * colour.
 */
function hasColor(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force } = environment;
  if (no) return false;
  return force ? !/^(?:0|false)$/i.test(force) : isTerminal;
}

/** The lines around a place in a source text, numbered, with a mark under it. */
export function codeFrame({ line, column, endColumn, lines }: SourcePlace, isColored: boolean): string {
  // show only the relevant part of a long line
  const from = column > width - 20 ? column - Math.floor(width / 3) : 0;
  const first = Math.max(1, line - around);
  const shown = lines.slice(first - 1, line + around).map((text) =>
    // a line may hold a connection of a `dms.json`
    mayHoldPassword(text)
      ? '(not shown: it may hold a password)'
      : printableColumns(text.slice(from, from + width), '\ufffd'),
  );
  const end = Math.min(endColumn, from + width + 1);
  const marked = { start: { line, column: column - from }, end: { line, column: Math.max(end, column + 1) - from } };
  // the published types lack the option for the number of the first line
  const options = { startLine: first, linesAbove: around, linesBelow: around, forceColor: isColored };
  return codeFrameColumns(shown.join('\n'), marked, options);
}

/** Forms of diagnostics for tools that show them in pull requests. */
export const reportForms = ['sarif', 'github'] as const;

export type ReportForm = (typeof reportForms)[number];

/** The options that every command has: how the run prints. */
export interface OutputOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  /** Whether notes that are the same at every run are printed, in place of their number. */
  readonly notes?: boolean | undefined;
  readonly report?: ReportForm | undefined;
  /** The file for the SARIF log; otherwise it is printed on the standard output in place of the result. */
  readonly reportFile?: string | undefined;
}

interface PrinterSurroundings {
  readonly terminal: Terminal;
  readonly positions: SourcePositions;
  readonly version: string;
  /** The page with the meanings of the codes, if this version has one. */
  readonly codesPage?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Notes that follow from the schema set alone, with their subjects. */
const countedNotes: Readonly<Partial<Record<DiagnosticCode, string>>> = {
  PROPAGATION_COVERED: 'SQL Server',
  PROPAGATION_FALLBACK: 'SQL Server',
  PROPAGATION_CUT: 'SQL Server',
};
