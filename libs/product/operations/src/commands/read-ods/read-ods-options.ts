import type { PersistentTarget } from '@dms/databases';
import type { Context, OptionsOf, PrintedOutcome } from '../../declaring/operation.ts';
import { flag, output, required, text, usualFlag, version } from '../../declaring/option.ts';
import { odsReadingOptions, translatingNames, translationOptions } from '../../declaring/shared-options.ts';
import type { DatabaseSource } from '../../sources/source.ts';

/** The options of `read-ods`; those of a translation choose how the documents are written. */
export const readOdsOptions = {
  ...odsReadingOptions('keep the ids that clients know: documents.jsonl has each document with its Id as uuid'),
  output: required(output('<dir>', 'folder for the files; new or empty')),
  since: version('only what has changed after this ChangeVersion of the ODS, and the deletes that it records', {
    conflicts: translatingNames,
  }),
  continue: flag('write the other documents if some rows cannot be read'),
  allowEmpty: flag('succeed if the ODS holds no document; with --since there may be none'),
  before: text('<dir>', 'artifacts of the schemas of the ODS, if the documents get others; they are then translated', {
    group: 'source',
  }),
  ...translationOptions,
  rejects: output('<file>', 'file for the documents that a translation rejects, with the reasons', {
    needs: [translatingNames],
  }),
  schemaChecks: usualFlag('do not check documents against the JSON schemas of the resources, which load does anyway'),
};

export type ReadOdsOptions = OptionsOf<typeof readOdsOptions>;

/** Writes the documents of an ODS into the folder of the options, in one of the two ways. */
export type ReadsOds = (
  target: PersistentTarget,
  source: DatabaseSource,
  options: ReadOdsOptions,
  context: Context,
) => Promise<PrintedOutcome>;
