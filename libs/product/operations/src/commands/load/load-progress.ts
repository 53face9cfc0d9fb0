import { counted } from '@dms/diagnostics';
import type { LoadProgress } from '@dms/loading';

/** Formats the progress of a load, with the time left at that speed. */
export function progressTexts(): (progress: LoadProgress) => string {
  let start: number | undefined;
  return ({ phase, resource, documents, rejected, share }) => {
    if (phase === 'read') return 'read …';
    if (phase === 'wait') return 'wait until nobody else writes …';
    if (phase === 'check') return `${counted(documents, 'document')}, ${rejected} rejected; check all keys …`;
    start ??= performance.now();
    const seconds = (performance.now() - start) / 1000;
    const rate = seconds > 1 ? `, ${Math.round(documents / seconds)} per second` : '';
    const left = seconds > 1 && share > 0.01 ? `, ${duration((seconds * (1 - share)) / share)} left` : '';
    return `${resource}: ${counted(documents, 'document')}, ${rejected} rejected${rate}${left}`;
  };
}

/** `1 h 02 min`, `3 min 20 s`, `12 s`. */
function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = Math.round(seconds) % 60;
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes > 0 ? `${minutes} min ${String(rest).padStart(2, '0')} s` : `${rest} s`;
}

/** Formats the progress for the line of a fleet. */
export const progressOfFleet = ({ phase, resource, documents, rejected }: LoadProgress): string =>
  phase === 'write' ? `${resource}: ${counted(documents, 'document')}, ${rejected} rejected` : phase;
