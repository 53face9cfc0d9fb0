import type { DocumentStampingTrigger, TrackedChangeTable } from '@dms/inventory';
import { qualified } from '@dms/model';
import type { TriggerSource } from '../trigger-source.ts';

/** The table in which a stamping trigger records deletes and changed keys; undefined if it records none. */
export function trackedTableOf({
  trigger,
  trackedChangeTables,
}: TriggerSource<DocumentStampingTrigger>): TrackedChangeTable | undefined {
  const target = trigger.changeTracking?.trackedChangeTable;
  if (!target) return undefined;
  const tracked = trackedChangeTables.get(qualified(target));
  if (!tracked)
    throw new Error(`${trigger.name} tracks changes in ${qualified(target)}, which the inventory does not have`);
  return tracked;
}
