import { closest, distance } from 'fastest-levenshtein';

/** The known name that a mistyped name most likely means; null if none is similar. */
interface NearestName {
  readonly nearest: string | null;
  /** A sentence with a suggestion, with a space before it; empty if there is none. */
  readonly hint: string;
}

const withoutProject = (label: string) => label.slice(label.indexOf(':') + 1);

/**
 * The most similar of the known names; one that differs in case only comes first. A resource without its project,
 * `Student` or `:Student`, is compared with the names after the colon.
 */
export function nearestName(name: string, known: readonly string[]): NearestName {
  const isBare = name.lastIndexOf(':') <= 0;
  const wanted = isBare ? withoutProject(name) : name;
  const compared = (each: string) => (isBare ? withoutProject(each) : each);
  // in reverse, so that the first of equal names counts
  const byCompared = new Map(known.toReversed().map((each) => [compared(each), each]));
  const byCase = known.find((each) => compared(each).toLowerCase() === wanted.toLowerCase());
  const near = byCompared.size === 0 ? null : closest(wanted, [...byCompared.keys()].toReversed());
  const isNear = near !== null && distance(wanted, near) <= Math.max(2, Math.floor(wanted.length / 4));
  const nearest = byCompared.get(wanted) ?? byCase ?? (isNear ? byCompared.get(near) : undefined);
  if (nearest === undefined) return { nearest: null, hint: '' };
  return { nearest, hint: ` Did you mean ${nearest}?` };
}
