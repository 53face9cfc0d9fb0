import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Scrolling } from './scrolling.tsx';

/**
 * Keeps a copy of the column heads above the columns. What scrolls sideways keeps its own heads within itself, so the
 * copy, outside of it, is what can stay at the top of the window.
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
