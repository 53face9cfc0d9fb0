import { resourceLabel } from '@dms/api-schema';
import { core, type DocumentReferenceBinding, isMirroredKind, mustExist, qualified } from '@dms/model';
import { infiniteEnds } from '../document-rules.ts';
import type { ManifestForm, PlanGeneration, ReadRules, WriteRules } from '../generation.ts';
import { planSqlHash, resourceNameObject, scalarKindNames } from '../manifest-parts.ts';
import type { CollectionMergePlan, DocumentReferenceLookupPlan, ReferenceSource, ResourceReadPlan } from '../plan.ts';
import type { PlanDialect } from '../plan-dialect.ts';
import { failPlan, sourceKey } from '../plan-table.ts';
import type {
  DescriptorQueryCapability,
  QueryCapability,
  QueryFieldTarget,
  QuerySupport,
} from '../query/query-capability.ts';
import {
  armPerColumn,
  armPerTable,
  inColumnOrder,
  type ProjectedDocuments,
  projectionSql,
  type ReadTable,
} from '../read/projections.ts';
import { collectionPlans, isMergeTable, structuralColumns } from './collection-plans.ts';
import { descriptorQueryCapability, queryCapability } from './query-capability.ts';

const mergePlanObject = (plan: CollectionMergePlan) => ({
  semantic_identity_bindings_in_order: plan.semanticIdentityBindings.map(({ relativePath, bindingIndex }) => ({
    relative_path: relativePath.canonical,
    binding_index: bindingIndex,
  })),
  stable_row_identity_binding_index: plan.stableRowIdentityBindingIndex,
  update_by_stable_row_identity_sql_sha256: planSqlHash(plan.updateByStableRowIdentitySql),
  delete_by_stable_row_identity_sql_sha256: planSqlHash(plan.deleteByStableRowIdentitySql),
  ordinal_binding_index: plan.ordinalBindingIndex,
  compare_binding_indexes_in_order: plan.compareBindingIndexesInOrder,
});

const supportObject = (support: QuerySupport) => ({
  kind: support.kind,
  omission_kind: support.kind === 'omitted' ? support.omissionKind : null,
  reason: support.kind === 'omitted' ? support.reason : null,
});

function targetObject(target: QueryFieldTarget) {
  const { kind } = target;
  if (target.kind === 'document_uuid') return { kind, column_name: null };
  if (target.kind === 'root_column') return { kind, column_name: target.column };
  return { kind, column_name: target.column, descriptor_resource: resourceNameObject(target.descriptorResource) };
}

const capabilityObject = ({ support, supportedFields, unsupportedFields }: QueryCapability) => ({
  support: supportObject(support),
  supported_fields_in_query_field_order: supportedFields.map(({ field, path, type, target }) => ({
    query_field_name: field,
    json_path: path.canonical,
    api_schema_type: type,
    target: targetObject(target),
  })),
  unsupported_fields_in_query_field_order: unsupportedFields.map(({ field, failure, paths }) => ({
    query_field_name: field,
    failure_kind: failure,
    paths_in_order: paths.map(({ path, type }) => ({ json_path: path.canonical, api_schema_type: type })),
  })),
});

const descriptorCapabilityObject = ({ support, supportedFields }: DescriptorQueryCapability) => ({
  support: supportObject(support),
  supported_fields_in_query_field_order: supportedFields.map(({ field, target, column }) => ({
    query_field_name: field,
    target: { kind: target, column_name: column },
  })),
});

/** The manifest of the second generation (design 17 §6). */
const manifestFormV2: ManifestForm = {
  mergePlan: (plan) => ({ collection_merge_plan: plan && mergePlanObject(plan) }),
  preallocation: (plan) =>
    plan ? { collection_key_preallocation_plan: { column_name: plan.column, binding_index: plan.bindingIndex } } : {},
  singleDocument: (sql) => ({ select_by_single_document_sql_sha256: sql === null ? null : planSqlHash(sql) }),
  identityField: ({ scalarType }) => ({ scalar_kind: scalarKindNames[scalarType.kind] }),
  capabilities(label, { queryCapabilities, descriptorQueryCapabilities }) {
    const capability = queryCapabilities.get(label);
    const descriptor = descriptorQueryCapabilities.get(label);
    return {
      query_capability: capability ? capabilityObject(capability) : null,
      descriptor_query_capability: descriptor ? descriptorCapabilityObject(descriptor) : null,
    };
  },
};

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
  // as the server stores them, so that its queries find them and its writes change nothing (design 16 §6.4, 17 §7.1)
  documents: {
    values: { keepsSecondFractions: false, endsOfTime: infiniteEnds },
    emptyExtensionsHaveRows: false,
    absentValuesAreEqual: { pgsql: true, mssql: true },
  },
  core: {
    storesReferentialIds: true,
    descriptorsRepeatResourceKey: true,
    descriptorsAreStamped: true,
    rowsHaveIds: true,
    deletesRootsFirst: true,
  },
  file: { absent: new Set() },
};

const isBlank = (sql: string | null) => sql === null || sql.trim() === '';

/** Every statement must have a text for a single document. */
function checkSingleDocumentTexts(plan: ResourceReadPlan): void {
  const { model, documentReferenceLookup: lookup } = plan;
  const missing = (index: number, table: string) =>
    failPlan(
      'PLAN_SINGLE_DOCUMENT_SQL',
      model,
      'read',
      `statement ${index} (${table}) has no text for a single document`,
      {
        what: `single-document statement ${index} (${table})`,
        index,
        table,
        expected: 'a statement',
        found: 'none',
      },
    );
  for (const [index, { tableModel, selectBySingleDocumentSql }] of plan.tablePlansInDependencyOrder.entries())
    if (isBlank(selectBySingleDocumentSql)) missing(index, qualified(tableModel.table));
  for (const [index, { selectBySingleDocumentSql }] of plan.descriptorProjectionPlansInOrder.entries())
    if (isBlank(selectBySingleDocumentSql)) missing(index, 'descriptors');
  if (lookup && isBlank(lookup.selectBySingleDocumentSql)) missing(0, 'document references');
}

const placeOf = ({ table, fkColumn }: Pick<DocumentReferenceBinding, 'table' | 'fkColumn'>) =>
  sourceKey(table, fkColumn);

/** The lookup of documents must read exactly the columns of the references. */
function checkLookup({ model, documentReferenceLookup: lookup, tablePlansInDependencyOrder }: ResourceReadPlan): void {
  const expectEqual = (what: string, index: number, table: string, expected: string, found: string) => {
    if (expected === found) return;
    const text = `look-up of documents: ${what}: expected ${expected}, found ${found}`;
    failPlan('PLAN_LOOKUP_CONTRACT', model, 'read', text, { what, index, table, expected, found });
  };
  const none = '<none>';
  const { documentReferenceBindings: references, resourceKey } = model;
  const presence = (isThere: boolean) => (isThere ? 'one' : none);
  expectEqual('presence', 0, resourceLabel(resourceKey), presence(references.length > 0), presence(lookup !== null));
  if (!lookup) return;
  if (isBlank(lookup.selectByKeysetSql)) expectEqual('statement', 0, resourceLabel(resourceKey), 'a statement', none);
  const { documentIdOrdinal, documentUuidOrdinal, resourceKeyIdOrdinal } = lookup.resultShape;
  const shape = [documentIdOrdinal, documentUuidOrdinal, resourceKeyIdOrdinal].join(', ');
  expectEqual('result shape', 0, resourceLabel(resourceKey), '0, 1, 2', shape);
  const seen = new Set<string>();
  const due = new Set(references.map(placeOf));
  for (const [index, source] of lookup.sourcesInOrder.entries()) {
    const place = placeOf(source);
    const table = qualified(source.table);
    const owner = tablePlansInDependencyOrder.find(({ tableModel }) => qualified(tableModel.table) === table);
    const column = owner?.tableModel.columns.find(({ name }) => name === source.fkColumn);
    expectEqual(`kind of ${place}`, index, table, 'DocumentFk', column?.kind ?? none);
    if (seen.has(place)) expectEqual(`source ${index}`, index, table, 'distinct sources', `${place} twice`);
    if (!due.has(place)) expectEqual(`source ${index}`, index, table, 'the column of a reference', place);
    seen.add(place);
  }
  const lost = references.find((reference) => !seen.has(placeOf(reference)));
  if (lost)
    expectEqual(
      `source of ${lost.referenceObjectPath.canonical}`,
      seen.size,
      qualified(lost.table),
      placeOf(lost),
      none,
    );
}

/** Checks the further rules for read plans of the second generation (design 17 §4.6). */
function checkReadContract(plan: ResourceReadPlan): void {
  checkSingleDocumentTexts(plan);
  checkLookup(plan);
}
