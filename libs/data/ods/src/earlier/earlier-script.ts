import { fail, listOfNames } from '@dms/diagnostics';
import { type DbTableName, mustExist, qualified, type RelationalModelSet } from '@dms/model';
import { group, type PlainLines, type SqlDialect, trusted } from '@dms/sql';
import {
  type DescriptorTable,
  descriptorDocuments,
  descriptorTable,
  descriptorView,
} from '../script/descriptor-table.ts';
import { mssqlViewsGuard, mssqlViewsScript } from '../script/mssql-script.ts';
import { pgsqlViewsGuard, pgsqlViewsScript } from '../script/pgsql-script.ts';
import { expectFreeNames, type ReportingScript } from '../script/reporting-script.ts';
import type { ViewsRun } from '../script/views-run.ts';
import { type ReportingOptions, reportingDialects, suffixOptions } from '../views/reporting-dialect.ts';
import { addedColumns, reportingViews } from '../views/reporting-views.ts';
import {
  type EarlierMapping,
  type EarlierTable,
  type NotGivenBack,
  notGivenBackOf,
  notGivenBackText,
} from './earlier-mapping.ts';
import { type EarlierViewOptions, markedEarlierOptions, shortVersion, versionSuffix } from './earlier-options.ts';
import { EarlierText, type LaterViews } from './earlier-text.ts';

/* `reporting-earlier.<dialect>.sql` (design 21 §3): the views of an earlier set, which select from those of the later one. */

interface LaterSet extends LaterViews {
  readonly model: RelationalModelSet;
}

/** A view of the earlier set with its statement and its losses; or the table in place of the view, without a statement. */
interface EarlierView {
  readonly name: DbTableName;
  readonly statement: PlainLines | null;
  readonly losses: readonly NotGivenBack[];
}

/** @param isMade whether the views need a new schema: one that the later set does not have */
type WriteScript = (
  run: Omit<ViewsRun, 'guard'>,
  views: readonly EarlierView[],
  isMade: (schema: string) => boolean,
) => string;

const scripts: Readonly<Record<SqlDialect, WriteScript>> = {
  pgsql(run, views, isMade) {
    const usage =
      'Run it in one transaction: dms-ddl reporting apply --earlier, or psql --single-transaction --set ON_ERROR_STOP=1 --file reporting-earlier.pgsql.sql';
    const notes = views.map(({ losses }) =>
      losses.length === 0 ? null : JSON.stringify(losses.map(notGivenBackText)),
    );
    return pgsqlViewsScript({
      ...run,
      head: [...run.head, usage],
      guard: pgsqlViewsGuard(run.mark.set),
      isMade,
      notes,
    });
  },
  mssql(run) {
    const usage = [
      'Run it in a database of its own on the same server: dms-ddl reporting apply --earlier, or',
      'sqlcmd -f 65001 -d <database>_Ods52 -v SourceDatabase=<database>_Ods -i reporting-earlier.mssql.sql',
      'SourceDatabase is the database with the views of the later set. A login that reads these views needs SELECT on those too,',
      'and on the tables that they read; or all three databases have DB_CHAINING ON and the same owner.',
    ];
    return mssqlViewsScript({ ...run, head: [...run.head, ...usage], guard: mssqlViewsGuard(run.mark.set) });
  },
};

/** The script of a dialect. Throws `ODS_VIEW_NAME_TAKEN`. */
export function earlierScript(earlier: EarlierMapping, later: LaterSet, options: EarlierViewOptions): ReportingScript {
  const { dialect } = later.model;
  const reporting = reportingDialects[dialect];
  const layer = 'earlier';
  const placed = ({ schema }: EarlierTable): ReportingOptions => ({
    // names do not clash in a database that has only these views
    schemaSuffix: options.suffix ?? (reporting.isInOwnDatabase ? '' : versionSuffix(earlier, schema)),
    changeColumns: options.changeColumns && later.options.changeColumns,
    exactTypes: options.exactTypes,
    descriptorTable: options.descriptorTable,
    grants: options.grants,
  });
  const text = new EarlierText(reporting, later);
  const base = options.descriptorTable ? earlier.tables.find(({ kind }) => kind === 'descriptorBase') : undefined;
  const table = base === undefined ? null : earlierDescriptorTable(base, later, text, placed(base));
  const isView = (each: EarlierTable) => table === null || each !== base;
  const views = earlier.tables.map(
    (each): EarlierView => ({
      name: reporting.viewName(each, placed(each)),
      statement: isView(each) ? text.view(each, placed(each)) : null,
      losses: notGivenBackOf(earlier, each),
    }),
  );
  const names = views.map(({ name }) => name);
  expectFreeNames(names, later.model, reporting, layer);
  if (!reporting.isInOwnDatabase) {
    const ofLater = new Set(later.mapping.tables.map((table) => qualified(reporting.viewName(table, later.options))));
    const taken = names.map(qualified).filter((name) => ofLater.has(name));
    if (taken.length > 0) {
      const text = `The reporting views of the schema set have the names of views of the earlier version: ${listOfNames(taken)}. Put them elsewhere with ${suffixOptions.own}, or these with ${suffixOptions.earlier}.`;
      fail('ODS_VIEW_NAME_TAKEN', text, {}, { names: taken });
    }
  }
  const { before, after, translation } = earlier;
  const run: Omit<ViewsRun, 'guard'> = {
    layer,
    head: [`ODS views of the schema set ${before}, on those of the schema set ${after}.`],
    names,
    table,
    statements: views.flatMap(({ statement, losses }) =>
      statement === null ? [] : [group(...commentsOf(losses), statement)],
    ),
    grants: options.grants,
    mark: { set: after, options: markedEarlierOptions(options), earlier: { set: before, translation } },
  };
  const ofModel = new Set<string>(later.model.projects.map(({ physicalSchema }) => physicalSchema));
  const script = scripts[dialect](run, views, (schema) => !ofModel.has(schema));
  return { layer, text: script, names, descriptorTable: table?.name ?? null };
}

/** The table in place of the view of all descriptors of the earlier set; null if the later set has no descriptors. */
function earlierDescriptorTable(
  base: EarlierTable,
  later: LaterSet,
  text: EarlierText,
  options: ReportingOptions,
): DescriptorTable | null {
  const { mapping, model } = later;
  const reporting = reportingDialects[model.dialect];
  const own = descriptorView(reportingViews(mapping, model, later.options));
  if (own === undefined) return null;
  const columns = [...base.columns, ...(options.changeColumns ? addedColumns(base) : [])];
  const keyColumn = mustExist(
    base.columns.find(({ name }) => base.key.includes(name)),
    'the key of Descriptor',
  );
  const { lines, id } = reporting.rules;
  // negative keys of the own table are those of rows that scripts inserted there
  const query = (chosen: ReportingOptions) => lines`
    SELECT * FROM (
        ${text.query(base, chosen)}
    ) s WHERE s.${id(reporting.columnName(keyColumn))} > 0`;
  const documents = descriptorDocuments(model);
  return descriptorTable(reporting, { layer: 'earlier', table: base, columns, query }, { own, documents }, options);
}

const commentsOf = (losses: readonly NotGivenBack[]) =>
  losses.map((loss) => trusted(`-- Not given back: ${notGivenBackText(loss)}`));

/** The database with the views of an earlier set, where these have one of their own: `_Ods52` after the name of the other. */
export const earlierDatabaseOf = (earlier: EarlierMapping, database: string): string =>
  `${database}_Ods${shortVersion(earlier.versions[coreSchema(earlier)] ?? '')}`;

/** The schema of the core: that of the table of all descriptors. */
const coreSchema = ({ tables }: EarlierMapping): string =>
  tables.find(({ kind }) => kind === 'descriptorBase')?.schema ?? '';
