import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isQuick, propertyRuns } from './property-runs.ts';
import { seedOfRun } from './seed-of-run.ts';

/** The seed and the number of runs of a property. */
function details() {
  const { seed, numRuns } = fc.check(fc.property(fc.nat(), () => true));
  return { seed, numRuns };
}

describe('the list of failed seeds', () => {
  const seen: number[] = [];

  it('makes a test run once more with each seed', () => {
    seen.push(details().seed);
  });

  it('leaves the others their seed', () => {
    expect(details()).toEqual({ seed: seedOfRun(), numRuns: propertyRuns(100) });
  });

  afterAll(() => expect(seen).toEqual(isQuick() ? [seedOfRun()] : [seedOfRun(), 4711]));
});
