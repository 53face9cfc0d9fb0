import { setFlagsFromString } from 'node:v8';

/** By how many percent of what is in use the heap grows before garbage is collected. */
export const heapGrowth = '--heap-growing-percent';

/**
 * Makes Node collect garbage earlier for the rest of the process. By default it lets the heap grow to several times what is in use. A
 * load of a million documents needs 280 MB this way, instead of 410 to 430.
 */
export const keepHeapSmall = (): void => setFlagsFromString(`${heapGrowth}=75`);
