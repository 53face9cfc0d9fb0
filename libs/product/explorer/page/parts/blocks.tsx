import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { hrefs } from '../../src/search/search-entries.ts';
import { useHref } from '../explored.ts';
import { Name } from './names.tsx';
import { Scrolling } from './wide-table.tsx';

/**
 * The heading of a view. It gets the focus when the view opens, so that a screen reader begins there. Below it comes
 * the line that stays in sight when the heading has left it.
 */
export function ViewHeading({
  title,
  children,
}: {
  readonly title: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <>
      <header class="view-heading">
        <h1 tabIndex={-1} id="view-title" ref={heading}>
          {title}
        </h1>
        {children}
      </header>
      <Place heading={heading} title={title} />
    </>
  );
}

/** A part of a view with a heading and the number of its entries. */
export function Section({
  id,
  title,
  count,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly count?: number;
  readonly children: ComponentChildren;
}) {
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} data-section={title} tabIndex={-1}>
        {title}
        {count !== undefined && <span class="count"> {count.toLocaleString('en-US')}</span>}
      </h2>
      {children}
    </section>
  );
}

/** A list whose first entries are shown, and the others on demand; paper has all of them. */
export function FoldedList({
  kind,
  entries,
  first,
}: {
  readonly kind: 'resources' | 'found-list';
  readonly entries: readonly ComponentChildren[];
  readonly first: number;
}) {
  const items = entries.map((entry, index) => <li key={index}>{entry}</li>);
  // the words that fold the rest take a line of their own, so one more entry is shown instead
  const shown = items.length <= first + 1 ? items : items.slice(0, first);
  const rest = items.slice(shown.length);
  return (
    <>
      <ul class={kind}>{shown}</ul>
      {rest.length > 0 && (
        <details>
          <summary>{rest.length.toLocaleString('en-US')} more</summary>
          <ul class={kind}>{rest}</ul>
        </details>
      )}
    </>
  );
}

/** A text of SQL that opens on demand. */
export function SqlDetails({
  title,
  text,
  isOpen = false,
}: {
  readonly title: ComponentChildren;
  readonly text: string;
  readonly isOpen?: boolean;
}) {
  return (
    <details open={isOpen}>
      <summary>{title}</summary>
      <Sql text={text} />
    </details>
  );
}

function Sql({ text }: { readonly text: string }) {
  return (
    <Scrolling kind="sql">
      <pre>
        <code>{text.replace(/\n+$/, '')}</code>
      </pre>
    </Scrolling>
  );
}

/** Pairs of a name and its description. */
export function Facts({ facts }: { readonly facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Scrolls the row that the address names into view. */
export function useHighlighted(id: string | undefined): void {
  useEffect(() => {
    if (id === undefined) return;
    const frame = requestAnimationFrame(() =>
      document.querySelector('.highlighted')?.scrollIntoView({ block: 'center' }),
    );
    return () => cancelAnimationFrame(frame);
  }, [id]);
}

/** A section of a view, as its heading says. */
interface ListedSection {
  readonly id: string;
  readonly title: string;
}

/** A view with fewer sections needs no list of them. */
const fewestListed = 3;

const headingsOfSections = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('#view h2[data-section]')];

/** The sections of the view, as they come and go. */
function useSections(): readonly ListedSection[] {
  const [sections, setSections] = useState<readonly ListedSection[]>([]);
  useEffect(() => {
    const view = document.getElementById('view');
    if (!view) return;
    const read = () => {
      const found = headingsOfSections().map(({ id, dataset }) => ({ id, title: dataset.section ?? '' }));
      const isSame = (known: readonly ListedSection[]) =>
        known.length === found.length &&
        known.every(({ id, title }, index) => id === found[index]?.id && title === found[index]?.title);
      setSections((known) => (isSame(known) ? known : found));
    };
    read();
    const observer = new MutationObserver(read);
    observer.observe(view, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
  return sections;
}

/** The height of what stays at the top of the window. */
function heightAbove(): number {
  const padding = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop);
  return Number.isNaN(padding) ? 0 : padding;
}

/** The section whose heading has the focus, if it is shown; otherwise the one that the top of the window is in. */
function currentSection(isAway: boolean): string | null {
  const headings = headingsOfSections();
  const focused = headings.find((each) => each === document.activeElement)?.getBoundingClientRect();
  if (focused && focused.bottom > 0 && focused.top < innerHeight) return document.activeElement?.id ?? null;
  const above = heightAbove() + 1;
  return isAway ? (headings.findLast((each) => each.getBoundingClientRect().top <= above)?.id ?? null) : null;
}

/** Whether the heading of the view has left the window at its top, and the section that is shown. */
function useScrolled(heading: RefObject<HTMLElement | null>) {
  const [scrolled, setScrolled] = useState<{ readonly isAway: boolean; readonly current: string | null }>({
    isAway: false,
    current: null,
  });
  useEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      const bar = document.querySelector('.bar')?.clientHeight ?? 0;
      const isAway = (heading.current?.getBoundingClientRect().bottom ?? bar) < bar;
      const current = currentSection(isAway);
      setScrolled((known) => (known.isAway === isAway && known.current === current ? known : { isAway, current }));
    };
    const scroll = () => {
      frame ||= requestAnimationFrame(measure);
    };
    addEventListener('scroll', scroll, { passive: true });
    addEventListener('resize', scroll, { passive: true });
    // a section near the end of the page cannot come to the top
    addEventListener('focusin', scroll);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', scroll);
      removeEventListener('resize', scroll);
      removeEventListener('focusin', scroll);
    };
  }, [heading]);
  return scrolled;
}

/** A link cannot do this, because the fragment is the address of the view. */
function goTo(id: string): void {
  const heading = document.getElementById(id);
  heading?.scrollIntoView();
  heading?.focus({ preventScroll: true });
}

/**
 * The line that stays below the bar: the title of the view once its heading has left the window, and the sections of a
 * long view, of which it marks the one that is shown.
 */
function Place({
  heading,
  title,
}: {
  readonly heading: RefObject<HTMLElement | null>;
  readonly title: ComponentChildren;
}) {
  const sections = useSections();
  const { isAway, current } = useScrolled(heading);
  const isList = sections.length >= fewestListed;
  return (
    <div class={['place', isList ? '' : 'alone', isAway ? 'away' : ''].join(' ')}>
      {isAway && (
        <span class="place-title" aria-hidden="true">
          {title}
        </span>
      )}
      {isList && (
        <nav class="sections" aria-label="Sections">
          <Scrolling>
            {sections.map(({ id, title: name }) => (
              <button
                type="button"
                key={id}
                aria-current={id === current ? 'true' : undefined}
                onClick={() => goTo(id)}
              >
                {name}
              </button>
            ))}
          </Scrolling>
        </nav>
      )}
    </div>
  );
}

/** The three views of a resource, side by side. */
export function ResourceViews({
  label,
  current,
}: {
  readonly label: string;
  readonly current: 'resource' | 'diagram' | 'identity';
}) {
  const href = useHref();
  const path = hrefs.resource(label).replace(/^\/resource/, '');
  const views = [
    ['resource', 'Document and tables'],
    ['diagram', 'Diagram'],
    ['identity', 'Identity change'],
  ] as const;
  return (
    <nav class="views" aria-label={`Views of ${label}`}>
      {views.map(([view, title]) => (
        <a key={view} href={href(`/${view}${path}`)} aria-current={view === current ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}

/** The view for an address that leads nowhere, such as an address of another set. */
export function NotFound({ what }: { readonly what: string }) {
  const href = useHref();
  return (
    <>
      <ViewHeading title="Not in this set" />
      <p>
        There is nothing under <Name text={what} />. <a href={href('/')}>Go to the overview</a>, or search.
      </p>
    </>
  );
}
