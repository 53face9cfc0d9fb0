import { groupBy } from '@dms/files';
import { type FinishedDraft, relationalResources } from '../draft/model-draft.ts';

/**
 * Labels of the concrete resources whose identity can change: by their flag, or through an identity reference to an
 * abstract resource or to such a resource. This is the smallest such set (design 15 §9.1).
 */
export function transitivelyMutableResources(draft: FinishedDraft): ReadonlySet<string> {
  const resources = relationalResources(draft);
  const identityReferences = resources.flatMap(({ label, bindings }) =>
    bindings
      .filter((binding) => binding.isIdentityComponent)
      .map(({ target }) => ({ target: target.label, dependent: label })),
  );
  const dependents = groupBy(identityReferences, ({ target }) => target);
  const queue = [
    ...resources.filter(({ input }) => input.allowIdentityUpdates).map(({ label }) => label),
    ...identityReferences.filter(({ target }) => draft.abstracts.has(target)).map(({ dependent }) => dependent),
  ];
  const mutable = new Set<string>();
  for (let label = queue.pop(); label !== undefined; label = queue.pop()) {
    if (mutable.has(label)) continue;
    mutable.add(label);
    for (const { dependent } of dependents.get(label) ?? []) queue.push(dependent);
  }
  return mutable;
}
