/** The form of a word after a number: `one` after 1, otherwise `many`, which defaults to `one` with an *s*. */
export const formFor = (count: number | bigint, one: string, many = `${one}s`): string =>
  BigInt(count) === 1n ? one : many;

/** A number with its word: `1 resource`, `0 resources`, `2 resources`. */
export const counted = (count: number | bigint, one: string, many?: string): string =>
  `${count} ${formFor(count, one, many)}`;
