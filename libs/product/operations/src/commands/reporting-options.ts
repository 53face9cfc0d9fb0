import { inDatabase, type PersistentTarget } from '@dms/databases';
import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import { hasViewsDatabase, type NotGivenBack, notGivenBackText, viewsDatabaseOf } from '@dms/ods';
import type { EarlierSetOptions } from '../build-steps/derive-earlier-mapping.ts';
import type { ReportingChoices } from '../build-steps/emit-reporting.ts';
import type { Input, OptionsOf } from '../declaring/operation.ts';
import { flag, text, writtenOption } from '../declaring/option.ts';
import { odsOverridesOf, type viewOptions } from '../declaring/shared-options.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import type { EarlierDesigns } from '../sources/earlier-source.ts';
import type { ReportingDesignOptions } from '../sources/source.ts';

/* What the operations on reporting views share: their choices, and the databases that have the views. */

/** The choices for the views: the options, completed from the `dms.json`. */
export function chosenViews({ options, set }: Input<OptionsOf<typeof viewOptions>>): ReportingChoices & {
  readonly odsOverrides: string | undefined;
} {
  const { schemaSuffix, changeColumns, exactTypes, descriptorTable, grant } = options;
  return {
    odsOverrides: odsOverridesOf({ options, set }),
    schemaSuffix: schemaSuffix ?? set?.reporting.schemaSuffix,
    changeColumns: changeColumns ?? set?.reporting.changeColumns,
    exactTypes: exactTypes ?? set?.reporting.exactTypes,
    descriptorTable: descriptorTable ?? set?.reporting.descriptorTable,
    grants: grant ?? set?.reporting.grants,
  };
}

type EarlierInput = Pick<Input<{ readonly earlierSuffix?: string | undefined }>, 'options' | 'set'>;

/** The suffix of schema names in the views of the earlier version; null for the default of the dialect. */
export const earlierSuffixOf = ({ options, set }: EarlierInput): string | null =>
  options.earlierSuffix ?? set?.earlier?.schemaSuffix ?? null;

/** The sources of the views of the earlier version. They are loaded on demand: own views do not need them. */
export async function designsOfEarlier(
  reading: ReportingDesignOptions,
  earlierSet: EarlierSetOptions | null | undefined,
): Promise<EarlierDesigns> {
  const { earlierDesigns } = await import('../sources/earlier-source.ts');
  return earlierDesigns(reading, earlierSet);
}

/** `Not given back: 14`, with the list of them where notes are printed. */
export function notGivenBackLines(losses: readonly NotGivenBack[], showsAll: boolean | undefined): readonly string[] {
  const isHidden = losses.length > 0 && !showsAll;
  return [
    `Not given back: ${counted(losses.length, 'place')}${isHidden ? '; --notes lists them' : ''}`,
    ...(showsAll ? losses.map((loss) => `  ${notGivenBackText(loss)}`) : []),
  ];
}

/** For options about a database that has the views alone. */
const onlyWithViewsDatabase = {
  dialect: 'mssql',
  elsewhere: 'the views are in the database with the tables. Leave it out',
} as const;

/** Names the second database with the views on SQL Server, which needs one because names ignore case there. */
export const viewsDatabase = text(
  '<name>',
  'the database with the views (default: the name of the database and _Ods)',
  { group: 'database', onlyOn: onlyWithViewsDatabase },
);

/** Names the separate database with the views of the earlier version on SQL Server. */
export const earlierDatabase = text(
  '<name>',
  'the database with the views of the earlier version (default: _Ods and the version after the name, as in _Ods52)',
  { group: 'database', needs: [['earlier']], onlyOn: onlyWithViewsDatabase },
);

/** Whether to create the database with the views. */
export const createViewsDatabase = flag('create the database with the views if it does not exist', {
  onlyOn: onlyWithViewsDatabase,
});

/** The options that name a database of views, by their names in the code. */
export type ViewsDatabaseOptions = {
  readonly viewsDatabase?: string | undefined;
  readonly earlierDatabase?: string | undefined;
};

/**
 * Refuses one views database for several databases: `OPTION_CONFLICT`. The options do not show how many databases of a
 * fleet are selected.
 */
export function sharedViews(
  { viewsDatabase: named, earlierDatabase: above }: ViewsDatabaseOptions,
  databases: readonly FleetDatabase[],
): readonly Diagnostic[] {
  if ((named ?? above) === undefined || databases.length < 2) return [];
  const option =
    named === undefined
      ? writtenOption('earlierDatabase', earlierDatabase)
      : writtenOption('viewsDatabase', viewsDatabase);
  const text = `The views of ${counted(databases.length, 'database')} cannot be in one database; leave ${option} out: each then gets its own, with its name and _Ods.`;
  return [diagnostic('OPTION_CONFLICT', text, {}, { databases: databases.map(({ name }) => name) })];
}

/** The database of the views: that of the tables, or another one on its server. */
export function viewsTarget(target: PersistentTarget, named: string | undefined): PersistentTarget {
  const own = target.kind === 'server' ? viewsDatabaseOf(target.dialect, target.database, named) : null;
  return target.kind === 'server' && own !== null ? inDatabase(target, own) : target;
}

/** The database for the views of the earlier version: that of the tables, or another one on its server. */
export const earlierTarget = (target: PersistentTarget, name: string): PersistentTarget =>
  target.kind === 'server' && hasViewsDatabase(target.dialect) ? inDatabase(target, name) : target;

/** `34 views and the table edfi.descriptor` */
export function viewsText(views: number, descriptorTables: readonly string[]): string {
  const tables = `the ${descriptorTables.length === 1 ? 'table' : 'tables'} ${descriptorTables.join(' and ')}`;
  return `${counted(views, 'view')}${descriptorTables.length === 0 ? '' : ` and ${tables}`}`;
}

export const databaseOf = (target: PersistentTarget) => (target.kind === 'server' ? target.database : '');
