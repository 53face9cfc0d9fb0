/**
 * The effects of a change: `M` data must be migrated, `W` writers break, `R` readers break, `A` something is added (design 09
 * §4.4). In the order in which they are printed.
 */
export const impactClasses = ['M', 'W', 'R', 'A'] as const;

export type ImpactClass = (typeof impactClasses)[number];

/** The union of the lists, in order. */
export function unitedClasses(lists: Iterable<readonly ImpactClass[]>): readonly ImpactClass[] {
  const found = new Set<ImpactClass>();
  for (const list of lists) for (const entry of list) found.add(entry);
  return impactClasses.filter((entry) => found.has(entry));
}
