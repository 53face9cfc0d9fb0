import path from 'node:path';
import { isThere } from '@dms/files';

/** The folder with an `nx.json` that contains a file; otherwise the folder of the file. */
export function workspaceOf(file: string): string {
  const own = path.dirname(path.resolve(file));
  for (let folder = own; ; folder = path.dirname(folder)) {
    if (isThere(path.join(folder, 'nx.json'))) return folder;
    if (folder === path.dirname(folder)) return own;
  }
}
