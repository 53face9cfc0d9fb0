import { afterEach, describe, expect, it, vi } from 'vitest';
import { withRetries } from './retry.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Milliseconds between the last two attempts, after `failures` failures. */
async function waitAfter(failures: number): Promise<number> {
  const times: number[] = [];
  await withRetries(
    async (attempt) => {
      times.push(performance.now());
      if (attempt <= failures) throw new Error('disturbed');
    },
    () => true,
  );
  const [before = 0, after = 0] = times.slice(-2);
  return after - before;
}

describe('the wait before a retry', () => {
  it('grows with the number of failed attempts', async () => {
    // the shortest possible waits; a timer may fire up to a millisecond early
    vi.spyOn(Math, 'random').mockReturnValue(0);
    for (const [failures, least] of [
      [1, 10],
      [2, 20],
      [3, 40],
    ] as const)
      expect(await waitAfter(failures)).toBeGreaterThan(least - 2);
  });

  it('is random, so that two writers do not collide again', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    expect(await waitAfter(3)).toBeGreaterThan(100);
  });

  it('can be replaced, and is left out where the other session has finished', async () => {
    const [asked, told]: number[][] = [[], []];
    const options = {
      delay: (attempt: number) => asked!.push(attempt) - 1,
      onRetry: (_: unknown, attempt: number) => told!.push(attempt),
    };
    const work = async (attempt: number) => {
      if (attempt < 4) throw new Error('disturbed');
    };
    await withRetries(work, (_, attempt) => (attempt === 2 ? 'at once' : true), options);
    expect([asked, told]).toEqual([
      [1, 3],
      [1, 2, 3],
    ]);
  });

  it('ends with the signal', async () => {
    const signal = AbortSignal.timeout(10);
    const isAborted: boolean[] = [];
    const work = async (attempt: number) => {
      isAborted.push(signal.aborted);
      if (attempt === 1) throw new Error('disturbed');
    };
    await withRetries(work, () => true, { delay: () => 3_600_000, signal });
    expect(isAborted).toEqual([false, true]);
  });
});

describe('work that is disturbed', () => {
  const options = { delay: () => 0 };

  /** Work that fails `times` times. */
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
