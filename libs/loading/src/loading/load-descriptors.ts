import { resourceLabel } from '@dms/api-schema';
import { type Connection, committed, failureKind, isRefusedRow, type RetryOptions, withRetries } from '@dms/databases';
import { type Diagnostic, diagnostic, type RowPlace } from '@dms/diagnostics';
import type { OnExisting, SchemaCheck } from '@dms/documents';
import {
  type Descriptor,
  type DescriptorOutcome,
  descriptorBatch,
  descriptorUri,
  type OnConflict,
  whereOf,
  writeDescriptors,
} from '@dms/documents';
import type { JsonObject, JsonValue } from '@dms/files';
import type { MappingVersion, RelationalModelSet } from '@dms/model';
import type { RawDescriptor } from '../seeding/descriptor-entry.ts';
import { DescriptorResolver } from '../seeding/resolve-descriptor.ts';
import type { DescriptorInput } from './load-inputs.ts';
import type { LoadOutcome, LoadReject } from './load-report.ts';
import { Spellings } from './merged-keys.ts';

const conflicts: Readonly<Record<OnExisting, OnConflict>> = { fail: 'fail', skip: 'keep', replace: 'update' };

const outcomes: Readonly<Record<Exclude<DescriptorOutcome['kind'], 'rejected'>, LoadOutcome>> = {
  inserted: 'inserted',
  updated: 'replaced',
  unchanged: 'unchanged',
  kept: 'skipped',
};

/** Callbacks for the outcomes of descriptors. */
export interface DescriptorListener {
  done(resource: string, outcome: LoadOutcome, referentialId: string): void;
  reject(reject: LoadReject): Promise<void>;
  warn(warning: Diagnostic): void;
  /**
   * Called for a descriptor that is stored in other letters, and for each that is one with an earlier one of the input.
   */
  merged(referentialId: string): void;
  /** Called after each transaction with how many descriptors it has inserted or updated. */
  committed(descriptors: number): void;
  /** Called before each batch; may end the run. */
  next(resource: string): void;
}

interface Entry {
  readonly descriptor: Descriptor;
  readonly document: JsonValue;
  readonly row: RowPlace | undefined;
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

async function attempt(
  connection: Connection,
  entries: readonly Entry[],
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

/** The URI of a descriptor as the input has it, with the white space around its parts. */
const spelled = ({ fields: { namespace, codeValue } }: RawDescriptor) => `${namespace}#${codeValue}`;

/** Says that a descriptor of the input is one with an earlier one, whose spelling stays. */
function mergedDescriptor(descriptor: Descriptor, before: string, own: string): Diagnostic {
  const resource = resourceLabel(descriptor.resourceKey);
  const texts = [own, before].map((text) => JSON.stringify(text));
  const text = `${resource} ${texts[0]} is the same descriptor as ${texts[1]}: letter case and white space do not tell descriptors apart. Documents with either have the spelling of the second.`;
  return diagnostic('LOAD_DESCRIPTORS_MERGED', text, { ...whereOf(descriptor), resource }, { key: own, other: before });
}

/** Writes a batch in one transaction. If the database refuses it, halves the batch to find the descriptors at fault. */
async function writeBatch(
  connection: Connection,
  entries: readonly Entry[],
  onConflict: OnConflict,
  version: MappingVersion,
  retry: RetryOptions,
  committed: DescriptorListener['committed'],
): Promise<DescriptorOutcome[]> {
  try {
    const outcomes = await withRetries(
      () => attempt(connection, entries, onConflict, version),
      (error) => failureKind(error, connection.dialect) === 'transient',
      retry,
    );
    committed(outcomes.filter(({ kind }) => kind === 'inserted' || kind === 'updated').length);
    return outcomes;
  } catch (error) {
    const [only] = entries;
    if (!isRefusedRow(error, connection.dialect) || !only) throw error;
    if (entries.length === 1) {
      const { descriptor } = only;
      const resource = resourceLabel(descriptor.resourceKey);
      const text = `The database refuses ${resource} ${descriptorUri(descriptor)}: ${error.diagnostics[0].message}`;
      const problem = diagnostic(
        'DOCUMENT_REFUSED',
        text,
        { ...whereOf(descriptor), resource },
        error.diagnostics[0].details,
      );
      return [{ kind: 'rejected', problem }];
    }
    const half = Math.ceil(entries.length / 2);
    const write = (part: readonly Entry[]) => writeBatch(connection, part, onConflict, version, retry, committed);
    const first = await write(entries.slice(0, half));
    return [...first, ...(await write(entries.slice(half)))];
  }
}

/**
 * Writes descriptors in batches, in their order (design 14 §4). Stored descriptors with equal fields stay as they are.
 * Rejects what `schemaCheck` refuses.
 */
export async function loadDescriptors(
  connection: Connection,
  model: RelationalModelSet,
  inputs: AsyncIterable<DescriptorInput>,
  onExisting: OnExisting,
  listener: DescriptorListener,
  schemaCheck: SchemaCheck | null = null,
  retry: RetryOptions = {},
): Promise<void> {
  const resolver = new DescriptorResolver(model);
  const spellings = new Spellings();
  let batch = new Map<string, Entry>();
  const rejected = ({ descriptor, document, row }: Entry, ...problems: readonly [Diagnostic, ...Diagnostic[]]) => {
    const { file, line, resourceKey } = descriptor;
    return listener.reject({ file, line, row, resource: resourceLabel(resourceKey), problems, document, uuid: null });
  };
  const flush = async () => {
    const entries = [...batch.values()];
    batch = new Map();
    const [first] = entries;
    if (!first) return;
    listener.next(resourceLabel(first.descriptor.resourceKey));
    const { relationalMappingVersion } = model.effectiveSchema;
    const written = await writeBatch(
      connection,
      entries,
      conflicts[onExisting],
      relationalMappingVersion,
      retry,
      (count) => listener.committed(count),
    );
    for (const [index, outcome] of written.entries()) {
      const entry = entries[index];
      if (!entry) continue;
      if (outcome.kind === 'rejected') {
        await rejected(entry, outcome.problem);
        continue;
      }
      if (outcome.warning) {
        listener.warn(outcome.warning);
        listener.merged(entry.descriptor.referentialId);
      }
      listener.done(
        resourceLabel(entry.descriptor.resourceKey),
        outcomes[outcome.kind],
        entry.descriptor.referentialId,
      );
    }
  };
  for await (const input of inputs) {
    if (input.kind === 'reject') {
      await listener.reject(input.reject);
      continue;
    }
    const { raw, document, row } = input;
    const resolved = resolver.resolve(raw);
    if (resolved.kind !== 'descriptor') {
      const problems = resolved.kind === 'problems' ? resolved.problems : ([resolved.problem] as const);
      const { file, line, resourceName } = raw;
      await listener.reject({
        file,
        line,
        row,
        resource: problems[0].where.resource ?? resourceName,
        problems,
        document,
        uuid: null,
      });
      continue;
    }
    const { descriptor } = resolved;
    const placed = { document: descriptorDocument(descriptor), file: descriptor.file, line: descriptor.line };
    const [problems] = schemaCheck?.problems(resourceLabel(descriptor.resourceKey), [placed]) ?? [];
    const [firstProblem, ...otherProblems] = problems ?? [];
    if (firstProblem) {
      await rejected({ descriptor, document, row }, firstProblem, ...otherProblems);
      continue;
    }
    const before = spellings.add(descriptor.referentialId, spelled(raw));
    if (before !== null) {
      listener.warn(mergedDescriptor(descriptor, before, spelled(raw)));
      listener.merged(descriptor.referentialId);
      listener.done(resourceLabel(descriptor.resourceKey), 'skipped', descriptor.referentialId);
      continue;
    }
    // a repeated descriptor must be compared with the one stored before
    if (batch.has(descriptor.referentialId)) await flush();
    batch.set(descriptor.referentialId, { descriptor, document, row });
    if (batch.size >= descriptorBatch) await flush();
  }
  await flush();
}
