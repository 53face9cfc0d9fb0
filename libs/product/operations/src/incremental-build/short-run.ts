import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** V8 option: heap growth, as a percentage of the memory in use, before garbage is collected. */
export const heapGrowth = '--heap-growing-percent';

/** V8 11, which has neither Maglev nor the larger young generation of later versions. */
const isNode20 = process.versions.v8.startsWith('11.');

/**
 * Options of Node for work that ends after seconds. Node 20 has no compiler between the baseline and the optimizing
 * compiler, which then takes more time than the few further calls of a function save. So optimization starts three
 * times as late and, for the WebAssembly of the embedded engine, as late as in later releases (docs/performance.md).
 * Those have a compiler in between, and another name for the first option, so they get none.
 */
export const shortRunOptions: readonly string[] = isNode20
  ? ['--interrupt-budget=400000', '--wasm-tiering-budget=13000000']
  : [];

let isTuned = false;

/** Tunes the process for work that ends after seconds. */
export function expectShortRun(): void {
  isTuned = true;
  for (const option of shortRunOptions) setFlagsFromString(option);
}

/** Bytes of objects: three times the size of a data standard that has been read but not compiled. */
const largeHeap = 60_000_000;

/**
 * Adjusts the heap to the size of the schemas, once they are read (docs/performance.md). Does nothing in the process of
 * a program that uses the library.
 *
 * - Large schemas: V8 lets a heap grow to four times the size that was alive at the last collection, which is hundreds
 *   of megabytes of garbage for many schemas. Collecting it earlier takes a few percent of the time; the run of a data
 *   standard ends before it matters.
 * - Small schemas: releases after Node 20 let the young generation outgrow the caches of a processor, so its size is
 *   fixed.
 */
export function limitHeapGrowth(): void {
  if (!isTuned) return;
  if (getHeapStatistics().used_heap_size > largeHeap) setFlagsFromString(`${heapGrowth}=40`);
  else if (!isNode20) setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Makes Node collect garbage earlier for the rest of the process. By default it lets the heap grow to several times the
 * memory in use. A load of a million documents needs 280 MB this way, instead of 410 to 430.
 */
export function keepHeapSmall(): void {
  if (isTuned) setFlagsFromString(`${heapGrowth}=75`);
}
