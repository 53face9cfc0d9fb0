import {
  type Connection,
  type DroppedViews,
  dropMarkedViews,
  type LockedOptions,
  lockedTransaction,
  usersOfMarkedViews,
} from '@dms/databases';
import { viewsInUse } from './apply-views.ts';

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
