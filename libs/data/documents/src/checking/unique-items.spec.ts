import { expect, it } from 'vitest';
import { uniqueItems } from './unique-items.ts';

/* The keyword reads each item a constant number of times, for any number of items (design 14 §1.1). */

const validate = uniqueItems.compile?.(true, {}, {} as never) as unknown as (items: readonly unknown[]) => boolean;

/** An item that counts the reads of its members. */
function counted(value: object, count: () => void): unknown {
  return new Proxy(value, {
    get: (target, name) => {
      count();
      return Reflect.get(target, name);
    },
    ownKeys: (target) => {
      count();
      return Reflect.ownKeys(target);
    },
  });
}

const kinds: readonly (readonly [string, (n: number) => object])[] = [
  ['objects', (n) => ({ phone: String(n), label: 'home' })],
  ['arrays', (n) => ['a', n]],
  ['objects in arrays', (n) => [{ n }]],
  ['objects that differ at their end', (n) => ({ ...Object.fromEntries([...'abcdef'].map((name) => [name, 1])), n })],
];

it.each(kinds)('%s', (_, make) => {
  const readsOf = (length: number, repeated: boolean) => {
    let reads = 0;
    const items = Array.from({ length }, (_each, n) =>
      counted(make(n), () => {
        reads += 1;
      }),
    );
    expect(validate(repeated ? [...items, make(0)] : items)).toBe(!repeated);
    return reads;
  };
  for (const repeated of [false, true]) {
    const few = readsOf(100, repeated);
    expect(few).toBeGreaterThan(0);
    expect(readsOf(1_000, repeated)).toBe(10 * few);
  }
});
