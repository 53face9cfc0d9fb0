import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Interrupted, interruptibly } from './interruption.ts';

/**
 * Runs something of a length that is looked at every 20 ms; each look finds the next of `found`, and then the last of
 * them again.
 */
async function looked(length: number, found: readonly (boolean | Error)[]) {
  const run = new AbortController();
  const looks: (boolean | Error)[] = [];
  const isAtWork = async () => {
    const next = found[Math.min(looks.length, found.length - 1)] ?? false;
    looks.push(next);
    if (next instanceof Error) throw next;
    return next;
  };
  let ended: Interrupted | undefined;
  const result = await interruptibly(
    {},
    () => wait(length, 'done', { signal: run.signal }),
    { interrupt: () => run.abort(), watch: { isAtWork, interval: 20 } },
    (interrupted) => {
      ended = interrupted;
      return new Error('interrupted');
    },
  ).catch((error: unknown) => error);
  return { result, by: ended?.by, looks };
}

describe('a statement that gives no answer', () => {
  it('takes as long as it takes while work is seen', async () => {
    const { result, looks } = await looked(400, [true]);
    expect(result).toBe('done');
    expect(looks.length).toBeGreaterThan(3);
  });

  it('is given up after two looks in a row that see none, or fail', async () => {
    expect(await looked(60_000, [false])).toMatchObject({ by: 'stalled', looks: [false, false] });
    expect((await looked(60_000, [new Error('unreachable'), false])).by).toBe('stalled');
    expect(await looked(60_000, [false, true, false, false])).toMatchObject({
      by: 'stalled',
      looks: [false, true, false, false],
    });
  });

  it('that answers meanwhile is not disturbed by a look that still runs', async () => {
    const run = new AbortController();
    const isAtWork = () => wait(100, false);
    const result = await interruptibly(
      {},
      () => wait(50, 'done', { signal: run.signal }),
      { interrupt: () => run.abort(), watch: { isAtWork, interval: 10 } },
      () => new Error('interrupted'),
    );
    await wait(250);
    expect([result, run.signal.aborted]).toEqual(['done', false]);
  });
});
