import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { caselessName, otherSpelling } from './spelling-on-disk.ts';

const composed = 'Aus\u00fc';
const decomposed = 'Ausu\u0308';

function folderWith(...files: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-spelling-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const file of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), '');
  }
  return folder;
}

test('a place is compared with the names on the disk, part by part', () => {
  const folder = folderWith('Releases/v1/Model.json', 'golden/x');
  const spelt = (place: string) => otherSpelling(folder, place);
  expect(spelt('Releases/v1/Model.json')).toBeUndefined();
  expect(spelt('Releases')).toBeUndefined();
  expect(spelt('releases')).toBe('Releases');
  expect(spelt('RELEASES/V1')).toBe('Releases/v1');
  expect(spelt('Releases/v1/model.JSON')).toBe('Releases/v1/Model.json');
  // a place that does not exist under any spelling is reported by whoever reads it
  expect(spelt('releases/v2')).toBeUndefined();
  expect(spelt('gone')).toBeUndefined();
  expect(spelt('golden/x/below-a-file')).toBeUndefined();
});

test('letters that are composed otherwise are the same name', () => {
  const folder = folderWith(`${decomposed}/x`);
  expect(otherSpelling(folder, `${composed}/x`)).toBe(`${decomposed}/x`);
  expect(otherSpelling(folder, `${decomposed}/x`)).toBeUndefined();
  expect(otherSpelling(folder, `${composed.toUpperCase()}/X`)).toBe(`${decomposed}/x`);
  expect(caselessName(composed)).toBe(caselessName(decomposed.toUpperCase()));
});

test.skipIf(process.platform !== 'linux')('a name that exists as written is right, whatever stands beside it', () => {
  const folder = folderWith('rel/x', 'Rel/x', 'REL/x');
  for (const place of ['rel', 'Rel', 'REL']) expect(otherSpelling(folder, place)).toBeUndefined();
  expect(otherSpelling(folder, 'rEL')).toBe('REL');
});

test.skipIf(process.platform !== 'linux')('a link has the name of the link', () => {
  const folder = folderWith('real/x');
  symlinkSync('real', path.join(folder, 'Link'));
  expect(otherSpelling(folder, 'Link/x')).toBeUndefined();
  expect(otherSpelling(folder, 'link/x')).toBe('Link/x');
});
