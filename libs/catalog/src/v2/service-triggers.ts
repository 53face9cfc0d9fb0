import type { AuthHierarchyTrigger, DbTrigger, DocumentStampingTrigger } from '@dms/inventory';
import { coreSchema, qualified } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import type { ServiceTrigger } from '../catalog-rules.ts';
import type { TriggerDefinition } from '../definition.ts';
import {
  eventsOf,
  hierarchyEvents,
  mssqlTrigger,
  rowTrigger,
  statementTrigger,
  suffixedName,
  type TriggerEvent,
} from '../trigger-events.ts';

/*
 * The triggers of the tool of the Ed-Fi service (design 16 §6.3). Their names are those of ours, on the same tables.
 * The triggers of the queue and of the document cache are not listed, because they have the same form: the server
 * inspects them.
 */

const allEvents: readonly TriggerEvent[] = ['INSERT', 'UPDATE', 'DELETE'];

const childEvents = { _ins: 'INSERT', _upd: 'UPDATE', _del: 'DELETE' } as const;

/** The names of the rows of a statement. Those of our earlier versions were different, which the script relies on. */
const transitionNames = { old: 'oldtab', now: 'newtab' };

/** Whether the table mirrors the versions of its documents: root tables and the descriptor table do. */
export const hasMirrors = ({ table, mirrorStampTargetTable: target }: DocumentStampingTrigger): boolean =>
  target !== null && qualified(target) === qualified(table);

/** The triggers of a table without mirrors, one for each event, and their names before they are shortened. */
export const childStamps = ({
  name,
}: DocumentStampingTrigger): readonly { readonly trigger: TriggerDefinition; readonly longName: string }[] =>
  Object.entries(childEvents).map(([suffix, event]) => ({
    trigger: statementTrigger(suffixedName(name, suffix), event, transitionNames),
    longName: name + suffix,
  }));

const withFunction = (trigger: TriggerDefinition, longName: string): ServiceTrigger => ({
  ...trigger,
  function: suffixedName('TF_', longName),
});

function stamps(entry: DocumentStampingTrigger): readonly ServiceTrigger[] {
  const { name, table } = entry;
  // it updates its own row again
  if (table.schema === coreSchema) return [withFunction(rowTrigger(name, allEvents), name.replace(/^TR_/, ''))];
  if (hasMirrors(entry)) return [withFunction(rowTrigger(name, allEvents, { timing: 'BEFORE' }), name)];
  return childStamps(entry).map(({ trigger, longName }) => withFunction(trigger, longName));
}

/** A trigger for each event, also on the table of an organization without parents. */
const hierarchyEvent = ({ triggerEvent }: AuthHierarchyTrigger): readonly TriggerEvent[] => [
  hierarchyEvents[triggerEvent],
];

function pgsql(entry: DbTrigger): readonly ServiceTrigger[] {
  switch (entry.kind) {
    case 'DocumentStamping':
      return stamps(entry);
    case 'AbstractIdentityMaintenance':
      return [withFunction(rowTrigger(entry.name, eventsOf(entry), { timing: 'BEFORE' }), entry.name)];
    case 'AuthHierarchyMaintenance':
      return [withFunction(rowTrigger(entry.name, hierarchyEvent(entry)), entry.name)];
    default:
      return [withFunction(rowTrigger(entry.name, eventsOf(entry)), entry.name)];
  }
}

function mssqlEvents(entry: DbTrigger): readonly TriggerEvent[] {
  switch (entry.kind) {
    case 'DocumentStamping':
      return allEvents;
    case 'AuthHierarchyMaintenance':
      return hierarchyEvent(entry);
    default:
      return eventsOf(entry);
  }
}

export const serviceTriggersV2: Readonly<Record<SqlDialect, (entry: DbTrigger) => readonly ServiceTrigger[]>> = {
  pgsql,
  mssql: (entry) => [{ ...mssqlTrigger(entry.name, mssqlEvents(entry)), function: null }],
};
