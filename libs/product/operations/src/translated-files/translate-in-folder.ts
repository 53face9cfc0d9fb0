import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { outputError, replaceFiles } from '@dms/files';
import type { SqlDialect } from '@dms/sql';
import type { Context } from '../declaring/operation.ts';
import { translatedFolder } from '../incremental-build/output-folder.ts';
import { isTranslationFile } from '../sources/mapping-set/mapping-set.ts';
import { shippedTranslation } from '../sources/translations.ts';
import { type TranslateFilesOptions, translateFiles } from './translate-files.ts';
import { type WrittenTranslation, writtenLines, writtenValue } from './write-translated.ts';

interface TranslateInFolderOptions
  extends Omit<TranslateFilesOptions, 'before' | 'after' | 'dialects' | 'output' | 'rejects'> {
  /** The dialect whose artifacts are read. */
  readonly dialect: SqlDialect | undefined;
  /** A folder with documents. */
  readonly documents: string;
  /** The artifacts of the set of these documents; null for the set itself. */
  readonly before: string | null;
  /** The folder of the artifacts of the set. */
  readonly outputDirectory: string;
}

interface TranslatedInFolder extends Pick<WrittenTranslation, 'diagnostics' | 'failures'> {
  readonly lines: readonly string[];
}

/**
 * Translates a folder of documents into a folder beside the artifacts of a set: the documents, the rejects, and the
 * accounting. The results of an earlier run are removed first. Without `continue` there are no documents if one is
 * rejected; a folder without documents fails unless `allowEmpty` permits it. Throws the codes of `translateFiles`.
 */
export async function translateInFolder(
  { documents, before, outputDirectory, dialect, ...options }: TranslateInFolderOptions,
  context: Context = {},
): Promise<TranslatedInFolder> {
  // an entry without `.json` must name a shipped translation: another file would not be an input of the task
  for (const each of options.translation ?? []) if (!isTranslationFile(each)) shippedTranslation(each);
  const folder = path.join(outputDirectory, translatedFolder);
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw outputError(error, folder);
  }
  const [output, rejects] = [path.join(folder, 'documents'), path.join(folder, 'rejects.jsonl')];
  const sets =
    before === null
      ? { before: outputDirectory, dialects: { before: dialect } }
      : { before, after: outputDirectory, dialects: { after: dialect } };
  const more = { output, rejects, isOfTask: true };
  const written = await translateFiles([documents], { ...options, ...sets, ...more }, context);
  const { diagnostics, failures } = written;
  const { output: _, ...accounting } = writtenValue(written, { output });
  if (written.isWritten)
    await replaceFiles(folder, {
      writer: 'translate-documents',
      earlier: [],
      markers: [],
      files: [{ name: 'report.json', content: `${JSON.stringify(accounting, null, 2)}\n` }],
    });
  // with `continue` rejects are not a failure: they are in the file
  return {
    lines: writtenLines(written, { output, rejects }),
    diagnostics: written.isWritten ? [...diagnostics, ...failures] : diagnostics,
    failures: written.isWritten ? [] : failures,
  };
}
