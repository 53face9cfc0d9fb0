import { expect, it } from 'vitest';
import { OrderedWork } from './ordered-work.ts';

it('numbers come in their order, whatever order they pass in', async () => {
  const turns = new OrderedWork();
  const came: number[] = [];
  const all = [3, 1, 0, 2].map((number) => turns.come(number).then(() => came.push(number)));
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  await settled();
  expect(came).toEqual([0]);
  turns.pass(2);
  turns.pass(1);
  await settled();
  expect(came).toEqual([0]);
  turns.pass(0);
  await Promise.all(all);
  // all three may come now
  expect([...came].sort()).toEqual([0, 1, 2, 3]);
  let isNext = false;
  const next = turns.come(4).then(() => {
    isNext = true;
  });
  // a number that has passed before does not count again
  turns.pass(0);
  await settled();
  expect(isNext).toBe(false);
  turns.pass(3);
  await next;
});
