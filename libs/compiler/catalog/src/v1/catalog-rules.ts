import { type DbTrigger, hierarchyTriggerName } from '@dms/inventory';
import { core } from '@dms/model';
import type { CatalogRules, DialectObjects } from '../catalog-rules.ts';
import type { LogicalTrigger, TriggerDefinition } from '../definition/definition.ts';
import { uuidRoutines } from '../definition/routines.ts';
import {
  type CommonEntry,
  eventsOf,
  mssqlTrigger,
  rowTrigger,
  statementTrigger,
  suffixedName,
  type TriggerEvent,
} from '../definition/trigger-events.ts';
import { coreTablesV1 } from './core-tables.ts';

const journalName = 'TR_Document_Journal';

/** The journal of `dms.Document` (design 06 §5.2). */
const journal = (
  hasFunction: boolean,
  triggers: readonly TriggerDefinition[],
): { readonly table: string; readonly trigger: LogicalTrigger } => ({
  table: core.document.name,
  trigger: {
    name: journalName,
    intent: { kind: 'DocumentJournal', name: journalName },
    function: hasFunction ? { schema: core.document.schema, name: 'TF_Document_Journal', owner: null } : null,
    triggers,
  },
});

const suffixes = { INSERT: '_Insert', UPDATE: '_Update', DELETE: '_Delete' } as const satisfies Record<
  TriggerEvent,
  string
>;

/** The name of a PostgreSQL trigger that serves one event of several (design 07 §8.1). */
const eventTriggerName = (name: string, event: TriggerEvent): string => suffixedName(name, suffixes[event]);

/** Only root tables have an identity projection. */
const isRoot = ({ identityProjectionColumns }: DbTrigger) => identityProjectionColumns.length > 0;

/** The insert of a document has already stamped its root row. */
const stampEvents = (stamp: DbTrigger) =>
  isRoot(stamp) ? (['UPDATE', 'DELETE'] as const) : (['INSERT', 'UPDATE', 'DELETE'] as const);

/** The name of a trigger for one event. The names of hierarchy triggers already include their event. */
function pgsqlName(entry: CommonEntry, event: TriggerEvent): string {
  if (entry.kind !== 'AuthHierarchyMaintenance') return eventTriggerName(entry.name, event);
  return event === 'UPDATE' ? suffixedName(hierarchyTriggerName(entry.entity.entityName, 'Update'), '') : entry.name;
}

const pgsql: DialectObjects = {
  routines: [uuidRoutines.pgsql],
  tableTypes: [],
  ownerRole: null,
  coreTriggers: [
    journal(true, [
      statementTrigger(eventTriggerName(journalName, 'INSERT'), 'INSERT'),
      statementTrigger(eventTriggerName(journalName, 'UPDATE'), 'UPDATE'),
    ]),
  ],
  defineTriggers(entry) {
    switch (entry.kind) {
      case 'DocumentStamping':
        return stampEvents(entry).map((event) => {
          const name = eventTriggerName(entry.name, event);
          // deleting one document runs the cascade on every root table, and a statement trigger would run on each of
          // them
          return event === 'DELETE' && isRoot(entry) ? rowTrigger(name, [event]) : statementTrigger(name, event);
        });
      case 'AbstractIdentityMaintenance':
        // its row is the target of keys that are checked before any statement trigger (design 07 §8.1)
        return [rowTrigger(entry.name, eventsOf(entry))];
      default:
        return eventsOf(entry).map((event) => statementTrigger(pgsqlName(entry, event), event));
    }
  },
  serviceTriggersOf: null,
};

const mssql: DialectObjects = {
  routines: [uuidRoutines.mssql],
  tableTypes: [],
  ownerRole: null,
  coreTriggers: [journal(false, [mssqlTrigger(journalName, ['INSERT', 'UPDATE'])])],
  defineTriggers: (entry) => [
    mssqlTrigger(entry.name, entry.kind === 'DocumentStamping' ? stampEvents(entry) : eventsOf(entry)),
  ],
  serviceTriggersOf: null,
};

/** The first generation (design 06, 07). */
export const catalogRulesV1: CatalogRules = {
  coreTables: coreTablesV1,
  sequences: [core.changeVersionSequence],
  objects: { pgsql, mssql },
  columnDefault: () => null,
  serviceTables: [],
  fileFormat: 1,
};
