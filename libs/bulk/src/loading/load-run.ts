import { type Diagnostic, fail } from '@dms/diagnostics';
import type { LoadInputs } from './load-inputs.ts';
import type { LoadOptions } from './load-options.ts';
import { type LoadProgress, type LoadReject, LoadTally } from './load-report.ts';
import { Turns } from './turns.ts';

/** Ends a run that must not continue after a reject. */
export class Stopped extends Error {}

/** What is known of a batch once it is written. */
export interface WrittenBatch {
  /** How many of its documents are stored. */
  readonly loaded: number;
  readonly rejects: readonly LoadReject[];
  readonly warnings: readonly Diagnostic[];
}

/** One run over all inputs: whether it goes on, and what it reports, in the order of its groups. */
export class LoadRun {
  readonly tally = new LoadTally();
  private readonly options: LoadOptions;
  private readonly inputs: Pick<LoadInputs, 'share'>;
  /** The groups whose reports are complete. */
  private readonly groups = new Turns();
  /** The notes that were passed on. */
  private readonly noted = new Set<string>();
  /** No other batch begins. */
  private isStopped = false;
  /** The rejects that ended the run are reported. */
  private hasEnded = false;

  constructor(inputs: Pick<LoadInputs, 'share'>, options: LoadOptions) {
    this.inputs = inputs;
    this.options = options;
  }

  get isContinued(): boolean {
    return this.options.isContinued === true;
  }

  /** Called before each batch. Throws `DB_CANCELLED`, and `Stopped` where no other batch may begin. */
  begin(resource: string): void {
    const { signal, bulk } = this.options;
    if (signal?.aborted)
      fail(
        'DB_CANCELLED',
        bulk
          ? 'Loading was cancelled; no document was loaded.'
          : 'Loading was cancelled; loaded documents stay. Run it again with --on-existing skip to continue.',
      );
    if (this.isStopped) throw new Stopped();
    this.progress('write', resource);
  }

  /** Says what the run does now. */
  progress(phase: LoadProgress['phase'], resource = ''): void {
    const { documents, total } = this.tally;
    const share = phase === 'write' ? this.inputs.share : 0;
    this.options.onProgress?.({ phase, resource, documents, rejected: total.rejected, share });
  }

  /** Lets no other batch begin. */
  stop(): void {
    this.isStopped = true;
  }

  /** The group at a position has nothing more to report. */
  pass(position: number): void {
    this.groups.pass(position);
  }

  /**
   * Passes on what a batch has to report, after the groups before it have ended. Where the run must not continue after a reject,
   * only the first batch with rejects is reported, and `Stopped` is thrown.
   */
  async report(position: number, { warnings, rejects }: WrittenBatch): Promise<void> {
    if (warnings.length === 0 && rejects.length === 0) return;
    await this.groups.come(position);
    if (this.hasEnded) throw new Stopped();
    for (const warning of warnings) this.warn(warning);
    this.hasEnded = rejects.length > 0 && !this.isContinued;
    for (const reject of rejects) await this.reject(reject);
    if (this.hasEnded) throw new Stopped();
  }

  /** Passes on a warning. A note is passed on for the first document only: it would say the same of every other. */
  private warn(warning: Diagnostic): void {
    if (warning.class === 'N') {
      const key = `${warning.code} ${warning.where.resource} ${warning.details.sourcePath}`;
      if (this.noted.has(key)) return;
      this.noted.add(key);
    }
    this.options.onDiagnostic?.(warning);
  }

  /** Counts and reports a reject. Throws `Stopped` where the run must not continue. */
  async rejectOrStop(reject: LoadReject): Promise<void> {
    await this.reject(reject);
    if (!this.isContinued) throw new Stopped();
  }

  private async reject(reject: LoadReject): Promise<void> {
    this.tally.add(reject.resource ?? reject.file, 'rejected');
    await this.options.onReject?.(reject);
  }
}
