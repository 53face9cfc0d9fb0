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
  /** `fail` without it. */
  readonly onExisting?: OnExisting | undefined;
  /** Goes on after a reject; without it, loading ends with the batch of the first. */
  readonly isContinued?: boolean | undefined;
  /** Members and elements that the model does not have are left out, with a warning. */
  readonly ignoreUnknown?: boolean | undefined;
  /** What an API checks documents with (design 14 §1.1); only the model counts without them. */
  readonly schemas?: DocumentSchemas | undefined;
  /**
   * A session for copies (`forCopies`): all documents are copied in one transaction of it, or none (design 14 §8). Descriptors are
   * written before, as ever.
   */
  readonly bulk?: Connection | undefined;
  /** Called with the input files before anything of them is read. */
  readonly onFiles?: ((files: readonly string[]) => Promise<void>) | undefined;
  readonly onReject?: ((reject: LoadReject) => Promise<void> | void) | undefined;
  readonly onDiagnostic?: ((entry: Diagnostic) => void) | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Most documents of one transaction, and most bytes of their texts. */
const batchLength = 500;
const batchBytes = 2_000_000;

/** The end of a run that is not to go on after a reject. */
class Stopped extends Error {}

interface BatchDocument {
  readonly input: InputDocument;
  /** Null outside of a circle, and for a document that cannot be read. */
  readonly referentialId: string | null;
}

interface Batch {
  readonly documents: BatchDocument[];
  size: number;
  /** Under which the documents are found, where others of the batch may name them. */
  readonly identities: Set<string>;
}

const emptyBatch = (): Batch => ({ documents: [], size: 0, identities: new Set() });

/** One round over the resources of a circle. */
interface Round {
  /** The resources of the circle, and what is found through them. */
  readonly own: ReadonlySet<string>;
  /** Identities of documents that wait for the next round. Later documents of them wait as well: the last one is to stay. */
  readonly waiting: Set<string>;
  /** Those of them for which later documents wait. */
  readonly holding: Set<string>;
  /** Those whose next document does not wait again: nothing else was loaded in the round before. */
  readonly givenUp: Set<string>;
}

/** Where what waits of one resource is kept. */
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

  /** Copies all documents in one transaction. What ends it before its end leaves no document. */
  async copied(connection: Connection, options: BulkWriterOptions): Promise<void> {
    const present = new Set(this.plans.labels.filter((label) => this.inputs.hasDocuments(label)));
    const session = await beginBulk(connection, this.plans, present);
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

  /** Each store takes a group whose targets are written, until all are. */
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
      // connections are closed when nobody uses them any more
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
      // what is left when a round loads nothing is missing for good; what only waits for its sake is not
      givenUp = loaded === 0 ? round.holding : new Set();
      isLast = loaded === 0 && givenUp.size === 0;
      left = next;
    }
  }

  /** Writes documents of one resource in batches; returns how many are there then. `kept` takes what names documents of a circle that are not there yet. */
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
        // what a document names has to be there before it, as an earlier one of its identity: not in the same batch, so that the order stays
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
        // the others of the batch are written and count
        stopped = error;
      }
    }
    if (stopped) throw stopped;
    return loaded;
  }

  /** What becomes of the documents of a batch; those that the schemas refuse are not sent to the database. */
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

  /** Counts and tells a reject. Throws `Stopped` where the run is not to go on. */
  async rejectOrStop(reject: LoadReject): Promise<void> {
    this.tally.add(reject.resource ?? reject.file, 'rejected');
    await this.options.onReject?.(reject);
    if (this.options.isContinued !== true) throw new Stopped();
  }

  /** Before each batch. */
  private begin(resource: string): void {
    const { signal, onProgress } = this.options;
    if (signal?.aborted)
      fail(
        'DB_CANCELLED',
        this.options.bulk
          ? 'Loading was cancelled; no document was loaded.'
          : 'Loading was cancelled; what is loaded stays. Start it again with --on-existing skip to go on.',
      );
    if (this.isStopped) throw new Stopped();
    const { documents, total } = this.tally;
    onProgress?.({ phase: 'write', resource, documents, rejected: total.rejected, share: this.inputs.share });
  }
}

/** A reference to what another round may load. */
function isMissing({ code, details }: Diagnostic, own: ReadonlySet<string>): boolean {
  return code === 'DOCUMENT_REFERENCE_UNRESOLVED' && typeof details.target === 'string' && own.has(details.target);
}

/**
 * Loads the documents and descriptors of files and folders through connections of one database, which was provisioned for the
 * mapping set of `plans` (design 14 §4): descriptors first, then each resource after those that it names, independent ones on
 * different connections; what is in a circle in rounds. Memory does not grow with the inputs. A document that cannot be loaded is
 * told and costs only itself. Throws what is not about single documents: `DB_*`, `INPUT_*`, `DOCUMENT_RESOURCE_UNKNOWN` of a file.
 */
export async function loadDocuments(
  connections: readonly [Connection, ...Connection[]],
  plans: DocumentPlans,
  paths: readonly string[],
  options: LoadOptions = {},
): Promise<LoadSummary> {
  if (options.bulk) {
    expectBulk(options.bulk, plans);
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
      if (bulk) await loading.copied(bulk, { ignoreUnknown, onWarning: onDiagnostic });
      else await loading.groups(stores);
    } catch (error) {
      if (error instanceof Stopped) return tally.summary(true);
      throw error;
    }
    return tally.summary(false);
  });
}
