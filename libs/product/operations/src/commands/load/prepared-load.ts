import type { PersistentTarget } from '@dms/databases';
import { type DocumentDesign, type DocumentWork, documentWork, type OnExisting } from '@dms/documents';
import type { LoadedValue, Loading } from '../../database-documents/load-documents.ts';
import type { Context, Input } from '../../declaring/operation.ts';
import { asksTranslation } from '../../declaring/shared-options.ts';
import type { FleetDatabase } from '../../fleet/fleet-databases.ts';
import type { DatabaseSource } from '../../sources/source.ts';
import { type TranslationDesign, translationDesign } from '../../sources/translations.ts';
import type { LoadOptions } from './load-options.ts';

/** A kind of source: reads what a load of its documents needs before any database is opened. */
export type PreparesLoad = (input: LoadRun, context: Pick<Context, 'onProgress'>) => Promise<PreparedLoad>;

export type LoadRun = Input<LoadOptions, DatabaseSource>;

/** A load from one source. */
export interface PreparedLoad {
  readonly work: DocumentWork;
  /** Undefined if the documents are loaded as they are. */
  readonly translation: TranslationDesign | undefined;
  /** The documents for a database, whose entry a fleet gives. */
  documentsFor(entry: LoadedEntry | undefined): DocumentsToLoad;
  /** The members of the result that only loads from this source have. */
  ownValue?(loaded: LoadedValue): Partial<LoadedValue>;
}

export type LoadedEntry = Pick<FleetDatabase, 'ods'>;

/** The documents for one database. */
export interface DocumentsToLoad extends Pick<Loading, 'origin'> {
  /** What happens to a document that exists already, unless an option says so; undefined for the usual action. */
  readonly onExisting?: OnExisting;
  /** Replaces the error of a load by one that knows the source. */
  explain?(error: unknown, target: PersistentTarget, context: Context): Promise<never>;
}

/** Whether documents are checked against the JSON schemas of the later set: a translation does so in any case. */
export const needsSchemas = (options: LoadOptions): boolean =>
  (options.schemaChecks ?? true) || asksTranslation(options);

/** The work of a load into the set `later`, whose documents have the set `earlier` if they are translated. */
export async function preparedWork(
  later: DocumentDesign,
  earlier: DocumentDesign | undefined,
  options: LoadOptions,
): Promise<Pick<PreparedLoad, 'work' | 'translation'>> {
  const translation = earlier && (await translationDesign(earlier, later, options));
  const { schemaChecks = true } = options;
  return { work: documentWork(schemaChecks ? later : { ...later, schemas: null }), translation };
}
