import { distance } from 'fastest-levenshtein';

/** The most names that a message lists. */
const listed = 20;

/** The names of `known` that are written like `name`, the nearest first; case is no difference. */
export function nearNames(name: string, known: Iterable<string>): string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  const wanted = name.toLowerCase();
  return [...new Set(known)]
    .map((each) => ({ each, steps: distance(wanted, each.toLowerCase()) }))
    .filter(({ steps }) => steps <= limit)
    .sort((a, b) => a.steps - b.steps || (a.each < b.each ? -1 : 1))
    .map(({ each }) => each);
}

/** `"a", "b"`: at most 20 of the names, and how many there are of more. */
export function listOfNames(names: readonly string[]): string {
  const shown = names.slice(0, listed).map((name) => JSON.stringify(name));
  return names.length > listed ? `${shown.join(', ')}, … (${names.length} in all)` : shown.join(', ');
}

/**
 * The sentence that follows on an unknown name: which known ones are written like it, else which there are; without any the text
 * is empty. It begins with a space.
 */
export function alternatives(name: string, known: Iterable<string>): string {
  const all = [...new Set(known)];
  const near = nearNames(name, all).slice(0, 3);
  if (near.length > 0) return ` Did you mean ${near.map((each) => JSON.stringify(each)).join(' or ')}?`;
  if (all.length === 0) return '';
  return ` Known are ${listOfNames(all.sort((a, b) => (a < b ? -1 : 1)))}.`;
}
