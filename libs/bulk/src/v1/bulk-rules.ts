import { documentRowsV1, resourceWriterV1 } from '@dms/documents';
import type { BulkRules } from '../bulk/bulk-rules.ts';

/** The first generation. A new document gets its first version with its row, so the stamps of its child rows are not needed. */
export const bulkRulesV1: BulkRules = {
  replacedTriggers: ['DocumentStamping', 'ReferentialIdentityMaintenance'],
  documentColumns: [],
  tables: (plans) => {
    const { tables, insertOrder } = resourceWriterV1(plans);
    const copied = tables.map(({ plan: { tableModel, columnBindings } }) => ({
      table: tableModel.table,
      columns: columnBindings.map(({ column }) => column.name),
    }));
    return { tables: copied, insertOrder };
  },
  rows: async (document, documentId, ids) => ({ document: [], tables: documentRowsV1(document, documentId, ids) }),
};
