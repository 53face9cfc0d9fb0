import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Interrupted, interruptibly } from './interruption.ts';

/**
 * Runs a statement until the watch has checked it `length` times; each check returns the next of `found`, and from then
 * on the last one.
 */
async function looked(length: number, found: readonly (boolean | Error)[]) {
  const run = new AbortController();
  const looks: (boolean | Error)[] = [];
  let end = () => {};
  const isAtWork = async () => {
    const next = found[Math.min(looks.length, found.length - 1)] ?? false;
    looks.push(next);
    if (looks.length === length) end();
    if (next instanceof Error) throw next;
    return next;
  };
  let ended: Interrupted | undefined;
  const result = await interruptibly(
    {},
    () =>
      new Promise<string>((resolve, reject) => {
        end = () => resolve('done');
        run.signal.addEventListener('abort', () => reject(run.signal.reason));
      }),
    { interrupt: () => void run.abort(), watch: { isAtWork, interval: 5 } },
    (interrupted) => {
      ended = interrupted;
      return new Error('interrupted');
    },
  ).catch((error: unknown) => error);
  return { result, by: ended?.by, looks };
}

describe('a statement that gives no answer', () => {
  it('takes as long as it takes while work is seen', async () => {
    expect(await looked(8, [true])).toMatchObject({ result: 'done', looks: Array.from({ length: 8 }, () => true) });
  });

  it('is given up after two looks in a row that see none, or fail', async () => {
    expect(await looked(100, [false])).toMatchObject({ by: 'stalled', looks: [false, false] });
    expect((await looked(100, [new Error('unreachable'), false])).by).toBe('stalled');
    expect(await looked(100, [false, true, false, false])).toMatchObject({
      by: 'stalled',
      looks: [false, true, false, false],
    });
  });

  it('that answers meanwhile is not disturbed by a look that still runs', async () => {
    const run = new AbortController();
    let answer = (_isAtWork: boolean) => {};
    let looks = 0;
    const looking = () =>
      new Promise<boolean>((resolve) => {
        looks += 1;
        answer = resolve;
      });
    const result = await interruptibly(
      {},
      async () => {
        await expect.poll(() => looks, { interval: 5 }).toBe(1);
        return 'done';
      },
      { interrupt: () => void run.abort(), watch: { isAtWork: looking, interval: 5 } },
      () => new Error('interrupted'),
    );
    answer(false);
    // long enough for several further checks
    await wait(30);
    expect([result, run.signal.aborted, looks]).toEqual(['done', false, 1]);
  });
});

describe('a statement that ends before it is interrupted', () => {
  it.each([
    ['answers', async () => 'done', 'done'],
    ['fails', () => Promise.reject(new Error('refused')), 'explained'],
  ])('and %s waits until nothing can reach the next one', async (_, answer, expected) => {
    const cancelling = new AbortController();
    const events: string[] = [];
    const result = await interruptibly(
      { signal: cancelling.signal },
      async () => {
        cancelling.abort();
        return answer();
      },
      {
        interrupt: () => async () => {
          await wait(5);
          events.push('harmless');
        },
      },
      () => {
        events.push('explained');
        return new Error('explained');
      },
    ).catch(({ message }: Error) => message);
    expect([result, events[0]]).toEqual([expected, 'harmless']);
  });
});
