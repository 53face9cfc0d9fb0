import { core, type FullNames, modelIndex, type RelationalModelSet } from '@dms/model';
import type { NamedIndex } from '../derive-indexes.ts';
import type { InventoryRules } from '../inventory-rules.ts';
import type { NamedTrigger } from '../trigger-kinds.ts';
import { authorizationIndexes } from './authorization-indexes.ts';
import { authorizationViews } from './authorization-views.ts';
import { PersonChains } from './person-chains.ts';
import { trackedChangeTables } from './tracked-changes.ts';

const explicit = (fullName: string, table: NamedIndex['table'], keyColumns: readonly string[]): NamedIndex => ({
  fullName,
  table,
  kind: 'Explicit',
  isUnique: false,
  keyColumns,
  includeColumns: [],
});

/** The indexes by which a server finds changes since a version (design 15 §10.1 step 4, §10.2). */
function contentVersionIndexes(
  model: RelationalModelSet,
  names: FullNames,
  ofDescriptor: readonly (readonly string[])[],
): NamedIndex[] {
  const ofRoots = modelIndex(model).allTables.flatMap(({ table: { table, columns } }) =>
    columns
      .filter(({ kind }) => kind === 'MirroredContentVersion')
      .map(({ name }) => explicit(`IX_${names.table(table)}_${names.column(table, name)}`, table, [name])),
  );
  const hasDescriptors = model.resources.some(({ storageKind }) => storageKind === 'SharedDescriptorTable');
  const ofDescriptors = ofDescriptor.map((columns) =>
    explicit(`IX_Descriptor_${columns.join('_')}`, core.descriptor, columns),
  );
  return hasDescriptors ? [...ofRoots, ...ofDescriptors] : ofRoots;
}

/** One trigger stamps the documents of all descriptors (design 15a §3). */
const descriptorStamp: NamedTrigger = {
  fullName: 'TR_Descriptor_Stamp_Document',
  table: core.descriptor,
  keyColumns: ['DocumentId'],
  identityProjectionColumns: [],
  kind: 'DocumentStamping',
  mirrorStampTargetTable: core.descriptor,
  changeTracking: null,
};

/** The columns by which changes of the descriptors of a resource are found. */
export const descriptorsOfResource: readonly string[] = ['ResourceKeyId', 'ContentVersion', 'DocumentId'];

/** The objects besides those that all generations have; `ofDescriptor` lists the indexes of `dms.Descriptor`. */
export const furtherObjects =
  (ofDescriptor: readonly (readonly string[])[]): InventoryRules['further'] =>
  ({ model, names, indexes, strict }) => {
    const chains = new PersonChains(model, names);
    const trackedTables = trackedChangeTables(model, names, chains);
    return {
      indexes: [
        ...contentVersionIndexes(model, names, ofDescriptor),
        ...authorizationIndexes({ model, names, chains, others: indexes, strict }),
      ],
      triggers: [descriptorStamp],
      trackedTables,
    };
  };

/** The second generation (design 15a). */
export const inventoryRulesV2: InventoryRules = {
  triggers: {
    mirrorsVersions: true,
    storesReferentialIds: true,
    // a part of a reference represents its path, as in the identity (design 15 §8.1)
    abstractSource({ documentReferenceBindings, identityElements }, { canonical: path }, canonical) {
      const isReferred = documentReferenceBindings.some(({ identityBindings }) =>
        identityBindings.some(({ referenceJsonPath }) => referenceJsonPath.canonical === path),
      );
      const element = identityElements.find(({ identityJsonPath }) => identityJsonPath.canonical === path);
      return (isReferred && element?.column) || canonical;
    },
  },
  further: furtherObjects([['Discriminator', 'ContentVersion'], descriptorsOfResource]),
  authViews: authorizationViews,
};
