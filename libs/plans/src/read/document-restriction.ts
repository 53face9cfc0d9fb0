import { parameter } from '../parameter-names.ts';
import type { PlanDialect } from '../plan-dialect.ts';

/** The only parameter of a statement that reads a single document. */
export const documentParameter = parameter('DocumentId');

/** The join with the documents of a page. */
export function keysetJoin({ rules, keysetTable }: PlanDialect, documentId: string): string {
  const { tempTableName, documentIdColumnName } = keysetTable;
  return `INNER JOIN ${rules.quote(tempTableName)} k ON ${documentId} = k.${rules.quote(documentIdColumnName)}`;
}
