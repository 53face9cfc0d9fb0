import type { OptionsOf } from '../../declaring/operation.ts';
import { choice, flag, output, paths, related, text, usualFlag, versionOrLast } from '../../declaring/option.ts';
import { jobsOption, odsReadingOptions, translatingNames, translationOptions } from '../../declaring/shared-options.ts';

const fromOds = {
  fromOds: text(
    '<text>',
    'read the documents of an ODS instead of files: its connection, in the forms of --connection',
    {
      group: 'source',
    },
  ),
  fromOdsEnv: text('<NAME>', 'the same: environment variable that holds the connection text', { group: 'source' }),
  fromOdsFile: text('<path>', 'the same: file that holds the connection text', { group: 'source' }),
};

const odsNames = ['fromOds', 'fromOdsEnv', 'fromOdsFile'] as const;
const databaseNames = ['fromDatabase', 'fromDatabaseEnv', 'fromDatabaseFile'] as const;

/** The options that name a source instead of files. */
export const sourceOptions = [...odsNames, ...databaseNames] as const;

const fromDatabase = related(
  {
    fromDatabase: text(
      '<text>',
      'read the documents of another database instead of files: its connection, in the forms of --connection',
      { group: 'source' },
    ),
    fromDatabaseEnv: text('<NAME>', 'the same: environment variable that holds the connection text', {
      group: 'source',
    }),
    fromDatabaseFile: text('<path>', 'the same: file that holds the connection text', { group: 'source' }),
  },
  { conflicts: odsNames },
);

/** The options for an ODS only. */
const ofOds = related(
  {
    since: versionOrLast(
      "of an ODS with change queries: only what has changed after this ChangeVersion, with changed keys and deletes; 'last': after the version that the database has recorded",
      { conflicts: ['bulk', ...translatingNames], onlyBeside: { onExisting: ['replace'] } },
    ),
    ...odsReadingOptions('of an ODS: keep the ids that clients know, as uuids of the documents'),
  },
  { needs: [[...odsNames, 'fleet']] },
);

export const loadArguments = {
  paths: paths('[path...]', 'files or folders', { conflicts: [...sourceOptions, 'fleet'] }),
};

/** The options of `load`; those of the group `source` choose where the documents come from. */
export const loadOptions = {
  ...fromOds,
  ...fromDatabase,
  before: text(
    '<dir>',
    'artifacts of the schemas of the documents, if the database has others; the documents are then translated',
    { group: 'source' },
  ),
  ...translationOptions,
  verify: flag('compare afterwards what is stored with what was read: each row of an ODS, otherwise each document', {
    needs: [[...sourceOptions, 'fleet']],
  }),
  ...ofOds,
  onExisting: choice(
    '<action>',
    'what to do with a document that exists already (default: fail, from an ODS: skip, for what has changed since a version: replace)',
    ['fail', 'skip', 'replace'],
  ),
  continue: flag('continue after a document that cannot be loaded'),
  rejects: output(
    '<file>',
    'file for the documents that are not loaded, with the reasons; correct it, and load reads it. With --fleet a folder, with <name>.jsonl of each database',
  ),
  ignoreUnknown: flag('leave out members and elements that the schema set does not have'),
  allowEmpty: flag('succeed if the files, the ODS or the other database hold no document'),
  schemaChecks: usualFlag('check documents against the model only, not against the JSON schemas of the resources'),
  bulk: flag(
    'write all documents in one transaction, after their descriptors: faster, for the owner of the tables, on servers that nobody else uses',
  ),
  jobs: jobsOption('connections; they share independent resources and the batches of a large one'),
};

export type LoadOptions = OptionsOf<typeof loadOptions & typeof loadArguments>;

/** Whether an option names an ODS. */
export const namesOds = (options: LoadOptions) => odsNames.some((name) => options[name] !== undefined);

/** Whether an option names a database to read documents from. */
export const namesDatabase = (options: LoadOptions) => databaseNames.some((name) => options[name] !== undefined);
