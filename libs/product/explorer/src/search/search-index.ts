import { mustExist } from '@dms/model';
import MiniSearch from 'minisearch';
import type { ModelLookup } from '../model-lookup.ts';
import type { Definitions } from '../page-data.ts';
import { type SearchEntry, type SearchKind, searchableKinds, searchEntries } from './search-entries.ts';

/** The weights of kinds: people search for some more often than for others. */
const weights: Readonly<Record<SearchKind, number>> = {
  resource: 4,
  table: 2.2,
  path: 1.8,
  column: 1,
  constraint: 0.6,
  index: 0.5,
  trigger: 0.6,
  odsTable: 2,
  odsColumn: 0.8,
  earlierTable: 1.6,
  earlierColumn: 0.7,
};

/**
 * The words of a name, and the whole name: `CourseOffering_SchoolId` and `$.courseOffering.schoolId` have the same
 * words.
 */
function words(text: string): string[] {
  const parts = text
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
  return parts.length > 1 ? [...parts, text] : parts.length === 1 ? parts : [text];
}

interface Indexed extends SearchEntry {
  readonly id: number;
}

/** Finds entries by name, by kind and by the words of their definitions, the best first. */
export interface SearchIndex {
  find(query: string): readonly SearchEntry[];
}

/** Builds the index in pieces, so that the page stays responsive. */
export async function buildSearchIndex(lookup: ModelLookup, definitions: Definitions): Promise<SearchIndex> {
  const entries: Indexed[] = searchEntries(lookup, definitions).map((entry, id) => ({ ...entry, id }));
  const exact = new Map<string, Indexed[]>();
  for (const entry of entries)
    for (const name of [entry.name, entry.fullName, entry.qualified]) {
      if (name === null) continue;
      const key = name.toLowerCase();
      const known = exact.get(key);
      if (known) known.push(entry);
      else exact.set(key, [entry]);
    }
  const index = new MiniSearch<Indexed>({
    fields: ['name', 'fullName', 'qualified'],
    tokenize: words,
    processTerm: (term) => term.toLowerCase(),
    searchOptions: {
      combineWith: 'AND',
      boost: { name: 2 },
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      boostDocument: (id) => {
        const entry = entries[id as number];
        // a short name is a better match than a long one with the same words
        return entry ? weights[entry.kind] / (1 + entry.name.length / 40) : 1;
      },
    },
  });
  await index.addAllAsync(entries, { chunkSize: 1500 });
  // many entries share a definition, so each text is indexed once
  const defined = new Map<string, Indexed[]>();
  for (const entry of entries) {
    if (entry.definition === '') continue;
    const known = defined.get(entry.definition);
    if (known) known.push(entry);
    else defined.set(entry.definition, [entry]);
  }
  const meanings = new MiniSearch<{ readonly id: string }>({
    fields: ['id'],
    tokenize: (text) => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ''),
    processTerm: (term) => term.toLowerCase(),
    searchOptions: { combineWith: 'AND', prefix: (term) => term.length > 2 },
  });
  await meanings.addAllAsync(
    [...defined.keys()].map((id) => ({ id })),
    { chunkSize: 500 },
  );
  const byDefinition = (text: string): Indexed[] =>
    meanings
      .search(text)
      .flatMap(({ id }) => defined.get(id as string) ?? [])
      .sort((a, b) => weights[b.kind] - weights[a.kind]);
  const byName = (text: string): Indexed[] =>
    index
      // people also search for the last part of a qualified name
      .search(text, { tokenize: (query) => words(query).filter((word, _, all) => all.length === 1 || word !== query) })
      .flatMap(({ id }) => entries[id as number] ?? []);
  const byKind = ({ kinds, text }: SearchQuery): Indexed[] => {
    if (kinds.length === 0) return [];
    const isOfKinds = ({ kindNames }: Indexed) => kinds.every((kind) => kindNames.includes(kind));
    return (text === '' ? entries : byName(text)).filter(isOfKinds);
  };
  return {
    find(query) {
      const text = query.trim();
      if (text === '') return [];
      const first = [...(exact.get(text.toLowerCase()) ?? [])].sort((a, b) => weights[b.kind] - weights[a.kind]);
      const named = new Set([...first, ...byName(text), ...byKind(readQuery(text, false))]);
      const found = named.size > 0 ? named : byKind(readQuery(text, true));
      return [...new Set([...found, ...byDefinition(text)])];
    },
  };
}

/** A parsed query: the kinds that it names, and its other words. */
interface SearchQuery {
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
