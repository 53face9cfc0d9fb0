import { linkSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';

const numbers = vi.hoisted(() => ({ shift: 0n }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const stat = (file: string, options: { readonly bigint: true }) => {
    const found = real.statSync(file, options);
    return { ...found, dev: found.dev, ino: found.ino + numbers.shift };
  };
  return {
    ...real,
    statSync: (file: string, options?: { readonly bigint: true }) =>
      options?.bigint ? stat(file, options) : real.statSync(file),
  };
});
const { fileIdentity } = await import('./file-identity.ts');

const folder = mkdtempSync(path.join(tmpdir(), 'dms-identity-'));
const place = (name: string) => path.join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(place('in'));
for (const name of ['in/a', 'b']) writeFileSync(place(name), '');
symlinkSync(place('in'), place('link'));
linkSync(place('in/a'), place('other-name'));

it.each([
  ['link/a', 'in/a', true],
  ['other-name', 'in/a', true],
  ['in/../in/./a', 'in/a', true],
  ['link', 'in', true],
  ['b', 'in/a', false],
])('%s and %s', (one, other, isSame) => {
  expect(fileIdentity(place(one)) === fileIdentity(place(other))).toBe(isSame);
});

it('is nothing where nothing is', () => {
  expect([fileIdentity(place('none')), fileIdentity(place('b/c'))]).toEqual([undefined, undefined]);
});

it('has all digits of the numbers of Windows', () => {
  numbers.shift = 2n ** 60n;
  // neighbouring numbers that are equal as doubles
  const [first, second] = ['in/a', 'b'].map((name) => [statSync(place(name)).ino, fileIdentity(place(name))] as const);
  expect(first?.[1]).toMatch(new RegExp(`:${BigInt(first?.[0] ?? 0) + numbers.shift}$`));
  expect(first?.[1]).not.toBe(second?.[1]);
  numbers.shift = 0n;
});
