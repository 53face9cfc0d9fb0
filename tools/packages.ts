import { readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';

/** The packages of the workspace: their folders from its root, in ordinal order. */
export function packageFolders(root: string): readonly string[] {
  const { workspaces } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const manifests = (workspaces as string[]).map((pattern) => `${pattern}/package.json`);
  return globSync(manifests, { cwd: root, ignore: ['**/node_modules/**'] })
    .map((file) => path.posix.dirname(file))
    .sort();
}
