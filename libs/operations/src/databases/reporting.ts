import type { EffectiveSchemaManifest } from '@dms/api-schema';
import {
  type Connection,
  changing,
  createDatabase,
  inDatabase,
  locksOfViews,
  lockTableFindings,
  openDatabase,
  readLockTable,
  withCreatedDatabase,
} from '@dms/databases';
import { append, counted, type Diagnostic } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import {
  type AppliedViews,
  type ApplyOptions,
  applyViews,
  dropViews,
  type ReportingScript,
  reportingScript,
  viewsDatabaseOf,
} from '@dms/ods';
import type { SqlDialect } from '@dms/sql';
import { type DatabaseSource, reportingDesigns } from '../sources/source.ts';
import { type ReportingChoices, reportingOptions } from '../steps/emit-reporting.ts';
import { passGate } from './gated-connection.ts';
import { connected, type DatabaseOptions, type DatabaseResult, type PersistentTarget, withTarget } from './with-database.ts';

/** The script of the views for one dialect, made once for many databases. */
export interface ReportingDesign {
  readonly info: EffectiveSchemaManifest;
  readonly script: ReportingScript;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReportingDesignOptions extends ReportingChoices {
  readonly source: DatabaseSource;
  /** A file of ODS overrides, for schemas. */
  readonly odsOverrides?: string | undefined;
  readonly dialect: SqlDialect;
  readonly onProgress?: ((part: string) => void) | undefined;
}

export async function reportingDesign(options: ReportingDesignOptions): Promise<ReportingDesign> {
  const { source, odsOverrides, dialect, onProgress } = options;
  const { info, mapping, models, diagnostics } = await reportingDesigns({
    source,
    odsOverrides,
    dialects: [dialect],
    onProgress,
  });
  const model = mustExist(models[0], `the model for ${dialect}`);
  return { info, script: reportingScript(mapping, model, reportingOptions(options)), diagnostics };
}

/** Where the views are, if they are in a database of their own. */
export interface ViewsPlace {
  /** By default the name of the database and `_Ods`. */
  readonly viewsDatabase?: string | undefined;
  /** Create that database if it does not exist. */
  readonly createDatabase?: boolean | undefined;
}

export interface ApplyReportingOptions
  extends DatabaseOptions,
    ReportingDesignOptions,
    ViewsPlace,
    Pick<ApplyOptions, 'onWaiting'> {
  readonly dialect: SqlDialect;
  /** The script, if many databases get the same; otherwise it is made here. */
  readonly design?: ReportingDesign | undefined;
}

export interface AppliedReporting extends DatabaseResult, AppliedViews {
  readonly dialect: SqlDialect;
  readonly effectiveSchemaHash: string;
  /** The database with the views; null where they are beside the tables. */
  readonly viewsDatabase: string | null;
}

/** The database with the views: the one with the tables, or another one of its server. */
function viewsTarget(target: PersistentTarget, viewsDatabase: string | undefined): PersistentTarget {
  const own = target.kind === 'server' ? viewsDatabaseOf(target.dialect, target.database, viewsDatabase) : null;
  return target.kind === 'server' && own !== null ? inDatabase(target, own) : target;
}

const databaseOf = (target: PersistentTarget) => (target.kind === 'server' ? target.database : '');

/**
 * `dms-ddl reporting apply`: gives a database the views of an ODS, or replaces those of an earlier run (design 19 §8). Throws the codes of
 * `reportingDesign`, `GATE_*`, `ODS_VIEW_NAME_TAKEN`, `REPORTING_VIEWS_IN_USE`, `PROVISION_LOCKED` and `DB_*`.
 */
export function applyReporting(options: ApplyReportingOptions): Promise<AppliedReporting> {
  const { dialect, signal, onProgress, onWaiting } = options;
  return withTarget(options, 'check', async (target) => {
    const { info, script, diagnostics } = options.design ?? (await reportingDesign(options));
    const place = viewsTarget(target, options.viewsDatabase);
    const apply = { signal, onWaiting, sourceDatabase: databaseOf(target) };
    const warnings: Diagnostic[] = [];
    const applyHere = async (connection: Connection) => {
      const table = await readLockTable(connection, { signal });
      append(warnings, lockTableFindings(connection, 'reporting apply', locksOfViews(script.names.length), table));
      return changing(() => applyViews(connection, script, apply));
    };
    const applied = await connected(target, options, async (connection) => {
      await passGate(connection, info, signal);
      if (place !== target) return null;
      onProgress?.('apply views');
      return applyHere(connection);
    });
    const isCreated =
      applied === null && options.createDatabase === true && place.kind === 'server'
        ? await createDatabase(place, openDatabase, { signal })
        : false;
    const done =
      applied ??
      (await connected(place, options, applyHere).catch((error: unknown) => {
        throw isCreated && place.kind === 'server' ? withCreatedDatabase(error, place) : error;
      }));
    return {
      ...{ dialect, effectiveSchemaHash: info.effectiveSchemaHash, ...done },
      diagnostics: [...diagnostics, ...warnings],
      viewsDatabase: place === target ? null : databaseOf(place),
    };
  });
}

export interface DropReportingOptions
  extends DatabaseOptions,
    Pick<ViewsPlace, 'viewsDatabase'>,
    Pick<ApplyOptions, 'onWaiting'> {
  readonly dialect: SqlDialect;
}

export interface DroppedReporting extends DatabaseResult {
  readonly dialect: SqlDialect;
  /** How many views there were. */
  readonly views: number;
}

/**
 * `dms-ddl reporting drop`: removes the views of an ODS from a database with any schema set (design 19 §8). Throws
 * `REPORTING_VIEWS_IN_USE`, `PROVISION_LOCKED` and `DB_*`.
 */
export function dropReporting(options: DropReportingOptions): Promise<DroppedReporting> {
  const { dialect, signal, onWaiting } = options;
  return withTarget(options, 'check', async (target) => {
    const place = viewsTarget(target, options.viewsDatabase);
    const views = await connected(place, options, (connection) => changing(() => dropViews(connection, { signal, onWaiting })));
    return { dialect, views, diagnostics: [] };
  });
}

/** What was done, for people. */
export function appliedReportingLines({ views, earlier, effectiveSchemaHash, viewsDatabase }: AppliedReporting): string[] {
  const place = viewsDatabase === null ? '' : ` in ${viewsDatabase}`;
  const replaced = earlier === 0 ? '' : `, in place of ${counted(earlier, 'earlier view')}`;
  return [`Applied ${counted(views, 'view')}${place}${replaced}`, `Effective schema hash: ${effectiveSchemaHash}`];
}

export function droppedReportingLines({ views }: DroppedReporting): string[] {
  return [views === 0 ? 'The database has no reporting views' : `Dropped ${counted(views, 'view')}`];
}
