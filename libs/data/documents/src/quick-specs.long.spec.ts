import { onceMore } from '@dms/testing';

onceMore(import.meta.dirname, [
  'document-store.spec.ts',
  'reading/descriptor-uris.spec.ts',
  'row-rules.spec.ts',
  'v2/merge-documents.spec.ts',
  'v2/read-documents.spec.ts',
]);
