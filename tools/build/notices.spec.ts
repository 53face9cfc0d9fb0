import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { noticesOf } from './notices.ts';

/** Installs packages with the given files below a folder; returns a source file of each. */
function install(
  packages: Readonly<Record<string, { readonly license?: string; readonly files?: Readonly<Record<string, string>> }>>,
) {
  const root = mkdtempSync(path.join(tmpdir(), 'notices-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return Object.entries(packages).map(([name, { license = 'MIT', files = { LICENSE: `Text of ${name}\r\n` } }]) => {
    const folder = path.join(root, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
    return path.join(folder, 'dist', 'index.js');
  });
}

test('each package is named once, with its licence and all that it says of it', () => {
  const files = install({
    zod: {},
    '@scope/a': { license: 'Apache-2.0', files: { LICENSE: 'Text of a', NOTICE: 'Made by somebody' } },
  });
  const text: string = noticesOf([...files, ...files, '/work/libs/sql/src/index.ts']);
  expect(
    text
      .split(/^-{79}$/m)
      .slice(1)
      .map((part) => part.trim()),
  ).toEqual(['@scope/a 1.0.0 (Apache-2.0)\n\nText of a\n\nMade by somebody', 'zod 1.0.0 (MIT)\n\nText of zod']);
});

test('the innermost package is the one that is bundled', () => {
  const [inner = ''] = install({ 'outer/node_modules/inner': {} });
  expect(noticesOf([inner])).toContain('outer/node_modules/inner 1.0.0 (MIT)');
});

test('a licence that nobody has looked at, or without its text, is refused', () => {
  expect(() => noticesOf(install({ x: { license: 'GPL-3.0-only' } }))).toThrow('x has the licence GPL-3.0-only');
  expect(() => noticesOf(install({ x: { files: {} } }))).toThrow('x contains no text of its licence');
});
