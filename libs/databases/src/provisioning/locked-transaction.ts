import type { DmsError } from '@dms/diagnostics';
import type { Connection } from '../connection/connection.ts';
import { isFailure } from '../connection/failure.ts';
import type { OnWaiting, ProvisionLimits } from './provisioning-dialect.ts';
import { provisioningDialects } from './provisioning-dialects.ts';

/** Times of design 09 §1.4, in milliseconds. */
export const provisionLimits: ProvisionLimits = { provisioningLock: 60_000, lock: 30_000 };

export interface LockedOptions<Result = unknown> {
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  readonly limits?: Partial<ProvisionLimits> | undefined;
  /** Whether the work is kept; true by default. */
  readonly keeps?: ((result: Result) => boolean) | undefined;
  /** Called when the connection broke while committing, to find out how that ended; throws if it did not succeed. */
  readonly onCommitLost?: ((lost: DmsError) => Promise<void>) | undefined;
}

/**
 * Runs `work` in one transaction under the provisioning lock (design 09 §2.5): no other session provisions meanwhile.
 * If it throws, everything is rolled back. Throws `PROVISION_LOCKED`, `DB_*`.
 */
export async function lockedTransaction<Result>(
  connection: Connection,
  work: () => Promise<Result>,
  { signal, onWaiting = () => undefined, limits, keeps = () => true, onCommitLost }: LockedOptions<Result> = {},
): Promise<Result> {
  const dialect = provisioningDialects[connection.dialect];
  const times = { ...provisionLimits, ...limits };
  let result: Result;
  try {
    await dialect.begin(connection, times);
    await dialect.takeLock(connection, times, signal, onWaiting);
    result = await work();
  } catch (error) {
    await connection.rollback();
    throw error;
  }
  if (!keeps(result)) {
    await connection.rollback();
    return result;
  }
  try {
    // not given up halfway: a cancelled task waits until it ends
    await connection.commit();
  } catch (error) {
    if (!onCommitLost || !isFailure(error, 'DB_CONNECTION_LOST', 'DB_UNREACHABLE')) {
      await connection.rollback();
      throw error;
    }
    await onCommitLost(error);
  }
  return result;
}
