import { atOneMoment, type DatabaseOptions, type DatabaseResult, withTarget } from '@dms/databases';
import { type DocumentDesign, documentWork, onDocuments, warnOfMoments } from '@dms/documents';
import { type DocumentFeed, databaseFeed } from '@dms/loading';
import type { Context } from '../declaring/operation.ts';

/** A database to read documents from. */
export interface DatabaseSourceOptions extends Omit<DatabaseOptions, 'dialect' | 'signal' | 'onProgress'> {
  /** The design that the database was provisioned for, in its dialect. */
  readonly design: DocumentDesign;
}

/**
 * Runs `work` with the documents of a database, in one transaction that only reads, and sees a single moment. Throws
 * `GATE_*`, `DB_*`.
 */
export function withDatabaseFeed<Result extends DatabaseResult>(
  { design, ...place }: DatabaseSourceOptions,
  context: Context,
  work: (feed: DocumentFeed) => Promise<Result>,
): Promise<Result> {
  const { signal, onProgress } = context;
  const prepared = documentWork(design);
  return withTarget({ ...place, signal, dialect: prepared.plans.dialect }, 'check', (target) =>
    onDocuments(target, prepared, { signal, onProgress }, async ({ connection, plans }) => {
      const warnings = await warnOfMoments(connection, context);
      const result = await atOneMoment(connection, async (moment) => work(await databaseFeed(moment, plans)));
      return { ...result, diagnostics: [...warnings, ...result.diagnostics] };
    }),
  );
}
