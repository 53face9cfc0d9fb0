import {
  type Connection,
  type DroppedViews,
  dropMarkedViews,
  type GoingViews,
  giveBackViews,
  keptViewsFindings,
  type Limits,
  type LockedOptions,
  lockedTransaction,
  type MarkedView,
  markedViews,
  readKeptViews,
  run,
  takenViewNames,
  usersOfMarkedViews,
  type ViewUser,
  viewLayers,
} from '@dms/databases';
import { counted, DmsError, diagnostic, fail, failIfAny, listOfNames } from '@dms/diagnostics';
import { mustExist, qualified, type RelationalModelSet } from '@dms/model';
import { givenScript, type SqlDialect } from '@dms/sql';
import type { EarlierMapping } from '../earlier/earlier-mapping.ts';
import { earlierOptionsOfMark } from '../earlier/earlier-options.ts';
import { earlierScript } from '../earlier/earlier-script.ts';
import type { OdsMapping } from '../mapping/ods-mapping.ts';
import { type ReportingScript, reportingScript } from '../script/reporting-script.ts';
import { optionsOfMark, type ReportingOptions, reportingDialects, suffixOptions } from '../views/reporting-dialect.ts';

/** Result of `reporting apply` with the views of one layer. */
interface AppliedViews {
  readonly views: number;
  /** The views of an earlier run, which were replaced or removed. */
  readonly earlier: number;
  /** `schema.name` of the table of descriptors; null if they are a view. */
  readonly descriptorTable: string | null;
}

interface ApplyViewsOptions extends Pick<LockedOptions, 'signal' | 'onWaiting' | 'limits'> {
  /** The database with our tables, where views have a database of their own. */
  readonly sourceDatabase?: string | undefined;
}

/**
 * Replaces the reporting views of a database and its table of descriptors, in one transaction under the provisioning
 * lock (design 19 §8, §8.1). Throws `ODS_VIEW_NAME_TAKEN`, `REPORTING_VIEWS_IN_USE`, `UPGRADE_CANNOT_KEEP`,
 * `PROVISION_LOCKED`, `DB_*`.
 */
export function applyViews(
  connection: Connection,
  { layer, text, names, descriptorTable: table }: ReportingScript,
  { sourceDatabase: database = '', ...locked }: ApplyViewsOptions = {},
): Promise<AppliedViews> {
  const limits: Limits = { signal: locked.signal };
  return lockedTransaction(
    connection,
    async () => {
      const taken = await takenViewNames(connection, names, layer, limits);
      if (taken.length > 0) {
        const message = `${connection.label}: the names of ${counted(taken.length, 'view')} are taken: ${listOfNames(taken)}. Put the views elsewhere with ${suffixOptions[layer]}, or rename what has the names.`;
        fail('ODS_VIEW_NAME_TAKEN', message, {}, { names: taken });
      }
      const found = (await markedViews(connection, limits)).filter(({ kind }) => kind === 'view');
      const earlier = found.filter((view) => view.layer === layer).length;
      const above = layer === 'own' ? found.length - earlier : 0;
      const users = await usersOfMarkedViews(connection, limits, { layers: [layer] });
      const kept = await readKeptViews(connection, [layer], limits);
      failIfAny(keptViewsFindings(connection, kept));
      try {
        await run(connection, givenScript(reportingDialects[connection.dialect].withDatabase(text, database)), limits);
      } catch (error) {
        if (!isDependency(error, connection.dialect)) throw error;
        const cause = 'views cannot be replaced by others';
        if (users.length > 0) throw viewsInUse(connection.label, users, cause);
        const remedy = 'Remove these with dms-ddl reporting drop --earlier, and apply them again afterwards.';
        throw above > 0 ? standsEarlier(connection.label, above, cause, remedy) : error;
      }
      await giveBackViews(connection, kept, [layer], limits);
      const views = names.length - (table === null ? 0 : 1);
      return { views, earlier, descriptorTable: table && qualified(table) };
    },
    locked,
  );
}

/** Whether a view could not be replaced because other objects depend on it. */
function isDependency(error: unknown, dialect: SqlDialect): boolean {
  if (!(error instanceof DmsError)) return false;
  const [{ code, details }] = error.diagnostics;
  return code === 'DB_SQL' && reportingDialects[dialect].dependencyErrors.includes(String(details.driverCode));
}

/** `view dashboards.daily uses edfi.student`, with the remedy. */
function viewsInUse(label: string, users: readonly ViewUser[], cause: string): DmsError {
  const names = [...new Set(users.map(({ usedBy }) => usedBy))];
  const text = `${label}: ${cause}, because others have built on them: ${listOfNames(names)}. Nothing was changed. Remove these, and create them again afterwards.`;
  return new DmsError([
    diagnostic('REPORTING_VIEWS_IN_USE', text, {}, { users: users.map(({ usedBy, uses }) => ({ usedBy, uses })) }),
  ]);
}

/** The error if views of the earlier version select from the own views. */
function standsEarlier(label: string, views: number, cause: string, remedy: string): DmsError {
  const text = `${label}: ${cause}, because ${counted(views, 'view')} of the earlier version ${views === 1 ? 'selects' : 'select'} from them. Nothing was changed. ${remedy}`;
  return new DmsError([diagnostic('REPORTING_VIEWS_IN_USE', text, {}, { earlierViews: views })]);
}

/**
 * The options of a database's own reporting views, from which views of the earlier version select. Throws
 * `REPORTING_EARLIER_NEEDS` if the database has no own views of the schema set.
 */
export async function ownViewOptions(
  connection: Connection,
  effectiveSchemaHash: string,
  limits: Limits = {},
): Promise<ReportingOptions> {
  const own = (await markedViews(connection, limits)).filter(({ layer }) => layer === 'own');
  const fitting = own.find(({ made }) => made?.set === effectiveSchemaHash);
  if (fitting !== undefined) return optionsOfMark(fitting.made);
  const state = own.length === 0 ? 'has no reporting views' : 'has reporting views of another schema set';
  const text = `${connection.label}: the database ${state}, and views of the earlier version select from those of its own set. Run dms-ddl reporting apply without --earlier first.`;
  return fail('REPORTING_EARLIER_NEEDS', text, {}, { views: own.length });
}

/** Sources of the reporting views after an upgrade. */
interface RestoredSet {
  readonly mapping: OdsMapping;
  readonly model: RelationalModelSet;
  /** Mapping of the earlier version; undefined if the later set has none. */
  readonly earlier: EarlierMapping | undefined;
}

/**
 * Creates the reporting views of a schema set in place of earlier ones, and those of the earlier version on top, with
 * the options that all of these had, in the open transaction (design 19 §8). Throws `ODS_VIEW_NAME_TAKEN`, `DB_*`.
 */
export async function restoreViews(
  connection: Connection,
  { mapping, model, earlier }: RestoredSet,
  found: readonly MarkedView[],
  limits: Limits = {},
): Promise<void> {
  const own = mustExist(
    found.find(({ layer }) => layer === 'own'),
    'an earlier reporting view',
  );
  const options = optionsOfMark(own.made);
  await run(connection, givenScript(reportingScript(mapping, model, options).text), limits);
  const above = found.find(({ layer }) => layer === 'earlier');
  if (above === undefined || earlier === undefined) return;
  const script = earlierScript(earlier, { mapping, model, options }, earlierOptionsOfMark(above.made));
  await run(connection, givenScript(script.text), limits);
}

/**
 * Removes reporting views of a database in one transaction (design 19 §8): all with the table of descriptors, or those
 * of one layer. Own views are not removed while views of the earlier version select from them. Throws
 * `REPORTING_VIEWS_IN_USE`, `PROVISION_LOCKED`, `DB_*`.
 */
export function dropViews(
  connection: Connection,
  {
    layers = viewLayers,
    ...options
  }: Pick<LockedOptions, 'signal' | 'onWaiting' | 'limits'> & Pick<GoingViews, 'layers'> = {},
): Promise<DroppedViews> {
  const limits = { signal: options.signal };
  const cause = 'views cannot be removed';
  return lockedTransaction(
    connection,
    async () => {
      const users = await usersOfMarkedViews(connection, limits, { layers });
      if (users.length > 0) throw viewsInUse(connection.label, users, cause);
      const leavesEarlier = layers.includes('own') && !layers.includes('earlier');
      const staying = leavesEarlier ? await markedViews(connection, limits) : [];
      const above = staying.filter(({ layer }) => layer === 'earlier').length;
      if (above > 0) throw standsEarlier(connection.label, above, cause, '--with-earlier removes these too.');
      return dropMarkedViews(connection, limits, { layers });
    },
    options,
  );
}
