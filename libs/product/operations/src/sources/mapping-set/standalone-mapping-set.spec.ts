import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { scratchFolders, writeJson } from '../../../test/scratch-folder.ts';
import { readMappingSet, schemasOfEntries } from './standalone-mapping-set.ts';

const scratchFolder = scratchFolders();

test.each([
  ['sets/dms', 'sets/dms'],
  ['sets/schools (copy)', 'sets/schools _copy_'],
  ['sets/[x]', 'sets/_x_'],
])('artifacts of %s go where the targets of Nx write them', async (folder, plain) => {
  const workspace = scratchFolder();
  writeJson(workspace, 'nx.json', {});
  mkdirSync(path.join(workspace, folder), { recursive: true });
  mkdirSync(path.join(workspace, 'schemas'));
  writeJson(path.join(workspace, 'schemas'), 'ApiSchema.json', {});
  const file = writeJson(path.join(workspace, folder), 'dms.json', { schemas: ['schemas'] });
  expect((await readMappingSet(file)).outputDirectory).toBe(path.join(workspace, 'dist', plain));
});

test('a folder is refused with the file in it that may be meant', async () => {
  const folder = scratchFolder();
  const message = (place = folder) =>
    readMappingSet(place).then(
      () => 'read',
      (error: Error) => error.message,
    );
  const refused = `INPUT_FILE_UNREADABLE: ${folder} is a folder; `;
  expect(await message()).toBe(`${refused}name a dms.json, or ApiSchema files with --schema.`);
  const schema = writeJson(folder, 'ApiSchema.json', {});
  expect(await message()).toBe(`${refused}name its ApiSchema files: --schema ${schema}.`);
  const none = path.join(folder, 'dms.json');
  expect(await message(none)).toBe(
    `INPUT_FILE_NOT_FOUND: ${none} does not exist; name its ApiSchema files: --schema ${schema}.`,
  );
  const config = writeJson(folder, 'dms.json', {});
  expect(await message()).toBe(`${refused}name the file in it: ${config}.`);
});

test('a misspelt folder of schemas is refused with the one beside it, also outside the folder of the dms.json', async () => {
  const folder = scratchFolder();
  mkdirSync(path.join(folder, 'schemas/campus'), { recursive: true });
  writeJson(path.join(folder, 'schemas/campus'), 'ApiSchema.json', {});
  const { diagnostics } = await schemasOfEntries(
    ['../schemas/campsu', '../nowhere/campus'],
    path.join(folder, 'sets/dms.json'),
  );
  expect(diagnostics.map(({ code, details }) => [code, details.candidates])).toEqual([
    ['CONFIG_SCHEMA_UNKNOWN', ['../schemas/campus']],
    ['CONFIG_SCHEMA_UNKNOWN', []],
  ]);
});

test.each([
  ["packages:\n  # ours\n  - 'schemas/*'\n", 'found'],
  ['catalog: {}\npackages: ["schemas/*"]\n', 'found'],
  ['packages: &all\n- >-\n  schemas/*\n', 'found'],
  ['packages: ["schemas/*"\n', 'unknown'],
  ['packages:\n  - others/*\n', 'unknown'],
  ['packages: schemas/*\n', 'unknown'],
  ['packages: *missing\n', 'unknown'],
  ['<<: *missing\npackages: ["schemas/*"]\n', 'unknown'],
  ['', 'unknown'],
])('the name of a package counts if pnpm-workspace.yaml is %j: %s', async (yaml, outcome) => {
  const workspace = scratchFolder();
  writeJson(workspace, 'nx.json', {});
  writeJson(workspace, 'package.json', {});
  writeFileSync(path.join(workspace, 'pnpm-workspace.yaml'), yaml);
  const folder = path.join(workspace, 'schemas', 'campus');
  mkdirSync(folder, { recursive: true });
  writeJson(folder, 'ApiSchema.json', {});
  writeJson(folder, 'package.json', { name: '@campus/schema' });
  const { schemas, diagnostics } = await schemasOfEntries(['@campus/schema'], path.join(workspace, 'dms.json'));
  const [expected, codes] =
    outcome === 'found' ? [['schemas/campus/ApiSchema.json'], []] : [[], ['CONFIG_SCHEMA_UNKNOWN']];
  expect(schemas).toEqual(expected);
  expect(diagnostics.map(({ code }) => code)).toEqual(codes);
});
