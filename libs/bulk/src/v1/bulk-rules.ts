import { documentRowsV1, resourceWriterV1 } from '@dms/documents';
import type { BulkRules } from '../bulk/bulk-rules.ts';

/** The first generation. A new document gets its first version with its row, so the stamps of its child rows are not needed. */
export const bulkRulesV1: BulkRules = {
  replacedTriggers: ['DocumentStamping', 'ReferentialIdentityMaintenance'],
  tables: (plans) => {
    const { tables, insertOrder } = resourceWriterV1(plans);
    return { plans: tables.map(({ plan }) => plan), insertOrder };
  },
  rows: documentRowsV1,
};
