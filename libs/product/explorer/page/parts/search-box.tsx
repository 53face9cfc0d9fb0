import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ModelLookup } from '../../src/model-lookup.ts';
import type { SearchEntry } from '../../src/search/search-entries.ts';
import { buildSearchIndex, type SearchIndex } from '../../src/search/search-index.ts';
import { counted } from '../../src/sentences/phrase.ts';
import { useExplored, useHref } from '../explored.ts';
import { Name } from './names.tsx';

const shown = 10;

const boxId = 'search-box';

function focusSearchBox(): void {
  const box = document.getElementById(boxId);
  if (box instanceof HTMLInputElement) {
    box.focus();
    box.select();
  }
}

/** The key `/` begins a search, wherever nothing is written. */
function useSlashKey(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (
        event.key !== '/' ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target?.closest('input:not([type=radio]), textarea')
      )
        return;
      event.preventDefault();
      focusSearchBox();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

/** The types allow the role only for a box with a native list of the browser. */
const combobox = (isExpanded: boolean, active: string | undefined) =>
  ({
    role: 'combobox',
    'aria-expanded': isExpanded,
    'aria-controls': 'found',
    'aria-autocomplete': 'list',
    'aria-activedescendant': active,
  }) as object;

/** The results of the query, and the time it took, for measurements. */
function find(index: SearchIndex | null, query: string): readonly SearchEntry[] {
  if (!index) return [];
  performance.mark('search-start');
  const found = index.find(query);
  performance.measure('search', 'search-start');
  return found;
}

/** The last line of the list, which opens the view with all results. */
function everythingWords(index: SearchIndex | null, count: number): string {
  if (index === null) return 'Preparing the search …';
  if (count === 0) return 'Nothing found';
  return count > shown ? `All ${counted(count, 'result')}` : 'All results';
}

/** A line of the list of what was found; the box keeps the focus. */
function Line({
  position,
  isActive,
  kind,
  open,
  activate,
  children,
}: {
  readonly position: number;
  readonly isActive: boolean;
  readonly kind?: string;
  readonly open: () => void;
  readonly activate: (position: number) => void;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the box
    <div
      id={`found-${position}`}
      role="option"
      class={kind}
      aria-selected={isActive}
      onClick={open}
      onMouseMove={() => activate(position)}
    >
      {children}
    </div>
  );
}

/** The query, its results and the selected result: arrows select, Enter opens, Escape leaves. */
function useSearch(input: RefObject<HTMLInputElement | null>) {
  const href = useHref();
  const index = useSearchIndex();
  const [query, setQuery] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const all = useMemo(() => (isOpen ? find(index, query) : []), [isOpen, index, query]);
  const found = all.slice(0, shown);
  const everything = `/search?q=${encodeURIComponent(query)}`;
  const targets = [...found.map((entry) => entry.href), everything];
  const close = () => {
    setOpen(false);
    setActive(0);
  };
  const open = (target: string | undefined) => {
    if (target === undefined || query.trim() === '') return;
    location.hash = href(target);
    close();
    input.current?.blur();
  };
  const hasList = isOpen && query.trim() !== '';
  const chosen = Math.min(active, targets.length - 1);
  const pressed = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move !== undefined) {
      event.preventDefault();
      setOpen(true);
      setActive((active + move + targets.length) % targets.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(targets[chosen]);
    } else if (event.key === 'Escape') {
      if (hasList) close();
      else input.current?.blur();
    }
  };
  const leave = () => {
    setQuery('');
    close();
  };
  const write = (text: string) => {
    setQuery(text);
    setOpen(true);
    setActive(0);
  };
  const words = everythingWords(index, all.length);
  return { query, found, everything, words, hasList, active, chosen, write, setOpen, setActive, open, pressed, leave };
}

/** One box for everything that has a name; `/` focuses it. */
export function SearchBox() {
  const { dialect } = useExplored();
  const input = useRef<HTMLInputElement>(null);
  useSlashKey();
  const { found, hasList, active, chosen, open, setOpen, setActive, ...search } = useSearch(input);
  return (
    <search class="search">
      <input
        ref={input}
        id={boxId}
        type="text"
        enterkeyhint="search"
        {...combobox(hasList, hasList ? `found-${chosen}` : undefined)}
        placeholder="Search resources, tables, columns, paths, rules"
        aria-label="Search resources, tables, columns, paths, rules"
        aria-keyshortcuts="/"
        autocomplete="off"
        spellcheck={false}
        value={search.query}
        onInput={(event) => search.write(event.currentTarget.value)}
        onFocus={() => setOpen(true)}
        onBlur={search.leave}
        onKeyDown={search.pressed}
      />
      <kbd aria-hidden>/</kbd>
      <div
        id="found"
        role="listbox"
        aria-label="Found"
        hidden={!hasList}
        onMouseDown={(event) => event.preventDefault()}
      >
        {hasList &&
          found.map((entry, position) => (
            <Line
              key={`${dialect} ${entry.href} ${entry.kind} ${entry.name}`}
              position={position}
              isActive={position === active}
              open={() => open(entry.href)}
              activate={setActive}
            >
              <Found entry={entry} />
            </Line>
          ))}
        {hasList && (
          <Line
            position={found.length}
            isActive={active >= found.length}
            kind="everything"
            open={() => open(search.everything)}
            activate={setActive}
          >
            {search.words}
          </Line>
        )}
      </div>
    </search>
  );
}

/** One result: its name, its kind, the object that it belongs to, and its definition. */
export function Found({ entry }: { readonly entry: SearchEntry }) {
  return (
    <>
      <span class="found-name">{entry.kind === 'resource' ? entry.name : <Name text={entry.name} />}</span>
      <span class="found-definition" title={entry.definition === '' ? undefined : entry.definition}>
        {entry.definition}
      </span>
      <span class="found-kind">{entry.kindNames[0]}</span>
      <span class="found-context">{entry.fullName ?? entry.context}</span>
    </>
  );
}

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
