import {
  type Connection,
  changing,
  connected,
  createDatabase,
  locksOfViews,
  lockTableFindings,
  openDatabase,
  type PersistentTarget,
  passGate,
  readLockTable,
  withCreatedDatabase,
} from '@dms/databases';
import { append, counted, type Diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import {
  applyViews,
  earlierDatabaseOf,
  earlierScript,
  type NotGivenBack,
  ownViewOptions,
  type ReportingOptions,
  type ReportingScript,
  reportingScript,
} from '@dms/ods';
import { earlierViewOptions } from '../build-steps/emit-earlier-reporting.ts';
import { reportingOptions } from '../build-steps/emit-reporting.ts';
import { databaseOperation } from '../declaring/operation.ts';
import { flag } from '../declaring/option.ts';
import { earlierSuffixOption, viewOptions } from '../declaring/shared-options.ts';
import { setInDatabases } from '../declaring/subject.ts';
import type { EarlierDesigns } from '../sources/earlier-source.ts';
import { type ReportingDesigns, reportingDesigns } from '../sources/source.ts';
import {
  chosenViews,
  createViewsDatabase,
  databaseOf,
  designsOfEarlier,
  earlierDatabase,
  earlierSuffixOf,
  earlierTarget,
  notGivenBackLines,
  sharedViews,
  viewsDatabase,
  viewsTarget,
  viewsText,
} from './reporting-options.ts';

/** The views of one layer, read once for all databases. */
interface PreparedViews {
  readonly info: ReportingDesigns['info'];
  readonly diagnostics: readonly Diagnostic[];
  /** What views of an earlier version cannot give back; null for own views. */
  readonly notGivenBack: readonly NotGivenBack[] | null;
  /**
   * The database that gets the views, and the one whose tables or views they read.
   *
   * @param ownPlace the database that has the own views, or gets them
   */
  placeOf(
    target: PersistentTarget,
    ownPlace: PersistentTarget,
  ): { readonly place: PersistentTarget; readonly sourceDatabase: string };
  /** The script for a database. Only views of an earlier version ask the database with the own views, by `ask`. */
  scriptFor(ask: AskOwnViews): Promise<ReportingScript>;
}

/** Asks the database that has the own views for their options. */
type AskOwnViews = (question: (connection: Connection) => Promise<ReportingOptions>) => Promise<ReportingOptions>;

/** The own views of a set: they read its tables. */
function viewsOfSet(
  { mapping, models, info, diagnostics }: ReportingDesigns,
  options: ReportingOptions,
): PreparedViews {
  const script = reportingScript(mapping, mustExist(models[0], 'the model of the views'), options);
  return {
    info,
    diagnostics,
    notGivenBack: null,
    placeOf: (target, ownPlace) => ({ place: ownPlace, sourceDatabase: databaseOf(target) }),
    scriptFor: async () => script,
  };
}

/** The views of an earlier version: they read the own views, which a database must have. */
function viewsOfEarlierSet(
  { earlier, mapping, models, info, diagnostics }: EarlierDesigns,
  suffix: string | null,
  chosen: ReportingOptions,
  { database, signal }: { readonly database: string | undefined; readonly signal: AbortSignal | undefined },
): PreparedViews {
  const model = mustExist(models[0], 'the model of the views');
  return {
    info,
    diagnostics,
    notGivenBack: earlier.notGivenBack,
    placeOf: (target, ownPlace) => ({
      place: earlierTarget(target, database ?? earlierDatabaseOf(earlier, databaseOf(target))),
      sourceDatabase: databaseOf(ownPlace),
    }),
    async scriptFor(ask) {
      const options = await ask((connection) => ownViewOptions(connection, info.effectiveSchemaHash, { signal }));
      return earlierScript(earlier, { mapping, model, options }, earlierViewOptions(options, suffix, chosen));
    },
  };
}

const tablesOf = (descriptorTable: string | null) => (descriptorTable === null ? [] : [descriptorTable]);

const applyOptions = {
  ...viewOptions,
  earlier: flag(
    'make the views of the earlier version instead; they read the views of the set, which the database must have',
    { conflicts: ['schemaSuffix', 'changeColumns', 'exactTypes'] },
  ),
  earlierSuffix: earlierSuffixOption(),
  viewsDatabase,
  earlierDatabase,
  createDatabase: createViewsDatabase,
};

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
  options: applyOptions,
  checkDatabases: sharedViews,
  async prepare(input, { onProgress, signal }): Promise<PreparedViews> {
    const { source, dialect: named, options } = input;
    const dialect = mustExist(named, 'the dialect');
    const { odsOverrides, ...choices } = chosenViews(input);
    const reading = { source, odsOverrides, dialects: [dialect], onProgress };
    const chosen = reportingOptions(choices);
    if (!options.earlier) return viewsOfSet(await reportingDesigns(reading), chosen);
    const designs = await designsOfEarlier(reading, input.set?.earlier);
    const { earlierDatabase: database } = options;
    return viewsOfEarlierSet(designs, earlierSuffixOf(input), chosen, { database, signal });
  },
  async run({ target, dialect, prepared }, { options }, context) {
    const { signal, onWaiting } = context;
    const { info, diagnostics, notGivenBack } = prepared;
    const ownPlace = viewsTarget(target, options.viewsDatabase);
    const { place, sourceDatabase } = prepared.placeOf(target, ownPlace);
    const apply = { signal, onWaiting, sourceDatabase };
    const warnings: Diagnostic[] = [];
    const applyHere = async (connection: Connection, script: ReportingScript) => {
      const table = await readLockTable(connection, { signal });
      append(warnings, lockTableFindings(connection, 'reporting apply', locksOfViews(script.names.length), table));
      return changing(() => applyViews(connection, script, apply));
    };
    const applied = await connected(target, context, async (connection) => {
      await passGate(connection, info, signal);
      if (place !== target) return null;
      context.onProgress?.('apply views');
      return applyHere(connection, await prepared.scriptFor((question) => question(connection)));
    });
    const script =
      applied === null ? await prepared.scriptFor((question) => connected(ownPlace, context, question)) : null;
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
      notGivenBack,
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
