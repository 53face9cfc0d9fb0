import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { IdentityTable } from './identity-table.ts';

describe('a table of identities', () => {
  it('finds what was put in, among many, and nothing else', () => {
    const table = new IdentityTable();
    const all = new Map(Array.from({ length: 20_000 }, (_, index) => [randomUUID(), index + 1] as const));
    for (const [uuid, id] of all) table.set(uuid, id);
    expect(table.size).toBe(20_000);
    for (const [uuid, id] of all) expect(table.get(uuid)).toBe(id);
    for (let count = 0; count < 1000; count += 1) expect(table.get(randomUUID())).toBeUndefined();
  });

  it('tells apart what differs in one digit, and keeps the last id', () => {
    const table = new IdentityTable();
    const base = '00000000-0000-0000-0000-000000000000';
    const digits = [...base].flatMap((digit, index) => (digit === '-' ? [] : [index]));
    const variants = digits.map((index) => `${base.slice(0, index)}f${base.slice(index + 1)}`);
    for (const [index, uuid] of variants.entries()) table.set(uuid, index + 1);
    expect(table.get(base)).toBeUndefined();
    expect(variants.map((uuid) => table.get(uuid))).toEqual(variants.map((_, index) => index + 1));
    table.set(base, 7);
    table.set(base, 2 ** 53 - 1);
    expect([table.get(base), table.size]).toEqual([2 ** 53 - 1, variants.length + 1]);
  });

  it('forgets what was removed, and finds what was put beside it', () => {
    const table = new IdentityTable();
    // equal ends, as uuids of other generators may have
    const all = Array.from(
      { length: 5_000 },
      (_, index) => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`,
    );
    for (const [index, uuid] of all.entries()) table.set(uuid, index + 1);
    for (const [index, uuid] of all.entries()) if (index % 2 === 0) table.remove(uuid, index + 1);
    table.remove(all[1] ?? '', 1);
    expect(all.filter((uuid) => table.get(uuid) === undefined)).toEqual(all.filter((_, index) => index % 2 === 0));
    table.set(all[0] ?? '', 7);
    for (let id = 1; id <= 5_000; id += 1) table.set(randomUUID(), id);
    expect([table.get(all[0] ?? ''), table.get(all[1] ?? ''), table.get(all[2] ?? '')]).toEqual([7, 2, undefined]);
  });

  it.each([0, -1, 1.5, 2 ** 53])('does not take %d for a document id', (id) => {
    expect(() => new IdentityTable().set(randomUUID(), id)).toThrow('is not a document id');
  });
});
