import { closest, distance } from 'fastest-levenshtein';
import { mostExamples } from './shown-limits.ts';

/** The form of a word after a number: `one` after 1, otherwise `many`, which defaults to `one` with an *s*. */
export const formFor = (count: number | bigint, one: string, many = `${one}s`): string =>
  BigInt(count) === 1n ? one : many;

/** A number with its word: `1 resource`, `0 resources`, `2 resources`. */
export const counted = (count: number | bigint, one: string, many?: string): string =>
  `${count} ${formFor(count, one, many)}`;

/** A text as the beginning of a sentence. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Bytes as whole megabytes, at least one: `40 MB`. */
export const megabytesText = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1_000_000))} MB`;

const ordinal = (a: string, b: string) => (a < b ? -1 : 1);

/** The names in order of their similarity to `name`, ignoring case. */
function byLikeness(name: string, known: Iterable<string>): { readonly known: string; readonly steps: number }[] {
  const wanted = name.toLowerCase();
  return [...new Set(known)]
    .map((each) => ({ known: each, steps: distance(wanted, each.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps || ordinal(a.known, b.known));
}

/** The names in `known` that are similar to `name`, the most similar first. */
export function nearNames(name: string, known: Iterable<string>): string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  return byLikeness(name, known)
    .filter(({ steps }) => steps <= limit)
    .map((each) => each.known);
}

/** `"a", "b"`: at most 20 of the names, then the number of the others. */
export function listOfNames(names: readonly string[]): string {
  const shown = names.slice(0, mostExamples).map((name) => JSON.stringify(name));
  return names.length > mostExamples ? `${shown.join(', ')}, … (${names.length} in all)` : shown.join(', ');
}

/** `a`, `a or b`, `a, b or c`: all words, with a word between the last two. */
export const listWith = (word: 'and' | 'or', words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${word} ${words.at(-1)}`;

/** The end of a sentence about an unknown name, including the full stop: the names that may have been meant. */
export const meantNames = (names: readonly string[]): string => {
  const quoted = names.map((name) => JSON.stringify(name));
  return names.length === 0 ? '.' : `; did you mean ${listWith('or', quoted)}?`;
};

/**
 * The end of a sentence about an unknown name, including the full stop: the similar known names or, if there are none,
 * all known names (the 20 most similar of many), after the word `what`.
 */
export function alternatives(name: string, known: Iterable<string>, what = 'known'): string {
  const near = nearNames(name, known).slice(0, 3);
  if (near.length > 0) return meantNames(near);
  const all = byLikeness(name, known).map((each) => each.known);
  if (all.length === 0) return '.';
  return `; ${what}: ${listOfNames(all.length > mostExamples ? all : all.sort(ordinal))}.`;
}

/** The known name that was most likely meant by a mistyped name; null if none is similar. */
interface NearestName {
  readonly nearest: string | null;
  /** The end of a sentence about the mistyped name, including the full stop. */
  readonly hint: string;
}

const withoutProject = (label: string) => label.slice(label.indexOf(':') + 1);

/**
 * The most similar of the known names; a name that differs only in case comes first. A resource without its project,
 * `Student` or `:Student`, is compared with the parts after the colon; the hint then lists the names with their
 * projects.
 */
export function nearestName(name: string, known: readonly string[]): NearestName {
  const isBare = name.lastIndexOf(':') <= 0;
  const wanted = isBare ? withoutProject(name) : name;
  const compared = (each: string) => (isBare ? withoutProject(each) : each);
  // in reverse, so that the first of equal names is used
  const byCompared = new Map(known.toReversed().map((each) => [compared(each), each]));
  const byCase = known.find((each) => compared(each).toLowerCase() === wanted.toLowerCase());
  const near = byCompared.size === 0 ? null : closest(wanted, [...byCompared.keys()].toReversed());
  const isNear = near !== null && distance(wanted, near) <= Math.max(2, Math.floor(wanted.length / 4));
  const nearest = byCompared.get(wanted) ?? byCase ?? (isNear ? byCompared.get(near) : undefined);
  // the resource may exist in several projects
  const same = nearest === undefined ? [] : [...new Set(known.filter((each) => compared(each) === compared(nearest)))];
  return { nearest: nearest ?? null, hint: meantNames(same.slice(0, mostExamples)) };
}

/** A row of a database in the form that messages and reports show. */
export interface RowPlace {
  readonly table: string;
  /** The values of its key by column, as text. */
  readonly key: Readonly<Record<string, string>>;
}

/** `edfi.Session (SchoolId 7, SessionName Fall)` */
export const rowText = ({ table, key }: RowPlace): string =>
  `${table} (${Object.entries(key)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')})`;
