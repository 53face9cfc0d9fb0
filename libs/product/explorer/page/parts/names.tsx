import { resourceLabel } from '@dms/api-schema';
import { type DbTableName, type QualifiedResourceName, qualified, type ScalarType } from '@dms/model';
import { dialectRules } from '@dms/sql';
import { type ComponentChildren, Fragment } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { PlainColumn } from '../../src/explored-set.ts';
import { hrefs } from '../../src/search/search-entries.ts';
import { explainedWord, wordsToExplain } from '../../src/sentences/glossary.ts';
import type { Phrase } from '../../src/sentences/phrase.ts';
import type { ImpactMark } from '../../src/set-changes.ts';
import { useExplored, useHref } from '../explored.ts';

/** A part of a name that is longer may break between its words too. */
const longPart = 24;

/** Names break after their separators, and long parts at the beginning of a word. */
function Breakable({ text }: { readonly text: string }) {
  const pieces = text
    .split(/(?<=[._:\]])/u)
    .flatMap((part) => (part.length > longPart ? part.split(/(?<=\p{Ll})(?=\p{Lu})/u) : [part]));
  return (
    <>
      {pieces.map((piece, index) => (
        <span key={index}>
          {index > 0 && <wbr />}
          {piece}
        </span>
      ))}
    </>
  );
}

/** A name of the database or of a document. */
export function Name({ text }: { readonly text: string }) {
  return (
    <code>
      <Breakable text={text} />
    </code>
  );
}

/** Names one after the other. */
export function Names({ names }: { readonly names: readonly string[] }) {
  return (
    <>
      {names.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && ', '}
          <Name text={name} />
        </Fragment>
      ))}
    </>
  );
}

export function ResourceLink({ resource, path }: { readonly resource: QualifiedResourceName; readonly path?: string }) {
  const href = useHref();
  const { lookup } = useExplored();
  const label = resourceLabel(resource);
  const isAlone = lookup.set.model.projects.length < 2;
  return (
    <a href={href(hrefs.resource(label, path))}>
      {!isAlone && <span class="dim">{resource.projectName}:</span>}
      {!isAlone && <wbr />}
      <Breakable text={resource.resourceName} />
    </a>
  );
}

/** A resource or an extension by its full label, whether or not it is in the set. */
export function LabelLink({
  label,
  path,
  children,
}: {
  readonly label: string;
  readonly path?: string;
  readonly children?: ComponentChildren;
}) {
  const href = useHref();
  return <a href={href(hrefs.resource(label, path))}>{children ?? <Breakable text={label} />}</a>;
}

/** A table of the model or the core; any other table is not a link. */
export function TableLink({ table, detail }: { readonly table: DbTableName; readonly detail?: string }) {
  const href = useHref();
  const { lookup } = useExplored();
  const address = lookup.table(table)?.address ?? lookup.coreTable(table);
  const text = qualified(table);
  if (!address) return <Name text={text} />;
  return (
    <a href={href(hrefs.table(address, detail))}>
      <Name text={text} />
    </a>
  );
}

/** A sentence with its names as names. */
export function Sentence({ phrase }: { readonly phrase: Phrase }) {
  return (
    <>
      {phrase.map((piece, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: pieces have no other identity
        if (typeof piece === 'string') return <Words key={index} text={piece} />;
        if (piece.term === 'table') return <TableLink key={index} table={piece.table} />;
        if (piece.term === 'resource') return <ResourceLink key={index} resource={piece.resource} />;
        if (piece.term === 'event') return piece.text;
        return <Name key={index} text={piece.text} />;
        // biome-ignore-end lint/suspicious/noArrayIndexKey: pieces have no other identity
      })}
    </>
  );
}

/** The type of a column in the spelling of the chosen dialect. */
export function TypeName({ type }: { readonly type: ScalarType | null }) {
  const { dialect } = useExplored();
  return <span class="type">{type ? dialectRules[dialect].typeName(type) : ''}</span>;
}

/** Whether a column may be empty. Most may be, so what stands out is that a value must be there. */
export function NullWords({ isNullable }: { readonly isNullable: boolean }) {
  return isNullable ? <span class="dim">null</span> : <strong>not null</strong>;
}

const signs: Readonly<Record<ImpactMark, string>> = { added: '+', removed: '−', changed: '±' };

/** The mark of an object that has changed since the earlier set. */
export function ChangeMark({ mark }: { readonly mark: ImpactMark | null | undefined }) {
  if (!mark) return null;
  return (
    <span class={`mark ${mark}`}>
      <span aria-hidden="true">{signs[mark]} </span>
      {mark}
    </span>
  );
}

export function PartMark({ table, part }: { readonly table: DbTableName; readonly part: string }) {
  const { changes } = useExplored();
  return <ChangeMark mark={changes?.partMark(qualified(table), part)} />;
}

const columnKinds: Readonly<Record<PlainColumn['kind'], string>> = {
  Scalar: 'value',
  DocumentFk: 'reference',
  DescriptorFk: 'descriptor',
  Ordinal: 'position',
  ParentKeyPart: 'key',
  CollectionKey: 'id of the element',
  MirroredContentVersion: 'version of the document',
  MirroredContentLastModifiedAt: 'time of the last change',
  ResourceKeyId: 'resource key',
};

export function columnKindWords({ kind }: PlainColumn): string {
  return columnKinds[kind];
}

/** How far the explanation stays from the edges of the window, in pixels. */
const margin = 8;

/** Puts the explanation below its word, or above it where the window ends, and inside of the window. */
function place(word: DOMRect, note: HTMLElement): void {
  const { clientWidth, clientHeight } = document.documentElement;
  const left = Math.max(margin, Math.min(word.left, clientWidth - note.offsetWidth - margin));
  const isRoomBelow = word.bottom + note.offsetHeight + margin <= clientHeight;
  note.style.left = `${left}px`;
  note.style.top = `${isRoomBelow ? word.bottom + 4 : word.top - note.offsetHeight - 4}px`;
}

/** A term of the product. Pointing at it, a tap or the focus shows its meaning; Escape and scrolling hide it. */
function Term({ text, meaning }: { readonly text: string; readonly meaning: string }) {
  const id = useId();
  const word = useRef<HTMLButtonElement>(null);
  const note = useRef<HTMLSpanElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    const { current: button } = word;
    if (!isOpen || !button || !note.current) return;
    const opened = button.getBoundingClientRect();
    place(opened, note.current);
    const close = () => setOpen(false);
    // the event of an earlier scroll may come after the tap
    const scrolled = () => {
      const { left, top } = button.getBoundingClientRect();
      if (Math.abs(left - opened.left) + Math.abs(top - opened.top) > 1) close();
    };
    const pressed = (event: KeyboardEvent) => event.key === 'Escape' && close();
    const tapped = ({ target }: PointerEvent) =>
      target instanceof Node && !button.parentElement?.contains(target) && close();
    addEventListener('scroll', scrolled, { capture: true, passive: true });
    addEventListener('keydown', pressed);
    addEventListener('pointerdown', tapped);
    return () => {
      removeEventListener('scroll', scrolled, { capture: true });
      removeEventListener('keydown', pressed);
      removeEventListener('pointerdown', tapped);
    };
  }, [isOpen]);
  // a touch ends with a leave event, which must not close the meaning that its tap has opened
  const pointed = (isThere: boolean) => (event: PointerEvent) => {
    if (event.pointerType === 'mouse') setOpen(isThere);
  };
  return (
    <span class="term" onPointerEnter={pointed(true)} onPointerLeave={pointed(false)}>
      <button
        type="button"
        ref={word}
        aria-describedby={isOpen ? id : undefined}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
      >
        {text}
      </button>
      {isOpen && (
        <span role="tooltip" id={id} ref={note}>
          {meaning}
        </span>
      )}
    </span>
  );
}

/** A text in which each term of the product shows its meaning. */
export function Words({ text }: { readonly text: string }) {
  return (
    <>
      {text.split(wordsToExplain).map((piece, index) => {
        const meaning = explainedWord(piece);
        return meaning === undefined ? piece : <Term key={index} text={piece} meaning={meaning} />;
      })}
    </>
  );
}
