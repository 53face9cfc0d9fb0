import { type DocumentSchemas, resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { type Diagnostic, fail } from '@dms/diagnostics';
import { type DocumentPlans, type IdTurn, type OnExisting, openDocuments, type WriteGroup } from '@dms/documents';
import { promised, type QualifiedResourceName } from '@dms/model';
import { beginBulk, expectBulk } from '../bulk/bulk-session.ts';
import { bulkWriter } from '../bulk/bulk-writer.ts';
import { schemaCheck } from '../checking/schema-check.ts';
import { Batch, type BatchEntry } from './batch.ts';
import { type BatchRules, batchOutcomes, checkedInput } from './batch-outcomes.ts';
import { type DocumentQueue, DocumentSpool, type InputDocument } from './document-spool.ts';
import { loadDescriptors } from './load-descriptors.ts';
import { loadGroups, superclassesOf } from './load-groups.ts';
import { LoadInputs } from './load-inputs.ts';
import { type LoadProgress, type LoadReject, type LoadSummary, LoadTally } from './load-report.ts';
import { loadSources } from './load-sources.ts';
import { OpenBatches } from './open-batches.ts';
import { Turns } from './turns.ts';
import { type PooledWriter, pooledWriter, WriterPool } from './writer-pool.ts';

export interface LoadOptions {
  /** `fail` by default. */
  readonly onExisting?: OnExisting | undefined;
  /** The most documents of one transaction; 500 by default. */
  readonly batchLength?: number | undefined;
  /** Continues after a reject; otherwise loading ends with the batch of the first reject. */
  readonly isContinued?: boolean | undefined;
  /** Members and elements that the model does not have are left out, with a warning. */
  readonly ignoreUnknown?: boolean | undefined;
  /** The schemas that an API checks documents with (design 14 §1.1); without them only the model is checked. */
  readonly schemas?: DocumentSchemas | undefined;
  /**
   * A session for copies (`forCopies`): it copies all documents in one transaction, or none (design 14 §8). Descriptors are
   * written before, as always.
   */
  readonly bulk?: Connection | undefined;
  /** Called with the input files before they are read. */
  readonly onFiles?: ((files: readonly string[]) => Promise<void>) | undefined;
  readonly onReject?: ((reject: LoadReject) => Promise<void> | void) | undefined;
  readonly onDiagnostic?: ((entry: Diagnostic) => void) | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Ends a run that must not continue after a reject. */
class Stopped extends Error {}

/** One round over the resources of a circle. */
interface Round {
  /** The resources of the circle, and the abstract resources that they belong to. */
  readonly own: ReadonlySet<string>;
  /**
   * Identities of documents that wait for the next round. Later documents with the same identity wait too, because the last one
   * must win.
   */
  readonly waiting: Set<string>;
  /** The identities for which later documents wait. */
  readonly holding: Set<string>;
  /** Identities whose next document must not wait again, because the previous round loaded nothing else. */
  readonly givenUp: Set<string>;
}

/** Where the waiting documents of a resource are kept. */
type Kept = Round & { readonly queue: DocumentQueue };

/** Takes an element of the input that cannot be read. */
type Refuse = (reject: LoadReject) => Promise<void>;

/** A group that is being loaded. */
interface GroupRun {
  readonly pool: WriterPool;
  readonly position: number;
}

interface BatchWork {
  readonly label: string;
  readonly name: QualifiedResourceName;
  readonly batch: Batch;
  readonly turn: IdTurn | undefined;
}

/** What is known of a batch once it is written. */
interface WrittenBatch {
  /** How many of its documents are stored. */
  readonly loaded: number;
  readonly rejects: readonly LoadReject[];
  readonly warnings: readonly Diagnostic[];
}

/** One run over all inputs. */
class Loading {
  private readonly plans: DocumentPlans;
  private readonly options: LoadOptions;
  private readonly spool: DocumentSpool;
  private readonly inputs: LoadInputs;
  private readonly tally: LoadTally;
  private readonly names: ReadonlyMap<string, QualifiedResourceName>;
  private readonly superclasses: ReadonlyMap<string, string>;
  private readonly rules: BatchRules;
  /** The groups whose reports are complete. */
  private readonly reports = new Turns();
  /** No other batch begins. */
  private isStopped = false;
  /** The rejects that ended the run are reported. */
  private hasEnded = false;

  constructor(plans: DocumentPlans, inputs: LoadInputs, spool: DocumentSpool, tally: LoadTally, options: LoadOptions) {
    this.plans = plans;
    this.options = options;
    this.spool = spool;
    this.inputs = inputs;
    this.tally = tally;
    const { ignoreUnknown, onExisting = 'fail', schemas } = options;
    this.rules = { plans, ignoreUnknown, onExisting, schemaCheck: schemas ? schemaCheck(schemas) : null };
    const { resources } = plans.mappingSet.model;
    this.names = new Map(resources.map(({ resourceKey }) => [resourceLabel(resourceKey), resourceKey]));
    this.superclasses = superclassesOf(plans.mappingSet.model);
  }

  /** Compiles the schemas of all resources that have documents, before anything is written. */
  prepare(): void {
    for (const label of this.plans.labels) if (this.inputs.hasDocuments(label)) this.rules.schemaCheck?.prepare(label);
  }

  /** Copies all documents in one transaction. If it ends early, no document stays. `watcher` is another session. */
  async copied(connection: Connection, watcher: Connection): Promise<void> {
    const present = new Set(this.plans.labels.filter((label) => this.inputs.hasDocuments(label)));
    const { documents, total } = this.tally;
    this.options.onProgress?.({ phase: 'wait', resource: '', documents, rejected: total.rejected, share: 0 });
    const session = await beginBulk(connection, this.plans, present, { watcher });
    try {
      const { ignoreUnknown } = this.options;
      const copier = pooledWriter((onWarning) => bulkWriter(this.plans, session, { ignoreUnknown, onWarning }));
      await this.groups([copier]);
      await copier.writer.flush();
      await session.finish();
    } catch (error) {
      await session.abandon();
      this.tally.takeBack(present);
      throw error;
    }
  }

  async descriptors(connection: Connection): Promise<void> {
    const { onDiagnostic = () => undefined } = this.options;
    const { mappingSet } = this.plans;
    await loadDescriptors(
      connection,
      mappingSet.model,
      this.inputs.allDescriptors(),
      this.rules.onExisting,
      {
        done: (resource, outcome) => this.tally.add(resource, outcome),
        reject: (reject) => this.rejectOrStop(reject),
        warn: onDiagnostic,
        next: (resource) => this.begin(resource),
      },
      this.rules.schemaCheck,
    );
  }

  /** Loads the groups, each after those that it refers to; as many at a time as there are writers. */
  async groups(writers: readonly PooledWriter[]): Promise<void> {
    const pool = new WriterPool(writers);
    const groups = loadGroups(this.plans.mappingSet.model, this.inputs);
    const done = new Set<number>();
    const waiting = new Set(groups.keys());
    const running = new Set<Promise<void>>();
    const start = (position: number, group: WriteGroup) => {
      waiting.delete(position);
      const work: Promise<void> = this.group({ pool, position }, group)
        .finally(() => this.reports.pass(position))
        .then(() => {
          done.add(position);
          running.delete(work);
        });
      running.add(work);
    };
    try {
      while (waiting.size > 0 || running.size > 0) {
        for (const position of [...waiting]) {
          const group = promised(groups[position], 'a group of resources');
          if (!group.after.every((each) => done.has(each))) continue;
          // the first group that is not done always runs, so those that wait to report after it do not wait for ever
          if (running.size >= pool.size) break;
          start(position, group);
        }
        await Promise.race(running);
      }
    } catch (error) {
      this.isStopped = true;
      for (const position of waiting) this.reports.pass(position);
      // connections must not be closed while somebody uses them
      await Promise.allSettled(running);
      throw error;
    }
  }

  private async group(run: GroupRun, { labels, isCircle }: WriteGroup): Promise<void> {
    const present = labels.filter((label) => this.inputs.hasDocuments(label));
    if (!isCircle) {
      for (const label of present) await this.all(run, label, (refuse) => this.inputs.documents(label, refuse), null);
      return;
    }
    const own = new Set(labels.flatMap((label) => [label, this.superclasses.get(label) ?? label]));
    let left = new Map<string, DocumentQueue>();
    let isLast = false;
    let givenUp = new Set<string>();
    for (let number = 1; ; number += 1) {
      const next = new Map<string, DocumentQueue>();
      const round: Round = { own, waiting: new Set(), holding: new Set(), givenUp };
      let loaded = 0;
      for (const label of present) {
        const queue = left.get(label);
        if (number > 1 && !queue) continue;
        const read = (refuse: Refuse) => queue?.read() ?? this.inputs.documents(label, refuse);
        const kept = { ...round, queue: this.spool.queue() };
        loaded += await this.all(run, label, read, isLast ? null : kept);
        await queue?.remove();
        if (kept.queue.length > 0) next.set(label, kept.queue);
      }
      if (next.size === 0) return;
      // when a round loads nothing, the remaining targets are missing for good; documents that only wait for order are not lost
      givenUp = loaded === 0 ? round.holding : new Set();
      isLast = loaded === 0 && givenUp.size === 0;
      left = next;
    }
  }

  /**
   * Writes documents of one resource in batches; returns how many are then stored. `kept` takes the documents that refer to
   * documents of a circle which are not stored yet. Without it, several batches are written at the same time.
   */
  private async all(
    { pool, position }: GroupRun,
    label: string,
    read: (refuse: Refuse) => AsyncIterable<InputDocument>,
    kept: Kept | null,
  ): Promise<number> {
    const name = promised(this.names.get(label), label);
    const turns = new Turns();
    const isShared = pool.size > 1 && !kept;
    const newBatch = () => new Batch(this.options.batchLength);
    let [batch, number, loaded] = [newBatch(), 0, 0];
    const open = new OpenBatches<WrittenBatch>(kept ? 0 : 2 * pool.size - 1, async (written) => {
      loaded += written.loaded;
      await this.report(position, written);
    });
    const flush = async () => {
      const full = batch;
      batch = newBatch();
      if (full.isEmpty) return;
      // an earlier document of an identity must be written first
      await open.without(full.keys);
      const writer = await pool.take(position);
      const own = number;
      number += 1;
      const turn = isShared ? { come: () => turns.come(own), pass: () => turns.pass(own) } : undefined;
      const done = this.written(writer, { label, name, batch: full, turn }, kept).finally(() => {
        turns.pass(own);
        pool.giveBack(writer);
      });
      await open.add(full.keys, done);
    };
    const add = async (entry: BatchEntry) => {
      batch.add(entry);
      if (batch.isFull) await flush();
    };
    const refuse = async (reject: LoadReject) => {
      await add({ kind: 'unreadable', reject });
      if (this.options.isContinued === true) return;
      await flush();
      await open.finish();
    };
    try {
      for await (const input of read(refuse)) {
        const checked = kept || isShared ? checkedInput(this.rules, name, input) : null;
        if (kept && checked?.document) {
          const { referentialId, targets } = checked.document;
          // a document must come in a later batch than its targets and than earlier documents with its identity, so that the
          // order stays
          const before = [referentialId, ...targets.map((target) => target.referentialId)];
          if (before.some((id) => batch.keys.has(id))) await flush();
          if (kept.waiting.has(referentialId)) {
            kept.holding.add(referentialId);
            await kept.queue.add(input);
            continue;
          }
        }
        await add({ kind: 'document', input, checked });
      }
      await flush();
    } catch (error) {
      await open.finish().catch(() => undefined);
      throw error;
    }
    await open.finish();
    return loaded;
  }

  /** Writes a batch and counts the documents that are then stored. Other documents are rejected, or wait for the next round. */
  private async written(
    { writer, warnings }: PooledWriter,
    { label, name, batch, turn }: BatchWork,
    kept: Kept | null,
  ): Promise<WrittenBatch> {
    this.begin(label);
    const outcomes = await batchOutcomes(this.rules, writer, label, name, batch.documents, turn);
    const rejects: LoadReject[] = [];
    let [position, loaded] = [0, 0];
    for (const entry of batch.entries) {
      if (entry.kind === 'unreadable') {
        rejects.push(entry.reject);
        continue;
      }
      const outcome = promised(outcomes[position++], 'the outcome of a document');
      if (outcome.kind !== 'rejected') {
        this.tally.add(label, outcome.kind);
        loaded += 1;
        continue;
      }
      const { input, checked } = entry;
      const id = checked?.document?.referentialId;
      const waits = kept && id !== undefined && outcome.problems.every((problem) => isMissing(problem, kept.own));
      if (waits && !kept.givenUp.delete(id)) {
        kept.waiting.add(id);
        await kept.queue.add(input);
        continue;
      }
      const { file, line, document, uuid = null } = input;
      rejects.push({ file, line, resource: label, problems: outcome.problems, document, uuid });
    }
    // before the batch is reported, so that no other begins
    if (rejects.length > 0 && this.options.isContinued !== true) this.isStopped = true;
    return { loaded, rejects, warnings: warnings.splice(0) };
  }

  /**
   * Passes on what a batch has to report, after the groups before it have ended. Where the run must not continue after a reject,
   * only the first batch with rejects is reported, and `Stopped` is thrown.
   */
  private async report(position: number, { warnings, rejects }: WrittenBatch): Promise<void> {
    if (warnings.length === 0 && rejects.length === 0) return;
    await this.reports.come(position);
    if (this.hasEnded) throw new Stopped();
    for (const warning of warnings) this.options.onDiagnostic?.(warning);
    this.hasEnded = rejects.length > 0 && this.options.isContinued !== true;
    for (const reject of rejects) await this.reject(reject);
    if (this.hasEnded) throw new Stopped();
  }

  /** Counts and reports a reject. Throws `Stopped` where the run must not continue. */
  async rejectOrStop(reject: LoadReject): Promise<void> {
    await this.reject(reject);
    if (this.options.isContinued !== true) throw new Stopped();
  }

  private async reject(reject: LoadReject): Promise<void> {
    this.tally.add(reject.resource ?? reject.file, 'rejected');
    await this.options.onReject?.(reject);
  }

  /** Called before each batch. */
  private begin(resource: string): void {
    const { signal, onProgress } = this.options;
    if (signal?.aborted)
      fail(
        'DB_CANCELLED',
        this.options.bulk
          ? 'Loading was cancelled; no document was loaded.'
          : 'Loading was cancelled; loaded documents stay. Run it again with --on-existing skip to continue.',
      );
    if (this.isStopped) throw new Stopped();
    const { documents, total } = this.tally;
    onProgress?.({ phase: 'write', resource, documents, rejected: total.rejected, share: this.inputs.share });
  }
}

/** Whether a reference leads to a document that another round may load. */
function isMissing({ code, details }: Diagnostic, own: ReadonlySet<string>): boolean {
  return code === 'DOCUMENT_REFERENCE_UNRESOLVED' && typeof details.target === 'string' && own.has(details.target);
}

/**
 * Loads the documents and descriptors of files and folders through connections of one database, which was provisioned for the
 * mapping set of `plans` (design 14 §4): descriptors first, then each resource after those that it refers to. Connections share
 * independent resources and batches of one resource, and results do not depend on their number; circles are loaded in rounds.
 * Memory does not grow with the inputs. A document that cannot be loaded is reported and does not affect others. Throws problems
 * that are not about single documents: `DB_*`, `INPUT_*`, `DOCUMENT_RESOURCE_UNKNOWN` of a file.
 */
export async function loadDocuments(
  connections: readonly [Connection, ...Connection[]],
  plans: DocumentPlans,
  paths: readonly string[],
  options: LoadOptions = {},
): Promise<LoadSummary> {
  if (options.bulk) {
    expectBulk(options.bulk);
    if (options.onExisting === 'replace') {
      const text = 'load --bulk writes new documents only. Choose --on-existing fail or skip, or load without --bulk.';
      fail('LOAD_BULK_UNSUPPORTED', text, {}, { onExisting: 'replace' });
    }
  }
  const sources = await loadSources(plans.mappingSet.model, paths);
  await options.onFiles?.(sources.map(({ file }) => file));
  const { ignoreUnknown, onDiagnostic = () => undefined, onProgress, bulk } = options;
  const tally = new LoadTally();
  return DocumentSpool.use(async (spool) => {
    const inputs = new LoadInputs(plans.mappingSet.model, sources, spool, {
      ignoreUnknown,
      onReject: (reject) => loading.rejectOrStop(reject),
      onWarning: onDiagnostic,
    });
    const loading: Loading = new Loading(plans, inputs, spool, tally, options);
    const writers = connections.map((connection) =>
      pooledWriter((onWarning) => openDocuments(connection, plans, { ignoreUnknown, onWarning })),
    );
    try {
      onProgress?.({ phase: 'read', resource: '', documents: 0, rejected: 0, share: 0 });
      await inputs.sort();
      loading.prepare();
      await loading.descriptors(connections[0]);
      if (bulk) await loading.copied(bulk, connections[0]);
      else await loading.groups(writers);
    } catch (error) {
      if (error instanceof Stopped) return tally.summary(true);
      throw error;
    }
    return tally.summary(false);
  });
}
