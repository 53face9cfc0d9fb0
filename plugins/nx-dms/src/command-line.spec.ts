import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryWorkspace } from '../test/temporary-workspace.ts';

/*
 * Messages of the plugin name commands of `dms-ddl`, so `npx dms-ddl` must work if only the plugin is installed (design
 * 10 §9).
 */

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string) => readFileSync(path.join(repository, file), 'utf8');
const manifestOf = (folder: string) => JSON.parse(read(`${folder}/package.json`));

const plugin = manifestOf('plugins/nx-dms');
const commandLine = manifestOf('libs/product/cli');

/** The program that the plugin starts in a workspace with these files below `node_modules`. */
function started(files: Readonly<Record<string, string>>): string {
  const place = `nx-dms/${plugin.bin?.['dms-ddl']}`;
  const program = read(`plugins/${place}`);
  const installed = {
    'nx-dms/package.json': JSON.stringify({ name: 'nx-dms', type: plugin.type }),
    'nx-dms/dist/command-line/bin/dms-ddl.mjs': "console.log('of the plugin', ...process.argv.slice(2));",
    [place]: program,
    ...files,
  };
  const root = temporaryWorkspace(
    Object.fromEntries(Object.entries(installed).map(([file, text]) => [`node_modules/${file}`, text])),
  );
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'node_modules', place), 'hash', '--help']);
  return `${stdout}${stderr}`;
}

test('the plugin has the programs of the command line', () => {
  expect(Object.keys(plugin.bin ?? {})).toEqual(Object.keys(commandLine.bin));
  expect(plugin.files).toContain('bin');
});

test('the program of the plugin is the one in its package', () => {
  expect(started({})).toBe('of the plugin hash --help\n');
});

test('the package dms-ddl comes first where it is installed too', () => {
  const text = started({
    'dms-ddl/package.json': JSON.stringify({ name: 'dms-ddl', exports: commandLine.exports, type: commandLine.type }),
    'dms-ddl/bin/dms-ddl.mjs': "console.log('of dms-ddl', ...process.argv.slice(2));",
  });
  expect(text).toBe('of dms-ddl hash --help\n');
});
