import {
  type Connection,
  type DroppedViews,
  dropMarkedViews,
  type Limits,
  type LockedOptions,
  lockedTransaction,
  type MarkedView,
  markedViews,
  takenViewNames,
  usersOfMarkedViews,
  type ViewUser,
} from '@dms/databases';
import { counted, DmsError, diagnostic, fail, listOfNames } from '@dms/diagnostics';
import { mustExist, qualified, type RelationalModelSet } from '@dms/model';
import { dialectRules, type SqlDialect } from '@dms/sql';
import type { OdsMapping } from '../mapping/ods-mapping.ts';
import { type ReportingScript, reportingScript } from '../script/reporting-script.ts';
import { optionsOfMark, sourceDatabaseVariable } from '../views/reporting-dialect.ts';

/** What `reporting apply` did to a database. */
interface AppliedViews {
  readonly views: number;
  /** The views of an earlier run, which were replaced or removed. */
  readonly earlier: number;
  /** `schema.name` of the table of descriptors; null if they are a view. */
  readonly descriptorTable: string | null;
}

interface ApplyOptions extends Pick<LockedOptions, 'signal' | 'onWaiting' | 'limits'> {
  /** The database with our tables, where views have a database of their own. */
  readonly sourceDatabase?: string | undefined;
}

/** `view dashboards.daily uses edfi.student`, with the remedy. */
function viewsInUse(label: string, users: readonly ViewUser[], cause: string): DmsError {
  const names = [...new Set(users.map(({ usedBy }) => usedBy))];
  const text = `${label}: ${cause}, because others have built on them: ${listOfNames(names)}. Nothing was changed. Remove these, and create them again afterwards.`;
  return new DmsError([
    diagnostic('REPORTING_VIEWS_IN_USE', text, {}, { users: users.map(({ usedBy, uses }) => ({ usedBy, uses })) }),
  ]);
}

const variables: Readonly<Record<SqlDialect, (script: string, sourceDatabase: string) => string>> = {
  pgsql: (script) => script,
  mssql(script, sourceDatabase) {
    const { quote, stringLiteral } = dialectRules.mssql;
    return script
      .replaceAll(`[${sourceDatabaseVariable}]`, () => quote(sourceDatabase))
      .replaceAll(`N'${sourceDatabaseVariable}'`, () => stringLiteral(sourceDatabase));
  },
};

/** The errors of an engine that say: something depends on a view. */
const dependencyErrors: Readonly<Record<SqlDialect, readonly string[]>> = {
  // the columns of a view cannot change, and what something depends on cannot go
  pgsql: ['42P16', '2BP01', '0A000'],
  mssql: ['3729', '3726'],
};

/** Whether a view could not be replaced because of what others made on top of it. */
function isDependency(error: unknown, dialect: SqlDialect): boolean {
  if (!(error instanceof DmsError)) return false;
  const [{ code, details }] = error.diagnostics;
  return code === 'DB_SQL' && dependencyErrors[dialect].includes(String(details.driverCode));
}

/**
 * Replaces the reporting views of a database and its table of descriptors, in one transaction under the provisioning
 * lock (design 19 §8, §8.1). Throws
 * `ODS_VIEW_NAME_TAKEN`, `REPORTING_VIEWS_IN_USE`, `PROVISION_LOCKED`, `DB_*`.
 */
export function applyViews(
  connection: Connection,
  { text, names, descriptorTable: table }: ReportingScript,
  { sourceDatabase = '', ...locked }: ApplyOptions = {},
): Promise<AppliedViews> {
  const limits: Limits = { signal: locked.signal };
  return lockedTransaction(
    connection,
    async () => {
      const taken = await takenViewNames(connection, names, limits);
      if (taken.length > 0) {
        const message = `${connection.label}: the names of ${counted(taken.length, 'view')} are taken: ${listOfNames(taken)}. Put the views elsewhere with --schema-suffix, or rename what has the names.`;
        fail('ODS_VIEW_NAME_TAKEN', message, {}, { names: taken });
      }
      const earlier = (await markedViews(connection, limits)).filter(({ kind }) => kind === 'view').length;
      const users = await usersOfMarkedViews(connection, limits);
      try {
        await connection.execute(variables[connection.dialect](text, sourceDatabase), limits);
      } catch (error) {
        const isInUse = users.length > 0 && isDependency(error, connection.dialect);
        throw isInUse ? viewsInUse(connection.label, users, 'views cannot be replaced by others') : error;
      }
      const views = names.length - (table === null ? 0 : 1);
      return { views, earlier, descriptorTable: table && qualified(table) };
    },
    locked,
  );
}

/**
 * Creates the reporting views of a schema set in place of earlier ones, with the options of these, in the open
 * transaction (design 19 §8). Throws `ODS_VIEW_NAME_TAKEN`, `DB_*`.
 */
export async function restoreViews(
  connection: Connection,
  mapping: OdsMapping,
  model: RelationalModelSet,
  earlier: readonly MarkedView[],
  limits: Limits = {},
): Promise<void> {
  const { made } = mustExist(earlier[0], 'an earlier reporting view');
  const { text } = reportingScript(mapping, model, optionsOfMark(made));
  await connection.execute(text, limits);
}

/**
 * Removes the reporting views of a database and its table of descriptors, in one transaction (design 19 §8). Throws
 * `REPORTING_VIEWS_IN_USE`, `PROVISION_LOCKED`, `DB_*`.
 */
export function dropViews(
  connection: Connection,
  options: Pick<LockedOptions, 'signal' | 'onWaiting' | 'limits'> = {},
): Promise<DroppedViews> {
  const limits = { signal: options.signal };
  return lockedTransaction(
    connection,
    async () => {
      const users = await usersOfMarkedViews(connection, limits);
      if (users.length > 0) throw viewsInUse(connection.label, users, 'views cannot be removed');
      return dropMarkedViews(connection, limits);
    },
    options,
  );
}
