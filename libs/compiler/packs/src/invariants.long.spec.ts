import { compileMappingSet } from '@dms/plans';
import { everything, modelOf, ownSchema } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  errorOf,
  expectError,
  type LoosePayload,
  packOf,
  payloadBytesOf,
  producer,
  seal,
  takeApart,
} from '../test/pack-parts.ts';
import { buildPack, readPack } from './index.ts';

let pack: Uint8Array;
beforeAll(async () => {
  pack = await packOf(modelOf(everything, 'pgsql'));
});

/** The first table of the payload that `matches`, with the plans of its resource. */
function tableWhere(
  payload: LoosePayload,
  matches: (table: LoosePayload, write: LoosePayload, resource: LoosePayload) => boolean,
) {
  for (const resource of payload.resources) {
    const tables = resource.relationalModel?.tablesInDependencyOrder ?? [];
    for (const [index, table] of tables.entries()) {
      const write = resource.writePlan.tablePlans[index];
      if (matches(table, write, resource)) return { resource, table, write, index };
    }
  }
  throw new Error('the payload has no such table');
}

const relational = (payload: LoosePayload): LoosePayload =>
  payload.resources.find((each: LoosePayload) => each.relationalModel?.documentReferenceBindings?.length);
/** A table of a collection: its key is the document id and an ordinal. */
const anyTable = (payload: LoosePayload) =>
  tableWhere(payload, (table) => table.key.columns.length === 2 && table.jsonScope.endsWith('[*]'));
const unified = (payload: LoosePayload) => tableWhere(payload, (table) => table.keyUnificationClasses?.length);
const gated = (payload: LoosePayload) =>
  tableWhere(payload, (_, write) =>
    (write.keyUnificationPlans ?? []).some((each: LoosePayload) =>
      each.membersInOrder.some((member: LoosePayload) => member.presenceIsSynthetic),
    ),
  );
const withReference = (payload: LoosePayload) =>
  tableWhere(payload, (_, write) => write.columnBindings.some(({ source }: LoosePayload) => source.documentReference));
const sourced = (write: LoosePayload, kind: string) =>
  write.columnBindings.find(({ source }: LoosePayload) => source[kind]);
const member = (payload: LoosePayload) => {
  const { write } = gated(payload);
  for (const plan of write.keyUnificationPlans) {
    for (const each of plan.membersInOrder) if (each.presenceIsSynthetic) return each;
  }
};

/** A violation of each invariant of design 08 §12.5, and the subject of the error. */
const broken: readonly (readonly [string, (payload: LoosePayload) => void, string])[] = [
  // resource keys
  ['a count of resource keys that is not theirs', (p) => (p.resourceKeyCount += 1), 'resource_key_count'],
  [
    'a resource key twice',
    (p) => (p.resourceKeys[1].resourceKeyId = p.resourceKeys[0].resourceKeyId),
    'resource_key_id',
  ],
  ['resource keys that descend', (p) => p.resourceKeys.reverse(), 'resource_key_id'],
  ['a resource key of 0', (p) => (p.resourceKeys[0].resourceKeyId = 0), 'resource_key_id'],
  ['a resource key above 32767', (p) => (p.resourceKeys.at(-1).resourceKeyId = 32768), 'resource_key_id'],
  ['another seed hash', (p) => (p.resourceKeySeedHash = Buffer.alloc(32)), 'resource_key_seed_hash'],
  ['no seed hash', (p) => (p.resourceKeySeedHash = Buffer.alloc(0)), 'resource_key_seed_hash'],
  [
    'a resource version that was not hashed',
    (p) => (p.resourceKeys[0].resourceVersion = '9'),
    'resource_key_seed_hash',
  ],
  ['a resource key without a name', (p) => delete p.resourceKeys[0].resourceName, 'resource_keys.resource_name'],
  // resources
  ['a resource too few', (p) => p.resources.pop(), 'number of resources'],
  ['a resource twice', (p) => (p.resources[1] = p.resources[0]), 'resources[1]'],
  ['resources out of order', (p) => p.resources.reverse(), 'resources[0]'],
  [
    'a resource that is abstract, but its key is not',
    (p) => (relational(p).isAbstractResource = true),
    'is_abstract_resource',
  ],
  ['a relational resource without a model', (p) => delete relational(p).relationalModel, 'relationalModel'],
  ['a relational resource without a write plan', (p) => delete relational(p).writePlan, 'writePlan'],
  ['a relational resource without a read plan', (p) => delete relational(p).readPlan, 'readPlan'],
  ['a descriptor with a model', (p) => (relational(p).storageKind = 2), 'relationalModel'],
  [
    'a descriptor of a project that is not a component',
    (p) => (p.schemaComponents[0].projectName = 'Other'),
    'schema_components',
  ],
  ['a resource without a storage kind', (p) => delete relational(p).storageKind, 'storage_kind'],
  ['an unknown storage kind', (p) => (relational(p).storageKind = 3), 'storage_kind'],
  [
    'an abstract resource with a storage kind',
    (p) => (p.resources.find((r: LoosePayload) => r.isAbstractResource).storageKind = 2),
    'storage_kind',
  ],
  [
    'the model of another resource',
    (p) => (relational(p).relationalModel.resource.resourceName = 'Other'),
    'relational_model.resource',
  ],
  ['no physical schema', (p) => delete relational(p).relationalModel.physicalSchema, 'physical_schema'],
  // tables
  ['no tables', (p) => (relational(p).relationalModel.tablesInDependencyOrder = []), 'tables with the scope $'],
  ['no root', (p) => delete relational(p).relationalModel.root, 'root'],
  [
    'a root that is not the table of scope $',
    (p) => {
      const { relationalModel } = relational(p);
      relationalModel.root = { ...relationalModel.root, columns: [] };
    },
    'root',
  ],
  [
    'a root without scope $',
    (p) => (relational(p).relationalModel.tablesInDependencyOrder[0].jsonScope = '$.a'),
    'tables with the scope $',
  ],
  ['two tables of scope $', (p) => (anyTable(p).table.jsonScope = '$'), 'tables with the scope $'],
  ['a scope that is not a path', (p) => (anyTable(p).table.jsonScope = 'a'), 'json_scope'],
  [
    'a table twice in a resource',
    (p) => {
      const { table, resource } = anyTable(p);
      table.table = resource.relationalModel.root.table;
    },
    'tables_in_dependency_order',
  ],
  [
    'a table of two resources',
    (p) => {
      const [one, other] = p.resources.filter((r: LoosePayload) => r.relationalModel);
      const { schema, name } = other.relationalModel.root.table;
      const { table } = one.relationalModel.root;
      const rename = (value: LoosePayload): void => {
        if (typeof value !== 'object' || value === null) return;
        if (value.schema === schema && value.name === name) Object.assign(value, table);
        else for (const each of Object.values(value)) rename(each);
      };
      rename(other);
    },
    'owner of the table',
  ],
  ['a table without a name', (p) => delete anyTable(p).table.table.name, 'tables_in_dependency_order.table'],
  [
    'is_json_array_scope_required',
    (p) => (anyTable(p).table.isJsonArrayScopeRequired = true),
    'is_json_array_scope_required',
  ],
  // columns and keys
  [
    'a column twice',
    (p) => {
      const { columns } = anyTable(p).table;
      columns[1].columnName = columns[0].columnName;
    },
    'columns',
  ],
  ['a column without a name', (p) => delete anyTable(p).table.columns[0].columnName, 'columns.column_name'],
  ['a column without storage', (p) => delete anyTable(p).table.columns[0].storage, 'storage'],
  ['storage of no kind', (p) => (anyTable(p).table.columns[0].storage = {}), 'storage'],
  ['a column of no kind', (p) => delete anyTable(p).table.columns[0].kind, 'kind'],
  ['a column of an unknown kind', (p) => (anyTable(p).table.columns[0].kind = 99), 'kind'],
  ['a column of a kind of v2-natural', (p) => (anyTable(p).table.columns.at(-1).kind = 9), 'kind'],
  ['a scalar type of no kind', (p) => delete anyTable(p).table.columns[0].scalarType.kind, 'scalar_type.kind'],
  ['the unused type GUID', (p) => (anyTable(p).table.columns[0].scalarType.kind = 8), 'scalar_type.kind'],
  ['a source path that is none', (p) => (anyTable(p).table.columns.at(-1).sourceJsonPath = '$..a'), 'source_json_path'],
  ['no key', (p) => delete anyTable(p).table.key, 'key'],
  ['a key without columns', (p) => (anyTable(p).table.key.columns = []), 'key'],
  ['a key column that is none', (p) => (anyTable(p).table.key.columns[0].columnName.value = 'Lost'), 'key column'],
  ['a key column of another kind', (p) => (anyTable(p).table.key.columns[0].kind = 1), 'kind of a key column'],
  ['a key column of the other kind', (p) => (anyTable(p).table.key.columns.at(-1).kind = 5), 'kind of the key column'],
  ['an ordinal as the first column of a key', (p) => anyTable(p).table.key.columns.reverse(), 'key'],
  [
    'an alias of a column that is none',
    (p) =>
      (unified(p).table.columns.find(
        (c: LoosePayload) => c.storage.unifiedAlias,
      ).storage.unifiedAlias.canonicalColumn.value = 'Lost'),
    'canonical column of',
  ],
  [
    'an alias of an alias',
    (p) => {
      const aliases = unified(p).table.columns.filter((c: LoosePayload) => c.storage.unifiedAlias);
      aliases[0].storage.unifiedAlias.canonicalColumn = aliases[1].columnName;
    },
    'canonical column of',
  ],
  [
    'a presence column that is none',
    (p) =>
      (gated(p).table.columns.find(
        (c: LoosePayload) => c.storage.unifiedAlias?.presenceColumn,
      ).storage.unifiedAlias.presenceColumn.value = 'Lost'),
    'presence column of',
  ],
  [
    'a class of a column that is none',
    (p) => (unified(p).table.keyUnificationClasses[0].canonicalColumn.value = 'Lost'),
    'key unification class',
  ],
  [
    'a member that is none',
    (p) => (unified(p).table.keyUnificationClasses[0].memberPathColumns[0].value = 'Lost'),
    'key unification class',
  ],
  [
    'a member twice',
    (p) => {
      const { memberPathColumns } = unified(p).table.keyUnificationClasses[0];
      memberPathColumns[1] = memberPathColumns[0];
    },
    'key unification class',
  ],
  [
    'a member that is stored',
    (p) => {
      const { table } = unified(p);
      table.keyUnificationClasses[0].memberPathColumns[0] = table.key.columns[0].columnName;
    },
    'key unification class',
  ],
  [
    'a constraint of no kind',
    (p) => {
      const { table } = tableWhere(p, (t) => t.constraints?.length);
      const { name } = table.constraints[0];
      table.constraints[0] = { name };
    },
    'kind',
  ],
  [
    'a constraint on a column that is none',
    (p) => {
      const { table } = tableWhere(p, (t) => t.constraints?.some((c: LoosePayload) => c.unique));
      table.constraints.find((c: LoosePayload) => c.unique).unique.columns[0].value = 'Lost';
    },
    'column of',
  ],
  [
    'a foreign key with a target column too few',
    (p) =>
      tableWhere(p, (t) => t.constraints?.some((c: LoosePayload) => c.foreignKey))
        .table.constraints.find((c: LoosePayload) => c.foreignKey)
        .foreignKey.targetColumns.pop(),
    'target columns of',
  ],
  // references and descriptors
  [
    'a reference twice',
    (p) => {
      const list = relational(p).relationalModel.documentReferenceBindings;
      list.push(list[0]);
    },
    'reference_object_path',
  ],
  [
    'a reference of another table',
    (p) => (relational(p).relationalModel.documentReferenceBindings[0].table.name = 'Lost'),
    'table of',
  ],
  [
    'a reference in a column that is none',
    (p) => (relational(p).relationalModel.documentReferenceBindings[0].fkColumn.value = 'Lost'),
    'fk_column of',
  ],
  [
    'a reference in a column of another kind',
    (p) =>
      (relational(p).relationalModel.documentReferenceBindings[0].fkColumn =
        relational(p).relationalModel.root.key.columns[0].columnName),
    'fk_column of',
  ],
  [
    'a part of a reference in a column that is none',
    (p) => (relational(p).relationalModel.documentReferenceBindings[0].identityBindings[0].column.value = 'Lost'),
    'identity_bindings of',
  ],
  [
    'a descriptor twice',
    (p) => {
      const r = p.resources.find((each: LoosePayload) => each.relationalModel?.descriptorEdgeSources?.length);
      const list = r.relationalModel.descriptorEdgeSources;
      list.push(list[0]);
    },
    'fk_column of descriptor_edge_sources',
  ],
  [
    'a descriptor in a column of another kind',
    (p) => {
      const { relationalModel } = p.resources.find(
        (each: LoosePayload) => each.relationalModel?.descriptorEdgeSources?.length,
      );
      const [edge] = relationalModel.descriptorEdgeSources;
      edge.fkColumn = relationalModel.tablesInDependencyOrder.find(
        (t: LoosePayload) => t.table.name === edge.table.name,
      ).key.columns[0].columnName;
    },
    'fk_column of',
  ],
  // write plans
  ['a write plan too few', (p) => relational(p).writePlan.tablePlans.pop(), 'number of write_plan.table_plans'],
  [
    'a write plan of another table',
    (p) => (relational(p).writePlan.tablePlans[0].table.name = 'Lost'),
    'table of write_plan.table_plans[0]',
  ],
  ['no insert', (p) => delete anyTable(p).write.insertSql, 'insert_sql'],
  ['no batching', (p) => delete anyTable(p).write.bulkInsertBatching, 'bulk_insert_batching'],
  ['another number of rows', (p) => (anyTable(p).write.bulkInsertBatching.maxRowsPerBatch -= 1), 'maxRowsPerBatch'],
  [
    'another number of parameters',
    (p) => (anyTable(p).write.bulkInsertBatching.parametersPerRow += 1),
    'parametersPerRow',
  ],
  [
    'another limit of parameters',
    (p) => (anyTable(p).write.bulkInsertBatching.maxParametersPerCommand = 2100),
    'maxParametersPerCommand',
  ],
  ['no bindings', (p) => (anyTable(p).write.columnBindings = []), 'column_bindings'],
  ['a key column that is not bound', (p) => anyTable(p).write.columnBindings.shift(), 'column_bindings'],
  [
    'a column that is bound twice',
    (p) => {
      const { columnBindings } = anyTable(p).write;
      columnBindings.push({ ...columnBindings[0], parameterName: 'again' });
    },
    'column_bindings',
  ],
  [
    'a bound column that is none',
    (p) => (anyTable(p).write.columnBindings[0].column.value = 'Lost'),
    'column_bindings.column',
  ],
  [
    'a bound alias',
    (p) => {
      const { table, write } = unified(p);
      write.columnBindings.at(-1).column = table.columns.find((c: LoosePayload) => c.storage.unifiedAlias).columnName;
    },
    'storage of the bound column',
  ],
  ['no parameter name', (p) => delete anyTable(p).write.columnBindings[0].parameterName, 'parameter_name'],
  [
    'a parameter name that is none',
    (p) => (anyTable(p).write.columnBindings[0].parameterName = 'a b'),
    'parameter_name',
  ],
  [
    'a parameter name twice, in other letters',
    (p) => {
      const { columnBindings } = anyTable(p).write;
      columnBindings[1].parameterName = columnBindings[0].parameterName.toUpperCase();
    },
    'parameter_name',
  ],
  ['no source', (p) => delete anyTable(p).write.columnBindings[0].source, 'column_bindings.source'],
  ['a source of no kind', (p) => (anyTable(p).write.columnBindings[0].source = {}), 'source.kind'],
  [
    'a document id in another column',
    (p) => (anyTable(p).write.columnBindings.at(-1).source = { documentId: {} }),
    'document_id',
  ],
  ['an ordinal in another column', (p) => (anyTable(p).write.columnBindings[0].source = { ordinal: {} }), 'ordinal'],
  [
    'a part of the key out of range',
    (p) =>
      (tableWhere(p, (_, w) => sourced(w, 'parentKeyPart')).write.columnBindings.find(
        ({ source }: LoosePayload) => source.parentKeyPart,
      ).source.parentKeyPart.index = 40),
    'parent_key_part(40)',
  ],
  [
    'a part of the key in another column',
    (p) => (anyTable(p).write.columnBindings.at(-1).source = { parentKeyPart: {} }),
    'parent_key_part(0)',
  ],
  [
    'a reference out of range',
    (p) => (sourced(withReference(p).write, 'documentReference').source.documentReference.bindingIndex = 1000),
    'binding_index 1000',
  ],
  [
    'a reference in another column',
    (p) => {
      const { write } = withReference(p);
      const other = write.columnBindings.find(({ source }: LoosePayload) => source.scalar);
      other.source = sourced(write, 'documentReference').source;
    },
    'binding_index',
  ],
  [
    'a scalar without a type',
    (p) => delete sourced(tableWhere(p, (_, w) => sourced(w, 'scalar')).write, 'scalar').source.scalar.scalarType,
    'source.scalar.scalar_type',
  ],
  [
    'a relative path that is none',
    (p) => (sourced(tableWhere(p, (_, w) => sourced(w, 'scalar')).write, 'scalar').source.scalar.relativePath = '.a'),
    'relative_path',
  ],
  [
    'a descriptor without a resource',
    (p) =>
      delete sourced(tableWhere(p, (_, w) => sourced(w, 'descriptorReference')).write, 'descriptorReference').source
        .descriptorReference.descriptorResource,
    'descriptor_resource',
  ],
  // key unification
  ['a unification plan too few', (p) => unified(p).write.keyUnificationPlans.pop(), 'key_unification_plans'],
  [
    'the members of another class',
    (p) => unified(p).write.keyUnificationPlans[0].membersInOrder.reverse(),
    'members_in_order',
  ],
  [
    'a canonical index out of range',
    (p) => (unified(p).write.keyUnificationPlans[0].canonicalBindingIndex = 1000),
    'canonical_binding_index 1000',
  ],
  [
    'a canonical index of another column',
    (p) => (unified(p).write.keyUnificationPlans[0].canonicalBindingIndex = 0),
    'canonical_binding_index 0',
  ],
  ['a presence index out of range', (p) => (member(p).presenceBindingIndex = 1000), 'presence_binding_index 1000'],
  ['no presence index', (p) => delete member(p).presenceBindingIndex, 'presence of'],
  ['another presence column', (p) => (member(p).presenceColumn.value = 'Lost'), 'presence_column of'],
  ['no presence column', (p) => delete member(p).presenceColumn, 'presence_column of'],
  [
    'a synthetic presence that is said to be none',
    (p) => (member(p).presenceIsSynthetic = false),
    'presence_is_synthetic',
  ],
  ['a member of no kind', (p) => delete member(p).kind, 'kind of the member'],
  [
    'a value that nobody computes',
    (p) =>
      (tableWhere(p, (_, w) => sourced(w, 'scalar')).write.columnBindings.find(
        ({ source }: LoosePayload) => source.scalar,
      ).source = { precomputed: {} }),
    'how often the value of',
  ],
  [
    'a computed value that is bound to the document',
    (p) => {
      const { table, write } = unified(p);
      const canonical = table.keyUnificationClasses[0].canonicalColumn.value;
      const binding = write.columnBindings.find(({ column }: LoosePayload) => column.value === canonical);
      binding.source = { scalar: { relativePath: '$.a', scalarType: { kind: 4 } } };
    },
    'how often the value of',
  ],
  // read plans
  ['a read plan too few', (p) => relational(p).readPlan.tablePlans.pop(), 'number of read_plan.table_plans'],
  [
    'read plans in another order',
    (p) => anyTable(p).resource.readPlan.tablePlans.reverse(),
    'table of read_plan.table_plans[0]',
  ],
  ['no select', (p) => delete anyTable(p).resource.readPlan.tablePlans[0].selectByKeysetSql, 'select_by_keyset_sql'],
  [
    'no projection of references',
    (p) => (relational(p).readPlan.referenceIdentityProjectionTablePlans = []),
    'tables with reference projections',
  ],
  [
    'a projection with another FK ordinal',
    (p) => (relational(p).readPlan.referenceIdentityProjectionTablePlans[0].bindingsInOrder[0].fkColumnOrdinal = 0),
    'FK column',
  ],
  [
    'a projection with an ordinal out of range',
    (p) =>
      (relational(
        p,
      ).readPlan.referenceIdentityProjectionTablePlans[0].bindingsInOrder[0].identityFieldOrdinalsInOrder[0].columnOrdinal =
        4000000000),
    'column_ordinal of',
  ],
  [
    'a projection with the ordinal of another column',
    (p) => {
      const { bindingsInOrder } = relational(p).readPlan.referenceIdentityProjectionTablePlans[0];
      bindingsInOrder[0].identityFieldOrdinalsInOrder[0].columnOrdinal = 0;
    },
    'is a member',
  ],
  [
    'a projection of another resource',
    (p) =>
      (relational(p).readPlan.referenceIdentityProjectionTablePlans[0].bindingsInOrder[0].targetResource.resourceName =
        'Other'),
    'target',
  ],
  [
    'a projection of another path',
    (p) =>
      (relational(p).readPlan.referenceIdentityProjectionTablePlans[0].bindingsInOrder[0].referenceObjectPath =
        '$.other'),
    'path',
  ],
  [
    'descriptors without a select',
    (p) =>
      delete p.resources.find((r: LoosePayload) => r.readPlan?.descriptorProjectionPlans?.length).readPlan
        .descriptorProjectionPlans[0].selectByKeysetSql,
    'select_by_keyset_sql',
  ],
  [
    'a result shape of other columns',
    (p) =>
      (p.resources.find(
        (r: LoosePayload) => r.readPlan?.descriptorProjectionPlans?.length,
      ).readPlan.descriptorProjectionPlans[0].resultShape = { uriOrdinal: 2 }),
    'result_shape',
  ],
  [
    'a descriptor source too few',
    (p) =>
      p.resources
        .find((r: LoosePayload) => r.readPlan?.descriptorProjectionPlans?.[0]?.sourcesInOrder.length > 1)
        .readPlan.descriptorProjectionPlans[0].sourcesInOrder.pop(),
    'number of descriptor sources',
  ],
  [
    'a descriptor source of another column',
    (p) =>
      (p.resources.find(
        (r: LoosePayload) => r.readPlan?.descriptorProjectionPlans?.length,
      ).readPlan.descriptorProjectionPlans[0].sourcesInOrder[0].descriptorIdColumnOrdinal = 0),
    'column',
  ],
];

describe('a payload that contradicts itself is PACK_INVARIANT:', () => {
  it.each(broken)('%s', async (_, change, what) => {
    const { payload, envelope } = await takeApart(pack);
    change(payload);
    await expectError(await seal(await payloadBytesOf(payload), envelope), 'PACK_INVARIANT', what);
  });

  it('an ordinal in the middle of a key of three columns', async () => {
    const { payload, envelope } = await takeApart(pack);
    const { table } = tableWhere(payload, (each) => each.key.columns.length === 3);
    const [documentId, parentOrdinal, ordinal] = table.key.columns;
    table.key.columns = [documentId, ordinal, parentOrdinal];
    const bytes = await seal(await payloadBytesOf(payload), envelope);
    await expectError(bytes, 'PACK_INVARIANT', 'key', 'an ordinal as its last column only', ordinal.columnName.value);
  });

  it('paths that are longer than the limit, all together', async () => {
    const { diagnostics } = await errorOf(pack, { limits: { maximumPathCharacters: 100 } });
    expect(diagnostics[0]).toMatchObject({ code: 'PACK_INVARIANT', details: { what: 'length of all paths' } });
  });

  it('the resource and table are named', async () => {
    const { payload, envelope } = await takeApart(pack);
    const { table, resource } = anyTable(payload);
    delete table.columns[0].storage;
    const [found] = (await errorOf(await seal(await payloadBytesOf(payload), envelope))).diagnostics;
    const label = `${resource.projectName}:${resource.resourceName}`;
    expect(found.where).toEqual({ file: 'a.mpack', resource: label });
    expect(found.message).toContain(label);
    expect(found.message).toContain(
      `${table.table.schema}.${table.table.name}: ${table.columns[0].columnName.value}: storage`,
    );
  });

  it('a value of any length is shown in part', async () => {
    const { payload, envelope } = await takeApart(pack);
    anyTable(payload).table.jsonScope = 'x'.repeat(100_000);
    const [found] = (await errorOf(await seal(await payloadBytesOf(payload), envelope))).diagnostics;
    expect(found.message.length).toBeLessThan(1000);
    expect(found.message).toContain('(100000 characters)');
  });
});

it('a relative path that is empty means the value at the scope', async () => {
  const { payload, envelope } = await takeApart(pack);
  const { write } = tableWhere(payload, (_, w) => sourced(w, 'scalar') ?? false);
  sourced(write, 'scalar').source.scalar.relativePath = '';
  const { mappingSet } = await readPack(await seal(await payloadBytesOf(payload), envelope), 'a.mpack');
  const sources = [...mappingSet.writePlansByResource.values()].flatMap(({ tablePlansInDependencyOrder }) =>
    tablePlansInDependencyOrder.flatMap(({ columnBindings }) => columnBindings.map(({ source }) => source)),
  );
  expect(sources).toContainEqual(
    expect.objectContaining({ kind: 'scalar', relativePath: expect.objectContaining({ canonical: '$' }) }),
  );
});

it('a mapping set that no reader would take is not built', async () => {
  const compiled = compileMappingSet(modelOf([ownSchema('campus')], 'pgsql'));
  const seed = { ...compiled.model.effectiveSchema, resourceKeySeedHash: new Uint8Array(32) };
  const wrong = { ...compiled, model: { ...compiled.model, effectiveSchema: seed } };
  await expect(buildPack(wrong, producer)).rejects.toMatchObject({ code: 'PACK_INVARIANT' });
});
