import { useMemo } from 'preact/hooks';
import type { SearchEntry } from '../../src/search-entries.ts';
import { Section, ViewHeading } from '../parts/blocks.tsx';
import { useHref } from '../parts/explored.ts';
import { Found, kindNames } from '../parts/search-box.tsx';
import { useSearchIndex } from '../parts/use-search-index.ts';

const limit = 300;

/** All that a query finds, by kind. */
export function SearchView({ query }: { readonly query: string }) {
  const href = useHref();
  const index = useSearchIndex();
  const found = useMemo(() => index?.find(query, limit) ?? [], [index, query]);
  const kinds = Object.keys(kindNames) as SearchEntry['kind'][];
  return (
    <>
      <ViewHeading title={`Search: ${query}`}>
        <p aria-live="polite">
          {index === null ? 'Preparing the search …' : `${found.length === limit ? `The first ${limit}` : found.length} found`}
        </p>
      </ViewHeading>
      {kinds.map((kind) => {
        const entries = found.filter((entry) => entry.kind === kind);
        if (entries.length === 0) return null;
        return (
          <Section key={kind} id={kind} title={kindNames[kind]} count={entries.length}>
            <ul class="found-list">
              {entries.map((entry) => (
                <li key={`${entry.href} ${entry.name}`}>
                  <a href={href(entry.href)}>
                    <Found entry={entry} />
                  </a>
                </li>
              ))}
            </ul>
          </Section>
        );
      })}
    </>
  );
}
