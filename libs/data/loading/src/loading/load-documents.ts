import { resourceLabel } from '@dms/api-schema';
import type { Connection } from '@dms/databases';
import { type DmsError, fail } from '@dms/diagnostics';
import { type DocumentPlans, openDocuments, schemaCheck, type WriteGroup, writeGroups } from '@dms/documents';
import { mustExist, type QualifiedResourceName, type RelationalModelSet } from '@dms/model';
import { beginBulk, expectBulk } from '../bulk/bulk-session.ts';
import { bulkWriter } from '../bulk/bulk-writer.ts';
import { ChangeApplication } from '../changes/apply-changes.ts';
import type { BatchRules } from './batch.ts';
import { type BatchWriter, type PooledWriter, pooledWriter, WriterPool } from './batch-writer.ts';
import type { DocumentFeed } from './document-feed.ts';
import { DocumentSpool } from './document-queue.ts';
import { loadCircle, WaitingDocuments, type WriteDocuments } from './load-circle.ts';
import { type DescriptorListener, loadDescriptors } from './load-descriptors.ts';
import { fileReject, LoadInputs } from './load-inputs.ts';
import type { LoadDocumentsOptions, LoadSummary, OnReject } from './load-report.ts';
import { LoadReporter, Stopped } from './load-reporter.ts';
import { loadSources } from './load-sources.ts';
import { withIndexPlans } from './plans-by-index.ts';
import { ResourceLoad } from './resource-load.ts';

/**
 * Loads the documents and descriptors of files and folders, or of a feed, through connections of one database, which
 * was provisioned for the mapping set of `plans` (design 14a §1): descriptors first, then each resource after those that
 * it refers to. Connections share independent resources and batches of one resource, and results do not depend on their
 * number; documents of a circle are loaded when the documents to which they refer are stored. Deletes and changed keys
 * of the input are applied before and after the documents (design 19a §11), which then replace those that exist by
 * default. Memory grows only with deletes and changed keys. A document that cannot be loaded is reported and does not
 * affect others. Throws diagnostics that are not about single documents: `DB_*`, `INPUT_*`, `DOCUMENT_RESOURCE_UNKNOWN`
 * of a file; they say what was written before the failure.
 */
export async function loadDocuments(
  connections: readonly [Connection, ...Connection[]],
  plans: DocumentPlans,
  input: readonly string[] | DocumentFeed,
  options: LoadDocumentsOptions = {},
): Promise<LoadSummary> {
  if (options.bulk) {
    expectBulk(options.bulk);
    if (options.onExisting === 'replace') {
      const text = 'load --bulk writes new documents only. Choose --on-existing fail or skip, or load without --bulk.';
      fail('LOAD_BULK_UNSUPPORTED', text, {}, { onExisting: 'replace' });
    }
  }
  const feed = 'finish' in input ? input : null;
  const unnamed: DmsError[] = [];
  const onUnnamed = options.isContinued ? (error: DmsError) => void unnamed.push(error) : undefined;
  const sources = 'finish' in input ? [] : await loadSources(plans.mappingSet.model, input, onUnnamed);
  await options.onFiles?.(sources.map(({ file }) => file));
  const { ignoreUnknown, onDiagnostic = () => undefined, bulk } = options;
  return DocumentSpool.use(async (spool) => {
    const inputs = new LoadInputs(plans.mappingSet.model, sources, spool, {
      ignoreUnknown,
      feed,
      onReject: (reject) => run.rejectOrStop(reject),
      onWarning: onDiagnostic,
    });
    const run: LoadReporter = new LoadReporter(inputs, options);
    const writers = (changes: ChangeApplication | null) =>
      connections.map((connection) =>
        pooledWriter((onWarning): BatchWriter => {
          const onCommitted = (count: number) => {
            run.kept.documents += count;
          };
          const store = openDocuments(connection, plans, { ignoreUnknown, onWarning, onCommitted });
          return changes?.writer(store) ?? store;
        }),
      );
    const writeAll = async (load: DocumentLoad, applied: ChangeApplication | null) => {
      await load.descriptors(connections[0], applied);
      if (bulk) {
        await load.inBulk(bulk, connections[0]);
        return;
      }
      await applied?.before();
      await load.groups(writers(applied));
      inputs.assertComplete();
      if (feed?.goesOn !== true) await applied?.after();
    };
    let changes: ChangeApplication | null = null;
    let loading: DocumentLoad | null = null;
    const summary = (isStopped: boolean): LoadSummary => {
      const { count } = run.merged;
      const counted = { ...run.tally.summary(isStopped), ...(count === 0 ? {} : { mergedKeys: count }) };
      return changes === null ? counted : { ...counted, changes: changes.counts };
    };
    try {
      run.progress('read');
      for (const error of unnamed)
        await run.rejectOrStop(fileReject(error, String(error.diagnostics[0].where.file), null));
      await inputs.sort();
      const recorded = inputs.changes;
      if (recorded !== null && bulk) {
        const text =
          'load --bulk writes new documents only, and the input has deletes and changed keys. Load it without --bulk.';
        fail('LOAD_BULK_UNSUPPORTED', text, {}, { changes: recorded.length });
      }
      const current = new DocumentLoad(plans, inputs, spool, run, options);
      loading = current;
      current.prepare();
      changes = recorded === null ? null : new ChangeApplication(connections[0], plans, recorded, run);
      const applied = changes;
      await applied?.assertDecided();
      await withIndexPlans(bulk ? [...connections, bulk] : connections, () => writeAll(current, applied));
    } catch (error) {
      if (error instanceof Stopped) return summary(true);
      throw run.kept.toldBy(error, { ...options, onExisting: loading?.rules.onExisting });
    }
    return summary(false);
  });
}

/**
 * The number of documents that a bulk load checks together. It has one transaction, so the number affects only memory:
 * that of a few documents is free again before Node moves it to where garbage stays longer.
 */
const bulkBatchLength = 50;

/** One run over all inputs. */
class DocumentLoad {
  private readonly plans: DocumentPlans;
  private readonly options: LoadDocumentsOptions;
  private readonly spool: DocumentSpool;
  private readonly inputs: LoadInputs;
  private readonly run: LoadReporter;
  private readonly names: ReadonlyMap<string, QualifiedResourceName>;
  private readonly superclasses: ReadonlyMap<string, string>;
  readonly rules: BatchRules;

  constructor(
    plans: DocumentPlans,
    inputs: LoadInputs,
    spool: DocumentSpool,
    run: LoadReporter,
    options: LoadDocumentsOptions,
  ) {
    this.plans = plans;
    this.options = options;
    this.spool = spool;
    this.inputs = inputs;
    this.run = run;
    const { ignoreUnknown, onExisting = inputs.changes === null ? 'fail' : 'replace', schemas } = options;
    const { onDiagnostic: onWarning = () => undefined } = options;
    this.rules = { plans, ignoreUnknown, onExisting, schemaCheck: schemas ? schemaCheck(schemas) : null, onWarning };
    const { resources } = plans.mappingSet.model;
    this.names = new Map(resources.map(({ resourceKey }) => [resourceLabel(resourceKey), resourceKey]));
    this.superclasses = superclassesOf(plans.mappingSet.model);
  }

  /** Compiles the schemas of all resources that have documents, before anything is written. */
  prepare(): void {
    for (const label of this.plans.labels) if (this.inputs.hasDocuments(label)) this.rules.schemaCheck?.prepare(label);
  }

  /** Writes all documents in one transaction. If it ends early, no document stays. `watcher` is another session. */
  async inBulk(connection: Connection, watcher: Connection): Promise<void> {
    const present = this.plans.labels.filter((label) => this.inputs.hasDocuments(label));
    const bytes = new Map(present.map((label) => [label, this.inputs.bytesOf(label)]));
    this.run.progress('wait');
    const { ignoreUnknown, postponedFrom } = this.options;
    const hasUuids = this.inputs.hasAnyUuids;
    const session = await beginBulk(connection, this.plans, bytes, {
      postponedFrom,
      hasUuids,
      watcher,
      onWarning: this.options.onDiagnostic,
    });
    try {
      const onWritten = (upTo: number) => this.run.release(upTo);
      const pooled = pooledWriter((onWarning) =>
        bulkWriter(this.plans, session, { ignoreUnknown, onWarning, onWritten }),
      );
      this.run.holdRejects(() => pooled.writer.flush());
      try {
        await this.groups([pooled]);
      } catch (error) {
        // a document before the one that ends the run may be refused too
        if (!(error instanceof Stopped)) throw error;
      }
      await this.run.settled();
      this.inputs.assertComplete();
      this.run.progress('check');
      await session.finish();
    } catch (error) {
      await session.abandon();
      this.run.tally.takeBack(present);
      throw error;
    }
  }

  async descriptors(connection: Connection, changes: ChangeApplication | null): Promise<void> {
    const { onDiagnostic = () => undefined } = this.options;
    const { mappingSet } = this.plans;
    const listener: DescriptorListener = {
      done: (resource, outcome, referentialId) => {
        this.run.tally.add(resource, outcome);
        changes?.keepDescriptor(referentialId);
      },
      reject: (reject) => this.run.rejectOrStop(reject),
      warn: onDiagnostic,
      merged: (referentialId) => this.run.merged.addDescriptor(referentialId),
      committed: (count) => {
        this.run.kept.descriptors += count;
      },
      next: (resource) => this.run.begin(resource),
    };
    const { onExisting, schemaCheck } = this.rules;
    const inputs = this.inputs.allDescriptors();
    await loadDescriptors(connection, mappingSet.model, inputs, { onExisting, listener, schemaCheck });
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
      const work: Promise<void> = this.group(group, pool, position)
        .finally(() => this.run.endGroup(position))
        .then(() => {
          done.add(position);
          running.delete(work);
        });
      running.add(work);
    };
    const startReady = () => {
      for (const position of [...waiting]) {
        const group = mustExist(groups[position], 'a group of resources');
        if (!group.after.every((each) => done.has(each))) continue;
        // the first group that is not done always runs, so those that wait to report after it do not wait for ever
        if (running.size >= pool.size) return;
        start(position, group);
      }
    };
    try {
      while (waiting.size > 0 || running.size > 0) {
        startReady();
        await Promise.race(running);
      }
    } catch (error) {
      this.run.stop();
      for (const position of waiting) this.run.endGroup(position);
      // connections must not be closed while somebody uses them
      await Promise.allSettled(running);
      throw error;
    }
  }

  private async group({ labels, isCircle }: WriteGroup, pool: WriterPool, position: number): Promise<void> {
    const { run, rules, options } = this;
    const { batchLength = options.bulk ? bulkBatchLength : undefined } = options;
    const write: WriteDocuments = (label, waiting, read) =>
      new ResourceLoad(label, mustExist(this.names.get(label), label), waiting, {
        run,
        rules,
        batchLength,
        pool,
        position,
      }).all(read);
    const present = labels.filter((label) => this.inputs.hasDocuments(label));
    const inputs = (label: string) => (refuse: OnReject) => this.inputs.documents(label, refuse);
    if (!isCircle) {
      for (const label of present) await write(label, null, inputs(label));
      return;
    }
    const own = new Set(labels.flatMap((label) => [label, this.superclasses.get(label) ?? label]));
    const waiting = new WaitingDocuments(own, () => this.spool.queue());
    try {
      await loadCircle(present, waiting, { write, inputs, settle: () => pool.flush(position) });
    } finally {
      await waiting.remove();
    }
  }
}

const superclassesOf = ({ resources }: RelationalModelSet): ReadonlyMap<string, string> =>
  new Map(
    resources.flatMap(({ resourceKey, superclass }) =>
      superclass ? [[resourceLabel(resourceKey), resourceLabel(superclass.resource)] as const] : [],
    ),
  );

/**
 * The groups in which resources are loaded (design 14a §1.2). Groups whose documents could take each other's identities
 * or uuids come after one another, so that it is always the later document that is refused.
 */
export function loadGroups(
  model: RelationalModelSet,
  inputs: Pick<LoadInputs, 'hasDocuments' | 'hasUuids'>,
): readonly WriteGroup[] {
  const superclasses = superclassesOf(model);
  /** The last group that takes identities of an abstract resource, or uuids. */
  const taken = new Map<string, number>();
  return writeGroups(model).map((group, position) => {
    const takes = group.labels
      .filter((label) => inputs.hasDocuments(label))
      .flatMap((label) => [superclasses.get(label) ?? [], inputs.hasUuids(label) ? ['uuids'] : []].flat());
    const before = takes.flatMap((each) => taken.get(each) ?? []);
    for (const each of takes) taken.set(each, position);
    return { ...group, after: [...group.after, ...before] };
  });
}
