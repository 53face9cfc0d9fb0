import type { CollectionMergePlan, ReferenceIdentityField, TableWritePlan } from './plan.ts';
import type { QueryCapabilities } from './query/query-capability.ts';

export type ManifestMembers = Readonly<Record<string, unknown>>;

/**
 * The additional members of a generation's manifest, object by object; an empty object if there are none (design 08
 * §11.2, 17 §6).
 */
export interface ManifestForm {
  /** After the hash of the delete by parent. */
  mergePlan(plan: CollectionMergePlan | null): ManifestMembers;
  /** After the column bindings. */
  preallocation(plan: TableWritePlan['collectionKeyPreallocationPlan']): ManifestMembers;
  /** After the hash of the statement that reads by the keyset. */
  singleDocument(sql: string | null): ManifestMembers;
  /** At the end of a field of a reference. */
  identityField(field: ReferenceIdentityField): ManifestMembers;
  /** After the plans of a resource. */
  capabilities(label: string, capabilities: QueryCapabilities): ManifestMembers;
}
