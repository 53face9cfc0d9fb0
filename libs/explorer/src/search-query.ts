import { mustExist } from '@dms/model';
import { searchableKinds } from './search-entries.ts';

/** A parsed query: the kinds that it names, and its other words. */
export interface SearchQuery {
  readonly kinds: readonly string[];
  readonly text: string;
}

function plural(kind: string): string {
  if (/[sx]$/.test(kind)) return `${kind}es`;
  return /[^aeiou]y$/.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}

/** The kinds as typed by users, singular and plural, in lower case. */
const typedKinds = new Map(
  [...searchableKinds].flatMap((kind) => [kind, plural(kind)].map((typed) => [typed.toLowerCase(), kind] as const)),
);

/** The number of words in the longest name of a kind. */
const longestKind = Math.max(...[...typedKinds.keys()].map((typed) => typed.split(' ').length));

/** The shortest prefix that stands for a kind. */
const shortestBeginning = 3;

function kindThatBegins(text: string): string | undefined {
  if (text.length < shortestBeginning) return undefined;
  return [...typedKinds].find(([typed]) => typed.startsWith(text))?.[1];
}

/**
 * Finds the kinds in a query, the longest names first: `unique index of School` asks for unique indexes with `of
 * School`.
 *
 * @param isTyping whether its last word may be the prefix of a kind
 */
export function readQuery(query: string, isTyping: boolean): SearchQuery {
  const words = query.split(/\s+/u).filter((word) => word !== '');
  const kinds: string[] = [];
  const others: string[] = [];
  for (let at = 0; at < words.length; ) {
    const found = kindAt(words, at, isTyping);
    if (found) kinds.push(found.kind);
    else others.push(mustExist(words[at], 'a word of the query'));
    at += found?.length ?? 1;
  }
  return { kinds, text: others.join(' ') };
}

function kindAt(words: readonly string[], at: number, isTyping: boolean) {
  for (let length = Math.min(longestKind, words.length - at); length > 0; length -= 1) {
    const typed = words
      .slice(at, at + length)
      .join(' ')
      .toLowerCase();
    const isEnd = at + length === words.length;
    const kind = typedKinds.get(typed) ?? (isTyping && isEnd ? kindThatBegins(typed) : undefined);
    if (kind !== undefined) return { kind, length };
  }
  return null;
}
