import {
  type Connection,
  changing,
  connected,
  createDatabase,
  type DroppedViews,
  inDatabase,
  locksOfViews,
  lockTableFindings,
  openDatabase,
  type PersistentTarget,
  passGate,
  readLockTable,
  withCreatedDatabase,
} from '@dms/databases';
import { append, counted, type Diagnostic, diagnostic, fail, listOfNames } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import {
  applyViews,
  dropViews,
  earlierDatabaseOf,
  earlierMappingText,
  earlierScript,
  hasViewsDatabase,
  mappingText,
  type NotGivenBack,
  notGivenBackText,
  ownViewOptions,
  type ReportingOptions,
  type ReportingScript,
  reportingScript,
  usualOptions,
  viewsDatabaseOf,
} from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { earlierViewOptions } from '../build-steps/emit-earlier-reporting.ts';
import { type ReportingChoices, reportingOptions } from '../build-steps/emit-reporting.ts';
import {
  type Context,
  databaseOperation,
  fileOperation,
  type Input,
  type OptionsOf,
  writtenLines,
} from '../declaring/operation.ts';
import { flag, flagOf, text, writtenOption } from '../declaring/option.ts';
import {
  earlierSuffixOption,
  folderOfSource,
  folderOption,
  missingFolder,
  odsOverridesOf,
  viewOptions,
} from '../declaring/shared-options.ts';
import { dialectUses, scriptsOfSet, setInDatabases } from '../declaring/subject.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import { writeAmongArtifacts } from '../incremental-build/output-folder.ts';
import { artifactFile, earlierSteps, reportingSteps } from '../incremental-build/step-table.ts';
import type { EarlierDesigns } from '../sources/earlier-source.ts';
import { chosenDialects, reportingDesigns } from '../sources/source.ts';

/** The choices for the views: the options, completed from the `dms.json`. */
function viewsOf({ options, set }: Input<OptionsOf<typeof viewOptions>>): ReportingChoices & {
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
const earlierSuffixOf = ({ options, set }: EarlierInput): string | null =>
  options.earlierSuffix ?? set?.earlier?.schemaSuffix ?? null;

/** Refuses options of the earlier version without `--earlier`. */
function expectEarlier({ options }: EarlierInput, others: readonly string[] = []): void {
  const given = [...(options.earlierSuffix === undefined ? [] : [flagOf('earlierSuffix')]), ...others];
  if (given.length === 0) return;
  const text = `${listOfNames(given)} is for the views of the earlier version; add --earlier.`;
  fail('OPTION_CONFLICT', text, {}, { options: given });
}

/** `Not given back: 14`, with the list of them where notes are printed. */
function notGivenBackLines(losses: readonly NotGivenBack[], showsAll: boolean | undefined): readonly string[] {
  const isHidden = losses.length > 0 && !showsAll;
  return [
    `Not given back: ${counted(losses.length, 'place')}${isHidden ? '; --notes lists them' : ''}`,
    ...(showsAll ? losses.map((loss) => `  ${notGivenBackText(loss)}`) : []),
  ];
}

/** Writes the mapping and the scripts for the views of the earlier version into a folder of artifacts. */
async function writtenEarlierScripts(
  { mapping, earlier, models, diagnostics }: EarlierDesigns,
  folder: string,
  { choices, suffix, onProgress }: { choices: ReportingChoices; suffix: string | null } & Pick<Context, 'onProgress'>,
) {
  const own = reportingOptions(choices);
  const scripts = models.map((model) => {
    onProgress?.(`emit-earlier-reporting ${model.dialect}`);
    const { text: content } = earlierScript(earlier, { mapping, model, options: own }, earlierViewOptions(own, suffix));
    return { name: artifactFile('earlierScript', model.dialect), content };
  });
  const files = [{ name: artifactFile('earlierMapping'), content: earlierMappingText(earlier) }, ...scripts];
  const artifacts = await writeAmongArtifacts(folder, 'emit-earlier-reporting', files, earlierSteps);
  const { effectiveSchemaHash } = mapping;
  const { tables, notGivenBack } = earlier;
  return { effectiveSchemaHash, views: tables.length, notGivenBack, artifacts, diagnostics };
}

/**
 * Writes the mapping and the scripts of the views, and leaves the other artifacts of the folder alone (design 19 §8).
 * Throws `ODS_*`, `INPUT_*`, the codes of `derive-model`, `DDL_OUTPUT_NOT_EMPTY` and `OUTPUT_*`.
 */
export const emitReporting = fileOperation({
  name: 'reporting emit',
  group: 'ods',
  summary: 'write the scripts of the views, and the mapping of an ODS',
  description:
    'Writes reporting.<dialect>.sql, which gives a database the views, and ods-mapping.json, which says which document paths each ' +
    'table and column of an ODS holds. With --earlier it writes the views of the earlier version that emit --earlier named. No database is ' +
    'needed. Other artifacts in the folder stay.',
  examples: [
    'reporting emit --schema core/ApiSchema.json --dialect pgsql --output out',
    'reporting emit --artifacts out --dialect pgsql --earlier --notes',
  ],
  worksOn: scriptsOfSet,
  options: {
    ...viewOptions,
    earlier: flag(
      'write reporting-earlier.<dialect>.sql instead: the views of the earlier version, which read those that the other options describe',
    ),
    earlierSuffix: earlierSuffixOption(),
    output: folderOption(),
  },
  missing: missingFolder,
  async run({ source, dialects: named, ...input }, { onProgress }) {
    const { odsOverrides, ...choices } = viewsOf(input as Input<OptionsOf<typeof viewOptions>>);
    const dialects = await chosenDialects(source, named);
    if (input.options.earlier) {
      const suffix = earlierSuffixOf(input);
      const { earlierDesigns } = await import('../sources/earlier-source.ts');
      const found = await earlierDesigns({ source, odsOverrides, dialects, onProgress }, input.set?.earlier);
      return writtenEarlierScripts(found, mustExist(folderOfSource({ source, ...input }), 'a folder'), {
        choices,
        suffix,
        onProgress,
      });
    }
    expectEarlier(input);
    const { mapping, notes, models, diagnostics } = await reportingDesigns({
      source,
      odsOverrides,
      dialects,
      onProgress,
    });
    const outputDirectory = mustExist(folderOfSource({ source, ...input }), 'a folder');
    const options = reportingOptions(choices);
    const scripts = models.map((model) => {
      onProgress?.(`emit-reporting ${model.dialect}`);
      const name = artifactFile('reportingScript', model.dialect);
      return { name, content: reportingScript(mapping, model, options).text };
    });
    const files = [{ name: artifactFile('odsMapping'), content: mappingText({ mapping, notes }) }, ...scripts];
    const artifacts = await writeAmongArtifacts(outputDirectory, 'emit-reporting', files, reportingSteps);
    const { effectiveSchemaHash, tables } = mapping;
    return { effectiveSchemaHash, views: tables.length, notGivenBack: null, artifacts, diagnostics };
  },
  lines: ({ views, notGivenBack, effectiveSchemaHash, artifacts }, { showsNotes }) => [
    `Views${notGivenBack === null ? '' : ' of the earlier version'}: ${views}`,
    ...(notGivenBack === null ? [] : notGivenBackLines(notGivenBack, showsNotes)),
    `Effective schema hash: ${effectiveSchemaHash}`,
    ...writtenLines(artifacts),
  ],
  value: ({ effectiveSchemaHash, views, notGivenBack, artifacts }) => ({
    effectiveSchemaHash,
    views,
    ...(notGivenBack === null ? {} : { notGivenBack }),
    files: artifacts.map(({ file }) => file),
  }),
});

/** Names the second database with the views on SQL Server, which needs one because names ignore case there. */
const viewsDatabase = text(
  '<name>',
  'SQL Server: the database with the views (default: the name of the database and _Ods)',
  {
    group: 'database',
  },
);

/** Names the separate database with the views of the earlier version on SQL Server. */
const earlierDatabase = text(
  '<name>',
  'SQL Server, with --earlier: the database with the views of the earlier version (default: _Ods and the version after the name, as in _Ods52)',
  { group: 'database' },
);

/** The options for the views database, which only SQL Server has, by their names in the code. */
type ViewsDatabaseOptions = {
  readonly viewsDatabase?: string | undefined;
  readonly earlierDatabase?: string | undefined;
  readonly createDatabase?: boolean | undefined;
};

/** Refuses options that PostgreSQL would ignore, because it has the views beside the tables. */
function expectUsed(dialect: SqlDialect, { viewsDatabase: named, ...options }: ViewsDatabaseOptions): void {
  const { earlierDatabase: above, createDatabase: creates } = options;
  const ignored = [
    ...(named === undefined ? [] : [writtenOption('viewsDatabase', viewsDatabase)]),
    ...(above === undefined ? [] : [writtenOption('earlierDatabase', earlierDatabase)]),
    ...(creates === true ? [flagOf('createDatabase')] : []),
  ];
  if (ignored.length === 0 || hasViewsDatabase(dialect)) return;
  const text = `${listOfNames(ignored)} is for SQL Server; on PostgreSQL the views are in the database with the tables. Leave it out.`;
  fail('OPTION_CONFLICT', text, {}, { options: ignored });
}

/** Refuses one views database for several databases. */
function sharedViews(
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
function viewsTarget(target: PersistentTarget, named: string | undefined): PersistentTarget {
  const own = target.kind === 'server' ? viewsDatabaseOf(target.dialect, target.database, named) : null;
  return target.kind === 'server' && own !== null ? inDatabase(target, own) : target;
}

/** The database for the views of the earlier version: that of the tables, or another one on its server. */
const earlierTarget = (target: PersistentTarget, name: string): PersistentTarget =>
  target.kind === 'server' && hasViewsDatabase(target.dialect) ? inDatabase(target, name) : target;

/** `34 views and the table edfi.descriptor` */
function viewsText(views: number, descriptorTables: readonly string[]): string {
  const tables = `the ${descriptorTables.length === 1 ? 'table' : 'tables'} ${descriptorTables.join(' and ')}`;
  return `${counted(views, 'view')}${descriptorTables.length === 0 ? '' : ` and ${tables}`}`;
}

const tablesOf = (descriptorTable: string | null) => (descriptorTable === null ? [] : [descriptorTable]);

const databaseOf = (target: PersistentTarget) => (target.kind === 'server' ? target.database : '');

/**
 * Gives a database the views of an ODS, or replaces those of an earlier run (design 19 §8). Throws the codes of
 * `reportingDesigns`, `GATE_*`, `ODS_VIEW_NAME_TAKEN`, `REPORTING_VIEWS_IN_USE`, `PROVISION_LOCKED` and `DB_*`.
 */
export const applyReporting = databaseOperation({
  name: 'reporting apply',
  group: 'ods',
  summary: 'give a database the views',
  description:
    'Gives a provisioned database views that are named and shaped like the tables of an ODS, in one transaction, or replaces those ' +
    'of an earlier run. Tables, documents and what others made stay as they are. With --descriptor-table, Descriptor is a table. With ' +
    '--earlier the views, and this table, are like the tables of the earlier version that emit --earlier named, and read the views of the set itself.',
  examples: [
    'reporting apply --artifacts out-6.1 --connection-env CAMPUS_DB --earlier',
    'reporting apply --artifacts out --connection-env CAMPUS_DB --grant analyst',
    'reporting apply --artifacts out --fleet fleet.json',
  ],
  worksOn: setInDatabases(),
  options: {
    ...viewOptions,
    earlier: flag(
      'make the views of the earlier version instead; they read the views of the set, which the database must have',
      { conflicts: ['schemaSuffix', 'changeColumns', 'exactTypes'] },
    ),
    earlierSuffix: earlierSuffixOption(),
    viewsDatabase,
    earlierDatabase,
    createDatabase: flag('SQL Server: create the database with the views if it does not exist'),
  },
  checkDatabases: sharedViews,
  async prepare(input, { onProgress }) {
    const { source, dialect: named } = input;
    const dialect = mustExist(named, 'the dialect');
    expectUsed(dialect, input.options);
    const { odsOverrides, ...choices } = viewsOf(input);
    const reading = { source, odsOverrides, dialects: [dialect], onProgress };
    if (input.options.earlier) {
      const { earlierDesigns } = await import('../sources/earlier-source.ts');
      const { earlier, ...found } = await earlierDesigns(reading, input.set?.earlier);
      const model = mustExist(found.models[0], `the model for ${dialect}`);
      const suffix = earlierSuffixOf(input);
      const chosen = reportingOptions(choices);
      const scriptOn = (own: ReportingOptions) =>
        earlierScript(
          earlier,
          { mapping: found.mapping, model, options: own },
          earlierViewOptions(own, suffix, chosen),
        );
      return { info: found.info, earlier, scriptOn, diagnostics: found.diagnostics };
    }
    expectEarlier(input, input.options.earlierDatabase === undefined ? [] : [flagOf('earlierDatabase')]);
    const found = await reportingDesigns(reading);
    const model = mustExist(found.models[0], `the model for ${dialect}`);
    const script = reportingScript(found.mapping, model, reportingOptions(choices));
    return { info: found.info, earlier: null, scriptOn: () => script, diagnostics: found.diagnostics };
  },
  async run({ target, dialect, prepared: { info, earlier, scriptOn, diagnostics } }, { options }, context) {
    const { signal, onWaiting } = context;
    const ownPlace = viewsTarget(target, options.viewsDatabase);
    const place =
      earlier === null
        ? ownPlace
        : earlierTarget(target, options.earlierDatabase ?? earlierDatabaseOf(earlier, databaseOf(target)));
    const apply = { signal, onWaiting, sourceDatabase: databaseOf(earlier === null ? target : ownPlace) };
    const warnings: Diagnostic[] = [];
    // views of the earlier version select from those of the current set
    const found = async (connection: Connection) =>
      scriptOn(
        earlier === null ? usualOptions : await ownViewOptions(connection, info.effectiveSchemaHash, { signal }),
      );
    const applyHere = async (connection: Connection, script: ReportingScript) => {
      const table = await readLockTable(connection, { signal });
      append(warnings, lockTableFindings(connection, 'reporting apply', locksOfViews(script.names.length), table));
      return changing(() => applyViews(connection, script, apply));
    };
    const applied = await connected(target, context, async (connection) => {
      await passGate(connection, info, signal);
      if (place !== target) return null;
      context.onProgress?.('apply views');
      return applyHere(connection, await found(connection));
    });
    const script = applied === null ? await connected(ownPlace, context, found) : null;
    const isCreated =
      applied === null && options.createDatabase === true && place.kind === 'server'
        ? await createDatabase(place, openDatabase, { signal })
        : false;
    const done =
      applied ??
      (await connected(place, context, (connection) =>
        applyHere(connection, mustExist(script, 'the script of the views')),
      ).catch((error: unknown) => {
        throw isCreated && place.kind === 'server' ? withCreatedDatabase(error, place) : error;
      }));
    return {
      dialect,
      effectiveSchemaHash: info.effectiveSchemaHash,
      ...done,
      diagnostics: [...diagnostics, ...warnings],
      viewsDatabase: place === target ? null : databaseOf(place),
      notGivenBack: earlier?.notGivenBack ?? null,
    };
  },
  lines({ views, earlier, descriptorTable, effectiveSchemaHash, viewsDatabase: own, notGivenBack }, { showsNotes }) {
    const place = own === null ? '' : ` in ${own}`;
    const version = notGivenBack === null ? '' : ' of the earlier version';
    const replaced = earlier === 0 ? '' : `, in place of ${counted(earlier, 'earlier view')}`;
    return [
      `Applied ${viewsText(views, tablesOf(descriptorTable))}${version}${place}${replaced}`,
      ...(notGivenBack === null ? [] : notGivenBackLines(notGivenBack, showsNotes)),
      `Effective schema hash: ${effectiveSchemaHash}`,
    ];
  },
  value: ({ diagnostics: _, notGivenBack, ...value }) => ({
    ...value,
    ...(notGivenBack === null ? {} : { notGivenBack }),
  }),
  entry: ({ views, earlier, descriptorTable, viewsDatabase: own }) => ({
    outcome: earlier === 0 ? 'applied' : 'replaced',
    detail: viewsText(views, tablesOf(descriptorTable)),
    value: { views, earlier, descriptorTable, viewsDatabase: own },
  }),
});

/**
 * Checks the options on SQL Server, where each kind of views has its own database, and only the option names that of
 * the earlier version.
 */
function expectOneDatabase({
  earlier = false,
  withEarlier = false,
  earlierDatabase: named,
}: ViewsDatabaseOptions & {
  readonly earlier?: boolean | undefined;
  readonly withEarlier?: boolean | undefined;
}): void {
  const option = writtenOption('earlierDatabase', earlierDatabase);
  if (withEarlier) {
    const text = `On SQL Server the views of the earlier version are in a database of their own; remove them with --earlier and ${option}.`;
    fail('OPTION_CONFLICT', text, {}, { options: ['--with-earlier'] });
  }
  if (earlier === (named !== undefined)) return;
  const text = earlier
    ? `On SQL Server --earlier needs ${option}: the name of the database that has the views.`
    : `${option} is for the views of the earlier version; add --earlier.`;
  fail(earlier ? 'OPTION_MISSING' : 'OPTION_CONFLICT', text, {}, { options: [option] });
}

/** What was removed, as a result: the table of descriptors, and a second one if both layers had one. */
function droppedValue({ views, descriptorTables: [descriptorTable, ...others] }: DroppedViews) {
  return {
    views,
    descriptorTable: descriptorTable ?? null,
    ...(others.length === 0 ? {} : { otherDescriptorTables: others }),
  };
}

/**
 * Removes the views of an ODS from a database, whatever schema set it has (design 19 §8). Throws
 * `REPORTING_VIEWS_IN_USE`, `PROVISION_LOCKED` and `DB_*`.
 */
export const dropReporting = databaseOperation({
  name: 'reporting drop',
  group: 'ods',
  summary: 'remove the views from a database',
  description:
    'Removes all views that reporting apply made, and its table of descriptors, in one transaction, whatever schema set they are of. ' +
    'Fails if others have made something on top of them, and names it. Views of an earlier version stand on those of the set: --earlier ' +
    'removes them alone, --with-earlier both.',
  examples: ['reporting drop --connection-env CAMPUS_DB', 'reporting drop --connection-env CAMPUS_DB --with-earlier'],
  worksOn: {
    source: 'possibleSet',
    config: 'usual',
    dialect: dialectUses.ofSource,
    connection: 'needed',
    fleet: { conflicts: [] },
  },
  options: {
    earlier: flag('remove the views of the earlier version, and leave those of the set', {
      conflicts: ['withEarlier'],
    }),
    withEarlier: flag('remove the views of the earlier version too'),
    viewsDatabase,
    earlierDatabase,
  },
  checkDatabases: sharedViews,
  async run({ target, dialect }, { options }, context) {
    expectUsed(dialect, options);
    const { signal, onWaiting } = context;
    const { earlier = false, withEarlier = false } = options;
    if (hasViewsDatabase(dialect)) expectOneDatabase(options);
    const place =
      options.earlierDatabase === undefined
        ? viewsTarget(target, options.viewsDatabase)
        : earlierTarget(target, options.earlierDatabase);
    const layers = withEarlier ? undefined : [earlier ? ('earlier' as const) : ('own' as const)];
    const dropped = await connected(place, context, (connection) =>
      changing(() => dropViews(connection, { layers, signal, onWaiting })),
    );
    return { dialect, ...dropped, diagnostics: [] };
  },
  lines: ({ views, descriptorTables }) => [
    views + descriptorTables.length === 0
      ? 'The database has no reporting views'
      : `Dropped ${viewsText(views, descriptorTables)}`,
  ],
  value: ({ dialect, ...dropped }) => ({ dialect, ...droppedValue(dropped) }),
  entry: ({ views, descriptorTables }) => ({
    outcome: views + descriptorTables.length === 0 ? 'without views' : 'dropped',
    detail: viewsText(views, descriptorTables),
    value: droppedValue({ views, descriptorTables }),
  }),
});
