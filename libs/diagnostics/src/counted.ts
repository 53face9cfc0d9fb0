/** The form of a word that goes with a number: `one` with 1, else `many`, which is `one` with an *s* unless given. */
export const formFor = (count: number | bigint, one: string, many = `${one}s`): string => (BigInt(count) === 1n ? one : many);

/** A number with its word: `1 resource`, `0 resources`, `2 resources`. */
export const counted = (count: number | bigint, one: string, many?: string): string => `${count} ${formFor(count, one, many)}`;
