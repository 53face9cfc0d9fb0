import { cpSync, linkSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { ownSchemaFile } from '@dms/testing';
import { expect, it } from 'vitest';
import { scratchFolders } from '../../test/scratch-folder.ts';
import { findSchemas } from './find-schemas.ts';

const scratchFolder = scratchFolders();

/** A folder with one ApiSchema file in `real`. */
function folderWithSchema() {
  const folder = scratchFolder();
  const real = path.join(folder, 'real');
  const file = path.join(real, 'ApiSchema.json');
  mkdirSync(real, { recursive: true });
  cpSync(ownSchemaFile('campus'), file);
  return { folder, real, file };
}

const filesOf = async (...places: readonly string[]) => (await findSchemas(places)).schemas.map(({ file }) => file);

it.each(['file', 'dir'] as const)('a %s that a link leads to is found once', async (type) => {
  const { folder, real, file } = folderWithSchema();
  const link = path.join(folder, type === 'file' ? 'a-ApiSchema.json' : 'linked');
  symlinkSync(type === 'file' ? file : real, link, type);
  expect(await filesOf(folder)).toHaveLength(1);
});

it('a file that is named by two names is found once, by the first', async () => {
  const { folder, file } = folderWithSchema();
  const link = path.join(folder, 'z-ApiSchema.json');
  symlinkSync(file, link);
  expect(await filesOf(link, file)).toEqual([file]);
});

it('a file that is named, and in a folder behind a link, is found by its own name', async () => {
  const { folder, real, file } = folderWithSchema();
  const link = path.join(folder, 'linked');
  symlinkSync(real, link, 'dir');
  expect(await filesOf(link, file)).toEqual([file]);
});

it('a link to a folder around it is not a second file', async () => {
  const { folder, real } = folderWithSchema();
  symlinkSync(folder, path.join(real, 'up'), 'dir');
  expect(await filesOf(real)).toHaveLength(1);
});

it('two files with the same contents are still two', async () => {
  const { folder, file } = folderWithSchema();
  linkSync(file, path.join(folder, 'b-ApiSchema.json'));
  await expect(findSchemas([folder])).rejects.toThrow('name the folder or the package of the one that you want');
});
