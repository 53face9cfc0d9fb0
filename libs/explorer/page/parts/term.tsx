import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { explainedWord, wordsToExplain } from '../../src/glossary.ts';

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

/**
 * A word of the product. Whoever points at it, taps it or gives it the focus reads what it means; Escape and scrolling
 * end that.
 */
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
  // a finger leaves as soon as it has tapped
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

/** Plain words, of which those of the product explain themselves. */
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
