import { everything, modelOf } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectError, type LoosePayload, packOf, payloadBytesOf, seal, takeApart } from '../../test/pack-parts.ts';
import { everythingAsked, secondModelOf } from '../../test/second-generation.ts';
import { readPack } from '../index.ts';

let pack: Uint8Array;
let first: Uint8Array;
beforeAll(async () => {
  pack = await packOf(secondModelOf(everythingAsked, 'mssql'));
  first = await packOf(modelOf(everything, 'mssql'));
});

const resourceOf = (payload: LoosePayload, name: string): LoosePayload =>
  payload.resources.find((each: LoosePayload) => each.resourceName === name);

/** A table of a resource with its write plan, its read plan and their resource. */
function tableOf(payload: LoosePayload, resourceName: string, scope: string) {
  const resource = resourceOf(payload, resourceName);
  const index = resource.relationalModel.tablesInDependencyOrder.findIndex(
    (each: LoosePayload) => each.jsonScope === scope,
  );
  return {
    resource,
    index,
    table: resource.relationalModel.tablesInDependencyOrder[index],
    write: resource.writePlan.tablePlans[index],
    read: resource.readPlan.tablePlans[index],
  };
}

const root = (payload: LoosePayload) => tableOf(payload, 'School', '$');
/** A collection whose rows are distinguished by their city. */
const addresses = (payload: LoosePayload) => tableOf(payload, 'School', '$.addresses[*]');
const periods = (payload: LoosePayload) => tableOf(payload, 'School', '$.addresses[*].periods[*]');
const aligned = (payload: LoosePayload) => tableOf(payload, 'School', '$._ext.sample.addresses[*]._ext.sample');
const session = (payload: LoosePayload) => tableOf(payload, 'Session', '$');
/** A table in which a reference shares a column with the reference to its school. */
const offering = (payload: LoosePayload) => tableOf(payload, 'CourseOffering', '$');
const merge = (payload: LoosePayload) => addresses(payload).write.collectionMergePlan;
const lookup = (payload: LoosePayload) => resourceOf(payload, 'Session').readPlan.documentReferenceLookup;
const capability = (payload: LoosePayload) => resourceOf(payload, 'School').queryCapability;
const descriptorCapability = (payload: LoosePayload) => resourceOf(payload, 'KindDescriptor').descriptorQueryCapability;
const fieldOf = (payload: LoosePayload, name: string) =>
  capability(payload).supportedFields.find(({ field }: LoosePayload) => field === name);
const sourced = (write: LoosePayload, kind: string) =>
  write.columnBindings.find(({ source }: LoosePayload) => source[kind]);
const derived = (payload: LoosePayload) => sourced(session(payload).write, 'referenceDerived').source.referenceDerived;
const derivedMember = (payload: LoosePayload) =>
  offering(payload)
    .write.keyUnificationPlans.flatMap((plan: LoosePayload) => plan.membersInOrder)
    .find((member: LoosePayload) => member.referenceSource);
const indexOf = ({ write }: { readonly write: LoosePayload }, name: string): number =>
  write.columnBindings.findIndex(({ column }: LoosePayload) => column.value === name);

/** A violation of each invariant of design 17 §6, and the subject of the error. */
const broken: readonly (readonly [string, (payload: LoosePayload) => void, string])[] = [
  // the structure of tables
  ['a table without identity', (p) => delete addresses(p).table.identity, 'identity'],
  ['a table of no kind', (p) => delete addresses(p).table.identity.tableKind, 'identity.table_kind'],
  ['a table of an unknown kind', (p) => (addresses(p).table.identity.tableKind = 6), 'identity.table_kind'],
  ['a table of another kind', (p) => (addresses(p).table.identity.tableKind = 4), 'identity'],
  ['a root that is none', (p) => (root(p).table.identity.tableKind = 3), 'identity'],
  ['no row identity', (p) => (addresses(p).table.identity.rowIdentity = []), 'identity'],
  ['two root locators', (p) => addresses(p).table.identity.rootLocator.push({ value: 'CollectionItemId' }), 'identity'],
  ['a root locator that is none', (p) => (addresses(p).table.identity.rootLocator[0].value = 'Lost'), 'identity'],
  ['no parent locator', (p) => (periods(p).table.identity.parentLocator = []), 'identity'],
  ['a parent locator of a root', (p) => (root(p).table.identity.parentLocator = [{ value: 'DocumentId' }]), 'identity'],
  ['a locator without a name', (p) => delete addresses(p).table.identity.rootLocator[0].value, 'identity.root_locator'],
  ['a column of a kind of v2-natural', (p) => (addresses(p).table.columns.at(-1).kind = 9), 'kind'],
  ['an ordinal as the key', (p) => (addresses(p).table.key.columns[0].kind = 4), 'kind of a key column'],
  [
    'a key of another kind than its column',
    (p) => (addresses(p).table.key.columns[0].kind = 5),
    'kind of the key column',
  ],
  ['a key column that is none', (p) => (addresses(p).table.key.columns[0].columnName.value = 'Lost'), 'key column'],
  [
    'a key of two columns',
    (p) => {
      const { columns } = addresses(p).table.key;
      columns.push(columns[0]);
    },
    'identity',
  ],
  [
    'no column for the position',
    (p) => {
      const { table } = addresses(p);
      table.columns = table.columns.filter(({ columnName }: LoosePayload) => columnName.value !== 'Ordinal');
    },
    'identity',
  ],
  [
    'an identity of elements in a column that is none',
    (p) => (addresses(p).table.identity.semanticIdentity[0].column.value = 'Lost'),
    'semantic_identity',
  ],
  [
    'an identity of elements at a path that is none',
    (p) => (addresses(p).table.identity.semanticIdentity[0].relativePath = 'city'),
    'identity.semantic_identity.relative_path',
  ],
  [
    'an identity of elements from an unknown rule',
    (p) => (addresses(p).table.identity.semanticIdentitySource = 9),
    'identity.semantic_identity_source',
  ],
  // merge plans
  ['a collection without a merge plan', (p) => delete addresses(p).write.collectionMergePlan, 'collection_merge_plan'],
  ['a merge plan of a root', (p) => (root(p).write.collectionMergePlan = merge(p)), 'collection_merge_plan'],
  [
    'a merge plan of an aligned table',
    (p) => (aligned(p).write.collectionMergePlan = merge(p)),
    'collection_merge_plan',
  ],
  ['an update by key of a collection', (p) => (addresses(p).write.updateSql = 'UPDATE'), 'update_sql'],
  [
    'a delete by parent of a collection',
    (p) => (addresses(p).write.deleteByParentSql = 'DELETE'),
    'delete_by_parent_sql',
  ],
  ['no merge update', (p) => delete merge(p).updateByStableRowIdentitySql, 'update_by_stable_row_identity_sql'],
  ['no merge delete', (p) => delete merge(p).deleteByStableRowIdentitySql, 'delete_by_stable_row_identity_sql'],
  ['an identity binding too few', (p) => (merge(p).semanticIdentityBindings = []), 'semantic_identity_bindings'],
  [
    'an identity binding out of range',
    (p) => (merge(p).semanticIdentityBindings[0].bindingIndex = 40),
    'binding_index 40',
  ],
  [
    'an identity binding of another column',
    (p) => (merge(p).semanticIdentityBindings[0].bindingIndex = 0),
    'binding_index 0',
  ],
  [
    'an identity binding at another path',
    (p) => (merge(p).semanticIdentityBindings[0].relativePath = '$.town'),
    'semantic_identity_bindings, relative_path',
  ],
  [
    'a row identity out of range',
    (p) => (merge(p).stableRowIdentityBindingIndex = 40),
    'stable_row_identity_binding_index 40',
  ],
  [
    'a row identity of another column',
    (p) => (merge(p).stableRowIdentityBindingIndex = 1),
    'stable_row_identity_binding_index 1',
  ],
  ['a position out of range', (p) => (merge(p).ordinalBindingIndex = 40), 'ordinal_binding_index 40'],
  ['a position of another column', (p) => (merge(p).ordinalBindingIndex = 0), 'ordinal_binding_index 0'],
  [
    'a comparison out of range',
    (p) => merge(p).compareBindingIndexesInOrder.push(40),
    'compare_binding_indexes_in_order',
  ],
  [
    'a comparison of the row identity',
    (p) => merge(p).compareBindingIndexesInOrder.unshift(0),
    'compare_binding_indexes_in_order',
  ],
  ['a comparison too few', (p) => merge(p).compareBindingIndexesInOrder.pop(), 'compare_binding_indexes_in_order'],
  [
    'comparisons out of order',
    (p) => merge(p).compareBindingIndexesInOrder.reverse(),
    'compare_binding_indexes_in_order',
  ],
  // ids
  [
    'a collection whose ids are not reserved',
    (p) => delete addresses(p).write.collectionKeyPreallocationPlan,
    'collection_key_preallocation_plan',
  ],
  [
    'ids of a root',
    (p) => (root(p).write.collectionKeyPreallocationPlan = { columnName: { value: 'DocumentId' } }),
    'collection_key_preallocation_plan',
  ],
  [
    'ids in another column',
    (p) => (addresses(p).write.collectionKeyPreallocationPlan.columnName.value = 'Ordinal'),
    'collection_key_preallocation_plan.column_name',
  ],
  [
    'ids in another binding',
    (p) => (addresses(p).write.collectionKeyPreallocationPlan.bindingIndex = 1),
    'collection_key_preallocation_plan.binding_index 1',
  ],
  [
    'an id that is taken from the document',
    (p) =>
      (addresses(p).write.columnBindings[0].source = { scalar: { relativePath: '$.id', scalarType: { kind: 3 } } }),
    'how often the value of CollectionItemId',
  ],
  // sources
  [
    'a document that is not bound',
    (p) => {
      const { write } = addresses(p);
      write.columnBindings = write.columnBindings.filter(({ source }: LoosePayload) => !source.documentId);
    },
    'column_bindings',
  ],
  [
    'a parent that is not bound',
    (p) => {
      const { write } = periods(p);
      write.columnBindings = write.columnBindings.filter(({ source }: LoosePayload) => !source.parentKeyPart);
    },
    'column_bindings',
  ],
  [
    'a position that is not bound',
    (p) => {
      const { write } = addresses(p);
      write.columnBindings = write.columnBindings.filter(({ source }: LoosePayload) => !source.ordinal);
    },
    'column_bindings',
  ],
  [
    'a document in the column of the parent',
    (p) => (sourced(periods(p).write, 'parentKeyPart').source = { documentId: {} }),
    'document_id',
  ],
  [
    'a parent in the column of the document',
    (p) => (sourced(periods(p).write, 'documentId').source = { parentKeyPart: {} }),
    'parent_key_part(0)',
  ],
  [
    'a part of the parent out of range',
    (p) => (sourced(periods(p).write, 'parentKeyPart').source.parentKeyPart.index = 1),
    'parent_key_part(1)',
  ],
  [
    'a position in another column',
    (p) => (addresses(p).write.columnBindings.at(-1).source = { ordinal: {} }),
    'ordinal',
  ],
  ['a copy of a reference out of range', (p) => (derived(p).bindingIndex = 40), 'binding_index'],
  ['a copy of another object', (p) => (derived(p).referenceObjectPath = '$.otherReference'), 'reference_object_path'],
  [
    'a copy of another part',
    (p) => (derived(p).referenceJsonPath = '$.schoolReference.otherId'),
    'reference_json_path',
  ],
  ['a copy of no part', (p) => delete derived(p).identityJsonPath, 'identity_json_path'],
  [
    'a copy that its reference does not have',
    (p) => {
      const { write } = session(p);
      sourced(write, 'scalar').source = { referenceDerived: derived(p) };
    },
    'binding_index',
  ],
  [
    'a member of a reference out of range',
    (p) => (derivedMember(p).referenceSource.bindingIndex = 40),
    'binding_index',
  ],
  [
    'a member of another part',
    (p) => (derivedMember(p).referenceSource.referenceJsonPath = '$.schoolReference.otherId'),
    'reference_json_path',
  ],
  // read plans
  [
    'a table without a text for one document',
    (p) => delete addresses(p).read.selectBySingleDocumentSql,
    'single-document statement',
  ],
  [
    'descriptors without a text for one document',
    (p) => delete resourceOf(p, 'School').readPlan.descriptorProjectionPlans[0].selectBySingleDocumentSql,
    'single-document statement',
  ],
  [
    'a field without a type',
    (p) =>
      delete resourceOf(p, 'Session').readPlan.referenceIdentityProjectionTablePlans[0].bindingsInOrder[0]
        .identityFieldOrdinalsInOrder[0].scalarType,
    'identity_field_ordinals_in_order.scalar_type',
  ],
  [
    'a field of another type',
    (p) =>
      (resourceOf(
        p,
        'Session',
      ).readPlan.referenceIdentityProjectionTablePlans[0].bindingsInOrder[0].identityFieldOrdinalsInOrder[0].scalarType.kind =
        4),
    'type of',
  ],
  ['no look-up of references', (p) => delete resourceOf(p, 'Session').readPlan.documentReferenceLookup, 'presence'],
  [
    'a look-up without a text',
    (p) => delete lookup(p).selectByKeysetSql,
    'document_reference_lookup.select_by_keyset_sql',
  ],
  [
    'a look-up without a text for one document',
    (p) => delete lookup(p).selectBySingleDocumentSql,
    'document_reference_lookup.select_by_single_document_sql',
  ],
  ['a look-up of no shape', (p) => delete lookup(p).resultShape, 'document_reference_lookup.result_shape'],
  [
    'a look-up of another shape',
    (p) => (lookup(p).resultShape.documentUuidOrdinal = 3),
    'document_reference_lookup.result_shape',
  ],
  ['a look-up of no source', (p) => (lookup(p).sourcesInOrder = []), 'source of'],
  ['a look-up of another column', (p) => (lookup(p).sourcesInOrder[0].fkColumn.value = 'Lost'), 'kind of'],
  // capabilities
  [
    'a resource that does not say what it can be asked for',
    (p) => delete resourceOf(p, 'School').queryCapability,
    'query_capability',
  ],
  [
    'a descriptor that does not say what it can be asked for',
    (p) => delete resourceOf(p, 'KindDescriptor').descriptorQueryCapability,
    'descriptor_query_capability',
  ],
  [
    'a relational resource with the fields of a descriptor',
    (p) => (resourceOf(p, 'School').descriptorQueryCapability = descriptorCapability(p)),
    'descriptor_query_capability',
  ],
  [
    'an abstract resource with fields',
    (p) => (p.resources.find((r: LoosePayload) => r.isAbstractResource).queryCapability = capability(p)),
    'query_capability',
  ],
  ['a capability without support', (p) => delete capability(p).support, 'query_capability.support'],
  [
    'an omission of an unknown kind',
    (p) => (capability(p).support.omissionKind = 9),
    'query_capability.support.omission_kind',
  ],
  ['an omission without a reason', (p) => delete capability(p).support.reason, 'query_capability.support.reason'],
  ['a reason without an omission', (p) => delete capability(p).support.omissionKind, 'query_capability.support.reason'],
  ['an omission of a descriptor', (p) => (capability(p).support.omissionKind = 2), 'query_capability.support'],
  ['support in spite of fields that fail', (p) => (capability(p).support = {}), 'query_capability.support'],
  [
    'no omission of a descriptor',
    (p) => (resourceOf(p, 'KindDescriptor').queryCapability.support = {}),
    'query_capability.support',
  ],
  [
    'fields of a descriptor among those of relational resources',
    (p) => (resourceOf(p, 'KindDescriptor').queryCapability.supportedFields = [fieldOf(p, 'name')]),
    'root',
  ],
  ['fields out of order', (p) => capability(p).supportedFields.reverse(), 'query_capability.supported_fields'],
  [
    'a field twice',
    (p) => capability(p).unsupportedFields.push(capability(p).unsupportedFields.at(-1)),
    'query_capability.unsupported_fields',
  ],
  ['a field without a name', (p) => delete fieldOf(p, 'name').field, 'query_capability.field'],
  ['a field without a path', (p) => delete fieldOf(p, 'name').path, 'query_capability.path'],
  ['a field at a path that is none', (p) => (fieldOf(p, 'name').path.path = 'name'), 'query_capability.path.path'],
  ['a field of no type', (p) => delete fieldOf(p, 'name').path.type, 'query_capability.path.type'],
  ['a field without a target', (p) => delete fieldOf(p, 'name').target, 'query_capability.target'],
  ['a target of no kind', (p) => (fieldOf(p, 'name').target = {}), 'query_capability.target.kind'],
  ['a target column that is none', (p) => (fieldOf(p, 'name').target.rootColumn.value = 'Lost'), 'root_column'],
  [
    'a target column that holds a descriptor',
    (p) => (fieldOf(p, 'name').target.rootColumn = fieldOf(p, 'aDescriptor').target.descriptorIdColumn.column),
    'kind of query_capability.target.root_column',
  ],
  [
    'a descriptor in a column that holds none',
    (p) => (fieldOf(p, 'aDescriptor').target.descriptorIdColumn.column = fieldOf(p, 'name').target.rootColumn),
    'kind of query_capability.target.descriptor_id_column',
  ],
  [
    'a descriptor of no resource',
    (p) => delete fieldOf(p, 'aDescriptor').target.descriptorIdColumn.descriptorResource,
    'descriptor_resource',
  ],
  ['a failure of no kind', (p) => delete capability(p).unsupportedFields[0].failure, 'query_capability.failure'],
  ['a field of a descriptor of no target', (p) => delete descriptorCapability(p).supportedFields[0].target, 'target'],
  [
    'a field of a descriptor in another column',
    (p) => (descriptorCapability(p).supportedFields[0].column.value = 'Uri'),
    'descriptor_query_capability.column',
  ],
  [
    'a uuid of a descriptor in a column',
    (p) =>
      (descriptorCapability(p).supportedFields.find(({ field }: LoosePayload) => field === 'id').column = {
        value: 'DocumentId',
      }),
    'descriptor_query_capability.column',
  ],
  [
    'a field of a descriptor too few',
    (p) => descriptorCapability(p).supportedFields.pop(),
    'number of descriptor_query_capability',
  ],
  [
    'fields of a descriptor that is not supported',
    (p) => (descriptorCapability(p).support = { omissionKind: 3, reason: 'none' }),
    'number of descriptor_query_capability',
  ],
];

describe('a payload of the second format that contradicts itself is PACK_INVARIANT:', () => {
  it.each(broken)('%s', async (_, change, what) => {
    const { payload, envelope } = await takeApart(pack);
    change(payload);
    await expectError(await seal(await payloadBytesOf(payload), envelope), 'PACK_INVARIANT', what);
  });

  it('while a sound one is read', async () => {
    const { payload, envelope } = await takeApart(pack);
    await expect(readPack(await seal(await payloadBytesOf(payload), envelope), 'a.mpack')).resolves.toBeDefined();
    expect(indexOf(addresses(payload), 'CollectionItemId')).toBe(0);
  });
});

/** Parts of the second version of the format, put into a pack of the first. */
const later: readonly (readonly [string, (payload: LoosePayload, second: LoosePayload) => void])[] = [
  ['identity', (p, second) => (addresses(p).table.identity = addresses(second).table.identity)],
  ['is_required', (p) => (resourceOf(p, 'Session').relationalModel.documentReferenceBindings[0].isRequired = true)],
  ['is_role_named', (p) => (resourceOf(p, 'School').relationalModel.descriptorEdgeSources[0].isRoleNamed = true)],
  ['collection_merge_plan', (p, second) => (addresses(p).write.collectionMergePlan = merge(second))],
  [
    'collection_key_preallocation_plan',
    (p, second) =>
      (addresses(p).write.collectionKeyPreallocationPlan = addresses(second).write.collectionKeyPreallocationPlan),
  ],
  [
    'reference_derived',
    (p, second) => (sourced(session(p).write, 'scalar').source = { referenceDerived: derived(second) }),
  ],
  [
    'reference_source',
    (p, second) =>
      (offering(p).write.keyUnificationPlans[0].membersInOrder[0].referenceSource =
        derivedMember(second).referenceSource),
  ],
  ['select_by_single_document_sql', (p) => (addresses(p).read.selectBySingleDocumentSql = 'SELECT')],
  [
    'identity_field_ordinals_in_order.scalar_type',
    (p) =>
      (resourceOf(
        p,
        'Session',
      ).readPlan.referenceIdentityProjectionTablePlans[0].bindingsInOrder[0].identityFieldOrdinalsInOrder[0].scalarType =
        {
          kind: 2,
        }),
  ],
  [
    'document_reference_lookup',
    (p, second) => (resourceOf(p, 'Session').readPlan.documentReferenceLookup = lookup(second)),
  ],
  ['query_capability', (p, second) => (resourceOf(p, 'School').queryCapability = capability(second))],
  [
    'descriptor_query_capability',
    (p, second) => (resourceOf(p, 'KindDescriptor').descriptorQueryCapability = descriptorCapability(second)),
  ],
];

describe('a payload of the first format has none of what the second one added:', () => {
  it.each(later)('%s', async (what, change) => {
    const { payload, envelope } = await takeApart(first);
    const { payload: second } = await takeApart(pack);
    change(payload, second);
    await expectError(
      await seal(await payloadBytesOf(payload), envelope),
      'PACK_INVARIANT',
      what,
      'none in a pack of format version 1',
    );
  });

  it.each([6, 7, 8])('columns of the kind %i', async (kind) => {
    const { payload, envelope } = await takeApart(first);
    addresses(payload).table.columns.at(-1).kind = kind;
    await expectError(
      await seal(await payloadBytesOf(payload), envelope),
      'PACK_INVARIANT',
      'kind',
      'a known value',
      kind,
    );
  });
});
