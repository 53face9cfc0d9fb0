import { storedIdentities } from '@dms/documents';
import type { BulkRules } from '../bulk/bulk-rules.ts';
import { bulkRulesV2 } from '../v2/bulk-rules.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
const ascii = /^[\x00-\x7f]*$/;

/**
 * Identities are read from the tables of the documents, and their triggers stay on. The database may regard other texts
 * as equal than memory does: URIs with letters beyond ASCII, and on SQL Server all texts (design 22 §6).
 */
export const bulkRulesV2Natural: BulkRules = {
  ...bulkRulesV2,
  replacedTriggers: ['DocumentStamping'],
  identities: {
    stored: storedIdentities,
    tables: [],
    rows: () => [],
    isInDoubt: (dialect, { identity }) =>
      identity().some(
        ({ raw }) => typeof raw === 'string' && (dialect === 'mssql' ? /\p{L}/u.test(raw) : !ascii.test(raw)),
      ),
  },
};
