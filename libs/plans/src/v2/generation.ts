import { core, type DocumentReferenceBinding, isMirroredKind, mustExist, qualified } from '@dms/model';
import type { PlanGeneration } from '../generation.ts';
import type { DocumentReferenceLookupPlan, ReferenceSource } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { sourceKey } from '../plan-table.ts';
import {
  armPerColumn,
  armPerTable,
  inColumnOrder,
  type ProjectedDocuments,
  projectionSql,
} from '../read/projection-arms.ts';
import type { ReadRules } from '../read/read-rules.ts';
import type { ReadTable } from '../read/read-table.ts';
import type { WriteRules } from '../write/write-rules.ts';
import { collectionPlans } from './collection-plans.ts';
import { descriptorQueryCapability } from './descriptor-query-capability.ts';
import { manifestFormV2 } from './manifest-form.ts';
import { queryCapability } from './query-capability.ts';
import { checkReadContract } from './read-contract.ts';
import { isMergeTable, structuralColumns } from './table-roles.ts';

const documents: ProjectedDocuments = {
  idName: 'DocumentId',
  target: core.document,
  targetAlias: 'doc',
  selectList: (quote) => ['DocumentId', 'DocumentUuid', 'ResourceKeyId'].map((name) => `doc.${quote(name)}`),
  orderBy: (quote) => `doc.${quote('DocumentId')}`,
};

/**
 * The uuid and resource of the documents that a page refers to, in one query; null without references (design 17 §4.5).
 */
function documentLookup(
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

/**
 * Rows have ids, and columns for their parent and document; copies take their value from the reference (design 17 §3).
 */
const writeRulesV2: WriteRules = {
  structuralColumns,
  structuralSource({ identity }, { name, kind }) {
    if (identity.rootLocator.includes(name)) return { kind: 'document_id' };
    const index = identity.parentLocator.indexOf(name);
    if (index >= 0) return { kind: 'parent_key_part', index };
    return kind === 'CollectionKey' ? { kind: 'precomputed' } : undefined;
  },
  referenceSources({ documentReferenceBindings }) {
    return new Map(
      documentReferenceBindings.flatMap(({ table, referenceObjectPath, identityBindings }, bindingIndex) =>
        identityBindings.map(({ identityJsonPath, referenceJsonPath, column }): [string, ReferenceSource] => [
          sourceKey(table, column),
          { bindingIndex, referenceObjectPath, identityJsonPath, referenceJsonPath },
        ]),
      ),
    );
  },
  deleteByParentColumns: (table) =>
    table.identity.tableKind === 'Root' || isMergeTable(table) ? null : table.identity.parentLocator,
  collectionPlans,
};

/**
 * Reads the rows of a document, grouped by parent and in order, without the columns that triggers mirror (design 17
 * §4).
 */
const readRulesV2: ReadRules = {
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

/** The second generation (design 17). */
export const generationV2: PlanGeneration = {
  write: writeRulesV2,
  read: readRulesV2,
  queryCapability,
  descriptorQueryCapability: (resource) =>
    resource.storageKind === 'SharedDescriptorTable' ? descriptorQueryCapability(resource) : null,
  manifest: manifestFormV2,
  file: { format: 2, absent: new Set() },
};
