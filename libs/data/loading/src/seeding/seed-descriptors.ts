import { resourceLabel } from '@dms/api-schema';
import {
  type Connection,
  connected,
  type DatabaseOptions,
  type DatabaseResult,
  type LockedOptions,
  limitedSession,
  lockedTransaction,
  type PersistentTarget,
  passGate,
} from '@dms/databases';
import {
  append,
  counted,
  type Diagnostic,
  DmsError,
  diagnostic,
  failIfAny,
  mostExamples,
  mostShown,
} from '@dms/diagnostics';
import {
  type Descriptor,
  type DocumentDesign,
  descriptorOrder,
  descriptorUri,
  type OnConflict,
  rejectOtherLetterCase,
  whereOf,
  writeDescriptors,
} from '@dms/documents';
import type { MappingVersion, RelationalModelSet } from '@dms/model';
import { descriptorFields, readDescriptors } from './descriptor-files.ts';
import { descriptorResolver } from './resolve-descriptor.ts';

interface DescriptorSet {
  /** The descriptors, each once, in the order of the files. */
  readonly descriptors: readonly Descriptor[];
  /** The number of descriptors in the files, repetitions included. */
  readonly read: number;
  readonly diagnostics: readonly Diagnostic[];
}

interface ReadDescriptorsOptions {
  /** Reports descriptors that the mapping set does not have as one warning per name. */
  readonly ignoreUnknown?: boolean | undefined;
}

const isSame = (a: Descriptor, b: Descriptor) => descriptorFields.every((field) => a[field] === b[field]);

function duplicate(first: Descriptor, second: Descriptor): Diagnostic {
  const differing = descriptorFields.filter((field) => first[field] !== second[field]);
  const resource = resourceLabel(second.resourceKey);
  const uri = descriptorUri(second);
  const text = `${resource} ${uri} is also at ${first.file}:${first.line}, with a different ${differing.join(', ')}.`;
  const details = { uri, first: `${first.file}:${first.line}`, fields: differing };
  return diagnostic('SEED_DUPLICATE', text, { ...whereOf(second), resource }, details);
}

/** One diagnostic per unknown name, with the number of its occurrences. */
class UnknownNames {
  private readonly first = new Map<string, { readonly entry: Diagnostic; count: number }>();

  add(name: string, entry: Diagnostic): void {
    const known = this.first.get(name);
    if (known) known.count += 1;
    else this.first.set(name, { entry, count: 1 });
  }

  all(code: 'SEED_UNKNOWN_DESCRIPTOR' | 'SEED_UNKNOWN_IGNORED'): Diagnostic[] {
    return [...this.first.values()].map(({ entry: { message, where, details }, count }) => {
      const text = count === 1 ? message : `${message} It occurs ${counted(count, 'time')}.`;
      return diagnostic(code, text, where, { ...details, count });
    });
  }
}

function capped(diagnostics: readonly Diagnostic[], limit: number): Diagnostic[] {
  const [last] = diagnostics.slice(limit - 1, limit);
  if (!last || diagnostics.length <= limit) return [...diagnostics];
  const rest = diagnostics.length - limit;
  return [...diagnostics.slice(0, limit - 1), { ...last, message: `${last.message} (and ${rest} more)` }];
}

/**
 * All descriptors of files and folders, checked against the mapping set (design 14a §4.1, §4.2). Throws all diagnostics
 * together: `SEED_VALUE`, `SEED_UNKNOWN_DESCRIPTOR`, `SEED_AMBIGUOUS`, `SEED_DUPLICATE`; and the codes that end
 * reading: `SEED_NO_FILES`, `SEED_NOT_DESCRIPTORS`, `SEED_XML_DTD`, `INPUT_*`.
 */
export async function readDescriptorSet(
  model: RelationalModelSet,
  paths: readonly string[],
  { ignoreUnknown = false }: ReadDescriptorsOptions = {},
): Promise<DescriptorSet> {
  const resolve = descriptorResolver(model);
  const found = new Map<string, Descriptor>();
  const unknown = new UnknownNames();
  const [errors, diagnostics]: [Diagnostic[], Diagnostic[]] = [[], []];
  let read = 0;
  for await (const raw of readDescriptors(paths, (entry) => diagnostics.push(entry))) {
    read += 1;
    const resolved = resolve(raw);
    if (resolved.kind === 'unknown') unknown.add(resolved.name, resolved.diagnostic);
    else if (resolved.kind === 'invalid') append(errors, resolved.diagnostics);
    else {
      const { descriptor } = resolved;
      const before = found.get(descriptor.referentialId);
      if (!before) found.set(descriptor.referentialId, descriptor);
      else if (!isSame(before, descriptor)) errors.push(duplicate(before, descriptor));
    }
  }
  if (ignoreUnknown) append(diagnostics, unknown.all('SEED_UNKNOWN_IGNORED'));
  else append(errors, unknown.all('SEED_UNKNOWN_DESCRIPTOR'));
  failIfAny(capped(errors, mostShown));
  return { descriptors: [...found.values()], read, diagnostics };
}

interface SeedOptions extends LockedOptions {
  /** `fail` without it. */
  readonly onConflict?: OnConflict | undefined;
}

interface Seeded {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Writes descriptors, all or none, into a database that the gate lets the mapping set use (design 14a §4.3). A second
 * run changes nothing. Throws `SEED_CONFLICT` and `SEED_CORRUPT`, all together; `PROVISION_LOCKED`, `DB_*`.
 */
export function seedDescriptors(
  connection: Connection,
  descriptors: readonly Descriptor[],
  version: MappingVersion,
  { onConflict = 'fail', ...locked }: SeedOptions = {},
): Promise<Seeded> {
  const write = async (): Promise<Seeded> => {
    const outcomes = await writeDescriptors(connection, [...descriptors].sort(descriptorOrder), onConflict, version);
    const diagnostics = outcomes.flatMap((outcome) => (outcome.kind === 'rejected' ? [outcome.diagnostic] : []));
    const [first, ...others] = capped(diagnostics, mostExamples);
    if (first) throw new DmsError([first, ...others]);
    const count = (kind: (typeof outcomes)[number]['kind']) =>
      outcomes.filter((outcome) => outcome.kind === kind).length;
    return {
      inserted: count('inserted'),
      updated: count('updated'),
      unchanged: count('unchanged') + count('kept'),
      diagnostics: outcomes.flatMap((outcome) => ('warning' in outcome && outcome.warning ? [outcome.warning] : [])),
    };
  };
  return lockedTransaction(connection, write, locked);
}

/** The callbacks of seeding, and the signal that ends it. */
interface SeedProgress extends Pick<DatabaseOptions, 'signal' | 'onProgress'> {
  /** Called when another session holds the lock. */
  readonly onWaiting?: ((holder: string) => void) | undefined;
}

interface SeedingOptions {
  /** Files and folders of descriptors. */
  readonly paths: readonly string[];
  readonly onConflict?: OnConflict | undefined;
  readonly ignoreUnknown?: boolean | undefined;
}

export interface SeededDatabase extends DatabaseResult, Pick<Seeded, 'inserted' | 'updated' | 'unchanged'> {
  /** The number of descriptors in the files. */
  readonly read: number;
}

/** Descriptors that have been read and checked. */
export interface PreparedSeeding {
  /** The number of descriptors that were read. */
  readonly read: number;
  /** Whether none of them is left to write. */
  readonly isEmpty: boolean;
  /** Writes the descriptors into a database. */
  seed(target: PersistentTarget, context: SeedProgress): Promise<SeededDatabase>;
}

/** Reads and checks the descriptors before anything is opened or created. Throws `SEED_*`. */
export async function preparedSeeding(
  design: Pick<DocumentDesign, 'info' | 'model'>,
  { paths, onConflict, ignoreUnknown }: SeedingOptions,
  { onProgress }: SeedProgress,
): Promise<PreparedSeeding> {
  onProgress?.('read descriptors');
  const { descriptors, read, diagnostics } = await readDescriptorSet(design.model, paths, { ignoreUnknown });
  const seed: PreparedSeeding['seed'] = (target, context) =>
    connected(target, context, async (session) => {
      const { signal, onWaiting } = context;
      const connection = limitedSession(session, signal);
      await passGate(connection, design.info, signal);
      await rejectOtherLetterCase(connection, descriptors, design.info.relationalMappingVersion, { signal });
      context.onProgress?.('seed descriptors');
      const seeded = await seedDescriptors(connection, descriptors, design.info.relationalMappingVersion, {
        onConflict,
        onWaiting,
        signal,
      });
      return { ...seeded, read, diagnostics: [...diagnostics, ...seeded.diagnostics] };
    });
  return { read, isEmpty: descriptors.length === 0, seed };
}

/** The summary of design 14a §4.3. */
export const seededLine = ({ read, inserted, updated, unchanged }: SeededDatabase) =>
  `Descriptors: ${read} read, ${inserted} inserted, ${updated} updated, ${unchanged} unchanged`;

/** The counts for machines. */
export const seededCounts = ({ read, inserted, updated, unchanged }: SeededDatabase) => ({
  read,
  inserted,
  updated,
  unchanged,
});
