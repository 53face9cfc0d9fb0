import { JsonNumber, type JsonObject } from '@dms/values';
import { describe, expect, it } from 'vitest';
import { shortId } from './id-shares.ts';
import { Marks } from './marks.ts';
import { RecordFolder } from './record-folder.ts';

const documentOf = (length: number): JsonObject => new Map([['text', '\té'.repeat(length)]]);
const lengths = [1, 5_000, 0, 70_000, 300_000, 2];

interface IdEntry {
  readonly ids: readonly (string | null)[];
  readonly numbers: readonly (number | null)[];
}

describe('what waits', () => {
  it.each([
    ['in memory', 100_000_000],
    ['in a file', 0],
    ['in both', 20_000],
  ])('%s is read in its order, and by its number', async (_place, limit) => {
    await RecordFolder.use(async (folder) => {
      const records = folder.records(limit);
      const numbers = lengths.map((length) =>
        records.add({ facts: [new JsonNumber(String(length)), 'a\tb'], document: documentOf(length) }),
      );
      const expected = lengths.map((length, index) => ({
        number: numbers[index],
        facts: [new JsonNumber(String(length)), 'a\tb'],
        document: documentOf(length),
      }));
      expect([...records.all()]).toEqual(expected);
      for (const { number, ...record } of [...expected].reverse()) expect(records.at(number ?? 0)).toEqual(record);
      expect(records.length).toBe(lengths.length);
    });
  });

  it.each([
    ['some', 300],
    ['many, of which most are in files', 200_000],
  ])('are ids by their first byte: %s', async (_, count) => {
    await RecordFolder.use(async (folder) => {
      const id = (number: number) =>
        shortId(
          `${(number % 200).toString(16).padStart(8, '0').slice(-2)}000000-0000-5000-8000-${String(number).padStart(12, '0')}`,
        );
      const shares = folder.ids<IdEntry>({
        ids: [({ ids }) => ids[0] ?? null, ({ ids }) => ids[1] ?? null],
        numbers: [({ numbers }) => numbers[0] ?? null, ({ numbers }) => numbers[1] ?? null],
        entry: (ids, numbers) => ({ ids, numbers }),
      });
      const expected = new Map<number, IdEntry[]>();
      for (let number = 0; number < count; number += 1) {
        const entry = {
          ids: [id(number), id(number + 1)],
          numbers: [number * 2 ** 31, number % 3 === 0 ? null : number],
        };
        shares.add(entry);
        expected.set(number % 200, [...(expected.get(number % 200) ?? []).slice(-2_000), entry]);
      }
      expect(shares.length).toBe(count);
      expect(shares.shares()).toEqual([...expected.keys()].sort((a, b) => a - b));
      for (const share of [0, 1, 77, 199]) expect([...shares.of(share)]).toEqual(expected.get(share));
      expect([...shares.of(200)]).toEqual([]);
    });
  });

  it.each([100_000_000, 0, 100])('are numbers, of which %i bytes are in memory', async (limit) => {
    await RecordFolder.use(async (folder) => {
      const numbers = folder.numbers(3, limit);
      const rows = Array.from({ length: 50 }, (_, index) => [index * 2 ** 40, -index, index / 2]);
      for (const row of rows) numbers.add(...row);
      expect([...numbers.all()]).toEqual(rows);
      expect(numbers.length).toBe(50);
    });
  });

  it('are rejects by source, as they were added', async () => {
    await RecordFolder.use(async (folder) => {
      const rejects = folder.rejects(200);
      const reject = (source: number, place: string, more: object = {}) => ({
        source,
        rule: 'moves[0]',
        problem: { code: 'TRANSLATION_VALUE', place, text: 'a text', ...more } as const,
        part: source % 2 === 0 ? null : 'Ed-Fi:Other',
        others: source === 2 ? [{ resource: 'Ed-Fi:School', uuid: null }] : [],
      });
      const cause = { code: 'TRANSLATION_CONFLICT', resource: 'Ed-Fi:A', uuid: 'u', place: 'Ed-Fi:A.$.a' } as const;
      const added = [reject(7, 'b', { value: 'x' }), reject(2, 'b', { value: ['x', true] }), reject(7, 'a', { cause })];
      const numbers = added.map((each) => rejects.add(each, { resource: 'Ed-Fi:B', uuid: 'v' }));
      expect([...rejects.bySource()]).toEqual([[added[1]], [added[2], added[0]]]);
      expect(rejects.causeOf(numbers[2] ?? 0)).toEqual(cause);
      expect(rejects.causeOf(numbers[0] ?? 0)).toEqual({
        code: 'TRANSLATION_VALUE',
        resource: 'Ed-Fi:B',
        uuid: 'v',
        place: 'b',
      });
    });
  });

  it('are marks', () => {
    const marks = new Marks();
    const marked = [0, 7, 8, 513, 100_000];
    for (const each of marked) marks.add(each);
    const all = Array.from({ length: 100_010 }, (_, index) => index).filter((index) => marks.has(index));
    expect(all).toEqual(marked);
  });

  it('are numbers by hash', async () => {
    await RecordFolder.use(async (folder) => {
      const hashes = folder.hashes();
      const text = (number: number) => `${String.fromCharCode(number % 256)}${String(number).padStart(7, '0')}`;
      const expected = new Map<string, { of: string; number: number }[]>();
      // some hashes have many entries, and most entries of a share are in its file
      for (let number = 0; number < 60_000; number += 1) {
        const hash = text(number % 7 === 0 ? 7 : number % 9_000);
        const entry = { of: text(number % 11), number: number * 2 ** 31 };
        hashes.add(hash, entry);
        const own = expected.get(hash) ?? [];
        expected.set(hash, own);
        own.push(entry);
      }
      for (const hash of [text(7), text(1), text(300), text(8_999)])
        expect([...hashes.find(hash)]).toEqual(expected.get(hash));
      expect([...hashes.find('unknown!')]).toEqual([]);
    });
  });
});
