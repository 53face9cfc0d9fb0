import {
  type AuthHierarchyTrigger,
  type DbTrigger,
  type DocumentStampingTrigger,
  hierarchyEvents,
  kindOfTrigger,
  type TriggerEvent,
} from '@dms/inventory';
import { core, coreSchema, coreV2, qualified } from '@dms/model';
import type { Grant } from '../catalog.ts';
import type { CatalogRules, CoreTableTrigger, DefaultKind, DialectObjects, ServiceTrigger } from '../catalog-rules.ts';
import type {
  CoreTrigger,
  LogicalTrigger,
  OwnerRole,
  TriggerDefinition,
  TriggerFunction,
} from '../definition/definition.ts';
import {
  mssqlRoutine,
  mssqlUuidRoutine,
  pgsqlRoutine,
  pgsqlUuidRoutine,
  uuidExtensions,
} from '../definition/routines.ts';
import { mssqlTrigger, rowTrigger, statementTrigger, suffixedName } from '../definition/trigger-events.ts';
import { coreTablesV2, mirrorColumns } from './core-tables.ts';

/*
 * The triggers of the tool of the Ed-Fi service (design 16 §6.3). They have the same names as our triggers, on the same
 * tables. The triggers of the queue and of the document cache are not listed, because theirs and ours have the same
 * form: the server inspects them.
 */

const allEvents: readonly TriggerEvent[] = ['INSERT', 'UPDATE', 'DELETE'];

const eventsOf = (entry: DbTrigger) => kindOfTrigger(entry).events(entry);

const childEvents = { _ins: 'INSERT', _upd: 'UPDATE', _del: 'DELETE' } as const;

/**
 * The names of the transition tables. Earlier versions of ours had different names, by which the script recognizes
 * their triggers.
 */
const transitionNames = { old: 'oldtab', now: 'newtab' };

/** Whether the table mirrors the versions of its documents; this is true for root tables and the descriptor table. */
const hasMirrors = ({ table, mirrorStampTargetTable: target }: DocumentStampingTrigger): boolean =>
  target !== null && qualified(target) === qualified(table);

/** The triggers of a table without mirrors, one for each event, and their names before they are shortened. */
const childStamps = ({
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
  // the trigger updates its own row again
  if (table.schema === coreSchema) return [withFunction(rowTrigger(name, allEvents), name.replace(/^TR_/, ''))];
  if (hasMirrors(entry)) return [withFunction(rowTrigger(name, allEvents, { timing: 'BEFORE' }), name)];
  return childStamps(entry).map(({ trigger, longName }) => withFunction(trigger, longName));
}

/** A trigger for each event, also on the table of an organization without parents. */
const hierarchyEvent = ({ triggerEvent }: AuthHierarchyTrigger): readonly TriggerEvent[] => [
  hierarchyEvents[triggerEvent],
];

function pgsqlServiceTriggers(entry: DbTrigger): readonly ServiceTrigger[] {
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

const mssqlEvents = (entry: DbTrigger): readonly TriggerEvent[] =>
  entry.kind === 'AuthHierarchyMaintenance' ? hierarchyEvent(entry) : eventsOf(entry);

/* The rules of the second generation. */

const name = 'edfi_dms_enqueue_owner';

const grant = (kind: Grant['kind'], object: string, ...privileges: readonly string[]): Grant => ({
  kind,
  schema: core.document.schema,
  name: object,
  grantee: name,
  privileges,
});

/**
 * The role that owns the functions of the queue, so that writers of documents need no rights on the queue itself
 * (design 16 §2.6). It has no other privileges.
 */
const enqueueOwner: OwnerRole = {
  name,
  attributes: [],
  memberOf: [],
  grants: [
    grant('function', 'TF_Document_EnqueueProjectionInsert', 'EXECUTE'),
    grant('function', 'TF_Document_EnqueueProjectionUpdate', 'EXECUTE'),
    grant('schema', coreSchema, 'USAGE'),
    grant('table', coreV2.documentCacheState.name, 'SELECT'),
    grant('table', coreV2.documentProjectionWork.name, 'INSERT', 'SELECT', 'UPDATE'),
  ],
};

function coreTrigger(
  table: string,
  intent: CoreTrigger,
  routine: TriggerFunction | null,
  triggers: readonly TriggerDefinition[],
): CoreTableTrigger {
  const trigger: LogicalTrigger = { name: intent.name, intent, function: routine, triggers };
  return { table, trigger };
}

const functionNamed = (name: string, owner: string | null): TriggerFunction => ({
  schema: core.document.schema,
  name,
  owner,
});

const documentTable = core.document.name;
const cacheTable = core.documentCache.name;
const cacheTriggerName = 'TR_DocumentCache_ValidateDocumentUuid';
const enqueue = (name: string): CoreTrigger => ({ kind: 'ProjectionEnqueue', name });
const cacheUuid: CoreTrigger = { kind: 'DocumentCacheUuid', name: cacheTriggerName };

/**
 * The columns whose update matters in a table with mirrors; an update of the mirrors alone has no effect (design 16
 * §6.2).
 */
const watchedColumns = (storedColumns: readonly string[]) =>
  storedColumns.filter((name) => !mirrorColumns.includes(name));

const pgsql: DialectObjects = {
  extensions: uuidExtensions,
  routines: [
    pgsqlRoutine({ kind: 'getMaxChangeVersion', ...coreV2.getMaxChangeVersion, arguments: '', result: 'bigint' }),
    pgsqlRoutine({ kind: 'throwError', ...coreV2.throwError, arguments: 'code text, msg text', result: 'integer' }),
    pgsqlUuidRoutine,
  ],
  tableTypes: [],
  ownerRole: enqueueOwner,
  coreTriggers: [
    coreTrigger(
      documentTable,
      enqueue('TR_Document_EnqueueProjectionInsert'),
      functionNamed('TF_Document_EnqueueProjectionInsert', enqueueOwner.name),
      [statementTrigger('TR_Document_EnqueueProjectionInsert', 'INSERT')],
    ),
    coreTrigger(
      documentTable,
      enqueue('TR_Document_EnqueueProjectionUpdate'),
      functionNamed('TF_Document_EnqueueProjectionUpdate', enqueueOwner.name),
      [statementTrigger('TR_Document_EnqueueProjectionUpdate', 'UPDATE')],
    ),
    coreTrigger(cacheTable, cacheUuid, functionNamed('TF_DocumentCache_ValidateDocumentUuid', null), [
      rowTrigger(cacheTriggerName, ['INSERT', 'UPDATE'], { timing: 'BEFORE' }),
    ]),
  ],
  // each table has the triggers that the tool of a server makes, with the same names (design 16 §6.3)
  defineTriggers(entry, storedColumns) {
    const updateOf = watchedColumns(storedColumns);
    if (entry.kind !== 'DocumentStamping') {
      const events = eventsOf(entry);
      return [rowTrigger(entry.name, events, events.includes('UPDATE') ? { updateOf } : {})];
    }
    if (hasMirrors(entry)) return [rowTrigger(entry.name, eventsOf(entry), { timing: 'BEFORE', updateOf })];
    return childStamps(entry).map(({ trigger }) => trigger);
  },
  serviceTriggersOf: pgsqlServiceTriggers,
};

const mssql: DialectObjects = {
  extensions: [],
  routines: [
    mssqlRoutine({ kind: 'getMaxChangeVersion', ...coreV2.getMaxChangeVersion, arguments: '', result: 'bigint' }),
    mssqlUuidRoutine,
  ],
  tableTypes: [
    { ...coreV2.bigIntTable, columns: [{ name: 'Id', type: 'bigint', nullable: false }] },
    { ...coreV2.uniqueIdentifierTable, columns: [{ name: 'Id', type: 'uniqueidentifier', nullable: false }] },
  ],
  ownerRole: null,
  coreTriggers: [
    coreTrigger(documentTable, enqueue('TR_Document_EnqueueProjectionWork'), null, [
      // never DELETE: a server deletes with OUTPUT, which is not allowed with a trigger (design 16 §2.5)
      mssqlTrigger('TR_Document_EnqueueProjectionWork', ['INSERT', 'UPDATE']),
    ]),
    coreTrigger(cacheTable, cacheUuid, null, [mssqlTrigger(cacheTriggerName, ['INSERT', 'UPDATE'])]),
  ],
  defineTriggers: (entry) => [mssqlTrigger(entry.name, eventsOf(entry))],
  serviceTriggersOf: (entry) => [{ ...mssqlTrigger(entry.name, mssqlEvents(entry)), function: null }],
};

const defaults: Readonly<Record<string, DefaultKind>> = {
  CollectionKey: 'nextItemId',
  MirroredContentVersion: 'zero',
  MirroredContentLastModifiedAt: 'now',
};

/** The second generation (design 16). */
export const catalogRulesV2: CatalogRules = {
  coreTables: coreTablesV2,
  sequences: [core.changeVersionSequence, coreV2.collectionItemIdSequence],
  objects: { pgsql, mssql },
  columnDefault: ({ kind }) => defaults[kind] ?? null,
  serviceTables: ['CdcHeartbeat'],
  marks: [{ kind: 'table', table: core.referentialIdentity.name, name: core.referentialIdentity.name }],
  identityCollation: { pgsql: null, mssql: null },
  uriFolding: null,
  fileFormat: 2,
};
