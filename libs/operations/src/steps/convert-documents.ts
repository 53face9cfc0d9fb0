import { append, counted, type Diagnostic } from '@dms/diagnostics';
import { type ConvertedDocuments, convertDocuments } from '@dms/loading';
import { type DatabaseSource, documentDesign } from '../sources/source.ts';

export interface ConvertFilesOptions {
  readonly source: DatabaseSource;
  readonly paths: readonly string[];
  readonly outputDirectory: string;
  /** Leaves out elements without a property, with a warning. */
  readonly ignoreUnknown?: boolean | undefined;
  /** Writes the other documents if some are rejected. */
  readonly isContinued?: boolean | undefined;
  readonly onProgress?: ((part: string) => void) | undefined;
}

export interface ConvertedFiles extends ConvertedDocuments {
  /** The first problems of rejected documents. */
  readonly problems: readonly Diagnostic[];
  /** The first warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The most problems and warnings to keep. */
const shownProblems = 100;

/**
 * `dms-ddl convert-documents`: writes the inputs of `load` as JSON lines, without a database (design 14 §4.5). Throws the codes
 * of `documentDesign` and `convertDocuments`. Problems of single documents are in the result.
 */
export async function convertDocumentFiles(options: ConvertFilesOptions): Promise<ConvertedFiles> {
  const { source, paths, outputDirectory, ignoreUnknown, isContinued, onProgress } = options;
  const { model } = await documentDesign(source, undefined, onProgress);
  const [problems, diagnostics]: [Diagnostic[], Diagnostic[]] = [[], []];
  const keep = (list: Diagnostic[], added: readonly Diagnostic[]) => append(list, added.slice(0, shownProblems - list.length));
  const converted = await convertDocuments(model, paths, outputDirectory, {
    ...{ ignoreUnknown, isContinued },
    onReject: (reject) => keep(problems, reject.problems),
    onDiagnostic: (entry) => keep(diagnostics, [entry]),
    onProgress: (count) => onProgress?.(counted(count, 'document')),
  });
  return { ...converted, problems, diagnostics };
}
