import type { DraftResource } from '../../draft/model-draft.ts';
import type { EqualityConstraint } from '../../input/equality-constraints.ts';
import { entryOrder } from '../../input/resource-entry.ts';

/**
 * The equality constraints of a resource and its extensions as one list in resource order; of equal undirected pairs only the
 * first is kept (design 04 §4).
 */
export function collectEqualityConstraints(resource: DraftResource): EqualityConstraint[] {
  const inputs = [resource.input, ...resource.extensions].sort((a, b) => entryOrder(a.entry, b.entry));
  const seen = new Set<string>();
  return inputs
    .flatMap(({ equalityConstraints }) => equalityConstraints)
    .filter(({ source, target }) => {
      const pair = [source.canonical, target.canonical].sort().join('\n');
      if (seen.has(pair)) return false;
      seen.add(pair);
      return true;
    });
}
