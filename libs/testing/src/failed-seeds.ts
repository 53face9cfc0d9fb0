export interface FailedSeed {
  /** The spec, from the root of the workspace, and the test in it with the names of what it is in: `invariants > hold`. */
  readonly file: string;
  readonly test: string;
  readonly seed: number;
  /** What was wrong. */
  readonly because: string;
}

/**
 * Seeds with which a property failed once, at its usual number of runs: its test runs once more with each of them, in every
 * test run. What failed beyond the usual number becomes a test of its own.
 */
export const failedSeeds: readonly FailedSeed[] = [
  {
    file: 'libs/testing/src/property-seeds.spec.ts',
    test: 'the list of failed seeds > makes a test run once more with each seed',
    seed: 4711,
    because: 'shows that the list is read',
  },
];
