/** A name for the group of a path; the same for all paths of the group. */
export type GroupOf = (path: string) => string;

/** The groups of paths that hold one value, from the pairs that are known to be equal. */
export function pathGroups(pairs: Iterable<readonly [string, string]>): GroupOf {
  const parents = new Map<string, string>();
  const find = (path: string): string => {
    let last = path;
    for (let parent = parents.get(last); parent !== undefined; parent = parents.get(last)) last = parent;
    return last;
  };
  for (const [a, b] of pairs) {
    const left = find(a);
    const right = find(b);
    if (left !== right) parents.set(left, right);
  }
  return find;
}
