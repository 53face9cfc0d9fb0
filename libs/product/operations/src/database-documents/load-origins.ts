import { withKept } from '@dms/databases';
import { append } from '@dms/diagnostics';
import { differenceDiagnostics, type RowComparison } from '@dms/ods';
import type { Context } from '../declaring/operation.ts';
import { type DatabaseSourceOptions, withDatabaseFeed } from './database-source.ts';
import type { LoadedDatabase, LoadOrigin } from './load-documents.ts';
import { type OdsFeed, type OdsFeedOptions, withOdsFeed } from './ods-source.ts';

/* Where a load can read documents from (design 14a §1, 19a). */

/** The documents of files and folders. */
export const filesOrigin =
  (paths: readonly string[]): LoadOrigin =>
  async ({ write, expectDocuments, result }) =>
    result(expectDocuments(await write(paths), 'files'));

/** The documents of another database. */
export const databaseOrigin =
  (options: DatabaseSourceOptions): LoadOrigin =>
  ({ write, expectDocuments, result }, context) =>
    withDatabaseFeed(options, context, async (feed) => result(expectDocuments(await write(feed), 'database')));

/** The documents of an ODS, all or those that have changed (design 19a). */
export const odsOrigin =
  (options: Omit<OdsFeedOptions, 'isBulk'>): LoadOrigin =>
  ({ session, collected, translation, verify, isBulk, write, expectDocuments, result }, context) => {
    const copied = async (feed: OdsFeed): Promise<LoadedDatabase> => {
      for (const warning of await feed.copy.begin(feed.lastVersion)) collected.warn(warning);
      const summary = await write(feed);
      // an increment may have no changes
      if (options.since === undefined) expectDocuments(summary, 'ods');
      const copy = await feed.copy.end(feed.lastVersion, {
        isStopped: summary.isStopped,
        rejected: summary.total.rejected,
      });
      const comparing = verify && !summary.isStopped && translation === undefined;
      const comparison = comparing ? await comparedWithOds(feed, context) : null;
      append(collected.failures, comparison === null ? [] : differenceDiagnostics(comparison));
      const read = feed.reading();
      if (read === null) return { ...result(summary), copy, comparison };
      const { diagnostics, ...reading } = read;
      const loaded = result(summary);
      return { ...loaded, diagnostics: [...loaded.diagnostics, ...diagnostics], copy, comparison, reading };
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
