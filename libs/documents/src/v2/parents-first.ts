import { cachedByResource } from '../resource-plans.ts';

/**
 * The indexes of the tables of a resource, each after its parent. (The list of a plan has companions before their base
 * tables.)
 */
export const parentsFirst = cachedByResource(({ shape }): readonly number[] => {
  const ordered = new Set<number>();
  const visit = (index: number) => {
    if (ordered.has(index)) return;
    const parent = shape.tables[index]?.parent ?? null;
    if (parent !== null) visit(parent);
    ordered.add(index);
  };
  for (const { index } of shape.tables) visit(index);
  return [...ordered];
});
