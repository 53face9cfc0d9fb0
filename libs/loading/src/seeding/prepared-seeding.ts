import {
  connected,
  type DatabaseOptions,
  type DatabaseResult,
  limitedSession,
  type PersistentTarget,
  passGate,
} from '@dms/databases';
import { type DocumentDesign, type OnConflict, refuseOtherLetterCase } from '@dms/documents';
import { readDescriptorSet, type Seeded, seedDescriptors } from './seed-descriptors.ts';

/** What seeding tells while it runs, and the signal that ends it. */
interface Told extends Pick<DatabaseOptions, 'signal' | 'onProgress'> {
  /** Called when another session holds what is needed. */
  readonly onWaiting?: ((holder: string) => void) | undefined;
}

export interface SeedingOptions {
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
  /** How many they are. */
  readonly read: number;
  /** Writes them into a database. */
  seed(target: PersistentTarget, context: Told): Promise<SeededDatabase>;
}

/** Reads and checks what to seed before anything is opened or created. Throws `SEED_*`. */
export async function preparedSeeding(
  design: Pick<DocumentDesign, 'info' | 'model'>,
  { paths, onConflict, ignoreUnknown }: SeedingOptions,
  { onProgress }: Told,
): Promise<PreparedSeeding> {
  onProgress?.('read descriptors');
  const { descriptors, read, diagnostics } = await readDescriptorSet(design.model, paths, { ignoreUnknown });
  const seed: PreparedSeeding['seed'] = (target, context) =>
    connected(target, context, async (session) => {
      const { signal, onWaiting } = context;
      const connection = limitedSession(session, signal);
      await passGate(connection, design.info, signal);
      await refuseOtherLetterCase(connection, descriptors, { signal });
      context.onProgress?.('seed descriptors');
      const seeded = await seedDescriptors(connection, descriptors, design.info.relationalMappingVersion, {
        onConflict,
        onWaiting,
        signal,
      });
      return { ...seeded, read, diagnostics: [...diagnostics, ...seeded.diagnostics] };
    });
  return { read, seed };
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
