import { type DocumentSchemas, resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { type Diagnostic, fail } from '@dms/diagnostics';
import type { DocumentPlans, OnExisting } from '@dms/documents';
import { checkDocument, openDocuments, type WriteGroup, writeGroups } from '@dms/documents';
import { promised, type QualifiedResourceName } from '@dms/model';
import { beginBulk, expectBulk } from '../bulk/bulk-session.ts';
import { type BulkWriterOptions, bulkWriter } from '../bulk/bulk-writer.ts';
import { mergedProblems, type SchemaCheck, schemaCheck } from '../checking/schema-check.ts';
import type { BatchOutcome, BatchWriter } from './batch-writer.ts';
import { type DocumentQueue, DocumentSpool, type InputDocument } from './document-spool.ts';
import { loadDescriptors } from './load-descriptors.ts';
import { LoadInputs } from './load-inputs.ts';
import { type LoadProgress, type LoadReject, type LoadSummary, LoadTally } from './load-report.ts';
import { loadSources } from './load-sources.ts';

export interface LoadOptions {
  /** `fail` by default. */
  readonly onExisting?: OnExisting | undefined;
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

/** The most documents of one transaction, and the most bytes of their texts. */
const batchLength = 500;
const batchBytes = 2_000_000;

/** Ends a run that must not continue after a reject. */
class Stopped extends Error {}

interface BatchDocument {
  readonly input: InputDocument;
  /** Null outside of a circle, and for an unreadable document. */
  readonly referentialId: string | null;
}

interface Batch {
  readonly documents: BatchDocument[];
  size: number;
  /** The referential ids of the documents, where others of the batch may refer to them. */
  readonly identities: Set<string>;
}

const emptyBatch = (): Batch => ({ documents: [], size: 0, identities: new Set() });

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

/** One run over all inputs. */
class Loading {
  private readonly plans: DocumentPlans;
  private readonly options: LoadOptions;
  private readonly spool: DocumentSpool;
  private readonly inputs: LoadInputs;
  private readonly tally: LoadTally;
  private readonly names: ReadonlyMap<string, QualifiedResourceName>;
  private readonly superclasses: ReadonlyMap<string, string>;
  private readonly schemaCheck: SchemaCheck | null;
  private isStopped = false;

  constructor(plans: DocumentPlans, inputs: LoadInputs, spool: DocumentSpool, tally: LoadTally, options: LoadOptions) {
    this.plans = plans;
    this.options = options;
    this.spool = spool;
    this.inputs = inputs;
    this.tally = tally;
    this.schemaCheck = options.schemas ? schemaCheck(options.schemas) : null;
    const { resources } = plans.mappingSet.model;
    this.names = new Map(resources.map(({ resourceKey }) => [resourceLabel(resourceKey), resourceKey]));
    this.superclasses = new Map(
      resources.flatMap(({ resourceKey, superclass }) =>
        superclass ? [[resourceLabel(resourceKey), resourceLabel(superclass.resource)] as const] : [],
      ),
    );
  }

  /** Compiles the schemas of all resources that have documents, before anything is written. */
  prepare(): void {
    for (const label of this.plans.labels) if (this.inputs.hasDocuments(label)) this.schemaCheck?.prepare(label);
  }

  /** Copies all documents in one transaction. If it ends early, no document stays. `watcher` is another session. */
  async copied(connection: Connection, watcher: Connection, options: BulkWriterOptions): Promise<void> {
    const present = new Set(this.plans.labels.filter((label) => this.inputs.hasDocuments(label)));
    const { documents, total } = this.tally;
    this.options.onProgress?.({ phase: 'wait', resource: '', documents, rejected: total.rejected, share: 0 });
    const session = await beginBulk(connection, this.plans, present, { watcher });
    try {
      const writer = bulkWriter(this.plans, session, options);
      await this.groups([writer]);
      await writer.flush();
      await session.finish();
    } catch (error) {
      await session.abandon();
      this.tally.takeBack(present);
      throw error;
    }
  }

  async descriptors(connection: Connection): Promise<void> {
    const { onExisting = 'fail', onDiagnostic = () => undefined } = this.options;
    const { mappingSet } = this.plans;
    await loadDescriptors(
      connection,
      mappingSet.model,
      this.inputs.allDescriptors(),
      onExisting,
      {
        done: (resource, outcome) => this.tally.add(resource, outcome),
        reject: (reject) => this.rejectOrStop(reject),
        warn: onDiagnostic,
        next: (resource) => this.begin(resource),
      },
      this.schemaCheck,
    );
  }

  /** Each store takes a group whose targets are written, until all groups are written. */
  async groups(stores: readonly BatchWriter[]): Promise<void> {
    const groups = writeGroups(this.plans.mappingSet.model);
    const done = new Set<number>();
    const waiting = new Set(groups.keys());
    const free = [...stores];
    const running = new Set<Promise<void>>();
    const start = (position: number, group: WriteGroup, store: BatchWriter) => {
      waiting.delete(position);
      const work: Promise<void> = this.group(store, group).then(() => {
        done.add(position);
        free.push(store);
        running.delete(work);
      });
      running.add(work);
    };
    try {
      while (waiting.size > 0 || running.size > 0) {
        for (const position of [...waiting]) {
          const group = promised(groups[position], 'a group of resources');
          if (!group.after.every((each) => done.has(each))) continue;
          const store = free.pop();
          if (!store) break;
          start(position, group, store);
        }
        await Promise.race(running);
      }
    } catch (error) {
      this.isStopped = true;
      // connections must not be closed while somebody uses them
      await Promise.allSettled(running);
      throw error;
    }
  }

  private async group(store: BatchWriter, { labels, isCircle }: WriteGroup): Promise<void> {
    const present = labels.filter((label) => this.inputs.hasDocuments(label));
    if (!isCircle) {
      for (const label of present) await this.all(store, label, this.inputs.documents(label), null);
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
        const documents = queue ? queue.read() : this.inputs.documents(label);
        const kept = { ...round, queue: this.spool.queue() };
        loaded += await this.all(store, label, documents, isLast ? null : kept);
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
   * documents of a circle which are not stored yet.
   */
  private async all(
    store: BatchWriter,
    label: string,
    documents: AsyncIterable<InputDocument>,
    kept: Kept | null,
  ): Promise<number> {
    const name = promised(this.names.get(label), label);
    let batch = emptyBatch();
    let loaded = 0;
    const flush = async () => {
      const full = batch;
      batch = emptyBatch();
      loaded += await this.batch(store, label, name, full.documents, kept);
    };
    for await (const input of documents) {
      const checked = kept && this.checked(name, input);
      if (kept && checked) {
        const { referentialId, superclassId, targets } = checked;
        // a document must come in a later batch than its targets and than earlier documents with its identity, so that the
        // order stays
        const before = [referentialId, ...targets.map((target) => target.referentialId)];
        if (before.some((id) => batch.identities.has(id))) await flush();
        if (kept.waiting.has(referentialId)) {
          kept.holding.add(referentialId);
          await kept.queue.add(input);
          continue;
        }
        batch.identities.add(referentialId);
        if (superclassId !== null) batch.identities.add(superclassId);
      }
      batch.documents.push({ input, referentialId: checked?.referentialId ?? null });
      batch.size += input.size;
      if (batch.documents.length >= batchLength || batch.size >= batchBytes) await flush();
    }
    await flush();
    return loaded;
  }

  private checked(name: QualifiedResourceName, { document }: InputDocument) {
    return checkDocument(this.plans, name, document, { ignoreUnknown: this.options.ignoreUnknown }).document;
  }

  private async batch(
    store: BatchWriter,
    label: string,
    name: QualifiedResourceName,
    documents: readonly BatchDocument[],
    kept: Kept | null,
  ): Promise<number> {
    if (documents.length === 0) return 0;
    this.begin(label);
    const { onExisting = 'fail' } = this.options;
    const outcomes = await this.outcomes(store, label, name, documents, onExisting);
    let stopped: Stopped | null = null;
    let loaded = 0;
    for (const [index, outcome] of outcomes.entries()) {
      const { input, referentialId } = promised(documents[index], 'a document of the batch');
      if (outcome.kind !== 'rejected') {
        this.tally.add(label, outcome.kind);
        loaded += 1;
        continue;
      }
      const waits = kept && referentialId !== null && outcome.problems.every((problem) => isMissing(problem, kept.own));
      if (waits && !kept.givenUp.delete(referentialId)) {
        kept.waiting.add(referentialId);
        await kept.queue.add(input);
        continue;
      }
      const { file, line, document, uuid = null } = input;
      try {
        await this.rejectOrStop({ file, line, resource: label, problems: outcome.problems, document, uuid });
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
        // the others of the batch are written, and count
        stopped = error;
      }
    }
    if (stopped) throw stopped;
    return loaded;
  }

  /** The outcomes of the documents of a batch. Documents that the schemas refuse are not sent to the database. */
  private async outcomes(
    store: BatchWriter,
    label: string,
    name: QualifiedResourceName,
    documents: readonly BatchDocument[],
    onExisting: OnExisting,
  ): Promise<readonly BatchOutcome[]> {
    const inputs = documents.map(({ input }) => input);
    const refused = (this.schemaCheck?.problems(label, inputs) ?? []).map((ofSchema, index): BatchOutcome | null => {
      if (ofSchema.length === 0) return null;
      const { document, file, line } = promised(inputs[index], 'a document of the batch');
      const { problems } = checkDocument(this.plans, name, document, {
        ignoreUnknown: this.options.ignoreUnknown,
        file,
        line,
      });
      const [first, ...others] = mergedProblems(problems, ofSchema);
      return { kind: 'rejected', problems: [promised(first, 'a problem of the schema'), ...others] };
    });
    const sent = inputs.filter((_, index) => !refused[index]);
    const written = await store.upsertBatch(name, sent, { onExisting });
    let position = 0;
    return inputs.map((_, index) => refused[index] ?? promised(written[position++], 'the outcome of a document'));
  }

  /** Counts and reports a reject. Throws `Stopped` where the run must not continue. */
  async rejectOrStop(reject: LoadReject): Promise<void> {
    this.tally.add(reject.resource ?? reject.file, 'rejected');
    await this.options.onReject?.(reject);
    if (this.options.isContinued !== true) throw new Stopped();
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
 * mapping set of `plans` (design 14 §4): descriptors first, then each resource after those that it refers to. Independent
 * resources use different connections; circles are loaded in rounds. Memory does not grow with the inputs. A document that
 * cannot be loaded is reported and does not affect others. Throws problems that are not about single documents: `DB_*`,
 * `INPUT_*`, `DOCUMENT_RESOURCE_UNKNOWN` of a file.
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
    const stores = connections.map((connection) =>
      openDocuments(connection, plans, { ignoreUnknown, onWarning: onDiagnostic }),
    );
    try {
      onProgress?.({ phase: 'read', resource: '', documents: 0, rejected: 0, share: 0 });
      await inputs.sort();
      loading.prepare();
      await loading.descriptors(connections[0]);
      if (bulk) await loading.copied(bulk, connections[0], { ignoreUnknown, onWarning: onDiagnostic });
      else await loading.groups(stores);
    } catch (error) {
      if (error instanceof Stopped) return tally.summary(true);
      throw error;
    }
    return tally.summary(false);
  });
}
