import MiniSearch from 'minisearch';
import type { ModelLookup } from '../src/model-lookup.ts';
import type { Definitions } from '../src/page-data.ts';
import { type SearchEntry, type SearchKind, searchEntries } from '../src/search-entries.ts';
import { readQuery, type SearchQuery } from '../src/search-query.ts';

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
};

/**
 * Words of a name: `CourseOffering_SchoolId` and `$.courseOffering.schoolId` have the same ones; and the whole name.
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
