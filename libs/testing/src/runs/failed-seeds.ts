export interface FailedSeed {
  /** The long spec, relative to the workspace, and the full name of its test: `invariants > hold`. */
  readonly file: string;
  readonly test: string;
  readonly seed: number;
  /** The fault that the seed revealed. */
  readonly because: string;
}

/**
 * Seeds with which a property test failed once, at its usual number of runs. Every run of a long spec repeats the test
 * with each of them. A failure beyond the usual number becomes a separate test.
 */
export const failedSeeds: readonly FailedSeed[] = [
  {
    file: 'libs/testing/src/quick-specs.long.spec.ts',
    test: 'runs/property-seeds.spec.ts > the list of failed seeds > makes a test run once more with each seed',
    seed: 4711,
    because: 'shows that the list is read',
  },
];
