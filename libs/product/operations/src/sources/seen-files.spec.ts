import { expect, it } from 'vitest';
import { scratchFolders, writeJson } from '../../test/scratch-folder.ts';
import { seenFiles } from './seen-files.ts';

const scratchFolder = scratchFolders();

it('a file is seen by what the patterns of the plugin say about its path, and no folder is read', () => {
  const workspace = scratchFolder();
  const seen = (entry: object, ...files: string[]) => {
    writeJson(workspace, 'nx.json', { plugins: [{ plugin: 'nx-dms', ...entry }] });
    return files.filter(seenFiles(workspace));
  };
  // none of these files is on the disk
  expect(seen({}, 'a/ApiSchema.json')).toEqual(['a/ApiSchema.json']);
  expect(seen({ include: ['**/schemas/**'] }, 'schemas/x.json', 'a/schemas/b/x.json', 'a/x.json')).toEqual([
    'schemas/x.json',
    'a/schemas/b/x.json',
  ]);
  expect(seen({ include: ['**/*', '!old/**', 'old/{a,b}/*'] }, 'x.json', 'old/x.json', 'old/b/x.json')).toEqual([
    'x.json',
    'old/b/x.json',
  ]);
  expect(seen({ include: ['!old/**'], exclude: ['**/.drafts/**'] }, 'x.json', 'old/x.json', '.drafts/x.json')).toEqual([
    'x.json',
  ]);
  expect(seen({ include: ['**/*.json'] }, 'node_modules/a/x.json', 'a/node_modules/x.json', '.nx/x.json')).toEqual([]);
});
