import { expect, test } from 'vitest';
import { isInstalled } from './generator-run.ts';

const failing = (code: string, message: string) => () => {
  throw Object.assign(new Error(message), { code });
};

const yarn = 'Your application tried to access the package, but it is not declared in your dependencies';

test.each([
  ['npm', "Cannot find module '@nx/devkit'"],
  ['Yarn without node_modules', yarn],
  ['another resolver', 'Paket nicht gefunden'],
])('a package that %s does not find is not installed', (_, message) => {
  expect(isInstalled('@nx/devkit', failing('MODULE_NOT_FOUND', message))).toBe(false);
});

test.each([
  ['is there', () => '/x/index.js'],
  ['has no entry for require', failing('ERR_PACKAGE_PATH_NOT_EXPORTED', "Cannot find module '@nx/devkit'")],
  ['is broken', failing('ERR_INVALID_PACKAGE_CONFIG', "Cannot find module '@nx/devkit'")],
])('a package that %s is installed', (_, resolve) => {
  expect(isInstalled('@nx/devkit', resolve)).toBe(true);
});

test('finds a package of this workspace, and not one that nobody has', () => {
  expect([isInstalled('nx'), isInstalled('no-such-package-anywhere')]).toEqual([true, false]);
});
