import type { AuthHierarchyTrigger, DbTrigger } from '@dms/inventory';
import type { TriggerEvent } from './trigger-parts.ts';

/** The entries whose events are the same in all generations. */
export type CommonEntry = Exclude<DbTrigger, { readonly kind: 'DocumentStamping' }>;

export const hierarchyEvents = { Insert: 'INSERT', Update: 'UPDATE', Delete: 'DELETE' } as const;

/** An entity without parents has no `Update` entry, but its id may change: its `Insert` entry serves updates too. */
const servesUpdates = ({ entity, triggerEvent }: AuthHierarchyTrigger) =>
  triggerEvent === 'Insert' && entity.parentFks.length === 0;

/** The events that an entry reacts to (design 05 §3.3). */
export function eventsOf(entry: CommonEntry): readonly TriggerEvent[] {
  switch (entry.kind) {
    case 'ReferentialIdentityMaintenance':
    case 'AbstractIdentityMaintenance':
      return ['INSERT', 'UPDATE'];
    case 'IdentityPropagationFallback':
      return ['UPDATE'];
    case 'AuthHierarchyMaintenance':
      return servesUpdates(entry) ? ['INSERT', 'UPDATE'] : [hierarchyEvents[entry.triggerEvent]];
  }
}
