import { getHeapStatistics, setFlagsFromString } from 'node:v8';

let isTuned = false;

/**
 * Tunes the process for work that is done after seconds. Node 20 knows nothing between the baseline compiler and the
 * optimizing one, which then spends more on functions that are hardly called again than they ever give back: it is asked three times as
 * late, and for WebAssembly, which the embedded engine is, as late as later releases ask it (docs/performance.md). Those have a
 * compiler between the two, and another name for the first flag.
 */
export function expectShortRun(): void {
  isTuned = true;
  if (!process.versions.v8.startsWith('11.')) return;
  setFlagsFromString('--interrupt-budget=400000');
  setFlagsFromString('--wasm-tiering-budget=13000000');
}

/** Bytes of objects: three times what a data standard takes that was read and not yet compiled. */
const largeHeap = 60_000_000;

/**
 * Keeps the memory in proportion where very much was read. V8 lets a heap grow to four times what was alive at the last collection,
 * which of many schemas is hundreds of megabytes of garbage; to collect it earlier takes a few percent of the time. The run of a data
 * standard is done before it matters (docs/performance.md). Nothing is set in the process of a program that uses the library.
 */
export function restrainLargeHeap(): void {
  if (isTuned && getHeapStatistics().used_heap_size > largeHeap) setFlagsFromString('--heap-growing-percent=40');
}
