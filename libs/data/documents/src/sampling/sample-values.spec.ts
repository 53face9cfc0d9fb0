import { expect, it } from 'vitest';
import { sampleValue } from './sample-values.ts';

it.each([12, 13, 20, 60])(
  'a text of at most %i characters fits, however large its number, and is another for each',
  (maxLength) => {
    const numbers = [0, 1, 4, 36 ** 4 - 1, 36 ** 4, 36 ** 4 + 1, 36 ** 5, 36 ** 5 + 2, 36 ** 8 + 1];
    const texts = numbers.map((number) =>
      String(sampleValue({ kind: 'String', maxLength, decimal: null }, number, false)),
    );
    for (const text of texts) expect(text.length, text).toBeLessThanOrEqual(maxLength);
    expect(new Set(texts).size).toBe(numbers.length);
  },
);
