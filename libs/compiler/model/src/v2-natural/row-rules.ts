import type { RowRules } from '../row-rules.ts';
import { rowRulesV2 } from '../v2/row-rules.ts';

/** A row of an abstract identity table names the resource of its document (design 22 §2.2). */
export const rowRulesV2Natural: RowRules = { ...rowRulesV2, documentKey: ['DocumentId', 'ResourceKeyId'] };
