import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isThere } from '@dms/files';
import { outputRoot } from '../seen-by-nx.ts';
import { workspaceOf } from './workspace-path.ts';

const ignoreFile = '.gitignore';

/** A line that makes Git ignore a folder, and the file that gets it, with its new contents. */
export interface IgnoredOutput {
  /** Relative to the current folder. */
  readonly file: string;
  readonly entry: string;
  readonly bytes: Buffer;
}

/**
 * The line that makes Git ignore the top folder of the artifacts of a `dms.json`, because artifacts can be made again
 * from their sources: for the `.gitignore` of the workspace, with the same line ends. Null if Git ignores the folder
 * already, and outside of a working tree.
 */
export function ignoredOutput(file: string): IgnoredOutput | null {
  const workspace = workspaceOf(file);
  const [folder = ''] = path.posix.normalize(outputRoot(workspace)).split('/');
  const tree = foldersOfTree(workspace);
  if (folder === '..' || folder === '.' || folder === '') return null;
  const isIgnored = tree.some((each) => names(path.join(each, ignoreFile), folder, each === workspace));
  if (tree.length === 0 || isIgnored) return null;
  const place = path.join(workspace, ignoreFile);
  const entry = `${folder}/`;
  return { file: path.relative('.', place), entry, bytes: withIgnoredLine(bytesOf(place), entry) };
}

/** The contents of a `.gitignore` with another line, which ends as its lines do. */
export function withIgnoredLine(bytes: Buffer, line: string): Buffer {
  const end = bytes.includes('\r\n') ? '\r\n' : '\n';
  const isEnded = bytes.length === 0 || bytes.at(-1) === 0x0a;
  return Buffer.concat([bytes, Buffer.from(`${isEnded ? '' : end}${line}${end}`)]);
}

/** The folders from `start` up to the top of the working tree of Git; empty outside of such a tree. */
function foldersOfTree(start: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = start; ; folder = path.dirname(folder)) {
    folders.push(folder);
    if (isThere(path.join(folder, '.git'))) return folders;
    if (folder === path.dirname(folder)) return [];
  }
}

/**
 * Whether an ignore file lists a folder literally; a `/` at the beginning counts only if the folder is beside the file.
 */
function names(file: string, folder: string, isBeside: boolean): boolean {
  const forms = [folder, `${folder}/`, ...(isBeside ? [`/${folder}`, `/${folder}/`] : [])];
  return bytesOf(file)
    .toString('latin1')
    .split('\n')
    .some((line) => forms.includes(line.trim()));
}

const bytesOf = (file: string): Buffer => (isThere(file) ? readFileSync(file) : Buffer.alloc(0));
