import type { ViewLayer } from '@dms/databases';
import { fail, listOfNames } from '@dms/diagnostics';
import { type DbTableName, modelIndex, qualified, type RelationalModelSet } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { repeated } from '@dms/values';
import type { OdsMapping } from '../mapping/ods-mapping.ts';
import {
  type ReportingDialect,
  type ReportingOptions,
  reportingDialects,
  suffixOptions,
} from '../views/reporting-dialect.ts';
import { reportingViews } from '../views/reporting-views.ts';
import { descriptorDocuments } from './descriptor-table.ts';
import { mssqlScript } from './mssql-script.ts';
import { pgsqlScript } from './pgsql-script.ts';

const scripts: Readonly<Record<SqlDialect, typeof pgsqlScript>> = { pgsql: pgsqlScript, mssql: mssqlScript };

/** `reporting.<dialect>.sql` (design 19 §8) for the dialect of the model. Throws `ODS_VIEW_NAME_TAKEN`. */
export function reportingScript(
  mapping: OdsMapping,
  model: RelationalModelSet,
  options: ReportingOptions,
): ReportingScript {
  const dialect = reportingDialects[model.dialect];
  const names = mapping.tables.map((table) => dialect.viewName(table, options));
  expectFreeNames(names, model, dialect, 'own');
  const views = reportingViews(mapping, model, options);
  const base = options.descriptorTable ? mapping.tables.find(({ kind }) => kind === 'descriptorBase') : undefined;
  return {
    layer: 'own',
    text: scripts[model.dialect](views, mapping.effectiveSchemaHash, options, descriptorDocuments(model)),
    names,
    descriptorTable: base === undefined ? null : dialect.viewName(base, options),
  };
}

/** Whether a dialect has the views in a database of their own. */
export const hasViewsDatabase = (dialect: SqlDialect): boolean => reportingDialects[dialect].isInOwnDatabase;

/**
 * The database with the views of another database; null if the views are beside the tables. By default its name is that
 * of the other with the suffix `_Ods` (design 19 §7).
 */
export function viewsDatabaseOf(dialect: SqlDialect, database: string, chosen?: string): string | null {
  return hasViewsDatabase(dialect) ? (chosen ?? `${database}_Ods`) : null;
}

/** A script, and the objects that it creates. */
export interface ReportingScript {
  readonly layer: ViewLayer;
  readonly text: string;
  /** The names of the views and of the table of descriptors. */
  readonly names: readonly DbTableName[];
  /** The table in place of the view of descriptors; null if there is none. */
  readonly descriptorTable: DbTableName | null;
}

/**
 * Throws if the model has one of the names. Names ignore case in SQL Server, where views are in a database of their
 * own.
 */
export function expectFreeNames(
  names: readonly DbTableName[],
  model: RelationalModelSet,
  dialect: ReportingDialect,
  layer: ViewLayer,
): void {
  const known = dialect.isInOwnDatabase ? new Set<string>() : modelNames(model);
  const taken = names.map(qualified).filter((name) => known.has(name));
  const twice = repeated(names.map(qualified));
  if (taken.length > 0) {
    const text = `The schema set has tables with the names of views: ${listOfNames(taken)}. Put the views elsewhere with ${suffixOptions[layer]}.`;
    fail('ODS_VIEW_NAME_TAKEN', text, {}, { names: taken });
  }
  if (twice.length > 0) {
    const text = `Several tables of an ODS would have views of one name: ${listOfNames(twice)}.`;
    fail('ODS_VIEW_NAME_TAKEN', text, {}, { names: twice });
  }
}

/** The names that tables and views of the model have, in schemas that the views share. */
function modelNames(model: RelationalModelSet): ReadonlySet<string> {
  return new Set<string>([
    ...modelIndex(model).allTables.map(({ key }) => key),
    ...model.abstractUnionViews.map(({ view }) => qualified(view)),
  ]);
}
