import { completeKeyedResource, isWrittenByTriggers, type KeyColumn } from '@dms/model';
import { failInvariant, type PackPlace, required } from '../fail-pack.ts';
import { existingColumn, type LoadedTable, type PackRules } from '../pack-rules.ts';
import type { PackMessage } from '../wire/message.ts';
import { columnKindTokens, restrictedTokens } from '../wire/tokens.ts';

/** The first column of a key holds the document id, further columns the ordinals of enclosing rows. */
function keyColumn(name: string, kind: string | undefined, index: number, at: PackPlace): KeyColumn {
  switch (kind) {
    case 'ParentKeyPart':
      return { name, kind, role: index === 0 ? 'DocumentId' : 'ParentOrdinal' };
    case 'Ordinal':
      return { name, kind, role: kind };
    default:
      return failInvariant(at, 'kind of a key column', 'PARENT_KEY_PART or ORDINAL', kind ?? 'none');
  }
}

/**
 * The key consists of the document id, the ordinals of enclosing rows, then the ordinal of the row itself; the key
 * parts of plans rely on this order.
 */
function checkKey(table: LoadedTable): void {
  const { at, model } = table;
  const { columns } = model.key;
  if (columns[0]?.kind !== 'ParentKeyPart')
    failInvariant(at, 'key', 'a document id as its first column', columns[0]?.name ?? 'none');
  for (const [index, { name, kind }] of columns.entries()) {
    const column = existingColumn(table, name, 'key column');
    if (column.kind !== kind) failInvariant(at, `kind of the key column ${name}`, column.kind, kind);
    if (column.storage.kind !== 'Stored') failInvariant(at, `storage of the key column ${name}`, 'stored', 'an alias');
    if (kind === 'Ordinal' && index < columns.length - 1)
      failInvariant(at, 'key', 'an ordinal as its last column only', name);
  }
  if (new Set(columns.map(({ name }) => name)).size !== columns.length) {
    failInvariant(at, 'key', 'distinct columns', columns.map(({ name }) => name).join(', '));
  }
}

/** The names of the parts of a resource that only the second version of the format has. */
function laterParts(message: PackMessage<'ResourcePack'>): string[] {
  const { relationalModel: model, writePlan: write, readPlan: read } = message;
  const found = new Set<string>();
  const look = (what: string, isThere: boolean) => {
    if (isThere) found.add(what);
  };
  look('query_capability', message.queryCapability !== null);
  look('descriptor_query_capability', message.descriptorQueryCapability !== null);
  for (const { identity } of [model?.root ?? { identity: null }, ...(model?.tablesInDependencyOrder ?? [])])
    look('identity', identity !== null);
  for (const source of [...(model?.documentReferenceBindings ?? []), ...(model?.descriptorEdgeSources ?? [])]) {
    look('is_required', source.isRequired);
    look('is_role_named', source.isRoleNamed);
  }
  for (const plan of write?.tablePlans ?? []) {
    look('collection_merge_plan', plan.collectionMergePlan !== null);
    look('collection_key_preallocation_plan', plan.collectionKeyPreallocationPlan !== null);
    for (const { source } of plan.columnBindings)
      look('reference_derived', (source?.referenceDerived ?? null) !== null);
    for (const { membersInOrder } of plan.keyUnificationPlans)
      for (const { referenceSource } of membersInOrder) look('reference_source', referenceSource !== null);
  }
  for (const { selectBySingleDocumentSql } of [...(read?.tablePlans ?? []), ...(read?.descriptorProjectionPlans ?? [])])
    look('select_by_single_document_sql', selectBySingleDocumentSql !== '');
  for (const { bindingsInOrder } of read?.referenceIdentityProjectionTablePlans ?? [])
    for (const { identityFieldOrdinalsInOrder } of bindingsInOrder)
      for (const { scalarType } of identityFieldOrdinalsInOrder)
        look('identity_field_ordinals_in_order.scalar_type', scalarType !== null);
  look('document_reference_lookup', (read?.documentReferenceLookup ?? null) !== null);
  return [...found];
}

/** The packs of the first generation: rows are identified by their positions (design 08 §12). */
export const packRulesV1: PackRules = {
  formatVersion: 1,
  columnKinds: restrictedTokens(columnKindTokens, (kind) => kind !== 'CollectionKey' && !isWrittenByTriggers(kind)),
  identityMessage: () => null,
  roles: () => ({ isRequired: false, isRoleNamed: false }),
  keyColumn,
  completeModel: completeKeyedResource,
  fieldType: {
    write: () => null,
    read: (_, { name, scalarType }, at) => required(scalarType, at, `scalar_type of ${name}`),
  },
  requiredColumns: ({ key }) => key.columns.map(({ name }) => name),
  placeColumn({ key: { columns } }, source) {
    if (source.kind === 'document_id') return columns[0]?.name;
    const [part, kind] =
      source.kind === 'ordinal' ? [columns.at(-1), 'Ordinal'] : [columns[source.index], 'ParentKeyPart'];
    return part?.kind === kind ? part.name : undefined;
  },
  checkStructure: checkKey,
  checkTablePlan: () => undefined,
  checkResource(message, at) {
    const [later] = laterParts(message);
    if (later !== undefined) failInvariant(at, later, 'none in a pack of format version 1', 'one');
  },
};
