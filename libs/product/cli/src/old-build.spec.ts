import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { oldBuildWarning } from './old-build.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'dms-old-build-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Writes a file with a modification time; returns its path. */
function file(name: string, second: number): string {
  const place = path.join(scratch, name);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, '');
  utimesSync(place, second, second);
  return place;
}

const packageOf = (root: string) => `${root}/libs/product/cli`;

it.each([
  ['says so if a source of the clone is newer', 'clone', 3000, true],
  ['is silent if no source is newer', 'built', 1000, false],
  ['is silent where the package is installed', 'app/node_modules/x', 3000, false],
])('%s', (_, root, second, isOld) => {
  const bundle = file(`${packageOf(root)}/dist/cli.mjs`, 2000);
  file(`${packageOf(root)}/src/main.ts`, 1000);
  file(`${root}/libs/data/ods/src/index.ts`, second);
  const text = 'dms-ddl is older than its sources: run npm run prepare';
  expect(oldBuildWarning(bundle)).toBe(isOld ? text : undefined);
});

it('is silent where the package has no sources', () => {
  const bundle = file(`${packageOf('packed')}/dist/cli.mjs`, 2000);
  file('packed/libs/other/src/index.ts', 3000);
  expect(oldBuildWarning(bundle)).toBeUndefined();
});
