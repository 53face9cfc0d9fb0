import {
  type KeyColumn,
  type KeyedResource,
  mustExist,
  type ResourceModel,
  structureFindings,
  type Table,
  type TableIdentity,
} from '@dms/model';
import { isMergeTable, mergeUpdateParts, structuralColumns, type TableWritePlan } from '@dms/plans';
import { expectBound, expectPart, failInvariant, type PackPlace, required } from '../fail-pack.ts';
import { columnName, columnNames, list, members, pathMember, scalarType, token } from '../messages/message-codec.ts';
import { notCarriedOfQueries } from '../messages/resource-model.ts';
import { existingColumn, type LoadedTable, type PackRules, type PayloadReader } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import * as format from '../wire/pack-format.ts';
import { columnKindTokens, identitySourceTokens, restrictedTokens, tableKindTokens } from '../wire/tokens.ts';

const listOf = (indexes: readonly number[]) => indexes.join(', ') || 'none';

/**
 * The plans of a collection must refer to the bindings of its model; other tables have no such plans (design 17 §6).
 */
function checkCollectionPlans({ at, model }: LoadedTable, plan: TableWritePlan): void {
  const { collectionMergePlan: merge, collectionKeyPreallocationPlan: preallocation, columnBindings, updateSql } = plan;
  const isMerged = isMergeTable(model);
  expectPart(at, 'collection_merge_plan', isMerged, merge !== null);
  expectPart(at, 'collection_key_preallocation_plan', isMerged, preallocation !== null);
  if (!merge || !preallocation) return;
  expectPart(at, 'update_sql of a collection', false, updateSql !== null);
  expectPart(at, 'delete_by_parent_sql of a collection', false, plan.deleteByParentSql !== null);
  const [rowIdentity = 'none'] = model.identity.rowIdentity;
  const ordinal = model.columns.find(({ kind }) => kind === 'Ordinal')?.name ?? 'none';
  const identities = model.identity.semanticIdentity;
  const what = 'collection_merge_plan.semantic_identity_bindings';
  if (merge.semanticIdentityBindings.length !== identities.length)
    failInvariant(at, `number of ${what}`, identities.length, merge.semanticIdentityBindings.length);
  for (const [position, { relativePath, bindingIndex }] of merge.semanticIdentityBindings.entries()) {
    const due = identities[position];
    if (relativePath.canonical !== due?.relativePath.canonical)
      failInvariant(at, `${what}, relative_path`, due?.relativePath.canonical ?? 'none', relativePath.canonical);
    expectBound(at, plan, `${what}, binding_index`, { index: bindingIndex, column: due?.column ?? 'none' });
  }
  const expectIndex = (what: string, index: number, column: string) => expectBound(at, plan, what, { index, column });
  expectIndex('stable_row_identity_binding_index', merge.stableRowIdentityBindingIndex, rowIdentity);
  expectIndex('ordinal_binding_index', merge.ordinalBindingIndex, ordinal);
  const [due, found] = [mergeUpdateParts(model, columnBindings).set, merge.compareBindingIndexesInOrder].map(listOf);
  if (found !== due) failInvariant(at, 'compare_binding_indexes_in_order', due ?? 'none', found ?? 'none');
  if (preallocation.column !== rowIdentity)
    failInvariant(at, 'collection_key_preallocation_plan.column_name', rowIdentity, preallocation.column);
  expectIndex('collection_key_preallocation_plan.binding_index', preallocation.bindingIndex, rowIdentity);
}

/**
 * Checks that the columns that identify, place and order the rows of a table fit its kind (design 15 §4.1), and that
 * its semantic identity uses its own columns.
 */
function checkTableStructure(table: LoadedTable): void {
  const { at, model } = table;
  for (const { name, kind } of model.key.columns) {
    const column = existingColumn(table, name, 'key column');
    if (column.kind !== kind) failInvariant(at, `kind of the key column ${name}`, column.kind, kind);
  }
  const [finding] = structureFindings(model, 'v2');
  if (finding !== undefined) failInvariant(at, 'identity', `the columns of a ${model.identity.tableKind}`, finding);
  for (const { relativePath, column } of model.identity.semanticIdentity)
    existingColumn(table, column, `semantic_identity ${relativePath.canonical}`);
}

/** The key is one column: the id of the row, or the document id if the table has one row per document. */
function keyColumn(name: string, kind: string | undefined, _: number, at: PackPlace): KeyColumn {
  if (kind === 'CollectionKey') return { name, kind, role: 'CollectionItemId' };
  if (kind === 'ParentKeyPart') return { name, kind, role: 'DocumentId' };
  return failInvariant(at, 'kind of a key column', 'PARENT_KEY_PART or COLLECTION_KEY', kind ?? 'none');
}

const knownTableKind = token(tableKindTokens, 'identity.table_kind');

/** The message with the identity of the rows of a table (design 17 §6). */
const identityMessage = members({
  tableKind: {
    write: (kind: TableIdentity['tableKind']): number =>
      kind === 'Unspecified' ? format.tableKind.unspecified : tableKindTokens.code(kind),
    read: knownTableKind.read,
  },
  rowIdentity: columnNames('identity.row_identity'),
  rootLocator: columnNames('identity.root_locator'),
  parentLocator: columnNames('identity.parent_locator'),
  semanticIdentity: list(
    members({
      relativePath: pathMember('identity.semantic_identity.relative_path'),
      column: columnName('identity.semantic_identity.column'),
    }),
  ),
  semanticIdentitySource: token(identitySourceTokens, 'identity.semantic_identity_source'),
});

const fieldTypeMessage = scalarType('identity_field_ordinals_in_order.scalar_type');

/** The role of a key column: the id of its base row identifies a companion row of a collection. */
const inRole = (column: KeyColumn, { tableKind }: TableIdentity): KeyColumn =>
  tableKind === 'CollectionExtensionScope' ? { ...column, role: 'CollectionItemId' } : column;

function completeModel(
  resource: KeyedResource,
  message: PackMessage<'RelationalResourceModel'>,
  resourcePlace: PackPlace,
  reader: PayloadReader,
): ResourceModel {
  return {
    ...resource,
    tablesInDependencyOrder: resource.tablesInDependencyOrder.map((table, index) => {
      const at = { ...resourcePlace, table: `${table.table.schema}.${table.table.name}` };
      const found = required(message.tablesInDependencyOrder[index]?.identity, at, 'identity');
      const identity = identityMessage.read(found, at, reader);
      const columns = table.key.columns.map((column) => inRole(column, identity));
      return { ...table, key: { ...table.key, columns }, identity };
    }),
    documentReferenceBindings: resource.documentReferenceBindings.map((binding, index) => {
      const { isRequired, isRoleNamed } = mustExist(
        message.documentReferenceBindings[index],
        'the message of a reference',
      );
      return { ...binding, isRequired, isRoleNamed };
    }),
    descriptorEdgeSources: resource.descriptorEdgeSources.map((edge, index) => {
      const { isRequired, isRoleNamed } = mustExist(
        message.descriptorEdgeSources[index],
        'the message of a descriptor',
      );
      return { ...edge, isRequired, isRoleNamed };
    }),
    ...notCarriedOfQueries,
  };
}

const positionsOf = ({ columns }: Table) => columns.filter(({ kind }) => kind === 'Ordinal').map(({ name }) => name);

/** The packs of the second generation: rows have ids, and resources have query capabilities (design 17 §6). */
export const packRulesV2: PackRules = {
  formatVersion: 2,
  columnKinds: restrictedTokens(columnKindTokens, (kind) => kind !== 'ResourceKeyId'),
  identityMessage: ({ identity }) => identityMessage.write(identity),
  roles: ({ isRequired, isRoleNamed }) => ({ isRequired, isRoleNamed }),
  keyColumn,
  completeModel,
  fieldType: {
    write: fieldTypeMessage.write,
    read: (message, _, at, reader) => fieldTypeMessage.read(message, at, reader),
  },
  requiredColumns: (table) => [...structuralColumns(table), ...positionsOf(table)],
  placeColumn(table, source) {
    const { rootLocator, parentLocator } = table.identity;
    if (source.kind === 'document_id') return rootLocator[0];
    if (source.kind === 'parent_key_part') return parentLocator[source.index];
    return positionsOf(table)[0];
  },
  checkStructure: checkTableStructure,
  checkTablePlan: checkCollectionPlans,
  checkResource({ isAbstractResource, storageKind, queryCapability, descriptorQueryCapability }, at) {
    const isDescriptor = storageKind === format.resourceStorageKind.sharedDescriptorTable;
    expectPart(at, 'query_capability', !isAbstractResource, queryCapability !== null);
    expectPart(at, 'descriptor_query_capability', isDescriptor, descriptorQueryCapability !== null);
  },
};
