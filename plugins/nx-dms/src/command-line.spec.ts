import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/*
 * Messages of the plugin name commands of `dms-ddl`, so `npx dms-ddl` must work if only the plugin is installed (design
 * 10 §9): some package managers link no command of a dependency of a dependency.
 */

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const manifestOf = (folder: string) => JSON.parse(readFileSync(path.join(repository, folder, 'package.json'), 'utf8'));

const plugin = manifestOf('plugins/nx-dms');
const program = manifestOf('libs/product/cli');

test('the plugin depends on exactly the version of the program that it is published with', () => {
  expect(plugin.dependencies).toEqual({ 'dms-ddl': program.version });
  expect(plugin.version).toBe(program.version);
});

test('the plugin has the commands of the program, and each starts it', () => {
  expect(Object.keys(plugin.bin)).toEqual(Object.keys(program.bin));
  for (const file of Object.values<string>(plugin.bin)) {
    const [, start] = readFileSync(path.join(repository, 'plugins/nx-dms', file), 'utf8')
      .trim()
      .split('\n');
    expect(start).toBe(`import 'dms-ddl/${path.posix.normalize(file)}';`);
    expect(program.exports[`./${path.posix.normalize(file)}`]).toBe(file);
  }
});
