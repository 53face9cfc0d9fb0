import { existsSync } from 'node:fs';
import path from 'node:path';

/** The folder with an `nx.json` that contains a file; otherwise the folder of the file. */
export function workspaceOf(file: string): string {
  const own = path.dirname(path.resolve(file));
  for (let folder = own; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'nx.json'))) return folder;
    if (folder === path.dirname(folder)) return own;
  }
}
