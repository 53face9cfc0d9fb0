import { expect, it } from 'vitest';
import { OrderedWork } from './load-reporter.ts';

it('numbers come in their order, whatever order they pass in', async () => {
  const turns = new OrderedWork();
  const came: number[] = [];
  const all = [3, 1, 0, 2].map((number) => turns.waitFor(number).then(() => came.push(number)));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  await settled();
  expect(came).toEqual([0]);
  turns.release(2);
  turns.release(1);
  await settled();
  expect(came).toEqual([0]);
  turns.release(0);
  await Promise.all(all);
  // all three may come now
  expect([...came].sort()).toEqual([0, 1, 2, 3]);
  let isNext = false;
  const next = turns.waitFor(4).then(() => {
    isNext = true;
  });
  // a number that has passed before does not count again
  turns.release(0);
  await settled();
  expect(isNext).toBe(false);
  turns.release(3);
  await next;
});
