import {
  type Connection,
  changing,
  connected,
  createDatabase,
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
import { applyViews, dropViews, hasViewsDatabase, mappingText, reportingScript, viewsDatabaseOf } from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { writeAmongArtifacts } from '../engine/output-folder.ts';
import { artifactFile, reportingSteps } from '../engine/step-table.ts';
import type { FleetDatabase } from '../fleet/fleet-databases.ts';
import { databaseOperation, fileOperation, type Input, type OptionsOf, writtenLines } from '../operation/operation.ts';
import { flag, flagOf, text, writtenOption } from '../operation/option.ts';
import { folderOfSource, folderOption, missingFolder, viewOptions } from '../operation/shared-options.ts';
import { dialectUses, scriptsOfSet, setInDatabases } from '../operation/subject.ts';
import { chosenDialects, reportingDesigns } from '../sources/source.ts';
import { type ReportingChoices, reportingOptions } from '../steps/emit-reporting.ts';

/** What the views are like: the options, and what they leave open as the `dms.json` says it. */
function viewsOf({ options, set }: Input<OptionsOf<typeof viewOptions>>): ReportingChoices & {
  readonly odsOverrides: string | undefined;
} {
  const { schemaSuffix, changeColumns, exactTypes, descriptorTable, grant, odsOverrides } = options;
  return {
    odsOverrides: odsOverrides ?? set?.odsOverrides ?? undefined,
    schemaSuffix: schemaSuffix ?? set?.reporting.schemaSuffix,
    changeColumns: changeColumns ?? set?.reporting.changeColumns,
    exactTypes: exactTypes ?? set?.reporting.exactTypes,
    descriptorTable: descriptorTable ?? set?.reporting.descriptorTable,
    grants: grant ?? set?.reporting.grants,
  };
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
    'table and column of an ODS holds. No database is needed. Other artifacts in the folder stay.',
  examples: ['reporting emit --schema core/ApiSchema.json --output out --dialect pgsql'],
  worksOn: scriptsOfSet,
  options: { ...viewOptions, output: folderOption() },
  missing: missingFolder,
  async run({ source, dialects: named, ...input }, { onProgress }) {
    const { odsOverrides, ...choices } = viewsOf(input as Input<OptionsOf<typeof viewOptions>>);
    const dialects = await chosenDialects(source, named);
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
    return { effectiveSchemaHash: mapping.effectiveSchemaHash, views: mapping.tables.length, artifacts, diagnostics };
  },
  lines: ({ views, effectiveSchemaHash, artifacts }) => [
    `Views: ${views}`,
    `Effective schema hash: ${effectiveSchemaHash}`,
    ...writtenLines(artifacts),
  ],
  value: ({ effectiveSchemaHash, views, artifacts }) => ({
    effectiveSchemaHash,
    views,
    files: artifacts.map(({ file }) => file),
  }),
});

/** SQL Server has the views in a second database, because names ignore case there. */
const viewsDatabase = text(
  '<name>',
  'SQL Server: the database with the views (default: the name of the database and _Ods)',
  {
    group: 'database',
  },
);

/** The options for the database that only SQL Server has for the views, by their names in the code. */
type ViewsOptions = { readonly viewsDatabase?: string | undefined; readonly createDatabase?: boolean | undefined };

/** Refuses an option that PostgreSQL, which has the views beside the tables, would ignore. */
function expectUsed(dialect: SqlDialect, { viewsDatabase: named, createDatabase: creates }: ViewsOptions): void {
  const ignored = [
    ...(named === undefined ? [] : [writtenOption('viewsDatabase', viewsDatabase)]),
    ...(creates === true ? [flagOf('createDatabase')] : []),
  ];
  if (ignored.length === 0 || hasViewsDatabase(dialect)) return;
  const text = `${listOfNames(ignored)} is for SQL Server; on PostgreSQL the views are in the database with the tables. Leave it out.`;
  fail('OPTION_CONFLICT', text, {}, { options: ignored });
}

/** The views of several databases cannot be in one. */
function sharedViews(
  { viewsDatabase: named }: ViewsOptions,
  databases: readonly FleetDatabase[],
): readonly Diagnostic[] {
  if (named === undefined || databases.length < 2) return [];
  const text = `The views of ${counted(databases.length, 'database')} cannot be in one database; leave ${writtenOption('viewsDatabase', viewsDatabase)} out: each then gets its own, with its name and _Ods.`;
  return [diagnostic('OPTION_CONFLICT', text, {}, { databases: databases.map(({ name }) => name) })];
}

/** The database with the views: the one with the tables, or another one of its server. */
function viewsTarget(target: PersistentTarget, named: string | undefined): PersistentTarget {
  const own = target.kind === 'server' ? viewsDatabaseOf(target.dialect, target.database, named) : null;
  return target.kind === 'server' && own !== null ? inDatabase(target, own) : target;
}

/** Views, and the table of descriptors if there is one. */
interface MadeViews {
  readonly views: number;
  readonly descriptorTable: string | null;
}

const hasNone = ({ views, descriptorTable }: MadeViews) => views === 0 && descriptorTable === null;

const viewsText = ({ views, descriptorTable }: MadeViews) =>
  `${counted(views, 'view')}${descriptorTable === null ? '' : ` and the table ${descriptorTable}`}`;

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
    'of an earlier run. Tables, documents and what others made stay as they are. With --descriptor-table, Descriptor is a table.',
  examples: [
    'reporting apply --artifacts out --dialect pgsql --connection-env CAMPUS_DB --grant analyst',
    'reporting apply --artifacts out --fleet fleet.json',
  ],
  worksOn: setInDatabases(),
  options: {
    ...viewOptions,
    viewsDatabase,
    createDatabase: flag('SQL Server: create the database with the views if it does not exist'),
  },
  checkDatabases: sharedViews,
  async prepare(input, { onProgress }) {
    const { source, dialect: named } = input;
    const dialect = mustExist(named, 'the dialect');
    expectUsed(dialect, input.options);
    const { odsOverrides, ...choices } = viewsOf(input);
    const found = await reportingDesigns({ source, odsOverrides, dialects: [dialect], onProgress });
    const model = mustExist(found.models[0], `the model for ${dialect}`);
    const script = reportingScript(found.mapping, model, reportingOptions(choices));
    return { info: found.info, script, diagnostics: found.diagnostics };
  },
  async run({ target, dialect, prepared: { info, script, diagnostics } }, { options }, context) {
    const { signal, onWaiting } = context;
    const place = viewsTarget(target, options.viewsDatabase);
    const apply = { signal, onWaiting, sourceDatabase: databaseOf(target) };
    const warnings: Diagnostic[] = [];
    const applyHere = async (connection: Connection) => {
      const table = await readLockTable(connection, { signal });
      append(warnings, lockTableFindings(connection, 'reporting apply', locksOfViews(script.names.length), table));
      return changing(() => applyViews(connection, script, apply));
    };
    const applied = await connected(target, context, async (connection) => {
      await passGate(connection, info, signal);
      if (place !== target) return null;
      context.onProgress?.('apply views');
      return applyHere(connection);
    });
    const isCreated =
      applied === null && options.createDatabase === true && place.kind === 'server'
        ? await createDatabase(place, openDatabase, { signal })
        : false;
    const done =
      applied ??
      (await connected(place, context, applyHere).catch((error: unknown) => {
        throw isCreated && place.kind === 'server' ? withCreatedDatabase(error, place) : error;
      }));
    return {
      dialect,
      effectiveSchemaHash: info.effectiveSchemaHash,
      ...done,
      diagnostics: [...diagnostics, ...warnings],
      viewsDatabase: place === target ? null : databaseOf(place),
    };
  },
  lines({ views, earlier, descriptorTable, effectiveSchemaHash, viewsDatabase: own }) {
    const place = own === null ? '' : ` in ${own}`;
    const replaced = earlier === 0 ? '' : `, in place of ${counted(earlier, 'earlier view')}`;
    return [
      `Applied ${viewsText({ views, descriptorTable })}${place}${replaced}`,
      `Effective schema hash: ${effectiveSchemaHash}`,
    ];
  },
  value: ({ diagnostics: _, ...value }) => value,
  entry: ({ views, earlier, descriptorTable, viewsDatabase: own }) => ({
    outcome: earlier === 0 ? 'applied' : 'replaced',
    detail: viewsText({ views, descriptorTable }),
    value: { views, earlier, descriptorTable, viewsDatabase: own },
  }),
});

/**
 * Removes the views of an ODS from a database with any schema set (design 19 §8). Throws `REPORTING_VIEWS_IN_USE`,
 * `PROVISION_LOCKED` and `DB_*`.
 */
export const dropReporting = databaseOperation({
  name: 'reporting drop',
  group: 'ods',
  summary: 'remove the views from a database',
  description:
    'Removes all views that reporting apply made, and its table of descriptors, in one transaction, whatever schema set they are of. ' +
    'Fails if others have made something on top of them, and names it.',
  examples: ['reporting drop --dialect pgsql --connection-env CAMPUS_DB'],
  worksOn: {
    source: 'possibleSet',
    config: true,
    dialect: dialectUses.ofSource,
    connection: 'needed',
    fleet: { conflicts: [] },
  },
  options: { viewsDatabase },
  checkDatabases: sharedViews,
  async run({ target, dialect }, { options }, context) {
    expectUsed(dialect, options);
    const { signal, onWaiting } = context;
    const place = viewsTarget(target, options.viewsDatabase);
    const dropped = await connected(place, context, (connection) =>
      changing(() => dropViews(connection, { signal, onWaiting })),
    );
    return { dialect, ...dropped, diagnostics: [] };
  },
  lines: (dropped) => [hasNone(dropped) ? 'The database has no reporting views' : `Dropped ${viewsText(dropped)}`],
  value: ({ dialect, views, descriptorTable }) => ({ dialect, views, descriptorTable }),
  entry: ({ views, descriptorTable }) => ({
    outcome: hasNone({ views, descriptorTable }) ? 'without views' : 'dropped',
    detail: viewsText({ views, descriptorTable }),
    value: { views, descriptorTable },
  }),
});
