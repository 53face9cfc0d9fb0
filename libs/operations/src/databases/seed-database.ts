import { resourceLabel } from '@dms/api-schema';
import { type Connection, changing, type Limits, loweredByDatabase } from '@dms/databases';
import { type Diagnostic, diagnostic, failIfAny } from '@dms/diagnostics';
import { type Descriptor, lowerCased, type OnConflict } from '@dms/documents';
import { readDescriptorSet, type Seeded, seedDescriptors } from '@dms/loading';
import { chunk } from 'es-toolkit/array';
import { type DatabaseSource, type DocumentDesign, documentDesign } from '../sources/source.ts';
import { passGate } from './gated-connection.ts';
import {
  connected,
  type DatabaseOptions,
  type DatabaseResult,
  limitedSession,
  type PersistentTarget,
  withTarget,
} from './with-database.ts';

/** Texts of one query. */
const batch = 500;

/** The largest number of descriptors that are reported. */
const shown = 100;

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const isAscii = (text: string) => /^[\x00-\x7f]*$/.test(text);

/**
 * Refuses descriptors whose URI the database lower-cases differently from the product: a reference to one would not find it
 * (design 09 §8.3). The gate has checked the letters from A to Z.
 */
async function refuseOtherLetterCase(
  connection: Connection,
  descriptors: readonly Descriptor[],
  limits: Limits,
): Promise<void> {
  const problems: Diagnostic[] = [];
  const named = descriptors
    .map((descriptor) => ({ descriptor, uri: `${descriptor.namespace}#${descriptor.codeValue}` }))
    .filter(({ uri }) => !isAscii(uri));
  for (const piece of chunk(named, batch)) {
    const found = await loweredByDatabase(
      connection,
      piece.map(({ uri }) => uri),
      limits,
    );
    for (const [index, { descriptor, uri }] of piece.entries()) {
      if (found[index] === lowerCased(uri)) continue;
      const { resourceKey, file, line } = descriptor;
      const resource = resourceLabel(resourceKey);
      const text =
        `${resource} ${uri}: the database lower-cases it as ${found[index]}, so no reference would find it. ` +
        'Write it without this capital letter, or create the database with another locale.';
      problems.push(diagnostic('SEED_LETTER_CASE', text, { file, line, resource }, { uri }));
      if (problems.length === shown) failIfAny(problems);
    }
  }
  failIfAny(problems);
}

export interface SeedingOptions {
  /** Files and folders of descriptors. */
  readonly paths: readonly string[];
  readonly onConflict?: OnConflict | undefined;
  readonly ignoreUnknown?: boolean | undefined;
  /** Called once when another provisioner is running. */
  readonly onWaiting?: ((holder: string) => void) | undefined;
}

export interface SeedDatabaseOptions extends DatabaseOptions, SeedingOptions {
  readonly source: DatabaseSource;
}

export interface SeededDatabase extends DatabaseResult, Pick<Seeded, 'inserted' | 'updated' | 'unchanged'> {
  /** The number of descriptors in the files. */
  readonly read: number;
}

/** Reads and checks what to seed before anything is opened or created; returns a function that writes it. */
export async function preparedSeeding(
  design: DocumentDesign,
  { paths, onConflict, ignoreUnknown, onWaiting }: SeedingOptions,
  run: Pick<DatabaseOptions, 'signal' | 'onProgress'>,
): Promise<(target: PersistentTarget) => Promise<SeededDatabase>> {
  run.onProgress?.('read descriptors');
  const { descriptors, read, diagnostics } = await readDescriptorSet(design.model, paths, { ignoreUnknown });
  return (target) =>
    connected(target, run, async (session) => {
      const connection = limitedSession(session, run.signal);
      await passGate(connection, design.info, run.signal);
      await refuseOtherLetterCase(connection, descriptors, { signal: run.signal });
      run.onProgress?.('seed descriptors');
      const seeded = await seedDescriptors(connection, descriptors, design.info.relationalMappingVersion, {
        ...{ onConflict, onWaiting },
        signal: run.signal,
      });
      return { ...seeded, read, diagnostics: [...diagnostics, ...seeded.diagnostics] };
    });
}

/**
 * `dms-ddl seed-descriptors`: writes the descriptors of files into a database that was provisioned for the schema set (design 09
 * §8). Throws the codes of `documentDesign`, `SEED_*`, `GATE_*`, `DB_*`.
 */
export function seedDatabase(options: SeedDatabaseOptions): Promise<SeededDatabase> {
  return withTarget(options, 'check', async (target) => {
    const design = await documentDesign(options.source, options.dialect, options.onProgress);
    const write = await preparedSeeding(design, options, options);
    return changing(() => write(target));
  });
}

/** The summary of design 09 §8.3. */
export const seededLine = ({ read, inserted, updated, unchanged }: SeededDatabase) =>
  `Descriptors: ${read} read, ${inserted} inserted, ${updated} updated, ${unchanged} unchanged`;

/** The same for machines. */
export const seededCounts = ({ read, inserted, updated, unchanged }: SeededDatabase) => ({
  read,
  inserted,
  updated,
  unchanged,
});
