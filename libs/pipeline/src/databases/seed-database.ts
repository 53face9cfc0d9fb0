import { readDescriptorSet, type Seeded, seedDescriptors } from '@dms/bulk';
import type { OnConflict } from '@dms/documents';
import type { DatabaseSource } from '../sources/source.ts';
import { type DocumentDesign, documentDesign } from '../sources/source.ts';
import { passGate } from './gated-connection.ts';
import { refuseOtherLetterCase } from './letter-case.ts';
import {
  connected,
  type DatabaseOptions,
  type DatabaseResult,
  type LastingTarget,
  limitedSession,
  withTarget,
} from './with-database.ts';

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
): Promise<(target: LastingTarget) => Promise<SeededDatabase>> {
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
    return write(target);
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
