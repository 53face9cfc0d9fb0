import { expect, it } from 'vitest';
import { readAhead } from './dump-documents.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function* numbers(last: number, log: string[]): AsyncGenerator<number, void> {
  try {
    for (let number = 1; number <= last; number += 1) {
      log.push(`read ${number}`);
      await turn();
      if (number === 3) throw new Error('no third');
      yield number;
    }
  } finally {
    log.push('closed');
  }
}

it('reading ahead requests an item while the one before is used', async () => {
  const log: string[] = [];
  for await (const number of readAhead(numbers(2, log))) {
    await turn();
    log.push(`used ${number}`);
  }
  expect(log).toEqual(['read 1', 'read 2', 'used 1', 'closed', 'used 2']);
});

it('reading ahead fails after the items before the failure', async () => {
  const log: string[] = [];
  const used: number[] = [];
  const work = async () => {
    for await (const number of readAhead(numbers(4, log))) used.push(number);
  };
  await expect(work()).rejects.toThrow('no third');
  expect(used).toEqual([1, 2]);
  expect(log.at(-1)).toBe('closed');
});

it('reading ahead waits for what it has requested when the consumer stops', async () => {
  const log: string[] = [];
  for await (const number of readAhead(numbers(2, log))) if (number === 1) break;
  expect(log).toEqual(['read 1', 'read 2', 'closed']);
});

it('reading ahead drops a failure that comes after the consumer has stopped', async () => {
  const log: string[] = [];
  for await (const number of readAhead(numbers(4, log))) if (number === 2) break;
  expect(log).toEqual(['read 1', 'read 2', 'read 3', 'closed']);
});
