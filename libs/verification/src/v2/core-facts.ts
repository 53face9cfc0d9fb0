import {
  type CoreTableFacts,
  descriptorFacts,
  documentCacheFacts,
  documentFacts,
  documentReference,
  effectiveSchemaFacts,
  resourceKeyFacts,
  resourceKeyReference,
  schemaComponentFacts,
} from '../behaviour/core-table-facts.ts';
import { referentialIdentityFacts } from '../behaviour/stored-referential-ids.ts';

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
