import { type DraftAbstractResource, DraftResource, type FinishedDraft, relationalResources } from '../draft/model-draft.ts';

/**
 * Labels of the resources whose identity can change: by their own flag, through an identity reference to one that can, or as
 * the superclass of one that can; the smallest fixed point (design 11 §1).
 */
export function identityMutableResources(draft: FinishedDraft): ReadonlySet<string> {
  const dependents = new Map<string, string[]>();
  const addDependent = (of: string, dependent: string) => dependents.set(of, [...(dependents.get(of) ?? []), dependent]);
  const queue: string[] = [];
  for (const resource of relationalResources(draft)) {
    if (resource.input.allowIdentityUpdates) queue.push(resource.label);
    for (const binding of resource.bindings)
      if (binding.isIdentityComponent) addDependent(binding.target.label, resource.label);
  }
  for (const abstract of draft.abstracts.values()) {
    for (const { resource } of abstract.members) addDependent(resource.label, abstract.entry.label);
  }
  const mutable = new Set<string>();
  for (let label = queue.pop(); label !== undefined; label = queue.pop()) {
    if (mutable.has(label)) continue;
    mutable.add(label);
    queue.push(...(dependents.get(label) ?? []));
  }
  return mutable;
}

export function labelOf(resource: DraftResource | DraftAbstractResource): string {
  return resource instanceof DraftResource ? resource.label : resource.entry.label;
}
