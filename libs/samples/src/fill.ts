import type { NextNumber } from './seeded-numbers.ts';

/** How much of what is optional a document has. */
export interface Fill {
  /** Whether an optional member is there. */
  has(): boolean;
  /** How many elements an array has at most: fewer where no more can differ. */
  length(): number;
}

/** Only what is required. */
export const minimal: Fill = { has: () => false, length: () => 1 };

/** Everything, with two elements in every array. */
export const full: Fill = { has: () => true, length: () => 2 };

/** A share of everything, with one to three elements per array. */
export const some = (next: NextNumber, share = 0.5): Fill => ({
  has: () => next() < share,
  length: () => Math.floor(next() * 3) + 1,
});
