import { closest, distance } from 'fastest-levenshtein';

/** The name that a mistyped one most likely means; undefined when none is near. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const nearest = closest(name, names);
  return distance(name, nearest) <= Math.max(2, Math.floor(name.length / 4)) ? nearest : undefined;
}
