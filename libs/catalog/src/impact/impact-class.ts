/**
 * What a change asks for: `M` a migration of data, `W` it breaks writers, `R` it breaks readers, `A` it only adds
 * (design 09 §4.4). In the order in which they are written.
 */
export const impactClasses = ['M', 'W', 'R', 'A'] as const;

export type ImpactClass = (typeof impactClasses)[number];

/** All classes that are in one of the lists, in order. */
export function unitedClasses(lists: Iterable<readonly ImpactClass[]>): readonly ImpactClass[] {
  const found = new Set<ImpactClass>();
  for (const list of lists) for (const entry of list) found.add(entry);
  return impactClasses.filter((entry) => found.has(entry));
}
