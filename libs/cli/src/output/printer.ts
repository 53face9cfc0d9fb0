import { writeFile } from 'node:fs/promises';
import { outputError } from '@dms/canonical-json';
import { type Diagnostic, formatDiagnostic, severityOf } from '@dms/diagnostics';
import type { SourcePositions } from '@dms/pipeline';
import pico from 'picocolors';
import type { Terminal } from '../terminal.ts';
import { codeFrame } from './code-frame.ts';
import { githubAnnotation } from './github-annotation.ts';
import { sarifLog } from './sarif-log.ts';

/** Forms of diagnostics for what reads them in pull requests. */
export const reportForms = ['sarif', 'github'] as const;

export type ReportForm = (typeof reportForms)[number];

/** How a run prints: the options that every command has. */
export interface OutputOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly report?: ReportForm | undefined;
  /** Where the SARIF log goes; otherwise the standard output, in place of the result. */
  readonly reportFile?: string | undefined;
}

export interface PrinterSurroundings {
  readonly terminal: Terminal;
  readonly positions: SourcePositions;
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Prints results for people or, with `--json`, one JSON object per line; diagnostics go to stderr, but for those of a SARIF log.
 * A diagnostic about an input file gets line and column here and, on a terminal, the lines around it.
 */
export class Printer {
  private readonly surroundings: PrinterSurroundings;
  private readonly options: OutputOptions;
  private readonly colors: ReturnType<typeof pico.createColors>;
  private readonly reported: Diagnostic[] = [];

  constructor(surroundings: PrinterSurroundings, options: OutputOptions) {
    this.surroundings = surroundings;
    this.options = options;
    // colour only on a terminal, and never against NO_COLOR (https://no-color.org)
    this.colors = pico.createColors(surroundings.terminal.isErrTerminal && !surroundings.environment.NO_COLOR);
  }

  /** A finished result: the lines for people, or `value` as JSON. */
  result(lines: readonly string[], value: Readonly<Record<string, unknown>>): void {
    this.documents(lines, () => JSON.stringify({ type: 'result', ...value }));
  }

  /** The same of what makes its JSON text itself, because its numbers keep their digits. */
  documents(lines: readonly string[], text: () => string): void {
    const { json, quiet, report, reportFile } = this.options;
    if (quiet || (report === 'sarif' && reportFile === undefined)) return;
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
      this.reported.push(located);
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

  /** A mistake in the use of the command line, which has no code. */
  usage(message: string): void {
    if (this.options.json) this.surroundings.terminal.err(`${JSON.stringify({ type: 'usage', severity: 'error', message })}\n`);
  }

  /** What was found outside of everything that is known: a stack, for a report. */
  bug(error: unknown): void {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const text = 'This is a bug in dms-ddl, please report it.';
    const { terminal } = this.surroundings;
    terminal.err(
      this.options.json
        ? `${JSON.stringify({ type: 'bug', severity: 'error', message: text, stack })}\n`
        : `${text}\n${stack}\n`,
    );
  }

  /** One line of progress, rewritten in place; only where somebody watches. */
  progress(text: string): void {
    if (this.showsProgress()) this.surroundings.terminal.err(`\r\u001b[K${this.colors.dim(text)}`);
  }

  /** A line that says why it takes so long, for people. */
  notice(text: string): void {
    if (this.options.json || this.options.quiet) return;
    this.endProgress();
    this.surroundings.terminal.err(`${this.colors.dim(text)}\n`);
  }

  endProgress(): void {
    if (this.showsProgress()) this.surroundings.terminal.err('\r\u001b[K');
  }

  /** The log of all diagnostics, where one is asked for; to be called when the command is done, well or not. */
  async finish(): Promise<void> {
    const { report, reportFile } = this.options;
    if (report !== 'sarif') return;
    const text = `${JSON.stringify(sarifLog(this.reported, this.surroundings.version), null, 2)}\n`;
    if (reportFile === undefined) this.surroundings.terminal.out(text);
    else await writeReport(reportFile, text);
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

/** Throws `OUTPUT_*`. */
async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw outputError(error, file);
  }
}
