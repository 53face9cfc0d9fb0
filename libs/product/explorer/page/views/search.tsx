import { useMemo } from 'preact/hooks';
import type { SearchKind } from '../../src/search/search-entries.ts';
import { counted } from '../../src/sentences/phrase.ts';
import { useHref } from '../explored.ts';
import { FoldedList, Section, ViewHeading } from '../parts/blocks.tsx';
import { Found, useSearchIndex } from '../parts/search-box.tsx';

/** The most results to list in a view. */
const limit = 1000;

/** The results of a kind that are shown at once where several kinds are found. */
const firstOfKind = 10;

/** The sections, in their order. */
const titles: Readonly<Record<SearchKind, string>> = {
  resource: 'Resources',
  table: 'Tables',
  path: 'JSON paths',
  column: 'Columns',
  constraint: 'Foreign keys and checks',
  index: 'Indexes',
  trigger: 'Triggers',
  odsTable: 'ODS tables',
  odsColumn: 'ODS columns',
  earlierTable: 'Earlier ODS tables',
  earlierColumn: 'Earlier ODS columns',
};

function countWords(count: number): string {
  if (count === 0)
    return 'Nothing has this name. A kind can be searched for too, alone or with a name: trigger, foreign key School.';
  const all = `${counted(count, 'result')}`;
  return count > limit ? `${all}, of which the first ${limit.toLocaleString('en-US')} are listed` : all;
}

/** All results of a query, by kind. */
export function SearchView({ query }: { readonly query: string }) {
  const href = useHref();
  const index = useSearchIndex();
  const found = useMemo(() => index?.find(query) ?? [], [index, query]);
  const listed = found.slice(0, limit);
  const kinds = new Set(listed.map(({ kind }) => kind));
  return (
    <>
      <ViewHeading title={`Search: ${query}`}>
        <p aria-live="polite">{index === null ? 'Preparing the search …' : countWords(found.length)}</p>
      </ViewHeading>
      {(Object.keys(titles) as SearchKind[]).map((kind) => {
        const entries = listed.filter((entry) => entry.kind === kind);
        if (entries.length === 0) return null;
        return (
          <Section key={kind} id={kind} title={titles[kind]} count={entries.length}>
            <FoldedList
              key={query}
              kind="found-list"
              first={kinds.size > 1 ? firstOfKind : entries.length}
              entries={entries.map((entry) => (
                <a key={entry.href} href={href(entry.href)}>
                  <Found entry={entry} />
                </a>
              ))}
            />
          </Section>
        );
      })}
    </>
  );
}
