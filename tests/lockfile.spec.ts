import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { packageFolders } from '../tools/packages.ts';
import { missingPlatformPackages } from '../tools/release/complete-lockfile.ts';

const packages = new Set(packageFolders(fileURLToPath(new URL('..', import.meta.url))));
const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

test('package-lock.json names every optional platform package', () => {
  expect(missingPlatformPackages(lock)).toEqual({});
});

test('package-lock.json names no download address, as each place has its own registry', () => {
  const addressed = Object.entries<{ resolved?: string; link?: boolean }>(lock.packages)
    .filter(([, entry]) => entry.resolved !== undefined)
    .filter(([, entry]) => !(entry.link && packages.has(entry.resolved ?? '')));
  expect(addressed.map(([place]) => place)).toEqual([]);
});

test('an entry removed from the lock file is reported with its platform', () => {
  const place = 'node_modules/@biomejs/cli-linux-x64-musl';
  const { [place]: removed, ...packages } = lock.packages;
  expect(removed).toBeDefined();
  expect(missingPlatformPackages({ packages })).toEqual({
    [place]: { version: removed.version, cpu: ['x64'], dev: true, libc: ['musl'], optional: true, os: ['linux'] },
  });
});

test('the C library of a Linux package is read off its own name, or off a musl package beside it', () => {
  const names = ['a-linux-x64', 'a-linux-x64-musl', 'b-linux-arm64-gnu', 'b-linux-arm-gnueabihf', 'b-linux-arm'];
  const optionalDependencies = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  const missing = missingPlatformPackages({ packages: { 'node_modules/parent': { optionalDependencies } } });
  expect(Object.entries(missing).map(([place, entry]) => [place, entry.cpu, entry.libc])).toEqual([
    ['node_modules/a-linux-x64', ['x64'], ['glibc']],
    ['node_modules/a-linux-x64-musl', ['x64'], ['musl']],
    ['node_modules/b-linux-arm', ['arm'], undefined],
    ['node_modules/b-linux-arm-gnueabihf', ['arm'], undefined],
    ['node_modules/b-linux-arm64-gnu', ['arm64'], ['glibc']],
  ]);
});

test('a missing package goes to the root, or below its parent when another version sits nearer to the root', () => {
  const wants = (version: string) => ({ optionalDependencies: { 'tool-darwin-arm64': version } });
  const missing = missingPlatformPackages({
    packages: {
      'node_modules/tool': { version: '2.0.0', ...wants('2.0.0') },
      'node_modules/host/node_modules/tool': { version: '1.0.0', ...wants('1.0.0') },
    },
  });
  const platform = { cpu: ['arm64'], optional: true, os: ['darwin'] };
  expect(missing).toEqual({
    'node_modules/host/node_modules/tool/node_modules/tool-darwin-arm64': { version: '1.0.0', ...platform },
    'node_modules/tool-darwin-arm64': { version: '2.0.0', ...platform },
  });
  expect(Object.keys(missing)).toEqual(Object.keys(missing).sort());
});

test('an entry wanted by a product package too is not marked dev', () => {
  const optionalDependencies = { 'tool-win32-x64': '1.0.0' };
  const missing = missingPlatformPackages({
    packages: {
      'node_modules/first': { dev: true, optionalDependencies },
      'node_modules/second': { optionalDependencies },
    },
  });
  expect(missing['node_modules/tool-win32-x64']).not.toHaveProperty('dev');
});

test('of a range the lower bound is added, and what npm chose for it is kept', () => {
  const parent = { optionalDependencies: { fsevents: '~2.3.3' } };
  expect(missingPlatformPackages({ packages: { 'node_modules/parent': parent } })).toEqual({
    'node_modules/fsevents': { version: '2.3.3', optional: true },
  });
  const packages = { 'node_modules/fsevents': { version: '2.3.4' }, 'node_modules/parent': parent };
  expect(missingPlatformPackages({ packages })).toEqual({});
});

test('a range that names no single version is refused with the one who asks', () => {
  const packages = { 'node_modules/parent': { optionalDependencies: { 'tool-linux-x64': '*' } } };
  expect(() => missingPlatformPackages({ packages })).toThrow('node_modules/parent wants tool-linux-x64@*');
});
