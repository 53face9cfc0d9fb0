import type { AuthHierarchyTrigger, DbTrigger } from '@dms/inventory';
import type { DbTableName } from '@dms/model';
import { dialectRules, limitIdentifier, type SqlDialect } from '@dms/sql';
import type { Trigger } from './catalog.ts';
import { journalFunction, journalTriggerName } from './core-tables.ts';
import type { LogicalTrigger, TriggerDefinition, TriggerIntent } from './definition.ts';

const hierarchyEvents = { Insert: 'INSERT', Update: 'UPDATE', Delete: 'DELETE' } as const;

/** The `Insert` entry of an entity without parents serves updates too: its id may change, and it has no `Update` entry. */
function eventsOfHierarchy({ entity, triggerEvent }: AuthHierarchyTrigger): Trigger['events'] {
  const isLeafInsert = triggerEvent === 'Insert' && entity.parentFks.length === 0;
  return isLeafInsert ? ['INSERT', 'UPDATE'] : [hierarchyEvents[triggerEvent]];
}

/** The events that an intent reacts to (design 05 §3.3, 07 §8.1). */
function eventsOf(intent: TriggerIntent): Trigger['events'] {
  switch (intent.kind) {
    case 'DocumentStamping':
      // only root tables have an identity projection; inserting the document stamped it already
      return intent.identityProjectionColumns.length > 0 ? ['UPDATE', 'DELETE'] : ['INSERT', 'UPDATE', 'DELETE'];
    case 'DocumentJournal':
    case 'ReferentialIdentityMaintenance':
    case 'AbstractIdentityMaintenance':
      return ['INSERT', 'UPDATE'];
    case 'IdentityPropagationFallback':
      return ['UPDATE'];
    case 'AuthHierarchyMaintenance':
      return eventsOfHierarchy(intent);
  }
}

const withoutTransitionTables = { oldTable: null, newTable: null } as const;

/** PostgreSQL: a row trigger per intent. */
function pgsqlTriggers(intent: TriggerIntent): TriggerDefinition[] {
  const rowEvents = (): Trigger['events'] => {
    if (intent.kind === 'DocumentStamping') return ['INSERT', 'UPDATE', 'DELETE'];
    return intent.kind === 'AuthHierarchyMaintenance' ? [hierarchyEvents[intent.triggerEvent]] : eventsOf(intent);
  };
  const updateOf = intent.kind === 'DocumentJournal' ? ['ContentVersion'] : [];
  return [{ name: intent.name, level: 'ROW', events: rowEvents(), updateOf, ...withoutTransitionTables }];
}

/** SQL Server: one trigger, whose `inserted` and `deleted` need no names. */
function mssqlTriggers(intent: TriggerIntent): TriggerDefinition[] {
  return [{ name: intent.name, level: 'STATEMENT', events: eventsOf(intent), updateOf: [], ...withoutTransitionTables }];
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
