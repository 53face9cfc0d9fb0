import { rightPurposes } from '@dms/databases';
import { failIfAny } from '@dms/diagnostics';
import { impossibleItems, planUpgrade, type Rename, refusals, type UpgradePlan } from '@dms/upgrade';
import { type RenameOptions, requestedRenames } from '../sources/renames.ts';
import type { DatabaseSource } from '../sources/source.ts';
import { type UpgradeFolders, type UpgradeSets, upgradeSets } from '../steps/upgrade.ts';
import { type Context, type Input, notSpecified } from './operation.ts';
import { choice, count, dialect, flag, output, required, text, texts, writtenOption } from './option.ts';

/* Options that several operations have. */

/** What has been renamed from the earlier to the later schemas (design 12 §11). */
export const renameOptions = {
  rename: texts(
    '<before=after>',
    'a rename of a Project, Project:Resource or Project:Resource.$.path, with full names on both sides (repeatable)',
    { group: 'source' },
  ),
  renames: text('<file>', 'a file of renames', { group: 'source' }),
};

/** The rights of a role. */
export const rightsOptions = {
  purpose: choice('<purpose>', 'what the role must be able to do; fails when it lacks a right for that', rightPurposes),
  role: text('<name>', 'the role whose rights are looked at (default: the role of the connection)'),
};

/** How long a change of a database waits. */
export const timeouts = (what: string) => ({
  lockTimeout: count('<seconds>', `how long the ${what} tries to get its locks (default: 30)`),
  statementTimeout: count('<seconds>', 'how long a statement may take (default: no limit)'),
});

/** The file of ODS overrides (design 19 §5.8). */
export const odsOverridesOption = (...conflicts: readonly string[]) =>
  text('<file>', 'facts about properties that an ODS needs and ApiSchema lacks', { conflicts });

/** The same where artifacts can be named: their mapping of an ODS was made with what `emit` was given. */
const odsOverridesOfSchemas = () => odsOverridesOption('artifacts');

/** What a reader of an ODS may do, and how documents come out. */
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

/** What reporting views are like. */
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

/** The folder of artifacts of an operation that looks at them. */
export const artifactsOption = () =>
  required(text('<dir>', 'folder of artifacts, as emit writes it', { group: 'source' }));

/** Names of resources. */
export const resourceOption = () =>
  texts('<name>', 'only this resource, as in Ed-Fi:Student (repeatable)', { group: 'source' });

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

export const beforeOption = text('<dir>', 'artifacts of the schemas that the database was provisioned with', {
  group: 'source',
});
export const afterOption = text('<dir>', 'artifacts of the schemas that the database will have', { group: 'source' });

/** The options of a plan and of its upgrade, so that both are of one plan. */
export const upgradeOptions = {
  before: required(beforeOption),
  after: required(afterOption),
  allowLoss: texts(
    '<object>',
    'what may be lost: project, project.resource, schema.table, schema.table.column, or all (repeatable)',
  ),
  allowInvalid: texts(
    '<resource>',
    'project:resource whose documents may break new rules of the schemas, and stay as they are (repeatable)',
  ),
  adopt: flag("first replace the triggers and functions of the service's own tool, in the same transaction"),
  ...renameOptions,
};

/** What an upgrade reads before a database is opened. */
export interface PreparedUpgrade extends UpgradeSets {
  readonly renames: readonly Rename[];
  /** The plan, which is the same for every database of a fleet; one database is asked before it is refused. */
  readonly plan: UpgradePlan | undefined;
}

type PlannedOptions = Omit<UpgradeFolders, 'dialect'> &
  RenameOptions & {
    readonly allowLoss?: readonly string[] | undefined;
    readonly allowInvalid?: readonly string[] | undefined;
  };

/**
 * Reads the sets; for a fleet it also plans. What no database can have is refused before the first one; so are losses
 * without a permission, unless each database is only asked what it would lose.
 */
export async function preparedUpgrade(
  { options, dialect, isFleet }: Pick<Input<PlannedOptions>, 'options' | 'dialect' | 'isFleet'>,
  { onProgress }: Context,
  { onlyAsks = false } = {},
): Promise<PreparedUpgrade> {
  const { allowLoss, allowInvalid } = options;
  onProgress?.('read artifacts');
  const renames = await requestedRenames(options);
  const sets = await upgradeSets({ ...options, dialect });
  if (!isFleet) return { ...sets, renames, plan: undefined };
  const plan = planUpgrade(sets.before, sets.after, { allowLoss, allowInvalid, renames });
  failIfAny(onlyAsks ? impossibleItems(plan) : refusals(plan));
  return { ...sets, renames, plan };
}
