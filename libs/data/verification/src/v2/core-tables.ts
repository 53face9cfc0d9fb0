import {
  type CoreRows,
  type CoreTableFacts,
  commonCache,
  commonDescriptor,
  descriptorFacts,
  documentCacheFacts,
  documentFacts,
  documentReference,
  effectiveSchemaFacts,
  resourceKeyFacts,
  resourceKeyReference,
  schemaComponentFacts,
} from '../behaviour/core-tables.ts';
import { referentialIdentityFacts } from '../behaviour/referential-ids.ts';

/** The tables of schema `dms` (design 16 §2). */
export const coreFactsV2: readonly CoreTableFacts[] = [
  {
    name: 'DataStoreIdentity',
    columns: { DataStoreIdentitySingletonId: 'small', SourceIdentity: 'uuid' },
    rowColumn: null,
  },
  {
    ...descriptorFacts,
    columns: {
      ...descriptorFacts.columns,
      ResourceKeyId: 'small',
      ContentVersion: 'id',
      ContentLastModifiedAt: 'instant',
    },
    references: [...descriptorFacts.references, resourceKeyReference('Descriptor')],
  },
  { ...documentFacts, columns: { ...documentFacts.columns, CreatedByOwnershipTokenId: 'small?' } },
  {
    ...documentCacheFacts,
    columns: { ...documentCacheFacts.columns, ContentVersion: 'id', StreamEtag: 'text(64)' },
  },
  {
    name: 'DocumentCacheState',
    columns: { StateId: 'small', ProjectionLifecycleState: 'text(16)', CacheAheadRecoveryRequired: 'bool' },
    rowColumn: null,
  },
  {
    name: 'DocumentProjectionWork',
    columns: { DocumentId: 'id', RequiredContentVersion: 'id', FirstEnqueuedAt: 'instant', LastEnqueuedAt: 'instant' },
    references: [documentReference('DocumentProjectionWork')],
    rowColumn: 'DocumentId',
  },
  effectiveSchemaFacts,
  referentialIdentityFacts,
  resourceKeyFacts,
  schemaComponentFacts,
];

export const coreRowsV2: CoreRows = {
  descriptor: (documentId, resourceKeyId, codeValue) =>
    new Map([...commonDescriptor(documentId, codeValue), ['ResourceKeyId', String(resourceKeyId)]]),
  cache: (json) => new Map([...commonCache(json), ['ContentVersion', '1'], ['StreamEtag', '1']]),
};
