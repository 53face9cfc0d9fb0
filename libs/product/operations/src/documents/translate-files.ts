import type { DocumentSchemas } from '@dms/api-schema';
import type { SqlDialect } from '@dms/sql';
import type { Context } from '../operation/operation.ts';
import { documentDesign } from '../sources/source.ts';
import { type TranslationDesign, type TranslationOptions, translationDesign } from '../sources/translations.ts';
import { type WritingOptions, type WrittenTranslation, writeTranslated } from './write-translated.ts';

/** The schema sets of a translation, and its rules. */
export interface TranslationSources extends TranslationOptions {
  /** A folder of artifacts. */
  readonly before: string;
  /** Likewise; by default that of `before`. */
  readonly after?: string | undefined;
  /** Of the artifacts of `after`; by default the first that they have. */
  readonly dialect?: SqlDialect | undefined;
  /** Whether documents are checked against the JSON schemas of the later resources; by default they are. */
  readonly schemaChecks?: boolean | undefined;
}

/** A translation that is complete, with what its documents are checked with. */
export interface ReadTranslation {
  readonly design: TranslationDesign;
  readonly schemas: DocumentSchemas | null;
}

/** Reads both schema sets and checks the translation. Throws the codes of `documentDesign` and `translationDesign`. */
export async function readTranslation(
  { before, after, dialect, translation, rename, schemaChecks = true }: TranslationSources,
  { onProgress }: Context,
): Promise<ReadTranslation> {
  const isOne = after === undefined;
  const designOf = (folder: string, ofDialect: SqlDialect | undefined, withSchemas: boolean) =>
    documentDesign({ kind: 'artifacts', folder }, ofDialect, onProgress, withSchemas);
  const earlier = await designOf(before, isOne ? dialect : undefined, isOne && schemaChecks);
  const later = isOne ? earlier : await designOf(after, dialect, schemaChecks);
  onProgress?.('check the translation');
  return { design: await translationDesign(earlier, later, { translation, rename }), schemas: later.schemas };
}

export interface TranslateFilesOptions extends TranslationSources, Omit<WritingOptions, 'schemas'> {}

/** Translates the documents of files into a new folder. Throws the codes of `readTranslation` and `writeTranslated`. */
export async function translateFiles(
  paths: readonly string[],
  options: TranslateFilesOptions,
  context: Context,
): Promise<WrittenTranslation> {
  const { design, schemas } = await readTranslation(options, context);
  return writeTranslated(design, paths, { ...options, schemas }, context);
}
