import type { DocumentSession, DocumentWork } from '@dms/documents';
import type { Context, OptionsOf, PrintedOutcome } from '../../declaring/operation.ts';
import { flag, output, related, required, text, usualFlag, version } from '../../declaring/option.ts';
import { jobsOption, resourceOption, translatingNames, translationOptions } from '../../declaring/shared-options.ts';

/** The options for translated documents only. */
const ofTranslation = related(
  {
    keepIds: flag('write records with the uuids of the documents, into documents.jsonl'),
    continue: flag('write the other documents if a translation rejects some'),
    rejects: output('<file>', 'file for the documents that a translation rejects, with the reasons'),
    schemaChecks: usualFlag(
      'check documents against the later model only, not against the JSON schemas of the resources',
    ),
  },
  { needs: [translatingNames] },
);

/** The options for documents as they are stored. */
const ofStoredDocuments = related(
  {
    resource: resourceOption(),
    since: version('only documents that changed after this content version'),
    jobs: jobsOption('connections'),
  },
  { conflicts: translatingNames },
);

/** The options of `dump`; those of a translation choose the kind of dump. */
export const dumpOptions = {
  output: required(output('<dir>', 'folder for the files; new or empty')),
  ...ofStoredDocuments,
  // a pack has not all that a translation needs
  ...related(
    {
      after: text(
        '<dir>',
        'artifacts of other schemas than those of the database, into which the documents are then translated',
        { group: 'source' },
      ),
      ...translationOptions,
    },
    { conflicts: ['pack'] },
  ),
  ...ofTranslation,
};

export type DumpOptions = OptionsOf<typeof dumpOptions>;

/** One kind of dump, with its input, which is read before the database is opened. */
export interface PreparedDump {
  readonly work: DocumentWork;
  /** Writes the documents of the database into the folder of the options. */
  write(session: DocumentSession, context: Context): Promise<PrintedOutcome>;
}
