import { type Connection, dropMarkedViews, type Limits, type MarkedView, markedViews } from '@dms/databases';
import { counted, fail } from '@dms/diagnostics';

/**
 * Gives a database the reporting views of the later set in place of earlier ones, in the transaction of the upgrade
 * (design 19 §8).
 */
export type RestoreViews = (connection: Connection, earlier: readonly MarkedView[], limits: Limits) => Promise<void>;

/**
 * Removes the reporting views of the transaction's database, which would hinder the upgrade, and returns what gives it
 * those of the later set. Throws `REPORTING_MAPPING_MISSING` where there are views and no `restore`.
 */
export async function withoutReportingViews(
  connection: Connection,
  restore: RestoreViews | undefined,
  limits: Limits,
): Promise<(limits: Limits) => Promise<void>> {
  const earlier = await markedViews(connection, limits);
  if (earlier.length === 0) return async () => undefined;
  if (restore === undefined) {
    const text = `${connection.label}: the database has ${counted(earlier.length, 'reporting view')}, and the artifacts of the later set have no ods-mapping.json to create them again from. Write it there with dms-ddl emit, or remove the views with dms-ddl reporting drop. Nothing was changed.`;
    return fail('REPORTING_MAPPING_MISSING', text, {}, { views: earlier.length });
  }
  // what others have built on the table stays, and its columns are none that an upgrade changes
  await dropMarkedViews(connection, limits, { keepsTable: true });
  return (own) => restore(connection, earlier, own);
}
