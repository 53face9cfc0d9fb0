import { core, coreV2 } from '@dms/model';
import {
  type CoreTable,
  descriptorColumns,
  effectiveSchemaTable,
  jsonObjectChecks,
  keyToDocument,
  keyToResourceKey,
  referentialIdentityTable,
  resourceKeyTable,
  schemaComponentTable,
  stampColumns,
} from '../definition/core-tables.ts';
import { all, any, call, column, equal, number, oneOf, text } from '../expression.ts';

/** The columns that mirror the stamps of the document (design 16 §4.3). */
export const mirrorColumns: readonly string[] = ['ContentVersion', 'ContentLastModifiedAt'];

/** The columns that define a descriptor. Changing any of them changes the document (design 16 §6.6). */
export const descriptorValues: readonly string[] = descriptorColumns.map(({ name }) => name);

/** The possible states of the projection of documents (design 16 §2.2, §2.5). */
export const lifecycleStates = ['Disabled', 'Resetting', 'Rebuilding', 'Tracking'] as const;

const lifecycle = column('ProjectionLifecycleState');

/** The tables of schema `dms` in creation order, which is ordinal by name (design 16 §2.1). */
export const coreTablesV2: readonly CoreTable[] = [
  {
    name: coreV2.dataStoreIdentity.name,
    columns: [
      { name: 'DataStoreIdentitySingletonId', type: 'small' },
      { name: 'SourceIdentity', type: 'uuid' },
    ],
    primaryKey: ['DataStoreIdentitySingletonId'],
    checks: [
      { name: 'CK_DataStoreIdentity_Singleton', condition: equal(column('DataStoreIdentitySingletonId'), number(1)) },
    ],
  },
  {
    name: core.descriptor.name,
    columns: [
      { name: 'DocumentId', type: 'id' },
      { name: 'ResourceKeyId', type: 'small' },
      ...descriptorColumns,
      { name: 'ContentVersion', type: 'id', default: 'zero' },
      { name: 'ContentLastModifiedAt', type: 'instant', default: 'now' },
    ],
    primaryKey: ['DocumentId'],
    uniques: [{ name: 'UX_Descriptor_Uri_Discriminator', columns: ['Uri', 'Discriminator'] }],
    foreignKeys: [keyToDocument('Descriptor'), keyToResourceKey('Descriptor')],
    indexes: [{ name: 'IX_Descriptor_ResourceKeyId_DocumentId', columns: ['ResourceKeyId', 'DocumentId'] }],
  },
  {
    name: core.document.name,
    columns: [
      { name: 'DocumentId', type: 'id', identity: true },
      { name: 'DocumentUuid', type: 'uuid' },
      { name: 'ResourceKeyId', type: 'small' },
      { name: 'CreatedByOwnershipTokenId', type: 'small', nullable: true },
      ...stampColumns,
    ],
    primaryKey: ['DocumentId'],
    uniques: [{ name: 'UX_Document_DocumentUuid', columns: ['DocumentUuid'] }],
    foreignKeys: [keyToResourceKey('Document')],
    indexes: [{ name: 'IX_Document_CreatedByOwnershipTokenId', columns: ['CreatedByOwnershipTokenId'] }],
  },
  {
    name: core.documentCache.name,
    columns: [
      { name: 'DocumentId', type: 'id' },
      { name: 'DocumentUuid', type: 'uuid' },
      { name: 'ProjectName', type: 'text(256)' },
      { name: 'ResourceName', type: 'text(256)' },
      { name: 'ResourceVersion', type: 'text(32)' },
      { name: 'ContentVersion', type: 'id' },
      { name: 'StreamEtag', type: 'ascii(64)' },
      { name: 'LastModifiedAt', type: 'instant' },
      { name: 'DocumentJson', type: 'json' },
      { name: 'ComputedAt', type: 'instant', default: 'now' },
    ],
    primaryKey: ['DocumentId'],
    checks: jsonObjectChecks,
    foreignKeys: [keyToDocument('DocumentCache')],
  },
  {
    name: coreV2.documentCacheState.name,
    columns: [
      { name: 'StateId', type: 'small' },
      { name: 'ProjectionLifecycleState', type: 'ascii(16)', isBinary: true },
      { name: 'CacheAheadRecoveryRequired', type: 'bool' },
    ],
    primaryKey: ['StateId'],
    checks: [
      { name: 'CK_DocumentCacheState_Singleton', condition: equal(column('StateId'), number(1)) },
      { name: 'CK_DocumentCacheState_Lifecycle', only: 'pgsql', condition: oneOf(lifecycle, lifecycleStates) },
      {
        name: 'CK_DocumentCacheState_Lifecycle',
        only: 'mssql',
        // = ignores trailing blanks
        condition: any(
          ...lifecycleStates.map((state) =>
            all(equal(lifecycle, text(state)), equal(call('DATALENGTH', lifecycle), number(state.length))),
          ),
        ),
      },
    ],
  },
  {
    name: coreV2.documentProjectionWork.name,
    columns: [
      { name: 'DocumentId', type: 'id' },
      { name: 'RequiredContentVersion', type: 'id' },
      { name: 'FirstEnqueuedAt', type: 'instant' },
      { name: 'LastEnqueuedAt', type: 'instant' },
    ],
    primaryKey: ['DocumentId'],
    foreignKeys: [keyToDocument('DocumentProjectionWork')],
    indexes: [
      { name: 'IX_DocumentProjectionWork_FirstEnqueuedAt_DocumentId', columns: ['FirstEnqueuedAt', 'DocumentId'] },
    ],
  },
  effectiveSchemaTable,
  referentialIdentityTable,
  resourceKeyTable,
  schemaComponentTable,
];
