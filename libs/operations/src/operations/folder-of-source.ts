import { type Input, notSpecified } from '../operation/operation.ts';
import { output } from '../operation/option.ts';
import { writtenOption } from '../operation/written-option.ts';
import type { DatabaseSource } from '../sources/source.ts';

type FolderInput = Pick<Input<{ readonly output?: string | undefined }>, 'options' | 'source' | 'set'>;

/** The folder for files that belong to a set. */
export const folderOption = () => output('<dir>', 'folder for the files (default: the folder of the artifacts)');

/** The folder that an option names, otherwise that of the artifacts or of the `dms.json`. */
export function folderOfSource({ options, source, set }: FolderInput): string | undefined {
  const of = source as DatabaseSource | undefined;
  return options.output ?? (of?.kind === 'artifacts' ? of.folder : set?.outputDirectory);
}

/** What the options lack where there is no folder. */
export const missingFolder = (input: FolderInput): readonly string[] =>
  folderOfSource(input) === undefined ? [notSpecified(writtenOption('output', folderOption()))] : [];
