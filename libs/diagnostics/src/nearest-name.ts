import { closest, distance } from 'fastest-levenshtein';

/** What a mistyped name most likely means: null when no known name is near. */
interface NearestName {
  readonly nearest: string | null;
  /** A sentence to follow another, with a space before it; empty when there is none. */
  readonly hint: string;
}

export function nearestName(name: string, known: readonly string[]): NearestName {
  const nearest = known.length === 0 ? null : closest(name, known);
  if (nearest === null || distance(name, nearest) > Math.max(2, Math.floor(name.length / 4)))
    return { nearest: null, hint: '' };
  return { nearest, hint: ` Did you mean ${nearest}?` };
}
