import type { AuthEdOrgEntity, AuthHierarchyTrigger } from '@dms/inventory';
import { assignArray, changedRows, leaveWhen, perEvent, q } from '../../pgsql/body-text.ts';
import { authHierarchyBody, parentsOf } from '../../pgsql/hierarchy-closure.ts';
import type { TriggerSource } from '../../trigger-source.ts';

/** The ids of the organizations whose id or parents the statement changed. */
function collectChanged(entity: AuthEdOrgEntity, events: readonly string[]): string[] {
  const id = q(entity.identityColumn);
  const columns = [entity.identityColumn, ...parentsOf(entity)];
  const changed = (...images: Parameters<typeof changedRows>[1]) => [`SELECT c.${id}::bigint`, ...changedRows(columns, images)];
  const queries: Readonly<Record<string, readonly string[]>> = {
    INSERT: [`SELECT n.${id}::bigint FROM new_rows AS n`],
    UPDATE: [...changed('new_rows', 'old_rows'), 'UNION ALL', ...changed('old_rows', 'new_rows')],
    DELETE: [`SELECT o.${id}::bigint FROM old_rows AS o`],
  };
  return perEvent(events.map((event) => [event, assignArray('changed', queries[event] ?? [])]));
}

/** Keeps the closure of the education organizations, once per statement (design 07 §9.6). */
export const hierarchyOfStatement = (source: TriggerSource<AuthHierarchyTrigger>): string[] =>
  authHierarchyBody(source, [
    ...collectChanged(source.trigger.entity, source.events),
    ...leaveWhen('cardinality(changed) = 0'),
  ]);
