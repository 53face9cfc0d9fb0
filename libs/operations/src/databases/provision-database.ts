import { differenceCounts, diffText, originLines } from '@dms/catalog';
import { changing, type Provisioned, type ProvisionOptions, provision, withKept } from '@dms/databases';
import { append, counted } from '@dms/diagnostics';
import type { SqlDialect } from '@dms/sql';
import { type DatabaseDesign, type DatabaseSource, databaseDesign, documentDesign } from '../sources/source.ts';
import { preparedSeeding, type SeededDatabase, seededLine } from './seed-database.ts';
import { type DatabaseOptions, type DatabaseResult, type PersistentTarget, withTarget } from './with-database.ts';

export interface ProvisionDatabaseOptions
  extends DatabaseOptions,
    Pick<ProvisionOptions, 'createDatabase' | 'maintenanceDatabase' | 'ifSame' | 'verify' | 'strict' | 'onWaiting'> {
  readonly source: DatabaseSource;
  /** The artifacts of the source, if many databases are made from them; otherwise they are made here. */
  readonly design?: DatabaseDesign | undefined;
  /** Files and folders of descriptors that are written afterwards. */
  readonly seedDescriptors?: readonly string[] | undefined;
  /** The contents of these files, if many databases get the same; otherwise they are read here. */
  readonly seed?: Seed | undefined;
}

/** Writes descriptors that have been read and checked into a database. */
export type Seed = (target: PersistentTarget) => Promise<SeededDatabase>;

export interface ProvisionedDatabase extends DatabaseResult, Pick<Provisioned, 'outcome' | 'database' | 'verified'> {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly resourceKeyCount: number;
  /** Null when there was nothing to seed. */
  readonly seeded: SeededDatabase | null;
}

/** Reads and checks what to seed; undefined if no files are named. */
export async function preparedSeeds({
  source,
  dialect,
  seedDescriptors: paths = [],
  onWaiting,
  signal,
  onProgress,
}: Pick<ProvisionDatabaseOptions, 'source' | 'dialect' | 'seedDescriptors' | 'onWaiting' | 'signal' | 'onProgress'>): Promise<
  Seed | undefined
> {
  if (paths.length === 0) return undefined;
  return preparedSeeding(await documentDesign(source, dialect), { paths, onWaiting }, { signal, onProgress });
}

/**
 * `dms-ddl provision` and the target `provision-db`: brings the database that the options name from empty to complete (design 09
 * §2). Throws the codes of `databaseDesign`, `PROVISION_*`, `VERIFY_CATALOG_DIFFERS`, `SEED_*` and `DB_*`.
 */
export function provisionDatabase(options: ProvisionDatabaseOptions): Promise<ProvisionedDatabase> {
  const work = async (target: PersistentTarget): Promise<ProvisionedDatabase> => {
    const design = options.design ?? (await databaseDesign(options));
    const { createDatabase, maintenanceDatabase, ifSame, verify, strict, onWaiting, signal } = options;
    // a mistake in them is found before anything is created
    const seed = options.seed ?? (await preparedSeeds(options));
    options.onProgress?.('provision');
    const run = { createDatabase, maintenanceDatabase, ifSame, verify, strict, onWaiting, signal };
    const { warnings, ...provisioned } = await provision(target, design, run);
    const seeded = seed
      ? await seed(target).catch((error: unknown) => {
          throw withKept(error, 'The database is provisioned. Run it again to write its descriptors.');
        })
      : null;
    return {
      ...provisioned,
      dialect: options.dialect,
      effectiveSchemaHash: design.info.effectiveSchemaHash,
      resourceKeyCount: design.info.resourceKeyCount,
      seeded,
      diagnostics: [...warnings, ...(seeded?.diagnostics ?? [])],
    };
  };
  return withTarget(options, 'provision', (target) => changing(() => work(target)));
}

const headings: Readonly<Record<Provisioned['outcome'], (provisioned: ProvisionedDatabase) => string>> = {
  provisioned: ({ dialect, database }) => `Provisioned ${dialect} database: ${database}`,
  appliedAgain: () => 'Already provisioned, applied again',
  skipped: () => 'Already provisioned, skipped',
};

/** What was done, line by line (design 09 §2.8); differences that are not errors are listed below. */
export function provisionedLines(provisioned: ProvisionedDatabase): string[] {
  const { outcome, effectiveSchemaHash, resourceKeyCount, verified, seeded } = provisioned;
  const lines = [
    headings[outcome](provisioned),
    `Effective schema hash: ${effectiveSchemaHash}`,
    `Resource key count: ${resourceKeyCount}`,
  ];
  if (verified !== null) {
    const { catalog, diff } = verified;
    const columns = catalog.tables.reduce((sum, table) => sum + table.columns.length, 0);
    lines.push(
      `Catalog: ${counted(catalog.tables.length, 'table')}, ${counted(columns, 'column')}, ${differenceCounts(diff.differences)}`,
    );
    if (diff.differences.length > 0) append(lines, diffText(catalog, diff).split('\n').slice(1));
    append(lines, originLines(verified));
  }
  if (seeded !== null) lines.push(seededLine(seeded));
  return lines;
}
