import { expect, it } from 'vitest';
import { WriterPool } from './batch-writer.ts';

it('a writer is used by one at a time, and the lowest position comes first', async () => {
  const writers = [1, 2].map(() => ({ writer: { upsertBatch: () => Promise.resolve([]) }, warnings: [] }));
  const pool = new WriterPool(writers);
  const one = await pool.take(7);
  const other = await pool.take(7);
  expect(new Set([one, other])).toEqual(new Set(writers));
  const order: string[] = [];
  const taken = (
    [
      [5, 'a'],
      [3, 'b'],
      [5, 'c'],
      [3, 'd'],
    ] as const
  ).map(([position, name]) =>
    pool.take(position).then((writer) => {
      order.push(name);
      return writer;
    }),
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([]);
  pool.giveBack(one);
  expect(await taken[1]).toBe(one);
  expect(order).toEqual(['b']);
  pool.giveBack(other);
  pool.giveBack(one);
  pool.giveBack(other);
  await Promise.all(taken);
  expect(order).toEqual(['b', 'd', 'a', 'c']);
});
