import { type CoreRows, commonCache, commonDescriptor } from '../behaviour/core-rows.ts';

export const coreRowsV2: CoreRows = {
  descriptor: (documentId, resourceKeyId, codeValue) =>
    new Map([...commonDescriptor(documentId, codeValue), ['ResourceKeyId', String(resourceKeyId)]]),
  cache: (json) => new Map([...commonCache(json), ['ContentVersion', '1'], ['StreamEtag', '1']]),
};
