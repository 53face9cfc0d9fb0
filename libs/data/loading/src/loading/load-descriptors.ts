import { resourceLabel } from '@dms/api-schema';
import { type Connection, committed, isRefusedRow, type RetryOptions, retriedWrite } from '@dms/databases';
import { type Diagnostic, DmsError, diagnostic, type RowPlace } from '@dms/diagnostics';
import {
  type CheckedDocument,
  type Descriptor,
  type DescriptorOutcome,
  descriptorBatch,
  descriptorUri,
  identityDescriptors,
  isTakenUuid,
  type OnConflict,
  type OnExisting,
  type SchemaCheck,
  takenUuid,
  whereOf,
  writeDescriptors,
} from '@dms/documents';
import { type MappingVersion, mustExist, type QualifiedResourceName, type RelationalModelSet } from '@dms/model';
import type { JsonObject, JsonValue } from '@dms/values';
import type { RawDescriptor } from '../seeding/descriptor-files.ts';
import { descriptorResolver, type ResolveDescriptor } from '../seeding/resolve-descriptor.ts';
import type { InputDocument } from './document-queue.ts';
import type { DescriptorInput } from './load-inputs.ts';
import type { LoadOutcome, LoadReject } from './load-report.ts';

/** The outcome of an input that is not refused. */
type WrittenOutcome = Exclude<LoadOutcome, 'rejected'>;

/** Callbacks for the outcomes of descriptors. */
export interface DescriptorListener {
  done(resource: string, outcome: WrittenOutcome, referentialId: string): void;
  reject(reject: LoadReject): Promise<void>;
  warn(warning: Diagnostic): void;
  /**
   * Called for a descriptor that is stored in another spelling, and for each that is the same as an earlier one of the
   * input.
   */
  merged(referentialId: string): void;
  /** Called after each transaction with the number of descriptors that it has inserted or updated. */
  committed(descriptors: number): void;
  /** Called before each batch; may end the run. */
  next(resource: string): void;
}

/** A descriptor of the input that fits the mapping set and its JSON schema, or its diagnostics. */
type CheckedDescriptor =
  | { readonly kind: 'descriptor'; readonly descriptor: Descriptor }
  | { readonly kind: 'refused'; readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]] };

/**
 * Writes descriptors in batches, in their order (design 14a §1). Stored descriptors with equal fields stay as they are,
 * and keep their uuids.
 */
export async function loadDescriptors(
  connection: Connection,
  model: RelationalModelSet,
  inputs: AsyncIterable<DescriptorInput>,
  options: DescriptorLoadOptions,
): Promise<void> {
  const load = new DescriptorLoad(connection, model, options);
  for await (const input of inputs) {
    if (input.kind === 'reject') await options.listener.reject(input.reject);
    else await load.add(input);
  }
  await load.flush();
}

const conflicts: Readonly<Record<OnExisting, OnConflict>> = { fail: 'fail', skip: 'keep', replace: 'update' };

const outcomes: Readonly<Record<Exclude<DescriptorOutcome['kind'], 'rejected'>, WrittenOutcome>> = {
  inserted: 'inserted',
  updated: 'replaced',
  unchanged: 'unchanged',
  kept: 'skipped',
};

interface QueuedRow {
  readonly descriptor: Descriptor;
  readonly document: JsonValue;
  readonly row: RowPlace | undefined;
}

/** How descriptors are written, and where their outcomes are reported. */
interface DescriptorWriting {
  readonly connection: Connection;
  readonly version: MappingVersion;
  readonly onConflict: OnConflict;
  readonly retry: RetryOptions;
  readonly listener: DescriptorListener;
}

/** Writes descriptors batch by batch, see {@link loadDescriptors}. */
class DescriptorLoad {
  private readonly writing: DescriptorWriting;
  private readonly listener: DescriptorListener;
  private readonly resolve: ResolveDescriptor;
  private readonly schemaCheck: SchemaCheck | null;
  private readonly spellings = new Spellings();
  private batch = new Map<string, QueuedRow>();

  constructor(connection: Connection, model: RelationalModelSet, options: DescriptorLoadOptions) {
    const { onExisting, listener, schemaCheck = null, retry = {} } = options;
    const version = model.effectiveSchema.relationalMappingVersion;
    this.writing = { connection, version, onConflict: conflicts[onExisting], retry, listener };
    this.listener = listener;
    this.resolve = descriptorResolver(model);
    this.schemaCheck = schemaCheck;
  }

  async add(input: Extract<DescriptorInput, { readonly raw: RawDescriptor }>): Promise<void> {
    const { raw, document, row, uuid } = input;
    const checked = checkedDescriptor(raw, this.resolve, this.schemaCheck, this.listener.warn);
    if (checked.kind === 'refused') {
      const { diagnostics } = checked;
      const { file, line, resourceName } = raw;
      const resource = diagnostics[0].where.resource ?? resourceName;
      return this.listener.reject({ file, line, row, resource, diagnostics, document, uuid: uuid ?? null });
    }
    const descriptor = { ...checked.descriptor, uuid };
    const entry = { descriptor, document, row };
    if (this.isMerged(descriptor, spelled(raw))) return;
    // a repeated descriptor must be compared with the one stored before
    if (this.batch.has(descriptor.referentialId)) await this.flush();
    this.batch.set(descriptor.referentialId, entry);
    if (this.batch.size >= descriptorBatch) await this.flush();
  }

  /** Writes the descriptors that wait. */
  async flush(): Promise<void> {
    const entries = [...this.batch.values()];
    this.batch = new Map();
    const [first] = entries;
    if (!first) return;
    this.listener.next(resourceLabel(first.descriptor.resourceKey));
    const written = await writeBatch(this.writing, entries);
    for (const [index, outcome] of written.entries()) {
      const entry = entries[index];
      if (entry) await this.ended(entry, outcome);
    }
  }

  /** Whether a descriptor is the same as an earlier one of the input, except for letter case or white space. */
  private isMerged(descriptor: Descriptor, own: string): boolean {
    const before = this.spellings.add(descriptor.referentialId, own);
    if (before === null) return false;
    this.listener.warn(mergedDescriptor(descriptor, before, own));
    this.listener.merged(descriptor.referentialId);
    this.listener.done(resourceLabel(descriptor.resourceKey), 'skipped', descriptor.referentialId);
    return true;
  }

  private async ended(entry: QueuedRow, outcome: DescriptorOutcome): Promise<void> {
    if (outcome.kind === 'rejected') return this.reject(entry, outcome.diagnostic);
    const { resourceKey, referentialId } = entry.descriptor;
    if (outcome.warning) {
      this.listener.warn(outcome.warning);
      this.listener.merged(referentialId);
    }
    this.listener.done(resourceLabel(resourceKey), outcomes[outcome.kind], referentialId);
  }

  private reject(
    { descriptor, document, row }: QueuedRow,
    ...diagnostics: readonly [Diagnostic, ...Diagnostic[]]
  ): Promise<void> {
    const { file, line, resourceKey, uuid = null } = descriptor;
    const resource = resourceLabel(resourceKey);
    return this.listener.reject({ file, line, row, resource, diagnostics, document, uuid });
  }
}

/** The URI of a descriptor as the input has it, with the white space around its parts. */
const spelled = ({ fields: { namespace, codeValue } }: RawDescriptor) => `${namespace}#${codeValue}`;

/** Writes a batch in one transaction. If the database refuses it, halves the batch to find the descriptors that it refuses. */
async function writeBatch(writing: DescriptorWriting, entries: readonly QueuedRow[]): Promise<DescriptorOutcome[]> {
  const { connection, onConflict, version, retry, listener } = writing;
  try {
    const write = () => attempt(connection, entries, onConflict, version);
    const outcomes = await retriedWrite(connection, write, retry);
    listener.committed(outcomes.filter(({ kind }) => kind === 'inserted' || kind === 'updated').length);
    return outcomes;
  } catch (error) {
    const [only] = entries;
    if (!isRefusedRow(error, connection.dialect) || !only) throw error;
    if (entries.length === 1) {
      const { descriptor } = only;
      const resource = resourceLabel(descriptor.resourceKey);
      const { uuid } = descriptor;
      if (uuid !== undefined && isTakenUuid(error))
        return [{ kind: 'rejected', diagnostic: takenUuid(resource, uuid, whereOf(descriptor)) }];
      const text = `The database refuses ${resource} ${descriptorUri(descriptor)}: ${error.diagnostics[0].message}`;
      const entry = diagnostic(
        'DOCUMENT_REFUSED',
        text,
        { ...whereOf(descriptor), resource },
        error.diagnostics[0].details,
      );
      return [{ kind: 'rejected', diagnostic: entry }];
    }
    const half = Math.ceil(entries.length / 2);
    const first = await writeBatch(writing, entries.slice(0, half));
    return [...first, ...(await writeBatch(writing, entries.slice(half)))];
  }
}

async function attempt(
  connection: Connection,
  entries: readonly QueuedRow[],
  onConflict: OnConflict,
  version: MappingVersion,
): Promise<DescriptorOutcome[]> {
  return committed(connection, () =>
    writeDescriptors(
      connection,
      entries.map(({ descriptor }) => descriptor),
      onConflict,
      version,
    ),
  );
}

/** The warning that a descriptor of the input is the same as an earlier one, whose spelling stays. */
function mergedDescriptor(descriptor: Descriptor, before: string, own: string): Diagnostic {
  const resource = resourceLabel(descriptor.resourceKey);
  const texts = [own, before].map((text) => JSON.stringify(text));
  const text = `${resource} ${texts[0]} is the same descriptor as ${texts[1]}: letter case and white space do not tell descriptors apart. Documents with either have the spelling of the second.`;
  return diagnostic('LOAD_DESCRIPTORS_MERGED', text, { ...whereOf(descriptor), resource }, { key: own, other: before });
}

/** Checks a descriptor without the database (design 14a §4.2). */
export function checkedDescriptor(
  raw: RawDescriptor,
  resolve: ResolveDescriptor,
  schemaCheck: SchemaCheck | null,
  onWarning: (warning: Diagnostic) => void,
): CheckedDescriptor {
  const resolved = resolve(raw);
  if (resolved.kind === 'invalid') return { kind: 'refused', diagnostics: resolved.diagnostics };
  if (resolved.kind === 'unknown') return { kind: 'refused', diagnostics: [resolved.diagnostic] };
  const { descriptor } = resolved;
  const resource = resourceLabel(descriptor.resourceKey);
  const placed = { document: descriptorDocument(descriptor), file: descriptor.file, line: descriptor.line };
  const [first, ...others] = schemaCheck?.diagnosticsOf(resource, [placed], onWarning)[0] ?? [];
  return first ? { kind: 'refused', diagnostics: [first, ...others] } : { kind: 'descriptor', descriptor };
}

/** A descriptor in the form of the API. */
function descriptorDocument({
  namespace,
  codeValue,
  shortDescription,
  description,
  effectiveBeginDate,
  effectiveEndDate,
}: Descriptor): JsonObject {
  const members = { namespace, codeValue, shortDescription, description, effectiveBeginDate, effectiveEndDate };
  return new Map(Object.entries(members));
}

interface DescriptorLoadOptions {
  readonly onExisting: OnExisting;
  readonly listener: DescriptorListener;
  /** Rejects the descriptors that it refuses; without it no schema is checked. */
  readonly schemaCheck?: SchemaCheck | null | undefined;
  readonly retry?: RetryOptions | undefined;
}

/** Where and how to write a descriptor of a program. */
interface DescriptorWrite {
  readonly connection: Connection;
  readonly model: RelationalModelSet;
  readonly resource: QualifiedResourceName;
  readonly onExisting: OnExisting;
  readonly schemaCheck: SchemaCheck | null;
}

/**
 * Writes one descriptor in the form of the API, found by its URI, and returns its outcome. Throws `SEED_*`,
 * `DOCUMENT_REFUSED`, `DOCUMENT_SCHEMA_VIOLATED`, `DB_*`.
 */
export async function upsertDescriptor(
  { connection, model, resource, onExisting, schemaCheck }: DescriptorWrite,
  document: JsonObject,
): Promise<WrittenOutcome> {
  let written: WrittenOutcome | undefined;
  const listener: DescriptorListener = {
    done: (_, outcome) => {
      // unless the caller skips stored descriptors, such a one differs in letter case alone, and stays
      written = outcome === 'skipped' && onExisting !== 'skip' ? 'unchanged' : outcome;
    },
    reject: ({ diagnostics: [first, ...others] }) => {
      throw new DmsError([first, ...others]);
    },
    warn: () => undefined,
    merged: () => undefined,
    committed: () => undefined,
    next: () => undefined,
  };
  const load = new DescriptorLoad(connection, model, { onExisting, listener, schemaCheck });
  const raw = { ...resource, fields: Object.fromEntries(document), file: '', line: 0 };
  await load.add({ kind: 'descriptor', raw, document, row: undefined });
  await load.flush();
  return mustExist(written, 'the outcome of a descriptor');
}

/* Different keys of an input that are one key in the database (design 14a §1.2). */

/** The keys of a run that turned out to be the same as others. */
export class MergedKeys {
  /** The number of these keys. */
  count = 0;
  private readonly descriptors = new Set<string>();
  private readonly spellings = new Spellings();

  addDescriptor(referentialId: string): void {
    this.count += 1;
    this.descriptors.add(referentialId);
  }

  /** Whether documents can have the same key: only merged descriptors make one key of two. */
  get canMerge(): boolean {
    return this.descriptors.size > 0;
  }

  /**
   * `LOAD_KEYS_MERGED` for a document that has the key of an earlier one, because both refer to the same descriptors in
   * different spellings.
   */
  mergedKeyOf(label: string, checked: CheckedDocument, { file, line }: InputDocument): Diagnostic | null {
    const named = identityDescriptors(checked);
    if (!named.some(({ referentialId }) => this.descriptors.has(referentialId))) return null;
    const own = named.map(({ uri }) => uri).join(', ');
    const before = this.spellings.add(checked.referentialId, own);
    if (before === null) return null;
    this.count += 1;
    const values = checked.identity().map(({ path, value }) => `${path} = ${value}`);
    const text = `${label} with ${values.join(', ')}: an earlier document has the same key, with ${before} where this one has ${own}. These are the same descriptors here, so the database takes one of the two documents.`;
    return diagnostic('LOAD_KEYS_MERGED', text, { file, line, resource: label }, { key: own, other: before });
  }
}

/** The spellings of keys, by their referential ids. */
class Spellings {
  private readonly first = new Map<string, string>();

  /** Adds a key; returns the spelling of the first key with this id if it differs, otherwise null. */
  add(id: string, spelling: string): string | null {
    const before = this.first.get(id);
    if (before === undefined) this.first.set(id, spelling);
    return before === undefined || before === spelling ? null : before;
  }
}
