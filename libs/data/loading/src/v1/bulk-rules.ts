import { documentRowsV1, resourceWriterV1 } from '@dms/documents';
import { core, coreV1 } from '@dms/model';
import { type BulkRules, bulkTables, storedReferentialIds } from '../bulk/bulk-rules.ts';

/**
 * The first generation. A new document gets its first version with its row, so the stamps of its child rows are not
 * needed.
 */
export const bulkRulesV1: BulkRules = {
  replacedTriggers: ['DocumentStamping', 'ReferentialIdentityMaintenance'],
  coreTables: [core.document, coreV1.documentChangeEvent],
  identities: storedReferentialIds,
  documentColumns: [],
  tables: (plans) => bulkTables(resourceWriterV1(plans)),
  rows: (document, documentId, ids) => ({ document: [], tables: documentRowsV1(document, documentId, ids) }),
};
