import type { DocumentStampingTrigger, TrackedChangeTable } from '@dms/inventory';
import { qualified } from '@dms/model';
import type { TriggerSource } from '../trigger-source.ts';

/** Where a stamping trigger notes deletes and changed keys; undefined where it notes none. */
export function trackedTableOf({
  trigger,
  trackedChangeTables,
}: TriggerSource<DocumentStampingTrigger>): TrackedChangeTable | undefined {
  const target = trigger.changeTracking?.trackedChangeTable;
  if (!target) return undefined;
  const tracked = trackedChangeTables.get(qualified(target));
  if (!tracked) throw new Error(`${trigger.name} tracks changes in ${qualified(target)}, which the inventory does not have`);
  return tracked;
}
