import { type AuthHierarchyTrigger, type DbTrigger, hierarchyTriggerName } from '@dms/inventory';
import type { DbTableName } from '@dms/model';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import type { Trigger } from './catalog.ts';
import { journalFunction, journalTriggerName } from './core-tables.ts';
import type { LogicalTrigger, TriggerDefinition, TriggerIntent } from './definition.ts';

type Event = 'INSERT' | 'UPDATE' | 'DELETE';

const hierarchyEvents = { Insert: 'INSERT', Update: 'UPDATE', Delete: 'DELETE' } as const;

/** An entity without parents has no `Update` entry, but its id may change: its `Insert` entry serves updates too. */
const servesUpdates = ({ entity, triggerEvent }: AuthHierarchyTrigger) =>
  triggerEvent === 'Insert' && entity.parentFks.length === 0;

/** Only root tables have an identity projection. Inserting the document stamped it already. */
const stampsRoot = (intent: TriggerIntent) => intent.kind === 'DocumentStamping' && intent.identityProjectionColumns.length > 0;

/** The events that an intent reacts to (design 05 §3.3). */
function eventsOf(intent: TriggerIntent): readonly Event[] {
  switch (intent.kind) {
    case 'DocumentStamping':
      return stampsRoot(intent) ? ['UPDATE', 'DELETE'] : ['INSERT', 'UPDATE', 'DELETE'];
    case 'DocumentJournal':
    case 'ReferentialIdentityMaintenance':
    case 'AbstractIdentityMaintenance':
      return ['INSERT', 'UPDATE'];
    case 'IdentityPropagationFallback':
      return ['UPDATE'];
    case 'AuthHierarchyMaintenance':
      return servesUpdates(intent) ? ['INSERT', 'UPDATE'] : [hierarchyEvents[intent.triggerEvent]];
  }
}

const withoutTransitionTables = { oldTable: null, newTable: null } as const;

const transitionTables = {
  INSERT: { oldTable: null, newTable: 'new_rows' },
  UPDATE: { oldTable: 'old_rows', newTable: 'new_rows' },
  DELETE: { oldTable: 'old_rows', newTable: null },
} as const satisfies Record<Event, Pick<Trigger, 'oldTable' | 'newTable'>>;

const suffixes = { INSERT: '_Insert', UPDATE: '_Update', DELETE: '_Delete' } as const satisfies Record<Event, string>;

/** The name of a trigger of one event; those of the hierarchy say their event already. */
function pgsqlName(intent: TriggerIntent, event: Event): string {
  const limited = (name: string) => limitIdentifier(dialectRules.pgsql, name);
  if (intent.kind !== 'AuthHierarchyMaintenance') return limited(intent.name + suffixes[event]);
  return event === 'UPDATE' ? limited(hierarchyTriggerName(intent.entity.entityName, 'Update')) : intent.name;
}

/**
 * PostgreSQL: a statement trigger per event, for only so are there transition tables. Two kinds stay row triggers (design 07
 * §8.1): the stamp on DELETE of a root row, because deleting one document runs the cascade on every root table, and abstract
 * identity, because its row is the target of keys that are checked before any statement trigger.
 */
function pgsqlTriggers(intent: TriggerIntent): TriggerDefinition[] {
  const events = eventsOf(intent);
  if (intent.kind === 'AbstractIdentityMaintenance')
    return [{ name: intent.name, level: 'ROW', events, ...withoutTransitionTables }];
  return events.map((event) => {
    const name = pgsqlName(intent, event);
    if (event === 'DELETE' && stampsRoot(intent)) return { name, level: 'ROW', events: [event], ...withoutTransitionTables };
    return { name, level: 'STATEMENT', events: [event], ...transitionTables[event] };
  });
}

/** SQL Server: one trigger, whose `inserted` and `deleted` need no names. */
function mssqlTriggers(intent: TriggerIntent): TriggerDefinition[] {
  return [{ name: intent.name, level: 'STATEMENT', events: eventsOf(intent), ...withoutTransitionTables }];
}

interface TriggerForm {
  triggers(intent: TriggerIntent): TriggerDefinition[];
  /** Whether a body stands in a function of its own, which the triggers call. */
  readonly hasFunctions: boolean;
}

const forms: Readonly<Record<SqlDialect, TriggerForm>> = {
  pgsql: { triggers: pgsqlTriggers, hasFunctions: true },
  mssql: { triggers: mssqlTriggers, hasFunctions: false },
};

function logicalTrigger(dialect: SqlDialect, intent: TriggerIntent, body: DbTableName): LogicalTrigger {
  const { triggers, hasFunctions } = forms[dialect];
  return { name: intent.name, intent, function: hasFunctions ? body : null, triggers: triggers(intent) };
}

/** The triggers of an entry of the inventory. A long name is hashed twice: once in the inventory, once more with `TF_`. */
export function defineTrigger(dialect: SqlDialect, entry: DbTrigger): LogicalTrigger {
  const name = limitIdentifier(dialectRules[dialect], `TF_${entry.name}`);
  return logicalTrigger(dialect, entry, { schema: entry.table.schema, name });
}

/** The journal of `dms.Document`, the one trigger of the core (design 06 §5.2). */
export function journalTrigger(dialect: SqlDialect): LogicalTrigger {
  return logicalTrigger(dialect, { kind: 'DocumentJournal', name: journalTriggerName }, journalFunction);
}
