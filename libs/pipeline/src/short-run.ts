import { setFlagsFromString } from 'node:v8';

/**
 * Tunes the process for work that is done after a second or two. Node 20 knows nothing between the baseline compiler and the
 * optimizing one, which then spends more on functions that are hardly called again than they ever give back: it is asked three times as
 * late (docs/performance.md). Later releases have a compiler between the two, and another name for this flag.
 */
export function expectShortRun(): void {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=400000');
}
