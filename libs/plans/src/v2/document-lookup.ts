import { core, type DocumentReferenceBinding, mustExist, qualified } from '@dms/model';
import type { DocumentReferenceLookupPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { armPerTable, inColumnOrder, type ProjectedDocuments, projectionSql } from '../read/projection-arms.ts';
import type { ReadTable } from '../read/read-table.ts';

const documents: ProjectedDocuments = {
  idName: 'DocumentId',
  target: core.document,
  targetAlias: 'doc',
  selectList: (quote) => ['DocumentId', 'DocumentUuid', 'ResourceKeyId'].map((name) => `doc.${quote(name)}`),
  orderBy: (quote) => `doc.${quote('DocumentId')}`,
};

/** The uuid and resource of the documents that a page refers to, in one query; null without references (design 17 §4.5). */
export function documentLookup(
  dialect: PlanDialect,
  tables: readonly ReadTable[],
  references: readonly DocumentReferenceBinding[],
): DocumentReferenceLookupPlan | null {
  if (references.length === 0) return null;
  const byName = new Map(tables.map((table) => [qualified(table.model.table), table]));
  const columns = inColumnOrder(
    references.map(({ table, fkColumn }) => ({
      table: mustExist(byName.get(qualified(table)), qualified(table)),
      column: fkColumn,
    })),
  );
  const arms = armPerTable(columns);
  return {
    selectByKeysetSql: projectionSql(dialect, arms, documents, 'page'),
    selectBySingleDocumentSql: projectionSql(dialect, arms, documents, 'document'),
    resultShape: { documentIdOrdinal: 0, documentUuidOrdinal: 1, resourceKeyIdOrdinal: 2 },
    sourcesInOrder: columns.map(({ table, column }) => ({ table: table.model.table, fkColumn: column })),
  };
}
