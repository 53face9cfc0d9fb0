import { core, coreSchema, coreV2 } from '@dms/model';
import type { Grant } from '../catalog.ts';
import type { CatalogRules, CoreTableTrigger, DefaultKind, DialectObjects } from '../catalog-rules.ts';
import type { CoreTrigger, LogicalTrigger, OwnerRole, TriggerDefinition, TriggerFunction } from '../definition.ts';
import { mssqlRoutine, pgsqlRoutine, uuidRoutines } from '../routines.ts';
import { eventsOf, mssqlTrigger, rowTrigger, statementTrigger } from '../trigger-events.ts';
import { coreTablesV2, mirrorColumns } from './core-tables.ts';
import { childStamps, hasMirrors, serviceTriggersV2 } from './service-triggers.ts';

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
 * The columns that count in an update of a row with mirrors; an update of its mirrors alone has no effect (design 16
 * §6.2).
 */
const watchedColumns = (storedColumns: readonly string[]) =>
  storedColumns.filter((name) => !mirrorColumns.includes(name));

const pgsql: DialectObjects = {
  routines: [
    pgsqlRoutine({ kind: 'getMaxChangeVersion', ...coreV2.getMaxChangeVersion, arguments: '', result: 'bigint' }),
    pgsqlRoutine({ kind: 'throwError', ...coreV2.throwError, arguments: 'code text, msg text', result: 'integer' }),
    uuidRoutines.pgsql,
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
  // the triggers of a table are among those that a server's own tool makes, by name (design 16 §6.3)
  defineTriggers(entry, storedColumns) {
    const updateOf = watchedColumns(storedColumns);
    if (entry.kind !== 'DocumentStamping') {
      const events = eventsOf(entry);
      return [rowTrigger(entry.name, events, events.includes('UPDATE') ? { updateOf } : {})];
    }
    if (hasMirrors(entry))
      return [rowTrigger(entry.name, ['INSERT', 'UPDATE', 'DELETE'], { timing: 'BEFORE', updateOf })];
    return childStamps(entry).map(({ trigger }) => trigger);
  },
  serviceTriggersOf: serviceTriggersV2.pgsql,
};

const mssql: DialectObjects = {
  routines: [
    mssqlRoutine({ kind: 'getMaxChangeVersion', ...coreV2.getMaxChangeVersion, arguments: '', result: 'bigint' }),
    uuidRoutines.mssql,
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
  defineTriggers: (entry) => [
    mssqlTrigger(entry.name, entry.kind === 'DocumentStamping' ? ['INSERT', 'UPDATE', 'DELETE'] : eventsOf(entry)),
  ],
  serviceTriggersOf: serviceTriggersV2.mssql,
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
  fileFormat: 2,
};
