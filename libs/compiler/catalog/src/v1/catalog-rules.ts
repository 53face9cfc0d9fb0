import { type DbTrigger, kindOfTrigger, type TriggerEvent } from '@dms/inventory';
import { core } from '@dms/model';
import type { CatalogRules, DialectObjects } from '../catalog-rules.ts';
import type { LogicalTrigger, TriggerDefinition } from '../definition/definition.ts';
import { mssqlUuidRoutine, pgsqlUuidRoutine, uuidExtensions } from '../definition/routines.ts';
import { mssqlTrigger, rowTrigger, statementTrigger, suffixedName } from '../definition/trigger-events.ts';
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

/** The name of a PostgreSQL trigger for one of several events (design 07 §8.1). */
const eventTriggerName = (name: string, event: TriggerEvent): string => suffixedName(name, suffixes[event]);

/** A row trigger can serve several events; a statement trigger serves a single event (design 07 §8.1). */
function pgsqlTriggers(entry: DbTrigger): readonly TriggerDefinition[] {
  const kind = kindOfTrigger(entry);
  const events = kind.events(entry);
  if (events.every((event) => kind.runsForRows(entry, event))) return [rowTrigger(entry.name, events)];
  return events.map((event) => {
    const fullName = kind.eventName?.(entry, event);
    const name = fullName === undefined ? eventTriggerName(entry.name, event) : suffixedName(fullName, '');
    return kind.runsForRows(entry, event) ? rowTrigger(name, [event]) : statementTrigger(name, event);
  });
}

const pgsql: DialectObjects = {
  extensions: uuidExtensions,
  routines: [pgsqlUuidRoutine],
  tableTypes: [],
  ownerRole: null,
  coreTriggers: [
    journal(true, [
      statementTrigger(eventTriggerName(journalName, 'INSERT'), 'INSERT'),
      statementTrigger(eventTriggerName(journalName, 'UPDATE'), 'UPDATE'),
    ]),
  ],
  defineTriggers: pgsqlTriggers,
  serviceTriggersOf: null,
};

const mssql: DialectObjects = {
  extensions: [],
  routines: [mssqlUuidRoutine],
  tableTypes: [],
  ownerRole: null,
  coreTriggers: [journal(false, [mssqlTrigger(journalName, ['INSERT', 'UPDATE'])])],
  defineTriggers: (entry) => [mssqlTrigger(entry.name, kindOfTrigger(entry).events(entry))],
  serviceTriggersOf: null,
};

/** The first generation (design 06, 07). */
export const catalogRulesV1: CatalogRules = {
  coreTables: coreTablesV1,
  sequences: [core.changeVersionSequence],
  objects: { pgsql, mssql },
  columnDefault: () => null,
  serviceTables: [],
  marks: [],
  identityCollation: { pgsql: null, mssql: null },
  uriFolding: null,
  fileFormat: 1,
};
