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

/** The tables of schema `dms` (design 06 §4). */
export const coreFactsV1: readonly CoreTableFacts[] = [
  descriptorFacts,
  documentFacts,
  {
    ...documentCacheFacts,
    columns: { ...documentCacheFacts.columns, Etag: 'text(64)' },
    uniques: { UX_DocumentCache_DocumentUuid: ['DocumentUuid'] },
  },
  {
    name: 'DocumentChangeEvent',
    columns: { ChangeVersion: 'id', DocumentId: 'id', ResourceKeyId: 'small', CreatedAt: 'instant' },
    references: [documentReference('DocumentChangeEvent'), resourceKeyReference('DocumentChangeEvent')],
    rowColumn: 'DocumentId',
  },
  effectiveSchemaFacts,
  referentialIdentityFacts,
  resourceKeyFacts,
  schemaComponentFacts,
];
