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
  it('one waits the longer the more attempts failed', async () => {
    // the least that a wait may be; timers are up to a millisecond early
    vi.spyOn(Math, 'random').mockReturnValue(0);
    for (const [attempt, least] of [
      [1, 10],
      [2, 20],
      [3, 40],
    ] as const)
      expect(await waited(attempt)).toBeGreaterThan(least - 2);
  });

  it('two writers wait for different times', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    expect(await waited(3)).toBeGreaterThan(100);
  });

  it('one waits as long as a test says', async () => {
    const asked: number[] = [];
    const delay = (attempt: number) => {
      asked.push(attempt);
      return 0;
    };
    await beforeRetry(2, { delay });
    expect(asked).toEqual([2]);
  });
});
