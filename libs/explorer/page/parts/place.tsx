import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Scrolling } from './scrolling.tsx';

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
export function Place({
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
