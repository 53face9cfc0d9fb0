import { expectNotCancelled, isCommitUnknown, withKept } from '@dms/databases';
import { counted, type Diagnostic } from '@dms/diagnostics';
import { diagnosticOfRow } from './document-feed.ts';
import { MergedKeys } from './load-descriptors.ts';
import type { LoadInputs } from './load-inputs.ts';
import { type LoadDocumentsOptions, type LoadProgress, type LoadReject, LoadTally } from './load-report.ts';

/** Ends a run that must not continue after a reject. */
export class Stopped extends Error {}

/** A reject with its place among all entries of the run. */
export interface NumberedReject {
  readonly number: number;
  readonly reject: LoadReject;
}

/** The number of rejects of a bulk load that may wait for documents before them. */
const heldLimit = 500;

/** The rejects and warnings of a written batch. */
export interface WrittenBatch {
  readonly rejects: readonly NumberedReject[];
  readonly warnings: readonly Diagnostic[];
}

/** One run over all inputs: decides whether it continues, and reports in the order of its groups. */
export class LoadReporter {
  readonly tally = new LoadTally();
  readonly kept = new KeptWork();
  readonly merged = new MergedKeys();
  private readonly options: LoadDocumentsOptions;
  private readonly inputs: Pick<LoadInputs, 'share'>;
  /** The groups whose reports are complete. */
  private readonly groups = new OrderedWork();
  /** The notes that were passed on. */
  private readonly noted = new Set<string>();
  /** Whether no other batch may begin. */
  private isStopped = false;
  /** Whether the rejects that ended the run are reported. */
  private hasEnded = false;
  private numbers = 0;
  /** Rejects of a bulk load: the database may still refuse documents before them. */
  private held: NumberedReject[] = [];
  /** Waits until all documents are written; only a bulk load writes documents later than it counts them. */
  private settle: (() => Promise<void>) | null = null;

  constructor(inputs: Pick<LoadInputs, 'share'>, options: LoadDocumentsOptions) {
    this.inputs = inputs;
    this.options = options;
  }

  get isContinued(): boolean {
    return this.options.isContinued === true;
  }

  /** The number of the next entry. */
  nextNumber(): number {
    this.numbers += 1;
    return this.numbers;
  }

  /** Makes rejects wait for documents before them, until {@link release}. */
  holdRejects(settle: () => Promise<void>): void {
    this.settle = settle;
  }

  /**
   * Waits for all documents and reports the rejects that are left. Throws `Stopped` where the run must not continue.
   */
  async settled(): Promise<void> {
    await this.settle?.();
    await this.release();
    if (this.isStopped) throw new Stopped();
  }

  hold(reject: NumberedReject): void {
    this.held.push(reject);
  }

  /** Reports the rejects up to a number, all by default, in the order of the entries. */
  async release(upTo = Number.POSITIVE_INFINITY): Promise<void> {
    const ready = this.held.filter(({ number }) => number <= upTo).sort((a, b) => a.number - b.number);
    this.held = this.held.filter(({ number }) => number > upTo);
    for (const { reject } of ready) await this.reject(reject);
  }

  /** Called before each batch. Throws `DB_CANCELLED`, and `Stopped` where no other batch may begin. */
  begin(resource: string): void {
    const { signal } = this.options;
    expectNotCancelled(signal, 'Loading was cancelled.');
    if (this.isStopped) throw new Stopped();
    this.progress('write', resource);
  }

  /** Reports the current activity of the run. */
  progress(phase: LoadProgress['phase'], resource = ''): void {
    const { documents, total } = this.tally;
    const share = phase === 'write' ? this.inputs.share : 0;
    this.options.onProgress?.({ phase, resource, documents, rejected: total.rejected, share });
  }

  /** Lets no other batch begin. */
  stop(): void {
    this.isStopped = true;
  }

  /** Called when the group at a position has nothing more to report. */
  endGroup(position: number): void {
    this.groups.release(position);
  }

  /**
   * Passes on the warnings and rejects of a batch, after the groups before it have ended. Where the run must not
   * continue after a reject, only the first batch with rejects is reported, and `Stopped` is thrown.
   */
  async report(position: number, { warnings, rejects }: WrittenBatch): Promise<void> {
    if (warnings.length === 0 && rejects.length === 0) return;
    await this.groups.waitFor(position);
    if (this.hasEnded) throw new Stopped();
    for (const warning of warnings) this.warn(warning);
    this.hasEnded = rejects.length > 0 && !this.isContinued;
    this.held.push(...rejects);
    if (this.settle && (this.hasEnded || this.held.length > heldLimit)) await this.settle();
    if (!this.settle || this.hasEnded || this.held.length > heldLimit) await this.release();
    if (this.hasEnded) throw new Stopped();
  }

  /** Passes on a warning. A note, which would be the same for each document, is passed on only once. */
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
    const { row, diagnostics } = reject;
    this.tally.add(reject.resource ?? row?.table ?? reject.file, 'rejected');
    if (row === undefined) return this.options.onReject?.(reject);
    const [first, ...others] = diagnostics;
    const ofRow = [
      diagnosticOfRow(first, row),
      ...others.map((diagnostic) => diagnosticOfRow(diagnostic, row)),
    ] as const;
    await this.options.onReject?.({ ...reject, diagnostics: ofRow });
  }
}

/**
 * The work that a load has committed so far. A transaction counts as soon as it is committed, not when its batch is
 * reported.
 */
export class KeptWork {
  documents = 0;
  descriptors = 0;
  keysChanged = 0;
  deleted = 0;

  private get parts(): readonly string[] {
    const counts: readonly (readonly [number, string])[] = [
      [this.documents, 'document'],
      [this.descriptors, 'descriptor'],
      [this.keysChanged, 'changed key'],
      [this.deleted, 'removed document'],
    ];
    return counts.flatMap(([count, what]) => (count > 0 ? [counted(count, what)] : []));
  }

  /**
   * Adds to a failure that ended the load the work that was committed before it, and how to go on (design 14a §1.2).
   * Other errors stay as they are.
   */
  toldBy(error: unknown, { bulk, onExisting }: Pick<LoadDocumentsOptions, 'bulk' | 'onExisting'>): unknown {
    const { parts } = this;
    const isUnknown = isCommitUnknown(error);
    if (parts.length === 0 && !isUnknown) return error;
    // documents that exist already are then skipped, or replaced by the same
    const isRefused = onExisting === undefined || onExisting === 'fail';
    const skip = isRefused && (isUnknown || this.documents > 0) ? ' with --on-existing skip' : '';
    const rest = bulk ? 'No document was loaded.' : 'The rest was not written.';
    const kept =
      parts.length === 0 ? [] : [`Written before that and kept: ${parts.join(', ')}.`, ...(isUnknown ? [] : [rest])];
    return withKept(error, [...kept, `Run it again${skip} to go on.`].join(' '));
  }
}

/** Lets pieces of work, numbered from 0, continue in the order of their numbers. */
export class OrderedWork {
  private current = 0;
  private readonly passed = new Set<number>();
  private waiting: { readonly number: number; readonly resume: () => void }[] = [];

  /** Resolves once all lower numbers have passed. */
  waitFor(number: number): Promise<void> {
    if (number <= this.current) return Promise.resolve();
    return new Promise((resume) => void this.waiting.push({ number, resume }));
  }

  /** Calls after the first have no effect. */
  release(number: number): void {
    if (number < this.current) return;
    this.passed.add(number);
    while (this.passed.delete(this.current)) this.current += 1;
    const ready = this.waiting.filter((each) => each.number <= this.current);
    this.waiting = this.waiting.filter((each) => each.number > this.current);
    for (const { resume } of ready) resume();
  }
}
