import type { AuthHierarchyTrigger } from '@dms/inventory';
import { leaveUnchanged, perEvent, q } from '../../pgsql/body-text.ts';
import { authHierarchyBody, parentsOf } from '../../pgsql/hierarchy-closure.ts';
import type { TriggerSource } from '../../trigger-source.ts';

/** Keeps the closure of the education organizations, row by row (design 16 §6.7). */
export function hierarchyOfRow(source: TriggerSource<AuthHierarchyTrigger>): string[] {
  const { entity } = source.trigger;
  const ids = (...rows: readonly string[]) => [
    `changed := ARRAY[${rows.map((row) => `${row}.${q(entity.identityColumn)}`).join(', ')}];`,
  ];
  const collect: Readonly<Record<string, readonly string[]>> = {
    INSERT: ids('NEW'),
    UPDATE: ids('OLD', 'NEW'),
    DELETE: ids('OLD'),
  };
  return authHierarchyBody(source, [
    ...(source.events.includes('UPDATE') ? leaveUnchanged([entity.identityColumn, ...parentsOf(entity)]) : []),
    ...perEvent(source.events.map((event) => [event, collect[event] ?? []])),
  ]);
}
