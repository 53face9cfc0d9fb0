import type { FinishedDraft } from '../draft/model-draft.ts';
import { identityReferences, resourcesChangingWith, updatableResources } from '../propagation/propagation.ts';

/**
 * Labels of the concrete resources whose identity can change: by their flag, or through an identity reference to an
 * abstract resource or to such a resource. This is the smallest such set (design 15 §9.1).
 */
export function transitivelyMutableResources(draft: FinishedDraft): ReadonlySet<string> {
  const references = identityReferences(draft);
  const toAbstract = references.filter(({ target }) => draft.abstracts.has(target)).map(({ dependent }) => dependent);
  return resourcesChangingWith([...updatableResources(draft), ...toAbstract], references);
}
