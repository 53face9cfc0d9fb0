import type { DbTrigger } from '@dms/inventory';
import type { TriggerBodies } from './ddl-generation.ts';
import { abstractIdentity } from './trigger-bodies/abstract-identity.ts';
import { authHierarchy } from './trigger-bodies/auth-hierarchy.ts';
import { identityPropagation } from './trigger-bodies/identity-propagation.ts';
import { referentialIdentity } from './trigger-bodies/referential-identity.ts';

/** The bodies of triggers, by their kind in the inventory. */
export const triggerBodies: {
  readonly [Kind in DbTrigger['kind']]: TriggerBodies<Extract<DbTrigger, { readonly kind: Kind }>>;
} = {
  // the generations have nothing in common here: `v1/` and `v2/`
  DocumentStamping: {
    pgsql: (source, generation) => generation.documentStamping(source),
    mssql: (source, generation) => generation.documentStamping(source),
  },
  ReferentialIdentityMaintenance: referentialIdentity,
  AbstractIdentityMaintenance: abstractIdentity,
  IdentityPropagationFallback: identityPropagation,
  AuthHierarchyMaintenance: authHierarchy,
};
