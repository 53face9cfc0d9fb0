import { storedIdentities } from '@dms/documents';
import type { BulkRules } from '../bulk/bulk-rules.ts';
import { bulkRulesV2 } from '../v2/bulk-rules.ts';

/** Identities are read from the tables of the documents, and their triggers stay on (design 22 §4.3). */
export const bulkRulesV2Natural: BulkRules = {
  ...bulkRulesV2,
  replacedTriggers: ['DocumentStamping'],
  identities: { stored: storedIdentities, tables: [], rows: () => [] },
};
