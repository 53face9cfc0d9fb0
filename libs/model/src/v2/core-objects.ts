import { coreObject } from '../core-objects.ts';

/** The objects of schema `dms` that only the second generation has (design 16 §2). */
export const coreV2 = {
  dataStoreIdentity: coreObject('DataStoreIdentity'),
  documentCacheState: coreObject('DocumentCacheState'),
  documentProjectionWork: coreObject('DocumentProjectionWork'),
  collectionItemIdSequence: coreObject('CollectionItemIdSequence'),
  getMaxChangeVersion: coreObject('GetMaxChangeVersion'),
  throwError: coreObject('throw_error'),
  bigIntTable: coreObject('BigIntTable'),
  uniqueIdentifierTable: coreObject('UniqueIdentifierTable'),
} as const;
