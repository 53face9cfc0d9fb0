import type { HTMLAttributes, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The part of a picture that is shown. */
interface ShownPart extends Size {
  readonly x: number;
  readonly y: number;
}

interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

export interface PanZoom {
  readonly viewBox: string;
  /** Whether the picture was moved or scaled. */
  readonly isMoved: boolean;
  readonly handlers: HTMLAttributes<HTMLElement>;
  zoom(factor: number): void;
  fit(): void;
}

/** Space around the graph, which is part of the picture. */
const margin = 16;

/** A small picture is not enlarged beyond this. */
const largest = 1.6;

/** The whole picture in the middle of a frame, as large as possible. */
function whole({ width, height }: Size, frame: Size): ShownPart {
  const scale = Math.max(width / frame.width, height / frame.height, 1 / largest);
  const w = frame.width * scale;
  const h = frame.height * scale;
  return { x: width / 2 - margin - w / 2, y: height / 2 - margin - h / 2, width: w, height: h };
}

/** A picture that is smaller than this cannot be read: only a part of it is shown first. */
const smallest = 0.8;

/** The value limited to the range from `low` to `high`; the middle of both if `low` is greater. */
const within = (value: number, low: number, high: number) =>
  low > high ? (low + high) / 2 : Math.min(high, Math.max(low, value));

/** The whole picture, if it is readable; otherwise a readable part around a point. */
function readable(picture: Size, frame: Size, middle: ScreenPoint | undefined): ShownPart {
  const all = whole(picture, frame);
  if (middle === undefined || frame.width / all.width >= smallest) return all;
  const width = frame.width / smallest;
  const height = frame.height / smallest;
  return {
    x: within(middle.x - width / 2, -margin, picture.width - margin - width),
    y: within(middle.y - height / 2, -margin, picture.height - margin - height),
    width,
    height,
  };
}

const boxOf = ({ x, y, width, height }: ShownPart) => `${x} ${y} ${width} ${height}`;

/** The size of the frame, updated with the window; before it is known, the size of the picture. */
function useFrameSize(frame: RefObject<HTMLElement | null>, picture: Size): Size {
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => {
      const { width, height } = element.getBoundingClientRect();
      if (width > 0 && height > 0) setSize({ width, height });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
    // the frame appears together with its picture
  }, [picture.width, picture.height]);
  return size ?? picture;
}

/** A printed picture is complete, even if the window shows only a part of it. */
function useWholeOnPaper(frame: RefObject<HTMLElement | null>, { width, height }: Size, shown: string): void {
  useEffect(() => {
    const set = (viewBox: string) => frame.current?.querySelector('svg')?.setAttribute('viewBox', viewBox);
    const before = () => set(boxOf({ x: -margin, y: -margin, width, height }));
    const after = () => set(shown);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, [width, height, shown]);
}

type Zoom = (factor: number, at?: ScreenPoint) => void;
type InFrame = (point: ScreenPoint) => ScreenPoint;

/** The wheel scales the picture with Ctrl, as two fingers on a pad do; otherwise the page scrolls over it. */
function useWheel(frame: RefObject<HTMLElement | null>, zoom: Zoom, inFrame: InFrame): void {
  useEffect(() => {
    const element = frame.current;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.15 : 0.87, inFrame({ x: event.clientX, y: event.clientY }));
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  });
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-60, 0],
  ArrowRight: [60, 0],
  ArrowUp: [0, -60],
  ArrowDown: [0, 60],
};

/**
 * Moves and scales a picture by pointers, wheel and keys. At first a readable part is shown, and after `fit` the whole
 * picture.
 */
export function usePanZoom(
  frame: RefObject<HTMLElement | null>,
  picture: Size,
  middle: ScreenPoint | undefined,
): PanZoom {
  const size = useFrameSize(frame, picture);
  const [chosen, setChosen] = useState<ShownPart | null>(null);
  const first = () => readable(picture, size, middle);
  const part = chosen ?? first();
  const pointers = useRef(new Map<number, ScreenPoint>());
  const hasMoved = useRef(false);

  const change = (next: (now: ShownPart) => ShownPart) => setChosen((now) => next(now ?? first()));
  const move = (dx: number, dy: number) =>
    change((now) => ({ ...now, x: now.x + (dx * now.width) / size.width, y: now.y + (dy * now.height) / size.height }));
  const zoom: Zoom = (factor, at = { x: 0.5, y: 0.5 }) =>
    change((now) => {
      const width = now.width / factor;
      const height = now.height / factor;
      return { x: now.x + (now.width - width) * at.x, y: now.y + (now.height - height) * at.y, width, height };
    });
  /** The position of a window point in the frame, from 0 to 1. */
  const inFrame: InFrame = ({ x, y }) => {
    const { left, top, width, height } = frame.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return { x: (x - left) / width, y: (y - top) / height };
  };
  useEffect(() => setChosen(null), [picture.width, picture.height]);
  useWheel(frame, zoom, inFrame);
  const viewBox = boxOf(part);
  useWholeOnPaper(frame, picture, viewBox);

  /** One pointer moves the picture, two scale it about the point between them. */
  const follow = (id: number, to: ScreenPoint) => {
    const from = pointers.current.get(id);
    if (!from) return;
    const other = [...pointers.current].find(([each]) => each !== id)?.[1];
    if (!other && !hasMoved.current && Math.abs(to.x - from.x) + Math.abs(to.y - from.y) < 4) return;
    pointers.current.set(id, to);
    hasMoved.current = true;
    if (!other) move(from.x - to.x, from.y - to.y);
    else {
      const distance = (point: ScreenPoint) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      zoom(distance(to) / distance(from), inFrame({ x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 }));
    }
  };
  const release = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId);
  };
  return {
    viewBox,
    zoom,
    isMoved: chosen !== null,
    fit: () => setChosen(frame.current ? whole(picture, size) : null),
    handlers: {
      onPointerDown: (event) => {
        if (pointers.current.size === 0) hasMoved.current = false;
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      },
      onPointerMove: (event) => {
        if (event.buttons === 0) release(event);
        else follow(event.pointerId, { x: event.clientX, y: event.clientY });
      },
      onPointerUp: release,
      onPointerCancel: release,
      onPointerLeave: release,
      onClickCapture: (event) => {
        // the end of a drag is not a click on the element there
        if (hasMoved.current) event.preventDefault();
        hasMoved.current = false;
      },
      onKeyDown: (event) => {
        const step = steps[event.key];
        if (step) move(step[0], step[1]);
        else if (event.key === '+' || event.key === '=') zoom(1.25);
        else if (event.key === '-') zoom(0.8);
        else return;
        event.preventDefault();
      },
    },
  };
}
