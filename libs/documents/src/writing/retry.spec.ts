import { afterEach, describe, expect, it, vi } from 'vitest';
import { beforeRetry, withRetries } from './retry.ts';

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

describe('work that is disturbed', () => {
  const options = { delay: () => 0 };

  /** Work that fails so many times. */
  const failing = (times: number) => {
    const attempts: number[] = [];
    const work = async (attempt: number) => {
      attempts.push(attempt);
      if (attempt <= times) throw new Error(`failure ${attempt}`);
      return 'done';
    };
    return { attempts, work };
  };

  it('is repeated three times', async () => {
    const { attempts, work } = failing(3);
    expect(await withRetries(work, () => true, options)).toBe('done');
    expect(attempts).toEqual([1, 2, 3, 4]);
  });

  it('fails with its last failure after that', async () => {
    const { attempts, work } = failing(4);
    await expect(withRetries(work, () => true, options)).rejects.toThrow('failure 4');
    expect(attempts).toEqual([1, 2, 3, 4]);
  });

  it('is not repeated after any other failure', async () => {
    const { attempts, work } = failing(4);
    const isDisturbed = (error: unknown, attempt: number) => attempt === 1 && (error as Error).message === 'failure 1';
    await expect(withRetries(work, isDisturbed, options)).rejects.toThrow('failure 2');
    expect(attempts).toEqual([1, 2]);
  });
});
