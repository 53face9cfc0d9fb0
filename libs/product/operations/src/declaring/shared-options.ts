import { lockWaits, rightPurposes } from '@dms/databases';
import type { EarlierSetOptions } from '../build-steps/derive-earlier-mapping.ts';
import type { DatabaseSource } from '../sources/source.ts';
import { type Input, notSpecified } from './operation.ts';
import {
  choice,
  count,
  dialect,
  flag,
  output,
  possiblyEmptyText,
  seconds,
  text,
  texts,
  writtenOption,
} from './option.ts';

/* Options of several operations. */

/** The options of a translation of documents between schema sets (design 20 §1). */
export const translationOptions = {
  translation: texts(
    '<name>',
    'a translation that comes with the product, or a file; if there are several, later ones take precedence (repeatable)',
    { group: 'source' },
  ),
  rename: texts(
    '<before=after>',
    'a rename of a Project, Project:Resource or Project:Resource.$.path, with full names on both sides (repeatable)',
    { group: 'source' },
  ),
};

/** The options that ask for a translation; an operation has one of the first two. */
export const translatingNames = ['before', 'after', 'translation', 'rename'] as const;

/** Whether options ask for a translation. They name one further schema set: the earlier or the later one. */
export const asksTranslation = (
  options: Readonly<Partial<Record<(typeof translatingNames)[number], unknown>>>,
): boolean => translatingNames.some((name) => options[name] !== undefined);

/** The options for checking the rights of a role. */
export const rightsOptions = {
  purpose: choice(
    '<purpose>',
    'what the role must be able to do; fails if a right is missing, or if the database refuses such work',
    rightPurposes,
  ),
  role: text('<name>', 'the role whose rights are checked (default: the role of the connection)'),
};

/** The time limits of a change of a database. */
export const timeouts = (what: string) => ({
  lockTimeout: seconds(
    '<seconds>',
    `how long the ${what} tries to get its locks (default: ${lockWaits.change / 1000})`,
  ),
  statementTimeout: seconds('<seconds>', 'how long a statement may take (default: no limit)'),
});

/** The default number of connections of a load or a dump. An embedded database has one. */
export const defaultJobs = 2;

export const jobsOption = (what: string) => count('<n>', `${what} (default: ${defaultJobs}, with pglite: 1)`);

/** The option for the file of ODS overrides (design 19 §5.8). */
export const odsOverridesOption = (...conflicts: readonly string[]) =>
  text('<file>', 'facts about properties that an ODS needs and ApiSchema lacks', { conflicts });

/**
 * The same option for operations that also read artifacts: their ODS mapping was made with the overrides given to
 * `emit`.
 */
const odsOverridesOfSchemas = () => odsOverridesOption('artifacts');

/** Options for reading an ODS, and for the form of its documents. */
export const odsReadingOptions = (keepIds: string) => ({
  keepIds: flag(keepIds),
  allowMissing: flag('read tables, and columns that may be NULL, as empty where the ODS lacks them'),
  allowUnread: flag('leave rows and values behind for which the schema set has no table or column'),
  odsDialect: dialect(
    'pgsql or mssql: the engine that holds the ODS (default: what its connection text shows, otherwise pgsql)',
  ),
  odsOverrides: odsOverridesOfSchemas(),
  schemaSuffix: text('<text>', 'the schemas of the ODS are the usual names with this suffix'),
});

/** The file of ODS overrides from the options, otherwise from the `dms.json`. */
export const odsOverridesOf = ({
  options,
  set,
}: Pick<Input<{ readonly odsOverrides?: string | undefined }>, 'options' | 'set'>): string | undefined =>
  options.odsOverrides ?? set?.odsOverrides ?? undefined;

/** The options of reporting views. */
export const viewOptions = {
  odsOverrides: odsOverridesOfSchemas(),
  grant: texts('<role>', 'role that may read the views, and nothing else (repeatable)'),
  schemaSuffix: text('<text>', 'put the views into schemas of their own: the names of the tables with this suffix'),
  changeColumns: flag('also give views AggregateId, AggregateData and ChangeVersion'),
  exactTypes: flag('cast values to the types of an ODS, at the cost of indexes'),
  descriptorTable: flag(
    'make Descriptor a table that foreign keys can refer to; PostgreSQL keeps its rows, SQL Server needs reporting apply again',
  ),
};

/** The options of an earlier version for which reports keep working (design 21 §3). */
export const earlierSetOptions = {
  earlier: text(
    '<dir>',
    'folder with the artifacts of an earlier version: also write earlier-mapping.json, for views like its ODS tables',
    { group: 'source' },
  ),
  earlierTranslation: texts(
    '<name>',
    'the translation from the earlier version: one that comes with the product, or a file; if there are several, later ones take precedence (repeatable)',
    { group: 'source', needs: [['earlier']] },
  ),
};

type EarlierSetInput = Pick<
  Input<{ readonly earlier?: string | undefined; readonly earlierTranslation?: readonly string[] | undefined }>,
  'options' | 'set'
>;

/** The earlier version from the options, otherwise from the `dms.json`. */
export function earlierSetOf({ options, set }: EarlierSetInput): EarlierSetOptions | null {
  if (options.earlier === undefined) return set?.earlier ?? null;
  return { artifacts: options.earlier, translation: options.earlierTranslation ?? [] };
}

export const earlierSuffixOption = () =>
  possiblyEmptyText(
    '<text>',
    'what follows the names of schemas (default: _ and the version, as in edfi_52; on SQL Server nothing)',
    { needs: [['earlier']] },
  );

/** Names of resources. */
export const resourceOption = () =>
  texts('<name>', 'only this resource, as in Ed-Fi:Student (repeatable)', { group: 'source' });

type FolderInput = Pick<Input<{ readonly output?: string | undefined }>, 'options' | 'source' | 'set'>;

/** The option for the output folder of files that belong to a set. */
export const folderOption = () => output('<dir>', 'folder for the files (default: the folder of the artifacts)');

/** The folder from the option, otherwise that of the artifacts or of the `dms.json`. */
export function folderOfSource({ options, source, set }: FolderInput): string | undefined {
  const of = source as DatabaseSource | undefined;
  return options.output ?? (of?.kind === 'artifacts' ? of.folder : set?.outputDirectory);
}

/** The missing option if there is no folder. */
export const missingFolder = (input: FolderInput): readonly string[] =>
  folderOfSource(input) === undefined ? [notSpecified(writtenOption('output', folderOption()))] : [];
