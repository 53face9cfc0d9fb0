import type { FinishedDraft } from '../draft/model-draft.ts';
import { identityReferences, resourcesChangingWith, updatableResources } from '../propagation/propagation.ts';

/**
 * Labels of the resources whose identity can change: by their flag, through an identity reference to such a resource,
 * or as the superclass of such a resource. This is the smallest fixed point (design 11 §1).
 */
export function identityMutableResources(draft: FinishedDraft): ReadonlySet<string> {
  const memberships = [...draft.abstracts.values()].flatMap(({ members, entry }) =>
    members.map(({ resource }) => ({ target: resource.label, dependent: entry.label })),
  );
  return resourcesChangingWith(updatableResources(draft), [...identityReferences(draft), ...memberships]);
}
