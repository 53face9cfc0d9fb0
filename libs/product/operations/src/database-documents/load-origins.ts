import { withKept } from '@dms/databases';
import { differenceDiagnostics, type RowComparison } from '@dms/ods';
import type { Context } from '../declaring/operation.ts';
import { type DatabaseSourceOptions, withDatabaseFeed } from './database-source.ts';
import type { LoadedDatabase, LoadOrigin } from './load-documents.ts';
import { type OdsFeed, type OdsFeedOptions, withOdsFeed } from './ods-source.ts';

/* The sources that a load can read documents from (design 14a §1, 19a). */

/** The documents of files and folders. */
export const filesOrigin =
  (paths: readonly string[]): LoadOrigin =>
  async ({ write, result }) =>
    result(await write(paths, 'files'));

/** The documents of another database. */
export const databaseOrigin =
  (options: DatabaseSourceOptions): LoadOrigin =>
  ({ write, result }, context) =>
    withDatabaseFeed(options, context, async (feed) => result(await write(feed, 'database')));

/** The documents of an ODS, all or those that have changed (design 19a). */
export const odsOrigin =
  (options: Omit<OdsFeedOptions, 'isBulk'>): LoadOrigin =>
  ({ session, translation, verify, isBulk, warn, report, write, result }, context) => {
    const copied = async (feed: OdsFeed): Promise<LoadedDatabase> => {
      for (const warning of await feed.copy.begin(feed.lastVersion)) warn(warning);
      // an increment may have no changes
      const summary = await write(feed, options.since === undefined ? 'ods' : undefined);
      const copy = await feed.copy.end(feed.lastVersion, {
        isStopped: summary.isStopped,
        rejected: summary.total.rejected,
      });
      const comparing = verify && !summary.isStopped && translation === undefined;
      const comparison = comparing ? await comparedWithOds(feed, context) : null;
      if (comparison !== null) report(differenceDiagnostics(comparison));
      const loaded = result(summary);
      const reading = feed.reading();
      const diagnostics = [...loaded.diagnostics, ...(reading?.diagnostics ?? [])];
      return { ...loaded, diagnostics, copy, comparison, reading };
    };
    // changes of an increment cannot be translated, so a translated copy begins anew
    const isWhole = isBulk || translation !== undefined;
    const { model } = (translation?.before ?? session.plans).mappingSet;
    return withOdsFeed({ ...options, isBulk: isWhole }, context, model, session.connection, copied);
  };

/** Compares the rows of an ODS with those of the database, after the load. */
function comparedWithOds(feed: OdsFeed, { onProgress }: Context): Promise<RowComparison> {
  const onTable = (table: string) => onProgress?.(`compare ${table}`);
  return feed.compare(onTable).catch((error: unknown) => {
    throw withKept(error, 'The documents are loaded. Run it again to compare them.');
  });
}
