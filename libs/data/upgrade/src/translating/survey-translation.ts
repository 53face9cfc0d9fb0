import { type Connection, rowsOf } from '@dms/databases';
import type { Diagnostic } from '@dms/diagnostics';
import type { SurveyedTranslation } from '../plan/translation-report.ts';
import { type ReadingOptions, readAndTranslate, settleRejects, type TranslationRejects } from './read-and-translate.ts';
import { type RemovedDocument, removedDocuments } from './removed-documents.ts';
import { translatingSql } from './translating-sql.ts';
import type { UpgradeTranslation } from './translation-in-place.ts';

/**
 * Reads and translates the documents of the database, as the upgrade would. Returns the errors with which it would
 * refuse documents, and the documents that it would remove.
 */
export async function surveyTranslation(
  connection: Connection,
  translation: UpgradeTranslation,
  options: ReadingOptions,
  kept: TranslationRejects | undefined,
): Promise<{
  readonly found: SurveyedTranslation;
  readonly errors: readonly Diagnostic[];
  readonly removed: readonly RemovedDocument[];
}> {
  const begin = performance.now();
  return readAndTranslate(connection, translation, options, async (translated) => {
    const seconds = (performance.now() - begin) / 1000;
    const { errors } = await settleRejects(translation, translated, kept);
    const { report, counts, read } = translated;
    const [size] = await rowsOf<{ n: unknown }>(connection, translatingSql[connection.dialect].databaseSize);
    const written = [...translation.written].map((label) => counts.get(label) ?? 0);
    return {
      found: {
        resources: report.resources,
        documents: report.documents,
        places: report.places,
        writtenAgain: written.reduce((all, count) => all + count, 0),
        translated: read,
        seconds,
        bytes: Number(size?.n ?? 0),
      },
      errors,
      // documents that nobody keeps stay, and stand in the way
      removed: kept ? await removedDocuments(connection, options.before, translated) : [],
    };
  });
}
