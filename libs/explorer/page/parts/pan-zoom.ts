import type { HTMLAttributes, RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly center: { readonly x: number; readonly y: number } | null;
}

export interface PanZoom {
  readonly viewBox: string;
  readonly handlers: HTMLAttributes<HTMLElement>;
  zoom(factor: number): void;
  fit(): void;
}

const margin = 16;

/** The whole picture in a frame of this shape. */
function whole({ width, height }: Picture, frame: DOMRect): Window {
  const scale = Math.max(width / frame.width, height / frame.height, 0.6);
  const [w, h] = [frame.width * scale, frame.height * scale];
  return { x: width / 2 - margin - w / 2, y: height / 2 - margin - h / 2, width: w, height: h };
}

/** As much as can be read, with the center in the middle; the whole picture where it fits. */
function readable(picture: Picture, frame: DOMRect): Window {
  const all = whole(picture, frame);
  const scale = all.width / frame.width;
  if (scale <= 1.25 || !picture.center) return all;
  const [w, h] = [frame.width * 1.1, frame.height * 1.1];
  const isLow = picture.height <= h;
  return {
    x: Math.max(-margin, Math.min(picture.center.x - w / 2, picture.width - margin - w)),
    y: isLow ? all.y + all.height / 2 - h / 2 : picture.center.y - h / 2,
    width: w,
    height: h,
  };
}

/** Moves and scales a picture by pointer, wheel and keys. */
export function usePanZoom(frame: RefObject<HTMLElement | null>, picture: Picture): PanZoom {
  const [box, setBox] = useState<Window>({ x: -margin, y: -margin, width: picture.width, height: picture.height });
  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const rect = () => frame.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
  const move = (dx: number, dy: number) => {
    const { width } = rect();
    setBox((now) => ({ ...now, x: now.x + (dx * now.width) / width, y: now.y + (dy * now.width) / width }));
  };
  const zoom = (factor: number, at = { x: 0.5, y: 0.5 }) =>
    setBox((now) => {
      const [width, height] = [now.width / factor, now.height / factor];
      return { x: now.x + (now.width - width) * at.x, y: now.y + (now.height - height) * at.y, width, height };
    });
  const fit = () => setBox(whole(picture, rect()));
  useEffect(() => setBox(readable(picture, rect())), [picture.width, picture.height, picture.center?.x, picture.center?.y]);
  useEffect(() => {
    const element = frame.current;
    const wheel = (event: WheelEvent) => {
      // the page scrolls over a picture as over anything else; with Ctrl, or two fingers that pinch, the picture is scaled
      if (!event.ctrlKey) return;
      event.preventDefault();
      const { left, top, width, height } = rect();
      zoom(event.deltaY < 0 ? 1.15 : 0.87, { x: (event.clientX - left) / width, y: (event.clientY - top) / height });
    };
    element?.addEventListener('wheel', wheel, { passive: false });
    return () => element?.removeEventListener('wheel', wheel);
  });
  return {
    viewBox: `${box.x} ${box.y} ${box.width} ${box.height}`,
    zoom,
    fit,
    handlers: {
      onPointerDown: (event) => {
        drag.current = { x: event.clientX, y: event.clientY, moved: false };
      },
      onPointerMove: (event) => {
        const start = drag.current;
        if (!start || event.buttons === 0) return;
        const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
        if (!start.moved && Math.abs(dx) + Math.abs(dy) < 4) return;
        drag.current = { x: event.clientX, y: event.clientY, moved: true };
        move(-dx, -dy);
      },
      onClickCapture: (event) => {
        // the end of a drag is no click on what happens to be there
        if (drag.current?.moved) event.preventDefault();
        drag.current = null;
      },
      onKeyDown: (event) => {
        const steps: Readonly<Record<string, readonly [number, number]>> = {
          ArrowLeft: [-60, 0],
          ArrowRight: [60, 0],
          ArrowUp: [0, -60],
          ArrowDown: [0, 60],
        };
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
