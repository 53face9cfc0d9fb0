import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { type Connection, checkDatabase } from '@dms/databases';
import { fail } from '@dms/diagnostics';

/** Ends the task when the gate does not let the mapping set use the database (design 09 §5). */
export async function passGate(
  connection: Connection,
  info: EffectiveSchemaManifest,
  signal?: AbortSignal,
): Promise<void> {
  const refusal = await checkDatabase(connection, info, { signal });
  if (refusal !== null) fail(refusal.code, refusal.message, {}, refusal.details);
}
