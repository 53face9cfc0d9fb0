import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Place } from './place.tsx';
import { Scrolling } from './scrolling.tsx';

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
