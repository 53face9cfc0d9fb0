import { type AuthHierarchyTrigger, type DbTrigger, hierarchyTriggerName } from '@dms/inventory';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import type { DialectObjects } from './catalog-rules.ts';
import type { LogicalTrigger, TriggerDefinition } from './definition.ts';
import {
  eventTriggerName,
  mssqlTrigger,
  rowTrigger,
  statementTrigger,
  suffixedName,
  type TriggerEvent,
} from './trigger-parts.ts';

const hierarchyEvents = { Insert: 'INSERT', Update: 'UPDATE', Delete: 'DELETE' } as const;

/** An entity without parents has no `Update` entry, but its id may change: its `Insert` entry serves updates too. */
const servesUpdates = ({ entity, triggerEvent }: AuthHierarchyTrigger) =>
  triggerEvent === 'Insert' && entity.parentFks.length === 0;

/** The entries whose triggers are the same in all generations. */
type CommonEntry = Exclude<DbTrigger, { readonly kind: 'DocumentStamping' }>;

/** The events that an entry reacts to (design 05 §3.3). */
function eventsOf(entry: CommonEntry): readonly TriggerEvent[] {
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

/** The name of a trigger for one event. The names of hierarchy triggers already include their event. */
function pgsqlName(entry: CommonEntry, event: TriggerEvent): string {
  if (entry.kind !== 'AuthHierarchyMaintenance') return eventTriggerName(entry.name, event);
  return event === 'UPDATE' ? suffixedName(hierarchyTriggerName(entry.entity.entityName, 'Update'), '') : entry.name;
}

/**
 * PostgreSQL: a statement trigger per event. The one of abstract identity runs for each row (design 07 §8.1), because its row is
 * the target of keys that are checked before any statement trigger.
 */
function pgsqlTriggers(entry: CommonEntry): TriggerDefinition[] {
  const events = eventsOf(entry);
  if (entry.kind === 'AbstractIdentityMaintenance') return [rowTrigger(entry.name, events)];
  return events.map((event) => statementTrigger(pgsqlName(entry, event), event));
}

interface TriggerForm {
  triggers(entry: CommonEntry): TriggerDefinition[];
  /** Whether the body is in a function of its own, which the triggers call. */
  readonly hasFunctions: boolean;
}

const forms: Readonly<Record<SqlDialect, TriggerForm>> = {
  pgsql: { triggers: pgsqlTriggers, hasFunctions: true },
  mssql: { triggers: (entry) => [mssqlTrigger(entry.name, eventsOf(entry))], hasFunctions: false },
};

/**
 * The triggers of an entry of the inventory. A long name is hashed twice: once in the inventory, once more with `TF_`.
 *
 * @param storedColumns the stored columns of the entry's table
 */
export function defineTrigger(
  dialect: SqlDialect,
  { stampTriggers }: Pick<DialectObjects, 'stampTriggers'>,
  entry: DbTrigger,
  storedColumns: readonly string[],
): LogicalTrigger {
  const { hasFunctions, triggers } = forms[dialect];
  const name = limitIdentifier(dialectRules[dialect], `TF_${entry.name}`);
  return {
    name: entry.name,
    intent: entry,
    function: hasFunctions ? { schema: entry.table.schema, name, owner: null } : null,
    triggers: entry.kind === 'DocumentStamping' ? stampTriggers({ stamp: entry, storedColumns }) : triggers(entry),
  };
}
