import { armPerColumn } from '../read/projection-arms.ts';
import type { ReadRules } from '../read/read-rules.ts';

/** Reads all columns of a table, ordered by its key (design 08 §7). */
export const readRulesV1: ReadRules = {
  hydration: ({ columns, key }) => ({ columns, orderBy: key.columns.map(({ name }) => name) }),
  readsSingleDocuments: false,
  descriptorArms: (_, columns) => armPerColumn(columns),
  documentLookup: () => null,
  checkContract: () => undefined,
};
