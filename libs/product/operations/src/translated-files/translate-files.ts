import type { DocumentSchemas } from '@dms/api-schema';
import type { DocumentDesign } from '@dms/documents';
import type { SqlDialect } from '@dms/sql';
import type { Context } from '../declaring/operation.ts';
import { artifactsIn, type DatabaseSource, documentDesign } from '../sources/source.ts';
import { type TranslationDesign, type TranslationOptions, translationDesign } from '../sources/translations.ts';
import { type WritingOptions, type WrittenTranslation, writeTranslated } from './write-translated.ts';

/** The schema sets and the rules of a translation. */
interface TranslationSources extends TranslationOptions {
  readonly before: DatabaseSource;
  /** Default: `before`. */
  readonly after?: DatabaseSource | undefined;
  /** The dialects of both sets; the default is the first dialect of the artifacts. */
  readonly dialects?: { readonly before?: SqlDialect | undefined; readonly after?: SqlDialect | undefined };
  /** Whether to check documents against the JSON schemas of the later resources; true by default. */
  readonly schemaChecks?: boolean | undefined;
}

/** A complete translation, with the designs that its documents are checked against. */
export interface ReadTranslation {
  readonly design: TranslationDesign;
  readonly earlier: DocumentDesign;
  readonly schemas: DocumentSchemas | null;
}

/** Translates the documents of files into a new folder. Throws the codes of `readTranslation` and `writeTranslated`. */
export async function translateFiles(
  paths: readonly string[],
  { before, after, ...options }: TranslateFilesOptions,
  context: Context,
): Promise<WrittenTranslation> {
  const { design, schemas } = await readTranslation({ ...options, ...inFolders(before, after) }, context);
  return writeTranslated(design, paths, { ...options, schemas }, context);
}

/** Reads both schema sets and checks the translation. Throws the codes of `documentDesign` and `translationDesign`. */
export async function readTranslation(
  { before, after, dialects = {}, ...options }: TranslationSources,
  context: Context,
): Promise<ReadTranslation> {
  const { onProgress } = context;
  const isOne = after === undefined;
  const earlier = await documentDesign(before, dialects.before, onProgress, true);
  const later = isOne ? earlier : await documentDesign(after, dialects.after, onProgress, true);
  return translationBetween(earlier, later, options, context);
}

/** The translation between two sets with their JSON schemas. Throws the codes of `translationDesign`. */
export async function translationBetween(
  earlier: DocumentDesign,
  later: DocumentDesign,
  { translation, rename, schemaChecks = true }: Pick<TranslationSources, keyof TranslationOptions | 'schemaChecks'>,
  { onProgress }: Context,
): Promise<ReadTranslation> {
  onProgress?.('check the translation');
  const design = await translationDesign(earlier, later, { translation, rename });
  return { design, earlier, schemas: schemaChecks ? later.schemas : null };
}

/** The schema sets of a translation, given as folders of artifacts. */
export const inFolders = (before: string, after: string | undefined) => ({
  before: artifactsIn(before),
  after: artifactsIn(after),
});

export interface TranslateFilesOptions
  extends Omit<TranslationSources, 'before' | 'after'>,
    Omit<WritingOptions, 'schemas'> {
  /** A folder of artifacts. */
  readonly before: string;
  /** A folder of artifacts; by default that of `before`. */
  readonly after?: string | undefined;
}
