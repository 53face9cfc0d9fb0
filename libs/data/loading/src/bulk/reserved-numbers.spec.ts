import { describe, expect, it } from 'vitest';
import { type NumberRange, ReservedNumbers } from './bulk-dialect.ts';

/**
 * A sequence that leaves out a number after every `run` numbers, and after each block, as if somebody else had taken
 * it.
 */
function sequence(run: number, start = 1n) {
  let next = start;
  const asked: number[] = [];
  const given: string[] = [];
  const reserve = async (count: number): Promise<NumberRange[]> => {
    asked.push(count);
    const ranges: NumberRange[] = [];
    for (let left = count; left > 0; ) {
      const length = Math.min(run, left);
      ranges.push([next, next + BigInt(length) - 1n]);
      for (let index = 0; index < length; index += 1) given.push(String(next + BigInt(index)));
      next += BigInt(length) + 1n;
      left -= length;
    }
    return ranges;
  };
  return { asked, given, reserve };
}

describe('reserved numbers', () => {
  it('are those of the sequence, in its order, each once', async () => {
    const { given, reserve } = sequence(3);
    const numbers = new ReservedNumbers(reserve);
    const taken = [await numbers.take(2), await numbers.take(0), await numbers.take(5)];
    expect(taken).toEqual([['1', '2'], [], ['3', '5', '6', '7', '9']]);
    expect([...taken.flat(), ...(await numbers.take(1000))]).toEqual(given.slice(0, 1007));
  });

  it('are asked for in blocks that grow, and never for less than is wanted', async () => {
    const { asked, reserve } = sequence(1_000_000);
    const numbers = new ReservedNumbers(reserve);
    for (let count = 0; count < 100_000; count += 1) await numbers.take(1);
    expect(asked).toEqual([256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 32_768, 32_768]);
    await numbers.take(200_000);
    expect(asked.at(-1)).toBe(200_000 - (asked.slice(0, -1).reduce((sum, each) => sum + each, 0) - 100_000));
  });

  it('are exact beyond 2^53', async () => {
    const numbers = new ReservedNumbers(sequence(1000, 2n ** 53n).reserve);
    expect(await numbers.take(3)).toEqual(['9007199254740992', '9007199254740993', '9007199254740994']);
  });

  it('end with an error when the sequence gives none', async () => {
    await expect(new ReservedNumbers(async () => []).take(1)).rejects.toThrow('gives no numbers');
  });
});
