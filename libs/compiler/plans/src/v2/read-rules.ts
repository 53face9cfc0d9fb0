import { core, type DocumentReferenceBinding, isMirroredKind, mustExist, qualified } from '@dms/model';
import { trusted } from '@dms/sql';
import type { ReadRules } from '../generation.ts';
import type { DocumentReferenceLookupPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import {
  armPerColumn,
  armPerTable,
  inColumnOrder,
  type ProjectedDocuments,
  type ProjectedTable,
  projectionSql,
} from '../read/projections.ts';
import { checkReadContract } from './read-contract.ts';

/**
 * Reads the rows of a document, grouped by parent and in order, without the columns that triggers mirror (design 17
 * §4).
 */
export const readRulesV2: ReadRules = {
  hydration({ identity: { rootLocator, parentLocator }, columns }) {
    const ordinals = columns.filter(({ kind }) => kind === 'Ordinal').map(({ name }) => name);
    return {
      columns: columns.filter(({ kind }) => !isMirroredKind(kind)),
      orderBy: [...new Set([...rootLocator, ...parentLocator, ...ordinals])],
    };
  },
  readsSingleDocuments: true,
  descriptorArms: ({ readsTablesInOneArm }, columns) =>
    readsTablesInOneArm ? armPerTable(columns) : armPerColumn(columns),
  documentLookup,
  checkContract: checkReadContract,
};

/**
 * The plan that reads the uuid and resource of the documents that a page references, in one query; null without
 * references (design 17 §4.5).
 */
function documentLookup(
  dialect: PlanDialect,
  tables: readonly ProjectedTable[],
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

const documents: ProjectedDocuments = {
  idName: 'DocumentId',
  target: core.document,
  targetAlias: trusted('doc'),
  selectList: ({ sql }) => [sql`doc."DocumentId"`, sql`doc."DocumentUuid"`, sql`doc."ResourceKeyId"`],
  orderBy: ({ sql }) => sql`doc."DocumentId"`,
};
