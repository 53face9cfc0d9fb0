import { closest, distance } from 'fastest-levenshtein';

/** The known name that a mistyped name most likely means; null if none is similar. */
interface NearestName {
  readonly nearest: string | null;
  /** A sentence with a suggestion, with a space before it; empty if there is none. */
  readonly hint: string;
}

export function nearestName(name: string, known: readonly string[]): NearestName {
  const nearest = known.length === 0 ? null : closest(name, known);
  if (nearest === null || distance(name, nearest) > Math.max(2, Math.floor(name.length / 4)))
    return { nearest: null, hint: '' };
  return { nearest, hint: ` Did you mean ${nearest}?` };
}
