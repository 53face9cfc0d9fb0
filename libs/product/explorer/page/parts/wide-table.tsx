import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/**
 * Gives a copy of the column heads the widths and the position of the columns. The heads of a table that scrolls
 * sideways cannot stay at the top of the window, so a copy outside of the table does.
 */
function useSameColumns(frame: RefObject<HTMLElement | null>, copy: RefObject<HTMLTableElement | null>): void {
  useEffect(() => {
    const scrolling = frame.current;
    const copied = copy.current;
    const heads = [...(scrolling?.querySelectorAll('thead th') ?? [])];
    if (!scrolling || !copied) return;
    const measure = () => {
      const widths = heads.map((head) => head.getBoundingClientRect().width);
      copied.style.width = `${widths.reduce((sum, width) => sum + width, 0)}px`;
      [...copied.querySelectorAll('th')].forEach((head, index) => {
        head.style.width = `${widths[index] ?? 0}px`;
      });
    };
    const follow = () => {
      copied.style.transform = `translateX(${-scrolling.scrollLeft}px)`;
    };
    const observer = new ResizeObserver(measure);
    for (const head of heads) observer.observe(head);
    scrolling.addEventListener('scroll', follow, { passive: true });
    return () => {
      observer.disconnect();
      scrolling.removeEventListener('scroll', follow);
    };
  }, [frame, copy]);
}

function Heads({ names }: { readonly names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th scope="col" key={name}>
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/**
 * A table that scrolls by itself in a narrow window. Its column heads stay in sight while the window shows a part of
 * it.
 */
export function WideTable({
  label,
  head,
  kind,
  children,
}: {
  readonly label: string;
  readonly head: readonly string[];
  readonly kind?: string;
  readonly children: ComponentChildren;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const copy = useRef<HTMLTableElement>(null);
  useSameColumns(frame, copy);
  const heads = (
    <div class="heads" aria-hidden="true">
      <table class={kind} ref={copy}>
        <Heads names={head} />
      </table>
    </div>
  );
  return (
    <Scrolling label={label} frame={frame} above={heads}>
      <table class={kind}>
        <caption class="unseen">{label}</caption>
        <Heads names={head} />
        <tbody>{children}</tbody>
      </table>
    </Scrolling>
  );
}

/** The sides on which there is more content than is shown. */
interface More {
  readonly before: boolean;
  readonly after: boolean;
}

const nothing: More = { before: false, after: false };

/** Watches an element that scrolls sideways, and its contents, for content beyond its edges. */
function useMore(frame: RefObject<HTMLElement | null>): More {
  const [more, setMore] = useState(nothing);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => {
      const rest = element.scrollWidth - element.clientWidth - element.scrollLeft;
      // fractions of a pixel are not content
      const now = { before: element.scrollLeft > 1, after: rest > 1 };
      setMore((known) => (known.before === now.before && known.after === now.after ? known : now));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  return more;
}

/**
 * An element that scrolls by itself in a narrow window. It fades towards hidden content, and can have the focus, so
 * that keys scroll it.
 */
export function Scrolling({
  label,
  kind = '',
  frame: given,
  above,
  children,
}: {
  /** Its name as a landmark; without a name it is not a landmark. */
  readonly label?: string;
  readonly kind?: string;
  /** Gets the element that scrolls. */
  readonly frame?: RefObject<HTMLDivElement | null>;
  /** Stands before the element that scrolls, and does not scroll with it. */
  readonly above?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const own = useRef<HTMLDivElement>(null);
  const frame = given ?? own;
  const { before, after } = useMore(frame);
  const landmark = label === undefined ? {} : ({ role: 'region', 'aria-label': label } as const);
  return (
    <div class={`scrolling ${kind}`}>
      {above}
      <div class="wide" ref={frame} {...(before || after ? { tabIndex: 0, ...landmark } : {})}>
        {children}
      </div>
      <span class="more before" aria-hidden="true" hidden={!before}>
        ←
      </span>
      <span class="more after" aria-hidden="true" hidden={!after}>
        →
      </span>
    </div>
  );
}
