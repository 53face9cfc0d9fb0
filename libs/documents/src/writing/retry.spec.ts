import { afterEach, describe, expect, it, vi } from 'vitest';
import { beforeRetry } from './retry.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

async function waited(attempt: number): Promise<number> {
  const begin = performance.now();
  await beforeRetry(attempt, {});
  return performance.now() - begin;
}

describe('before a retry', () => {
  it('the wait grows with the number of failed attempts', async () => {
    // the shortest possible waits; a timer may fire up to a millisecond early
    vi.spyOn(Math, 'random').mockReturnValue(0);
    for (const [attempt, least] of [
      [1, 10],
      [2, 20],
      [3, 40],
    ] as const)
      expect(await waited(attempt)).toBeGreaterThan(least - 2);
  });

  it('the wait is random, so that two writers do not collide again', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    expect(await waited(3)).toBeGreaterThan(100);
  });

  it('the wait can be replaced', async () => {
    const asked: number[] = [];
    const delay = (attempt: number) => {
      asked.push(attempt);
      return 0;
    };
    await beforeRetry(2, { delay });
    expect(asked).toEqual([2]);
  });
});
