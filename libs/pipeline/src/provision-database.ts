import { differenceCounts, diffText } from '@dms/catalog';
import { type Provisioned, type ProvisionOptions, provision } from '@dms/databases';
import type { SqlDialect } from '@dms/sql';
import { type DatabaseSource, databaseDesign } from './database-source.ts';
import { type DatabaseOptions, type DatabaseResult, withTarget } from './with-database.ts';

export interface ProvisionDatabaseOptions
  extends DatabaseOptions,
    Pick<ProvisionOptions, 'createDatabase' | 'maintenanceDatabase' | 'ifSame' | 'verify' | 'strict' | 'onWaiting'> {
  readonly source: DatabaseSource;
}

export interface ProvisionedDatabase extends DatabaseResult, Pick<Provisioned, 'outcome' | 'database' | 'verified'> {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  readonly resourceKeyCount: number;
}

/**
 * `dms-ddl provision` and the target `provision-db`: brings the database that the options name from empty to complete (design 09
 * §2). Throws the codes of `databaseDesign`, `PROVISION_*`, `VERIFY_CATALOG_DIFFERS` and `DB_*`.
 */
export function provisionDatabase(options: ProvisionDatabaseOptions): Promise<ProvisionedDatabase> {
  return withTarget(options, 'provision', async (target) => {
    const design = await databaseDesign(options);
    const { createDatabase, maintenanceDatabase, ifSame, verify, strict, onWaiting, signal } = options;
    options.onProgress?.('provision');
    const run = { createDatabase, maintenanceDatabase, ifSame, verify, strict, onWaiting, signal };
    const { warnings, ...provisioned } = await provision(target, design, run);
    return {
      ...provisioned,
      dialect: options.dialect,
      effectiveSchemaHash: design.info.effectiveSchemaHash,
      resourceKeyCount: design.info.resourceKeyCount,
      diagnostics: warnings,
    };
  });
}

const headings: Readonly<Record<Provisioned['outcome'], (provisioned: ProvisionedDatabase) => string>> = {
  provisioned: ({ dialect, database }) => `Provisioned ${dialect} database: ${database}`,
  appliedAgain: () => 'Already provisioned, applied again',
  skipped: () => 'Already provisioned, skipped',
};

/** What was done, line by line (design 09 §2.8); differences that are no errors are listed below. */
export function provisionedLines(provisioned: ProvisionedDatabase): string[] {
  const { outcome, effectiveSchemaHash, resourceKeyCount, verified } = provisioned;
  const lines = [
    headings[outcome](provisioned),
    `Effective schema hash: ${effectiveSchemaHash}`,
    `Resource key count: ${resourceKeyCount}`,
  ];
  if (verified === null) return lines;
  const { catalog, diff } = verified;
  const columns = catalog.tables.reduce((sum, table) => sum + table.columns.length, 0);
  lines.push(`Catalog: ${catalog.tables.length} tables, ${columns} columns, ${differenceCounts(diff.differences)}`);
  if (diff.differences.length > 0) lines.push(...diffText(catalog, diff).split('\n').slice(1));
  return lines;
}
