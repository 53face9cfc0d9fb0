import './style.css';
import { productNames, type SqlDialect } from '@dms/sql';
import { render } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { hrefs } from '../src/search/search-entries.ts';
import { versionsText } from '../src/sentences/phrase.ts';
import { type PageAddress, useAddress, withOptions } from './address.ts';
import { type Embedded, type Explored, ExploredContext, readEmbedded, shortDialectNames } from './explored.ts';
import { NotFound } from './parts/blocks.tsx';
import { SearchBox } from './parts/search-box.tsx';
import { DiagramView } from './views/diagram.tsx';
import { DifferenceView } from './views/difference.tsx';
import { EarlierTableView } from './views/earlier.tsx';
import { IdentityView } from './views/identity.tsx';
import { ResourceView } from './views/resource.tsx';
import { SearchView } from './views/search.tsx';
import { StartView } from './views/start.tsx';
import { TableView } from './views/table.tsx';

function View({ address }: { readonly address: PageAddress }) {
  const [view, first = '', second = ''] = address.parts;
  const label = `${first}:${second}`;
  const at = address.options;
  switch (view) {
    case undefined:
      return <StartView project={at.get('project')} />;
    case 'resource':
      return <ResourceView key={label} label={label} path={at.get('path')} />;
    case 'table':
      return <TableView key={`${first}\n${second}`} address={{ schema: first, name: second }} at={at.get('at')} />;
    case 'earlier':
      return <EarlierTableView address={{ schema: first, name: second }} at={at.get('at')} />;
    case 'diagram':
      return <DiagramView label={label} depth={at.get('depth')} of={at.get('of')} rest={at.get('rest')} />;
    case 'identity':
      return <IdentityView key={label} label={label} />;
    case 'search':
      return <SearchView query={at.get('q') ?? ''} />;
    case 'difference':
      return <DifferenceView owner={at.get('of') ?? null} />;
    default:
      return <NotFound what={`#/${address.parts.join('/')}`} />;
  }
}

function DialectSwitch({ embedded, dialect }: { readonly embedded: Embedded; readonly dialect: SqlDialect }) {
  if (embedded.dialects.length < 2) return null;
  const choose = (chosen: SqlDialect) => {
    const option = chosen === embedded.dialects[0] ? null : chosen;
    location.hash = withOptions(location.hash === '' ? '#/' : location.hash, { dialect: option });
  };
  return (
    <fieldset class="dialects">
      <legend class="unseen">Database</legend>
      {embedded.dialects.map((name) => (
        <label key={name}>
          <input
            type="radio"
            name="dialect"
            aria-label={productNames[name]}
            checked={name === dialect}
            onChange={() => choose(name)}
          />
          <span class="whole">{productNames[name]}</span>
          <span class="short">{shortDialectNames[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Moves the focus to the heading of a new view, once the page has been used. */
function useFocusOnView(address: PageAddress): void {
  const place = [...address.parts, address.options.get('of') ?? ''].join('/');
  const shown = useRef<string | null>(null);
  useEffect(() => {
    const heading = document.getElementById('view-title');
    document.title = `${heading?.textContent ?? 'Model'} · model`;
    document.documentElement.dataset.view = address.hash;
    if (shown.current !== null && shown.current !== place) {
      if (!address.options.has('path') && !address.options.has('at')) scrollTo(0, 0);
      heading?.focus({ preventScroll: true });
    }
    shown.current = place;
  }, [place, address]);
}

/** The whole page: its landmarks, and the view that the address names. */
function App({ embedded }: { readonly embedded: Embedded }) {
  const address = useAddress();
  const wanted = address.options.get('dialect');
  const [first] = embedded.dialects;
  const dialect = embedded.dialects.find((name) => name === wanted) ?? first ?? 'pgsql';
  const explored = useMemo((): Explored => ({ ...embedded.dialect(dialect), embedded, dialect }), [embedded, dialect]);
  useFocusOnView(address);
  const option = dialect === first ? null : dialect;
  const link = (href: string) => `#${withOptions(href, { dialect: option })}`;
  const { projects } = explored.lookup.set.model;
  return (
    <ExploredContext.Provider value={explored}>
      <button type="button" class="skip" onClick={skipToView}>
        Skip to content
      </button>
      <header class="bar">
        <a class="home" href={link('/')} aria-current={address.parts.length === 0 ? 'page' : undefined}>
          {versionsText(projects)}
        </a>
        <SearchBox />
        {explored.changes && (
          <a
            class="differences"
            href={link(hrefs.difference())}
            aria-current={address.parts[0] === 'difference' ? 'page' : undefined}
            aria-label="Differences"
          >
            <span class="whole">Differences</span>
            <span class="short">±</span>
          </a>
        )}
        <DialectSwitch embedded={embedded} dialect={dialect} />
      </header>
      <main id="view" class={address.parts[0] === 'diagram' ? 'filled' : undefined}>
        <View address={address} />
      </main>
    </ExploredContext.Provider>
  );
}

/** A link cannot do this, because the fragment is the address of the view. */
function skipToView(): void {
  document.getElementById('view-title')?.focus();
}

const page = document.getElementById('page');
if (page)
  readEmbedded().then(
    (embedded) => {
      page.textContent = '';
      render(<App embedded={embedded} />, page);
      performance.mark('first-view');
    },
    (error: unknown) => {
      page.textContent = `The model cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    },
  );
