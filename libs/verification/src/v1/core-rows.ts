import { type CoreRows, commonCache, commonDescriptor } from '../behaviour/core-rows.ts';

export const coreRowsV1: CoreRows = {
  descriptor: (documentId, _resourceKeyId, codeValue) => commonDescriptor(documentId, codeValue),
  cache: (json) => new Map([...commonCache(json), ['Etag', '1']]),
};
