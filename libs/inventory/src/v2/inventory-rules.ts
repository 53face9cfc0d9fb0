import { core } from '@dms/model';
import type { NamedTrigger } from '../derive-triggers.ts';
import type { InventoryRules } from '../inventory-rules.ts';
import { authorizationIndexes } from './authorization-indexes.ts';
import { authorizationViews } from './authorization-views.ts';
import { contentVersionIndexes } from './content-version-indexes.ts';
import { PersonChains } from './person-chains.ts';
import { trackedChangeTables } from './tracked-changes.ts';

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

/** The second generation (design 15a). */
export const inventoryRulesV2: InventoryRules = {
  triggers: {
    mirrorsVersions: true,
    storesReferentialIds: true,
    // a part of a reference stands for its path, as in the identity (design 15 §8.1)
    abstractSource({ documentReferenceBindings, identityElements }, { canonical: path }, canonical) {
      const isReferred = documentReferenceBindings.some(({ identityBindings }) =>
        identityBindings.some(({ referenceJsonPath }) => referenceJsonPath.canonical === path),
      );
      const element = identityElements.find(({ identityJsonPath }) => identityJsonPath.canonical === path);
      return (isReferred && element?.column) || canonical;
    },
  },
  further({ model, names, indexes, strict }) {
    const chains = new PersonChains(model, names);
    const trackedTables = trackedChangeTables(model, names, chains);
    return {
      indexes: [
        ...contentVersionIndexes(model, names),
        ...authorizationIndexes({ model, names, chains, others: indexes, strict }),
      ],
      triggers: [descriptorStamp],
      trackedTables,
    };
  },
  authViews: authorizationViews,
};
