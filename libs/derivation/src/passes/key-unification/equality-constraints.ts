import { compareBy } from '@dms/canonical-json';
import type { DraftResource } from '../../draft/model-draft.ts';
import type { EqualityConstraint } from '../../input/equality-constraints.ts';

/**
 * The equality constraints of a resource and its extensions as one list in resource order, each undirected pair once, the
 * first occurrence kept (design 04 §4).
 */
export function collectEqualityConstraints(resource: DraftResource): EqualityConstraint[] {
  const inputs = [resource.input, ...resource.extensions].sort(
    compareBy(
      (input) => input.entry.project.projectName,
      (input) => input.entry.resourceName,
    ),
  );
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
