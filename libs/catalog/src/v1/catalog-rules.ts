import { core } from '@dms/model';
import type { CatalogRules, DialectObjects, StampedTable } from '../catalog-rules.ts';
import type { LogicalTrigger, TriggerDefinition } from '../definition.ts';
import { uuidRoutines } from '../routines.ts';
import { eventTriggerName, mssqlTrigger, rowTrigger, statementTrigger } from '../trigger-parts.ts';
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

/** Only root tables have an identity projection. The insert of the document has already stamped it. */
const isRoot = ({ stamp }: StampedTable) => stamp.identityProjectionColumns.length > 0;

const eventsOf = (table: StampedTable) =>
  isRoot(table) ? (['UPDATE', 'DELETE'] as const) : (['INSERT', 'UPDATE', 'DELETE'] as const);

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
  stampTriggers: (table) =>
    eventsOf(table).map((event) => {
      const name = eventTriggerName(table.stamp.name, event);
      // deleting one document runs the cascade on every root table, and a statement trigger would run on each of them
      return event === 'DELETE' && isRoot(table) ? rowTrigger(name, [event]) : statementTrigger(name, event);
    }),
};

const mssql: DialectObjects = {
  routines: [uuidRoutines.mssql],
  tableTypes: [],
  ownerRole: null,
  coreTriggers: [journal(false, [mssqlTrigger(journalName, ['INSERT', 'UPDATE'])])],
  stampTriggers: (table) => [mssqlTrigger(table.stamp.name, eventsOf(table))],
};

/** The first generation (design 06, 07). */
export const catalogRulesV1: CatalogRules = {
  coreTables: coreTablesV1,
  sequences: [core.changeVersionSequence],
  objects: { pgsql, mssql },
  columnDefault: () => null,
  fileFormat: 1,
};
