import path from 'node:path';
import { isThere, readInput, readInputSync } from '@dms/files';
import { compareOrdinal } from '@dms/values';
import { parse } from 'jsonc-parser';
import { globSync } from 'tinyglobby';
import * as z from 'zod/mini';
import { ignoredFile, type ReadPatterns } from '../ignored-file.ts';
import { outsideNestedWorktrees } from '../nested-worktrees.ts';
import { seenFiles } from '../seen-files.ts';
import { mappingSetFile } from './mapping-set.ts';
import { usualProjectName } from './workspace-path.ts';

/*
 * The projects of a workspace as Nx reads them from the disk, for commands, which have no project graph.
 */

/** Folders in which no project is searched. */
export const notSearched = ['**/node_modules/**', '**/dist/**', '**/.*/**'];

const optionalText = z.catch(z.optional(z.string()), undefined);
const named = z.object({
  name: optionalText,
  nx: z.catch(z.optional(z.object({ name: optionalText })), undefined),
});

const readJson = (file: string): unknown => (isThere(file) ? parse(readInputSync(file).toString('utf8')) : undefined);

/**
 * The name of the project in a folder of a workspace of Nx: from `project.json`, then from a `package.json` that counts
 * (`nx.name` before `name`), then from `dms.json`, otherwise the usual one.
 *
 * @returns the name by the folder, relative to the workspace
 */
export async function projectNamesOnDisk(workspace: string): Promise<(root: string) => string> {
  const ofPnpm = await packagesOfPnpm(workspace);
  let packages: ReadonlySet<string> | undefined;
  return (root) => {
    const at = (file: string) => named.safeParse(readJson(path.join(workspace, root, file))).data;
    const project = at('project.json');
    if (project?.name) return project.name;
    packages ??= new Set(packagesOfNx(workspace, ofPnpm));
    const inPackage = project !== undefined || packages.has(root) ? at('package.json') : undefined;
    const written = inPackage?.nx?.name || inPackage?.name || at(mappingSetFile)?.name;
    return written || usualProjectName(root === '.' ? path.basename(workspace) : root);
  };
}

/** The folders with a `project.json`, a `package.json` that counts or a `dms.json`, relative to the workspace. */
export async function projectFolders(workspace: string): Promise<readonly string[]> {
  const files = globSync(['**/project.json', `**/${mappingSetFile}`], { cwd: workspace, ignore: notSearched });
  const packages = packagesOfNx(workspace, await packagesOfPnpm(workspace)).map((folder) =>
    path.posix.join(folder, 'package.json'),
  );
  const [isSeen, known]: [(file: string) => boolean, ReadPatterns] = [seenFiles(workspace), new Map()];
  const counts = (file: string) =>
    ignoredFile(workspace, file, known) === undefined && (path.posix.basename(file) !== mappingSetFile || isSeen(file));
  const folders = outsideNestedWorktrees(workspace, [...files, ...packages])
    .filter(counts)
    .map(path.posix.dirname);
  return [...new Set(folders)].sort(compareOrdinal);
}

const texts = z.catch(z.array(z.string()), []);
const listedPackages = z.catch(z.object({ packages: texts }), { packages: [] });
const rootPackage = z.object({
  workspaces: z.catch(
    z.union([
      z.array(z.string()),
      z.pipe(
        z.object({ packages: texts }),
        z.transform((all) => all.packages),
      ),
    ]),
    [],
  ),
  nx: z.optional(z.unknown()),
});

/**
 * The folders whose `package.json` is a project of Nx: those that the package manager's workspaces name, and the
 * workspace itself if its `package.json` has a member `nx`.
 *
 * @param ofPnpm the patterns of the `pnpm-workspace.yaml`
 */
function packagesOfNx(workspace: string, ofPnpm: readonly string[]): readonly string[] {
  const root = rootPackage.safeParse(readJson(path.join(workspace, 'package.json'))).data;
  if (root === undefined) return [];
  const { packages } = listedPackages.parse(readJson(path.join(workspace, 'lerna.json')));
  const patterns = [...root.workspaces, ...packages, ...ofPnpm].map((pattern) =>
    path.posix.join(pattern.replace(/^(!?)\.\//, '$1').replace(/\/package\.json$/, ''), 'package.json'),
  );
  const isOnlyDenied = patterns.length > 0 && patterns.every((pattern) => pattern.startsWith('!'));
  const all = [...patterns, ...(isOnlyDenied ? ['**/package.json'] : []), ...(root.nx ? ['package.json'] : [])];
  if (all.length === 0) return [];
  const files = globSync(all, { cwd: workspace, ignore: notSearched, expandDirectories: false });
  return files.map((file) => path.posix.dirname(file));
}

/** The list `packages` of a `pnpm-workspace.yaml`; empty without the file, or if it cannot be parsed. */
async function packagesOfPnpm(workspace: string): Promise<readonly string[]> {
  const file = path.join(workspace, 'pnpm-workspace.yaml');
  if (!isThere(file)) return [];
  const { parseDocument } = await import('yaml');
  const document = parseDocument((await readInput(file)).toString('utf8'));
  try {
    return document.errors.length > 0 ? [] : listedPackages.parse(document.toJS()).packages;
  } catch {
    // an alias without an anchor
    return [];
  }
}
