import path from 'node:path';
import { outsideNestedWorktrees } from '@dms/operations';
import { expect, test } from 'vitest';
import { temporaryWorkspace, writeFiles } from '../../test/temporary-workspace.ts';

/** The files that Git writes for a repository with two worktrees, one with a relative path, and a submodule. */
const repository = {
  '.git/HEAD': 'ref: refs/heads/main\n',
  '.git/worktrees/wt/commondir': '../..\n',
  '.git/worktrees/near/commondir': '../..\n',
  '.git/modules/sub/HEAD': 'ref: refs/heads/main\n',
  'sub/.git': 'gitdir: ../.git/modules/sub\n',
  'deep/near/.git': 'gitdir: ../../.git/worktrees/near\n',
};

const files = ['a/dms.json', 'wt/a/dms.json', 'deep/near/dms.json', 'deep/dms.json', 'sub/dms.json', 'dms.json'];

function workspace(): string {
  const root = temporaryWorkspace(repository);
  return temporaryWorktree(root, 'wt');
}

/** Writes the file that makes a folder the worktree `wt`. */
function temporaryWorktree(root: string, folder: string): string {
  writeFiles(root, { [`${folder}/.git`]: `gitdir: ${path.join(root, '.git/worktrees/wt')}\n` });
  return root;
}

test('worktrees of the same repository are left out, submodules are not', () => {
  expect(outsideNestedWorktrees(workspace(), files)).toEqual([
    'a/dms.json',
    'deep/dms.json',
    'sub/dms.json',
    'dms.json',
  ]);
});

test('so are those in a workspace that is a worktree itself, or a folder of the repository', () => {
  const root = workspace();
  // here the workspace is the worktree, and only worktrees below it count
  writeFiles(root, { 'wt/inner/.git': `gitdir: ${path.join(root, '.git/worktrees/near')}\n` });
  expect(outsideNestedWorktrees(path.join(root, 'wt'), ['a/dms.json', 'inner/dms.json'])).toEqual(['a/dms.json']);
  expect(outsideNestedWorktrees(path.join(root, 'deep'), ['dms.json', 'near/dms.json'])).toEqual(['dms.json']);
});

test('a worktree of another repository stays, and so does everything where there is no repository', () => {
  const other = temporaryWorkspace(repository);
  const root = temporaryWorkspace({
    '.git/HEAD': '',
    'theirs/.git': `gitdir: ${path.join(other, '.git/worktrees/wt')}\n`,
  });
  expect(outsideNestedWorktrees(root, ['theirs/dms.json'])).toEqual(['theirs/dms.json']);
  expect(outsideNestedWorktrees(temporaryWorkspace(), ['wt/dms.json'])).toEqual(['wt/dms.json']);
});
