import { setFlagsFromString } from 'node:v8';

/**
 * Tunes the process for work that is done after seconds. Node 20 knows nothing between the baseline compiler and the
 * optimizing one, which then spends more on functions that are hardly called again than they ever give back: it is asked three times as
 * late, and for WebAssembly, which the embedded engine is, as late as later releases ask it (docs/performance.md). Those have a
 * compiler between the two, and another name for the first flag.
 */
export function expectShortRun(): void {
  if (!process.versions.v8.startsWith('11.')) return;
  setFlagsFromString('--interrupt-budget=400000');
  setFlagsFromString('--wasm-tiering-budget=13000000');
}
