import type { ResourceKeyEntry } from '@dms/api-schema';
import type { IdentityBlock, Inventory } from '@dms/inventory';
import type { MappingVersion, QualifiedResourceName } from '@dms/model';
import type { MappingSet, ResourceReadPlan, ResourceWritePlan } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import type { ReferentialIds } from './identity/referential-id.ts';
import type { ResourceShape } from './shape/shapes.ts';

/** What the documents of one resource are written and read with. */
export interface ResourcePlans {
  readonly dialect: SqlDialect;
  readonly version: MappingVersion;
  readonly resourceKey: ResourceKeyEntry;
  readonly label: string;
  readonly shape: ResourceShape;
  readonly write: ResourceWritePlan;
  readonly read: ResourceReadPlan;
  readonly identity: IdentityBlock;
  /** The block of its superclass, through which references to that one name it; null without one. */
  readonly superclassIdentity: IdentityBlock | null;
  /** Stored columns of the root whose change is a change of the identity. */
  readonly identityProjection: readonly string[];
}

/** Everything that operations on documents need of a mapping set; made once, shared by all connections. */
export interface DocumentPlans {
  readonly dialect: SqlDialect;
  readonly version: MappingVersion;
  readonly mappingSet: MappingSet;
  readonly inventory: Inventory;
  /** Labels of the relational resources, in the order of the model. */
  readonly labels: readonly string[];
  /** Throws `DOCUMENT_RESOURCE_UNKNOWN` for what is not a relational resource of the mapping set. */
  of(resource: QualifiedResourceName): ResourcePlans;
  /** The block that the identity of a resource, concrete or abstract, is hashed by. */
  identityOf(resource: QualifiedResourceName): IdentityBlock;
  readonly referentialIds: ReferentialIds;
}

/** What is made of the plans of a resource when somebody asks for it, once. */
export function oncePerResource<Made>(make: (plans: ResourcePlans) => Made): (plans: ResourcePlans) => Made {
  const made = new WeakMap<ResourcePlans, { readonly value: Made }>();
  return (plans) => {
    const known = made.get(plans) ?? { value: make(plans) };
    made.set(plans, known);
    return known.value;
  };
}
