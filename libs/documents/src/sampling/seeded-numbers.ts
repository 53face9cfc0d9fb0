import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Numbers in [0, 1). */
export type NextNumber = () => number;

/** Numbers in [0, 1), the same for the same seed. */
export function seededNumbers(seed: number): NextNumber {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** An element of a non-empty list. */
export function pick<Value>(list: readonly Value[], next: NextNumber): Value | undefined {
  return list[Math.floor(next() * list.length)];
}
