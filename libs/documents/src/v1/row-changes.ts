import type { Statement } from '@dms/databases';
import { append } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import type { ResourcePlans } from '../resource-plans.ts';
import type { DocumentStatements, StoredRow } from '../statements/document-statements.ts';
import type { StoredTables } from '../writing/writing-rules.ts';
import { resourceWriter } from './table-rows.ts';

/** The rows of a document to write, by table in plan order. */
export interface DocumentRows {
  readonly documentId: string;
  readonly tables: readonly (readonly StoredRow[])[];
}

const sameRow = (a: StoredRow, b: StoredRow) => a.every((value, index) => value === b[index]);

/** Whether the database has exactly these rows. */
export function isStored(plans: ResourcePlans, { tables }: Pick<DocumentRows, 'tables'>, stored: StoredTables): boolean {
  const writer = resourceWriter(plans);
  return tables.every((rows, index) => {
    const found = stored[index] ?? [];
    const { storedRow } = mustExist(writer.tables[index], 'the writer of a table');
    // both are ordered by position
    return rows.length === found.length && rows.every((row, position) => sameRow(row, storedRow(found[position] ?? {})));
  });
}

/**
 * Writes rows in the order of design 08 §6.10: updates root rows, deletes the old rows of the other tables and inserts the new
 * ones, targets of foreign keys first. Rows below another collection are deleted with their parent rows.
 */
export function rowStatements(
  plans: ResourcePlans,
  statements: DocumentStatements,
  inserted: readonly DocumentRows[],
  replaced: readonly DocumentRows[],
): Statement[] {
  const writer = resourceWriter(plans);
  const written = [...inserted, ...replaced];
  const documentIds = replaced.map(({ documentId }) => documentId);
  const rowsOf = (documents: readonly DocumentRows[], index: number) => documents.flatMap(({ tables }) => tables[index] ?? []);
  const [root = 0, ...others] = writer.insertOrder;
  const { plan } = mustExist(writer.tables[root], 'the writer of the root table');
  const result: Statement[] = [];
  if (inserted.length > 0) append(result, statements.insertRows(plan, rowsOf(inserted, root)));
  if (replaced.length > 0) {
    append(result, statements.updateRows(plan, rowsOf(replaced, root)));
    for (const index of others) {
      const table = mustExist(writer.tables[index], 'the writer of a table');
      if (!table.hasParentRows)
        append(result, statements.deleteRows(table.plan.tableModel.table, table.documentColumn, documentIds));
    }
  }
  for (const index of others) {
    const { plan: tablePlan } = mustExist(writer.tables[index], 'the writer of a table');
    append(result, statements.insertRows(tablePlan, rowsOf(written, index)));
  }
  return result;
}
