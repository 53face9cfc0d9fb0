import { compareBy } from '@dms/canonical-json';
import {
  core,
  type DocumentReferenceBinding,
  isFieldMatchedPart,
  type ReferenceIdentityBinding,
  type ResourceModel,
} from '@dms/model';
import type { NamedTrigger } from '../derive-triggers.ts';
import { IdentityBlockSource } from '../identity-block.ts';
import type { InventoryRules } from '../inventory-rules.ts';
import { authorizationIndexes } from './authorization-indexes.ts';
import { authorizationViews } from './authorization-views.ts';
import { contentVersionIndexes } from './content-version-indexes.ts';
import { PersonChains } from './person-chains.ts';
import { trackedChangeTables } from './tracked-changes.ts';

/**
 * The part that stands for a path with several: a field-matched part first, then the part with the smaller identity path
 * (design 15 §8.1).
 */
function identityPart(
  { referenceObjectPath, identityBindings }: DocumentReferenceBinding,
  path: string,
): ReferenceIdentityBinding | undefined {
  const parts = identityBindings.filter(({ referenceJsonPath }) => referenceJsonPath.canonical === path);
  if (parts.length < 2) return parts[0];
  const isMatched = ({ referenceJsonPath, identityJsonPath }: ReferenceIdentityBinding) =>
    isFieldMatchedPart(referenceObjectPath, referenceJsonPath, identityJsonPath);
  return parts.sort(
    compareBy(
      (part) => (isMatched(part) ? '0' : '1'),
      ({ identityJsonPath }) => identityJsonPath.canonical,
    ),
  )[0];
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

/** The second generation (design 15a). */
export const inventoryRulesV2: InventoryRules = {
  triggers: {
    identityPart,
    mirrorsVersions: true,
    abstractSource(source, path, canonical) {
      const [binding] = source.bindingsAt(path.canonical);
      return (binding && identityPart(binding, path.canonical)?.column) ?? canonical;
    },
  },
  further({ model, names, indexes, strict }) {
    const chains = new PersonChains(model, names);
    const elementsOf = (resource: ResourceModel) => new IdentityBlockSource(resource, names, identityPart).identityElements();
    const trackedTables = trackedChangeTables(model, names, chains, elementsOf);
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
