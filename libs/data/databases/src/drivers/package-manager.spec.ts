import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installCommand } from './optional-package.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dms-manager-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['package-lock.json', 'npm install --save-dev mssql'],
  ['pnpm-lock.yaml', 'pnpm add --save-dev mssql'],
  ['yarn.lock', 'yarn add --dev mssql'],
  ['bun.lock', 'bun add --dev mssql'],
  ['bun.lockb', 'bun add --dev mssql'],
])('a package is installed by the package manager of the nearest lock file: %s', (lock, command) => {
  const inner = path.join(folder, lock, 'packages', 'app');
  mkdirSync(inner, { recursive: true });
  writeFileSync(path.join(folder, lock, lock), '');
  expect(installCommand('mssql', inner)).toBe(command);
});

it('where there is no lock file, it is npm', () => {
  expect(installCommand('mssql', path.parse(folder).root)).toBe('npm install --save-dev mssql');
});
