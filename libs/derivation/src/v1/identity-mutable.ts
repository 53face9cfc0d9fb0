import { groupBy } from '@dms/files';
import { type FinishedDraft, relationalResources } from '../draft/model-draft.ts';

/**
 * Labels of the resources whose identity can change: by their flag, through an identity reference to such a resource,
 * or as the superclass of such a resource. This is the smallest fixed point (design 11 §1).
 */
export function identityMutableResources(draft: FinishedDraft): ReadonlySet<string> {
  const resources = relationalResources(draft);
  const identityReferences = resources.flatMap(({ label, bindings }) =>
    bindings
      .filter((binding) => binding.isIdentityComponent)
      .map(({ target }) => ({ of: target.label, dependent: label })),
  );
  const memberships = [...draft.abstracts.values()].flatMap(({ members, entry }) =>
    members.map(({ resource }) => ({ of: resource.label, dependent: entry.label })),
  );
  const dependents = groupBy([...identityReferences, ...memberships], ({ of }) => of);
  const queue = resources.filter(({ input }) => input.allowIdentityUpdates).map(({ label }) => label);
  const mutable = new Set<string>();
  for (let label = queue.pop(); label !== undefined; label = queue.pop()) {
    if (mutable.has(label)) continue;
    mutable.add(label);
    for (const { dependent } of dependents.get(label) ?? []) queue.push(dependent);
  }
  return mutable;
}
