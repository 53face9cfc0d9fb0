import * as fc from 'fast-check';
import { propertyRuns } from './property-runs.ts';

/**
 * Parameters of a search that counts what it sees: its first two runs are always the same, and in them everything happens that is
 * counted; as many others follow as a property has that usually has `usual`.
 *
 * @param inputs of the property
 * @param seed that gives the two
 */
export function knownRunsFirst<Inputs>(
  inputs: fc.Arbitrary<Inputs>,
  seed: number,
  usual: number,
): { readonly numRuns: number; readonly examples: Inputs[] } {
  const examples = fc.sample(inputs, { seed, numRuns: 2 });
  return { numRuns: examples.length + propertyRuns(usual), examples };
}
