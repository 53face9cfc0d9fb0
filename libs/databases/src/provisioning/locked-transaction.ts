import type { Connection } from '../connection/connection.ts';
import { provisionLimits } from './provision.ts';
import type { OnWaiting, ProvisionLimits } from './provisioning-dialect.ts';
import { provisioningDialects } from './provisioning-dialects.ts';

export interface LockedOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  readonly limits?: Partial<ProvisionLimits> | undefined;
}

/**
 * Runs `work` in one transaction under the provisioning lock (design 09 §2.5): nobody provisions meanwhile. What it throws rolls
 * everything back. Throws `PROVISION_LOCKED`, `DB_*`.
 */
export async function lockedTransaction<Result>(
  connection: Connection,
  work: () => Promise<Result>,
  { signal, onWaiting = () => undefined, limits }: LockedOptions = {},
): Promise<Result> {
  const dialect = provisioningDialects[connection.dialect];
  const times = { ...provisionLimits, ...limits };
  try {
    await dialect.begin(connection, times);
    await dialect.takeLock(connection, times, signal, onWaiting);
    const result = await work();
    await connection.commit();
    return result;
  } catch (error) {
    await connection.rollback();
    throw error;
  }
}
