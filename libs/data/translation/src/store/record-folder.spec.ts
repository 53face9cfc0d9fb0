import { JsonNumber, type JsonObject } from '@dms/files';
import { describe, expect, it } from 'vitest';
import { type IdGroup, shortId } from './id-file.ts';
import { RecordFolder } from './record-folder.ts';

const documentOf = (length: number): JsonObject => new Map([['text', '\té'.repeat(length)]]);
const lengths = [1, 5_000, 0, 70_000, 300_000, 2];

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
    ['in memory', 100_000_000],
    ['in a file', 0],
    ['in both', 1_000],
  ])('are ids %s', async (_place, limit) => {
    await RecordFolder.use(async (folder) => {
      const id = (number: number) => shortId(`00000000-0000-5000-8000-${String(number).padStart(12, '0')}`);
      const groups = Array.from({ length: 9_000 }, (_, number): IdGroup => {
        const named = Array.from({ length: number % 7 }, (_each, index) => id(number + index));
        return { file: number % 3, number: number * 2 ** 33, own: [id(number)], named };
      });
      const ids = folder.ids(limit);
      for (const group of groups) ids.add(group);
      expect([...ids.all()]).toEqual(groups);
    });
  });

  it('are numbers by hash', async () => {
    await RecordFolder.use(async (folder) => {
      const hashes = folder.hashes();
      const text = (number: number) => `${String.fromCharCode(number % 256)}${String(number).padStart(7, '0')}`;
      const expected = new Map<string, { of: string; number: number }[]>();
      // some hashes have many entries, most of a share wait in its file
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
