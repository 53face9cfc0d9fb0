import * as fc from 'fast-check';
import { propertyRuns } from './property-runs.ts';

/**
 * Parameters of a search that counts events. The first two runs are fixed and contain every counted event; then follow
 * the runs of a property with the usual number `usual`.
 *
 * @param inputs the inputs of the property
 * @param seed the seed of the first two runs
 */
export function knownRunsFirst<Inputs>(
  inputs: fc.Arbitrary<Inputs>,
  seed: number,
  usual: number,
): { readonly numRuns: number; readonly examples: Inputs[] } {
  const examples = fc.sample(inputs, { seed, numRuns: 2 });
  return { numRuns: examples.length + propertyRuns(usual), examples };
}
