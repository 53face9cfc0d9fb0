import { mustExist } from '@dms/model';
import { cachedByObject } from '@dms/values';
import type { ColumnRules } from './column-rules.ts';
import { type GroupOf, type Leaf, pathGroups } from './leaves.ts';
import type { OdsResource } from './resource-parts.ts';

/** The groups of a resource's paths that hold one value. */
export type GroupsOf = (resource: OdsResource) => GroupOf;

/** Paths hold one value because of equality constraints, or because a reference repeats one value (design 19 §5.3). */
export function equalGroups({ keyOf }: Pick<ColumnRules, 'keyOf'>): GroupsOf {
  const repeatedPaths = ({ target, pairs }: Extract<Leaf, { readonly kind: 'reference' }>) =>
    keyOf(target).flatMap(({ paths }) => {
      const [first, ...others] = pairs.filter(({ identityPath }) => paths.includes(identityPath));
      return others.map(({ referencePath }) => [mustExist(first, 'a path').referencePath, referencePath] as const);
    });
  return cachedByObject(({ own, extensions }: OdsResource) =>
    pathGroups(
      [own, ...extensions].flatMap(({ equalities, leaves }) => [
        ...equalities.map(({ source, target }) => [source, target] as const),
        ...leaves.flatMap((leaf) => (leaf.kind === 'reference' ? repeatedPaths(leaf) : [])),
      ]),
    ),
  );
}
