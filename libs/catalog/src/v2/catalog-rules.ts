import type { DocumentStampingTrigger } from '@dms/inventory';
import { core, coreV2, qualified } from '@dms/model';
import type { CatalogRules, CoreTableTrigger, DefaultKind, DialectObjects } from '../catalog-rules.ts';
import type { CoreTrigger, LogicalTrigger, TriggerDefinition, TriggerFunction } from '../definition.ts';
import { someChanged } from '../expression.ts';
import { mssqlRoutine, pgsqlRoutine, uuidRoutines } from '../routines.ts';
import { eventTriggerName, mssqlTrigger, rowTrigger, statementTrigger, suffixedName } from '../trigger-parts.ts';
import { coreTablesV2 } from './core-tables.ts';
import { descriptorValues, mirrorColumns } from './descriptor-columns.ts';
import { enqueueOwner } from './enqueue-owner.ts';

function coreTrigger(
  table: string,
  intent: CoreTrigger,
  routine: TriggerFunction | null,
  triggers: readonly TriggerDefinition[],
): CoreTableTrigger {
  const trigger: LogicalTrigger = { name: intent.name, intent, function: routine, triggers };
  return { table, trigger };
}

const functionNamed = (name: string, owner: string | null): TriggerFunction => ({ schema: core.document.schema, name, owner });

const documentTable = core.document.name;
const cacheTable = core.documentCache.name;
const cacheTriggerName = 'TR_DocumentCache_ValidateDocumentUuid';
const enqueue = (name: string): CoreTrigger => ({ kind: 'ProjectionEnqueue', name });
const cacheUuid: CoreTrigger = { kind: 'DocumentCacheUuid', name: cacheTriggerName };

/** Whether the table mirrors the versions of its documents: root tables and the descriptor table do. */
const hasMirrors = ({ table, mirrorStampTargetTable: target }: DocumentStampingTrigger) =>
  target !== null && qualified(target) === qualified(table);

const isDescriptorTable = ({ table }: DocumentStampingTrigger) => qualified(table) === qualified(core.descriptor);

/**
 * The columns that count in an update of a row with mirrors; an update that changes none of them has no effect. They are all
 * stored columns and, for a descriptor, its values, its resource and its document (design 16 §6.2, §6.6).
 */
function watchedColumns(stamp: DocumentStampingTrigger, storedColumns: readonly string[]): readonly string[] {
  if (isDescriptorTable(stamp)) return ['DocumentId', 'ResourceKeyId', ...descriptorValues];
  return storedColumns.filter((name) => !mirrorColumns.includes(name));
}

/**
 * The common name of the row triggers of a table with mirrors, and the name of the trigger that stamps the documents. For
 * descriptors, only the second one has the name of its inventory entry.
 */
function mirroredNames(stamp: DocumentStampingTrigger): { readonly row: string; readonly statement: string } {
  const { name } = stamp;
  if (!isDescriptorTable(stamp)) return { row: name, statement: eventTriggerName(name, 'UPDATE') };
  return { row: name.replace(/_Document$/, ''), statement: name };
}

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
  // the mirrors are set in the row before it is written, and the document follows after the statement (design 16 §6.2)
  stampTriggers({ stamp, storedColumns }) {
    const { name } = stamp;
    if (!hasMirrors(stamp))
      return (['INSERT', 'UPDATE', 'DELETE'] as const).map((event) => statementTrigger(eventTriggerName(name, event), event));
    const before = { timing: 'BEFORE' } as const;
    const { row, statement } = mirroredNames(stamp);
    return [
      rowTrigger(eventTriggerName(row, 'INSERT'), ['INSERT'], before),
      rowTrigger(suffixedName(row, '_Version'), ['UPDATE'], {
        ...before,
        when: someChanged(watchedColumns(stamp, storedColumns)),
      }),
      statementTrigger(statement, 'UPDATE'),
      rowTrigger(eventTriggerName(row, 'DELETE'), ['DELETE'], before),
    ];
  },
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
  stampTriggers: ({ stamp }) => [mssqlTrigger(stamp.name, ['INSERT', 'UPDATE', 'DELETE'])],
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
