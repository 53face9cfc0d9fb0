import { labelledResource } from '@dms/api-schema';
import { type Connection, committed, rowsOf } from '@dms/databases';
import { append, mostShown } from '@dms/diagnostics';
import {
  type DocumentStore,
  defaultRandom,
  documentPlans,
  type GeneratedDescriptor,
  type GeneratedDocument,
  generateDocuments,
  insertDescriptors,
  openDocuments,
  referentialIdOf,
  writeOrder,
} from '@dms/documents';
import type { Inventory } from '@dms/inventory';
import { core, modelIndex, mustExist, qualified, type RelationalModelSet } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import { dialectOf, join } from '@dms/sql';
import { canonicalText, groupBy, type JsonObject } from '@dms/values';
import { chunk, partition } from 'es-toolkit/array';
import { generations } from '../generations.ts';
import type { DocumentFailure, DocumentRoundTrips } from '../verification-report.ts';

/** The seed of the generated documents, which are the same in every run. */
const seed = 20_260_101;

interface RoundTripOptions {
  /** Random documents per resource. */
  readonly random?: number | undefined;
  /** The resources whose documents are tried; those of others count as tried. All by default. */
  readonly tried?: ReadonlySet<string> | undefined;
}

/** A document, and the uuid that the database gave it. */
interface Sample {
  readonly generated: GeneratedDocument;
  uuid: string;
  /** Whether parts were left out, so that the document may be refused. */
  readonly isPartial?: boolean;
}

/** A document with a reference to a document that does not exist. */
interface Unresolved {
  readonly sample: Sample;
  readonly message: string;
}

/** The rows of generated descriptors, in the form for `insertDescriptors`. */
export const descriptorRows = (descriptors: readonly GeneratedDescriptor[]) =>
  descriptors.map((descriptor) => ({
    resource: labelledResource(descriptor.resource),
    namespace: textOf(descriptor, 'namespace'),
    codeValue: textOf(descriptor, 'codeValue'),
    shortDescription: textOf(descriptor, 'shortDescription'),
  }));

/** A text member of a descriptor. */
const textOf = ({ document }: GeneratedDescriptor, member: string) => {
  const value = document.get(member);
  return typeof value === 'string' ? value : '';
};

/**
 * Writes items in rounds, the items of a resource together and targets first. `write` returns the items that must wait
 * for documents of a later resource. Returns the items that still wait when a round writes nothing.
 */
export async function writeInRounds<Item>(
  order: readonly string[],
  items: readonly Item[],
  resourceOf: (item: Item) => string,
  write: (resource: string, items: readonly Item[]) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  for (let waiting = items; waiting.length > 0; ) {
    const later: Item[] = [];
    const byResource = groupBy(waiting, resourceOf);
    for (const resource of order) append(later, await write(resource, byResource.get(resource) ?? []));
    if (later.length === waiting.length) return later;
    waiting = later;
  }
  return [];
}

/**
 * Runs the plans of every resource (design 14 §4): writes documents of all shapes, reads them back, replaces each by
 * the next shape, reads them back, and removes all. Where the database stores no referential ids, all are also found by
 * their keys. Before, the database holds no documents; afterwards, only descriptors, if any document was tried.
 */
export async function checkDocumentRoundTrips(
  connection: Connection,
  model: RelationalModelSet,
  inventory: Inventory,
  { random = defaultRandom, tried }: RoundTripOptions = {},
): Promise<DocumentRoundTrips> {
  const { descriptors, documents, skipped } = generateDocuments(model, seed, { random });
  const [made, known] = partition(documents, ({ resource }) => tried?.has(resource) ?? true);
  const samples = made.map((generated): Sample => ({ generated, uuid: '' }));
  const { written, replaced, failures } =
    tried?.size === 0 ? nothingWritten : await writeAndReplace(connection, model, inventory, descriptors, samples);
  const there = samples.filter(({ uuid }) => uuid !== '').map(({ generated }) => generated.resource);
  return {
    resources: new Set([...there, ...known.map(({ resource }) => resource)]).size,
    written: written + known.filter(({ shape }) => shape !== 'target').length,
    replaced: replaced + known.filter(({ replacement }) => replacement !== null).length,
    skipped: skipped.map(({ resource, shape, reason }) => ({ resource, shape, reason })),
    failures,
  };
}

type RoundTripCounts = Pick<DocumentRoundTrips, 'written' | 'replaced' | 'failures'>;

const nothingWritten: RoundTripCounts = { written: 0, replaced: 0, failures: [] };

/** Writes, reads, finds, replaces and removes documents; sets the uuid of each written sample. */
async function writeAndReplace(
  connection: Connection,
  model: RelationalModelSet,
  inventory: Inventory,
  descriptors: readonly GeneratedDescriptor[],
  samples: readonly Sample[],
): Promise<RoundTripCounts> {
  const plans = documentPlans(compileMappingSet(model), inventory);
  const store = openDocuments(connection, plans, { remembersUris: false });
  const trips = new RoundTrips(store, model);
  await fillDescriptors(connection, store, descriptors);
  const written = await trips.writeAll('write', samples, ({ generated }) => generated.document);
  await trips.compare('read', samples, ({ generated }) => generated.document);
  await trips.find(connection, samples);
  const replacements = samples.filter(({ generated, uuid }) => generated.replacement !== null && uuid !== '');
  const nextOf = ({ generated }: Sample) => generated.replacement ?? generated.document;
  const replaced = await trips.writeAll('replace', replacements, nextOf);
  await trips.compare('read-replaced', replacements, nextOf);
  await store.removeBatch(samples.flatMap(({ uuid }) => (uuid === '' ? [] : [uuid])));
  for (const table of await filledTables(connection, model)) trips.fail('remove', table, 'rows are left');
  return { written, replaced, failures: trips.failures };
}

/** The number of documents in one transaction. */
const batchSize = 500;

type FailurePhase = DocumentFailure['phase'];

interface Written {
  /** The number of written documents, without those that exist only as targets of others. */
  readonly written: number;
  /** The documents with references to documents that do not exist. */
  readonly unresolved: readonly Unresolved[];
}

class RoundTrips {
  readonly failures: DocumentFailure[] = [];
  private readonly store: DocumentStore;
  private readonly order: readonly string[];

  constructor(store: DocumentStore, model: RelationalModelSet) {
    this.store = store;
    this.order = writeOrder(model);
  }

  fail(phase: FailurePhase, resource: string, found: string): void {
    if (this.failures.length < mostShown) this.failures.push({ resource, phase, found });
  }

  /** Writes all documents. A document that refers to documents of a later resource waits for the next round. */
  async write(
    phase: FailurePhase,
    samples: readonly Sample[],
    contentOf: (sample: Sample) => JsonObject,
  ): Promise<Written> {
    let written = 0;
    const messages = new Map<Sample, string>();
    const writeBatch = async (resource: string, batch: readonly Sample[]): Promise<readonly Sample[]> => {
      const documents = batch.map((sample) => ({ document: contentOf(sample) }));
      const outcomes = await this.store.upsertBatch(labelledResource(resource), documents);
      return batch.filter((sample, index) => {
        const outcome = outcomes[index];
        if (outcome === undefined) return false;
        if (outcome.kind !== 'rejected') {
          sample.uuid = outcome.uuid;
          written += sample.generated.shape === 'target' ? 0 : 1;
          return false;
        }
        const [{ code, message }] = outcome.diagnostics;
        const waits = code === 'DOCUMENT_REFERENCE_UNRESOLVED';
        if (waits) messages.set(sample, message);
        else if (!sample.isPartial) this.fail(phase, resource, message);
        return waits;
      });
    };
    const left = await writeInRounds(
      this.order,
      samples,
      ({ generated }) => generated.resource,
      async (resource, own) => {
        const later: Sample[] = [];
        for (const batch of chunk(own, batchSize)) append(later, await writeBatch(resource, batch));
        return later;
      },
    );
    return { written, unresolved: left.map((sample) => ({ sample, message: messages.get(sample) ?? '' })) };
  }

  /** Writes all documents; a document whose targets do not exist is a failure. */
  async writeAll(
    phase: FailurePhase,
    samples: readonly Sample[],
    contentOf: (sample: Sample) => JsonObject,
  ): Promise<number> {
    const { written, unresolved } = await this.write(phase, samples, contentOf);
    for (const { sample, message } of unresolved) this.fail(phase, sample.generated.resource, message);
    return written;
  }

  /** Reads all documents back: content and referential id must equal the written ones. */
  async compare(
    phase: FailurePhase,
    samples: readonly Sample[],
    contentOf: (sample: Sample) => JsonObject,
  ): Promise<void> {
    const { plans } = this.store;
    const there = samples.filter(({ uuid }) => uuid !== '');
    for (const batch of chunk(there, batchSize)) {
      const found = new Map((await this.store.read(batch.map(({ uuid }) => uuid))).map((each) => [each.uuid, each]));
      for (const sample of batch) {
        const content = contentOf(sample);
        const { resource } = sample.generated;
        const stored = found.get(sample.uuid);
        const wanted = canonicalText(content);
        const was = stored ? canonicalText(stored.document) : 'nothing';
        if (wanted !== was) this.fail(phase, resource, `${was} instead of ${wanted}`);
        const id = generations[plans.version].storedId(referentialIdOf(plans, labelledResource(resource), content));
        if (stored && stored.referentialId !== id)
          this.fail(phase, resource, `the referential id ${stored.referentialId} instead of ${id}`);
      }
    }
  }

  /** Finds all documents by their identities, where the database stores no referential ids. */
  async find(connection: Connection, samples: readonly Sample[]): Promise<void> {
    const { plans } = this.store;
    const written = samples.flatMap(({ uuid, generated: { resource, document } }) =>
      uuid === '' ? [] : [{ resource, document, uuid }],
    );
    const failures = (await generations[plans.version].probes?.(connection, plans, written)) ?? [];
    for (const { resource, found } of failures) this.fail('find', resource, found);
  }
}

async function fillDescriptors(
  connection: Connection,
  store: DocumentStore,
  descriptors: readonly GeneratedDescriptor[],
): Promise<void> {
  await committed(connection, async () => {
    for (const piece of chunk(descriptorRows(descriptors), batchSize))
      await insertDescriptors(connection, store.plans, piece);
  });
}

/** The tables of documents that still have rows; all are empty after the last document is deleted. */
async function filledTables(connection: Connection, model: RelationalModelSet): Promise<string[]> {
  const { sql, literal } = dialectOf[connection.dialect];
  const arms = modelIndex(model).allTables.map(
    ({ table: { table } }) =>
      sql`SELECT ${literal(qualified(table))} AS "Filled" WHERE EXISTS (SELECT 1 FROM ${table})`,
  );
  const rows = await rowsOf<{ readonly Filled: string }>(connection, join(arms, '\nUNION ALL\n'));
  return rows.map(({ Filled }) => Filled);
}

/** Documents that were written, and the messages of those that were refused. */
export interface FittedDocuments {
  readonly written: readonly { readonly resource: string; readonly document: JsonObject }[];
  readonly refused: readonly string[];
}

/**
 * Writes documents of every resource, or of those in `tried`, each as `fitted` changes it: a full and a minimal one, one
 * without each optional member, one with each optional member of an object alone, and their targets. Leaves out the
 * documents that `fitted` refuses, those that need what it removes, and those that refer to documents that are left out;
 * other refusals are returned.
 */
export async function writeFittedDocuments(
  connection: Connection,
  model: RelationalModelSet,
  inventory: Inventory,
  fitted: (resource: string, document: JsonObject) => JsonObject | undefined,
  tried?: ReadonlySet<string>,
): Promise<FittedDocuments> {
  const plans = documentPlans(compileMappingSet(model), inventory);
  const store = openDocuments(connection, plans, { remembersUris: false });
  const trips = new RoundTrips(store, model);
  const { descriptors, documents } = generateDocuments(model, seed, { random: 0, partsInTurn: true });
  const samples = documents.flatMap((generated): Sample[] => {
    if (tried?.has(generated.resource) === false) return [];
    const document = fitted(generated.resource, generated.document);
    if (document === undefined) return [];
    const isPartial = canonicalText(document) !== canonicalText(generated.document);
    return [{ generated: { ...generated, document }, uuid: '', isPartial }];
  });
  if (!(await hasDescriptors(connection))) await fillDescriptors(connection, store, descriptors);
  await trips.write('write', samples, ({ generated }) => generated.document);
  return {
    written: samples.flatMap(({ uuid, generated: { resource, document } }) =>
      uuid === '' ? [] : [{ resource, document }],
    ),
    refused: trips.failures.map(({ resource, found }) => `${resource}: ${found}`),
  };
}

/** Whether a database has descriptors; the step `documents` leaves some. */
async function hasDescriptors(connection: Connection): Promise<boolean> {
  const { sql } = dialectOf[connection.dialect];
  const [row] = await rowsOf<{ n: number | string }>(connection, sql`SELECT COUNT(*) AS n FROM ${core.descriptor}`);
  return Number(mustExist(row, 'the count of descriptors').n) > 0;
}
