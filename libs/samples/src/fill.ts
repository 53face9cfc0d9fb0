import type { NextNumber } from './seeded-numbers.ts';

/** How much optional content a document has. */
export interface Fill {
  /** Whether an optional member is present. */
  has(): boolean;
  /** The most items of an array; fewer if no more can be different. */
  length(): number;
}

/** Only what is required. */
export const minimal: Fill = { has: () => false, length: () => 1 };

/** Everything, with two items in every array. */
export const full: Fill = { has: () => true, length: () => 2 };

/** A share of everything, with one to three items per array. */
export const some = (next: NextNumber, share = 0.5): Fill => ({
  has: () => next() < share,
  length: () => Math.floor(next() * 3) + 1,
});
