import { describe, expect, it } from 'vitest';
import { OpenBatches } from './resource-load.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when it is told to. */
function work(name: string) {
  let end = () => {};
  let fail = () => {};
  const done = new Promise<string>((resolve, reject) => {
    end = () => resolve(name);
    fail = () => reject(new Error(name));
  });
  return { done, end, fail };
}

const keys = (...all: readonly string[]) => new Set(all);

describe('open batches', () => {
  it('have their results handled in order, and no more of them than the limit wait', async () => {
    const handled: string[] = [];
    const open = new OpenBatches<string>(2, async (name) => void handled.push(name));
    const a = work('a');
    const b = work('b');
    const c = work('c');
    await open.add(keys(), a.done);
    await open.add(keys(), b.done);
    b.end();
    await settled();
    expect(handled).toEqual([]);
    let isAdded = false;
    const adding = open.add(keys(), c.done).then(() => {
      isAdded = true;
    });
    await settled();
    expect(isAdded).toBe(false);
    a.end();
    await adding;
    expect(handled).toEqual(['a', 'b']);
    c.end();
    await open.finish();
    expect(handled).toEqual(['a', 'b', 'c']);
  });

  it('are waited for by a batch with one of their keys, and by no other', async () => {
    const open = new OpenBatches<string>(4, async () => {});
    const a = work('a');
    const b = work('b');
    await open.add(keys('1', '2'), a.done);
    await open.add(keys('3'), b.done);
    await open.without(keys('4'));
    let isClear = false;
    const waiting = open.without(keys('4', '2')).then(() => {
      isClear = true;
    });
    b.end();
    await settled();
    expect(isClear).toBe(false);
    a.end();
    await waiting;
  });

  it('are all handled at the end, and then the first failure is thrown', async () => {
    const handled: string[] = [];
    const open = new OpenBatches<string>(4, async (name) => void handled.push(name));
    const all = [work('a'), work('b'), work('c')] as const;
    for (const { done } of all) await open.add(keys(), done);
    all[2].end();
    all[1].fail();
    all[0].end();
    await expect(open.finish()).rejects.toThrow('b');
    expect(handled).toEqual(['a', 'c']);
  });
});
