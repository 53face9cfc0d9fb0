import path from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, it } from 'vitest';
import { forwardingLibrary } from './forwarding-library.ts';
import { failuresOf, type SpecFile, wineGaps } from './wine-gaps.ts';

const root = path.resolve(import.meta.dirname, '../..');
const test = (fullName: string, status: string) => ({ fullName, status, failureMessages: ['Error: no\n at x'] });
const file = (name: string, ...assertionResults: SpecFile['assertionResults']): SpecFile => ({
  name,
  status: 'failed',
  message: 'it said\nmore',
  assertionResults,
});

it('a failure counts unless it is a gap of Wine', () => {
  const link = test('link/a and in/a', 'failed');
  expect(failuresOf(file('Z:/x/file-identity.spec.ts', link, test('b and in/a', 'failed')))).toEqual([
    'b and in/a: Error: no',
  ]);
  expect(failuresOf(file('Z:/x/file-name.spec.ts', link, test('b', 'passed')))).toEqual(['link/a and in/a: Error: no']);
  expect(failuresOf(file('Z:/x/write-output.spec.ts', test('any', 'skipped')))).toEqual([
    'Z:/x/write-output.spec.ts: it said',
  ]);
});

it('each gap is about files that are there', () => {
  const files = globSync(['libs/**/*.spec.ts', 'plugins/**/*.spec.ts'], { cwd: root, ignore: '**/node_modules/**' });
  expect(wineGaps.filter((gap) => !files.some((each) => gap.files.test(each)))).toEqual([]);
});

it('a library that forwards names its own function and the one behind it', () => {
  const bytes = Buffer.from(forwardingLibrary('a.dll', 'Mine', 'b.Theirs'));
  const header = bytes.readUInt32LE(0x3c);
  expect(bytes.toString('latin1', header, header + 4)).toBe('PE\0\0');
  // converts addresses in memory to positions in the file
  const at = (address: number) => address - 0x1000 + 0x200;
  const table = at(bytes.readUInt32LE(header + 24 + 112));
  const textAt = (address: number) => bytes.toString('latin1', at(address), bytes.indexOf(0, at(address)));
  const [functions, names, ordinals] = [28, 32, 36].map((offset) => at(bytes.readUInt32LE(table + offset)));
  expect([textAt(bytes.readUInt32LE(table + 12)), bytes.readUInt16LE(ordinals ?? 0)]).toEqual(['a.dll', 0]);
  expect(textAt(bytes.readUInt32LE(names ?? 0))).toBe('Mine');
  expect(textAt(bytes.readUInt32LE(functions ?? 0))).toBe('b.Theirs');
});
