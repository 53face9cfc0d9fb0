import { resourceLabel } from '@dms/api-schema';
import { atOneMoment, type Connection, expectNotCancelled } from '@dms/databases';
import { append, type Diagnostic, fail, nearestName } from '@dms/diagnostics';
import {
  countedPage,
  type DocumentPlans,
  type DocumentStore,
  lostDocuments,
  openDocuments,
  readableDescriptors,
  scanDescriptors,
  type UnreadableDocument,
  writeOrder,
} from '@dms/documents';
import { modelIndex, type ResourceModel } from '@dms/model';
import { jsonText } from '@dms/values';
import { chunk } from 'es-toolkit/array';
import { DocumentFolder } from '../files/document-folder.ts';

/**
 * Writes the documents and descriptors of a database into a new folder, `<project>/<endpoint>.jsonl`, one per line and
 * by document id, so that loading them into an empty database gives equal documents (design 14a §1). All of them are
 * read as of one moment, where the database allows snapshots. Several connections read parts of a resource in parallel,
 * and the files stay the same. It reads page by page, or part by part, so memory does not grow with the database.
 * Documents with values that no document can hold, or without a root row, are left out and named. Throws `DDL_OUTPUT_NOT_EMPTY`, `OUTPUT_*`,
 * `DOCUMENT_RESOURCE_UNKNOWN`, `DB_*`.
 */
export function dumpDocuments(
  connection: Connection,
  plans: DocumentPlans,
  folder: string,
  { resources, since = -1n, more, onProgress, signal }: DumpDocumentsOptions = {},
): Promise<DocumentDump> {
  const chosen = chosenResources(plans, resources);
  const refused: UnreadableDocument[] = [];
  const reading: ReadRange = { since, onUnreadable: (document) => refused.push(document) };
  const writePages = async (output: DocumentFolder, label: string, pages: AsyncGenerator<Pages, void>) => {
    let documents = 0;
    await eachPage(pages, async (page) => {
      expectNotCancelled(signal, 'The dump was cancelled; nothing of it is left.');
      await output.addTexts(label, page);
      documents += page.length;
      onProgress?.(label, documents);
    });
    return documents;
  };
  const dump = async (
    output: DocumentFolder,
    session: Connection,
    others: readonly Connection[],
  ): Promise<DocumentDump> => {
    const opened = (each: Connection) => openDocuments(each, plans);
    const stores = [opened(session), ...others.map(opened)] as const;
    const dumped: DumpedResource[] = [];
    for (const resource of chosen) {
      const label = resourceLabel(resource.resourceKey);
      const pages =
        resource.storageKind === 'SharedDescriptorTable'
          ? descriptorPages(session, plans, resource, reading)
          : documentPages(stores, resource, reading);
      const documents = await writePages(output, label, pages);
      if (documents > 0) dumped.push({ resource: label, documents });
    }
    append(refused, await lostDocuments(session, plans, chosen, since));
    // parts are read in parallel
    const inOrder = refused.toSorted((a, b) => (BigInt(a.documentId) < BigInt(b.documentId) ? -1 : 1));
    return { resources: dumped, unreadable: inOrder.map(({ diagnostic }) => diagnostic) };
  };
  return DocumentFolder.write(folder, plans.mappingSet.model, (output) =>
    atOneMoment(connection, (session, others) => dump(output, session, others), more),
  );
}

/** The resources to dump: descriptors first, then each resource after those that it refers to. */
function chosenResources(plans: DocumentPlans, wanted: readonly string[] | undefined): ResourceModel[] {
  const { model } = plans.mappingSet;
  const { resources: byLabel } = modelIndex(model);
  for (const label of wanted ?? []) {
    if (byLabel.has(label)) continue;
    const { nearest, hint } = nearestName(label, [...byLabel.keys()]);
    const text = `The mapping set has no resource ${label}${hint}`;
    fail('DOCUMENT_RESOURCE_UNKNOWN', text, { resource: label }, { resource: label, nearest });
  }
  const descriptors = model.resources.filter(({ storageKind }) => storageKind === 'SharedDescriptorTable');
  const documents = writeOrder(model).flatMap((label) => byLabel.get(label) ?? []);
  const all = [...descriptors, ...documents];
  return wanted === undefined ? all : all.filter(({ resourceKey }) => wanted.includes(resourceLabel(resourceKey)));
}

async function eachPage(
  pages: AsyncGenerator<Pages, void>,
  use: (page: Pages[number]) => Promise<void>,
): Promise<void> {
  for await (const together of readAhead(pages)) for (const page of together) await use(page);
}

/** How many documents to read together. */
const pageSize = 1_000;

/** All descriptors of a resource by document id, page by page. */
async function* descriptorPages(
  connection: Connection,
  plans: DocumentPlans,
  { resourceKey }: ResourceModel,
  { since, onUnreadable }: ReadRange,
): AsyncGenerator<Pages, void> {
  for (let after = '0'; ; ) {
    const scan = { resourceKeyId: resourceKey.id, after, since: String(since), limit: pageSize };
    const rows = await scanDescriptors(connection, plans, scan);
    const found = await readableDescriptors(connection, resourceLabel(resourceKey), rows, { onUnreadable });
    yield [found.map(({ document }) => jsonText(document))];
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.DocumentId;
  }
}

const wholeRange: Range = { after: undefined, before: undefined };

/**
 * The most parts of a resource. As many parts as there are connections are in memory at a time, so parts must be small.
 */
const partCount = 4096;

/**
 * All documents of a resource by document id. Ranges are read in parallel and returned one after the other (design 14a
 * §1.3).
 */
async function* documentPages(
  stores: readonly [DocumentStore, ...DocumentStore[]],
  resource: ResourceModel,
  reading: ReadRange,
): AsyncGenerator<Pages, void> {
  const [first] = stores;
  if (stores.length === 1) {
    for await (const page of rangePages(first, resource, wholeRange, reading)) yield [page];
    return;
  }
  const ranges = rangesOf(await first.partition(resource.resourceKey, { count: partCount, minimumSize: pageSize }));
  for (const round of chunk(ranges, stores.length)) {
    const parts = await Promise.allSettled(
      round.map((range, index) => collected(rangePages(stores[index] ?? first, resource, range, reading))),
    );
    // thrown only now: the moment must not end while another session reads
    const pages = parts.flatMap((part) => {
      if (part.status === 'rejected') throw part.reason;
      return part.value;
    });
    yield pages;
  }
}

async function* rangePages(
  store: DocumentStore,
  { resourceKey }: ResourceModel,
  { after, before }: Range,
  { since, onUnreadable }: ReadRange,
) {
  for (let start = after; ; ) {
    const { found, last, count } = await countedPage(
      (takes) => store.scanTexts(resourceKey, { after: start, before, since, limit: pageSize, onUnreadable: takes }),
      onUnreadable,
    );
    yield found.map(({ document }) => document);
    if (last === undefined || count < pageSize) return;
    start = last;
  }
}

/**
 * The ranges between the first ids of parts. The first range starts at the beginning of the table and the last ends at
 * its end, even while others write.
 */
const rangesOf = (starts: readonly string[]): Range[] =>
  starts.map((start, index) => ({
    after: index === 0 ? undefined : String(BigInt(start) - 1n),
    before: starts[index + 1],
  }));

async function collected(pages: AsyncIterable<readonly string[]>): Promise<Pages> {
  const result: (readonly string[])[] = [];
  for await (const page of pages) result.push(page);
  return result;
}
/**
 * The items of a source; the next one is requested before one is returned, so that it comes while the consumer works. A
 * consumer that stops early waits until the source has ended.
 */
export async function* readAhead<Item>(source: AsyncGenerator<Item, void>): AsyncGenerator<Item, void> {
  let next = source.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = source.next();
      // reported when it is awaited
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    await next.catch(() => undefined);
    await source.return();
  }
}

interface DumpDocumentsOptions {
  /** `Project:Resource`, descriptors too; everything by default. */
  readonly resources?: readonly string[] | undefined;
  /** Only documents with a greater content version. */
  readonly since?: bigint | undefined;
  /**
   * Opens further connections to the same database, to read parts of a resource in parallel; called where they can see
   * the same moment.
   */
  readonly more?: (() => Promise<readonly Connection[]>) | undefined;
  readonly onProgress?: ((resource: string, documents: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A dump, and the diagnostics of documents that are missing in it: they have values that no document can hold, or no root row. */
interface DocumentDump {
  readonly resources: readonly DumpedResource[];
  readonly unreadable: readonly Diagnostic[];
}

interface DumpedResource {
  readonly resource: string;
  readonly documents: number;
}

/** The documents to read, and the receiver of those that cannot be read. */
interface ReadRange {
  readonly since: bigint;
  readonly onUnreadable: (document: UnreadableDocument) => void;
}

/** Documents of a resource from one id on, up to but not including another. */
interface Range {
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/** Pages of documents that were read together, as texts. */
type Pages = readonly (readonly string[])[];
