import { useEffect, useState } from 'preact/hooks';
import type { ModelLookup } from '../../src/model-lookup.ts';
import { buildSearchIndex, type SearchIndex } from '../search-index.ts';
import { useExplored } from './explored.ts';

const indexes = new WeakMap<ModelLookup, Promise<SearchIndex>>();

/** The search index of the chosen dialect; null until it is built, shortly after the first view. */
export function useSearchIndex(): SearchIndex | null {
  const { lookup, embedded } = useExplored();
  const [ready, setReady] = useState<{ readonly lookup: ModelLookup; readonly index: SearchIndex } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const known =
      indexes.get(lookup) ??
      new Promise((resolve) => setTimeout(resolve, 30)).then(() => buildSearchIndex(lookup, embedded.definitions));
    indexes.set(lookup, known);
    known.then((index) => {
      document.documentElement.dataset.search = 'ready';
      if (isCurrent) setReady({ lookup, index });
    });
    return () => {
      isCurrent = false;
    };
  }, [lookup, embedded]);
  return ready?.lookup === lookup ? ready.index : null;
}
