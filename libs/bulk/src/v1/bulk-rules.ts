import { documentRowsV1, resourceWriterV1 } from '@dms/documents';
import type { BulkRules } from '../bulk/bulk-rules.ts';

/** Documents whose rows all name the document, which has its first version when it is there: no stamp of a child row need change it. */
export const bulkRulesV1: BulkRules = {
  replacedTriggers: ['DocumentStamping', 'ReferentialIdentityMaintenance'],
  tables: (plans) => {
    const { tables, insertOrder } = resourceWriterV1(plans);
    return { plans: tables.map(({ plan }) => plan), insertOrder };
  },
  rows: documentRowsV1,
};
