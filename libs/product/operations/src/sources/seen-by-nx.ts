import path from 'node:path';
import { isThere, readInputSync } from '@dms/files';
import { parse } from 'jsonc-parser';
import { globSync } from 'tinyglobby';
import * as z from 'zod/mini';
import { ignoredFile } from './ignored-file.ts';
import { outsideNestedWorktrees } from './nested-worktrees.ts';

/*
 * Which files the plugin sees in a workspace (design 10 §4.2). Commands of the command line follow it, so that a
 * `dms.json` means the same to both.
 */

/** The relevant parts of `nx.json`; the plugin reports mistakes in the rest. */
const nxJson = z.object({
  plugins: z.optional(
    z.array(
      z.union([
        z.object({
          plugin: z.string(),
          options: z.optional(z.object({ outputDirectory: z.optional(z.string()) })),
          include: z.optional(z.array(z.string())),
          exclude: z.optional(z.array(z.string())),
        }),
        z.pipe(
          z.unknown(),
          z.transform(() => undefined),
        ),
      ]),
    ),
  ),
});

/** The entry of the plugin in `nx.json`; undefined if there is none, or none with options. */
function entryOfPlugin(workspace: string) {
  const file = path.join(workspace, 'nx.json');
  if (!isThere(file)) return undefined;
  // `nx.json` may contain comments
  const { plugins } = nxJson.safeParse(parse(readInputSync(file).toString('utf8'))).data ?? {};
  return plugins?.find((entry) => entry?.plugin === 'nx-dms');
}

/** The output folder of the plugin, from its options in `nx.json`. */
export const outputRoot = (workspace: string): string => entryOfPlugin(workspace)?.options?.outputDirectory ?? 'dist';

/** The files of a workspace that match a pattern as Nx reads it. */
const filesOfPattern = (workspace: string, pattern: string) =>
  new Set(globSync(pattern, { cwd: workspace, dot: true, expandDirectories: false, ignore: ['**/node_modules/**'] }));

/** Whether patterns match a file: the last one that matches decides, and `!` in front of a pattern denies. */
function matcherOf(workspace: string, patterns: readonly string[]): (file: string) => boolean {
  const sets = patterns.map((pattern) => {
    const isDenial = pattern.startsWith('!');
    return { isDenial, files: filesOfPattern(workspace, isDenial ? pattern.slice(1) : pattern) };
  });
  const isFirstDenial = sets[0]?.isDenial === true;
  return (file) => {
    const last = sets.findLast(({ files }) => files.has(file));
    return last === undefined ? isFirstDenial : !last.isDenial;
  };
}

/**
 * Says why the plugin does not see a file of a workspace, as the rest of a sentence about what leaves it out; undefined
 * for a file that it sees. Patterns of `.gitignore` do not count. All paths are relative to the workspace.
 */
export function unseenFiles(workspace: string): (file: string) => string | undefined {
  const { include = [], exclude = [] } = entryOfPlugin(workspace) ?? {};
  const isIncluded = include.length === 0 ? () => true : matcherOf(workspace, include);
  const isExcluded = exclude.length === 0 ? () => false : matcherOf(workspace, exclude);
  return (file) => {
    if (isExcluded(file)) return `"exclude" of nx-dms in nx.json leaves out ${file}`;
    if (!isIncluded(file)) return `"include" of nx-dms in nx.json leaves out ${file}`;
    const isInWorktree = outsideNestedWorktrees(workspace, [file]).length === 0;
    return isInWorktree ? `${file} is in another worktree of this repository` : undefined;
  };
}

/** Why Nx does not see a file, for a message: what leaves it out, or what makes Nx look again. */
export function reasonOfUnseen(workspace: string, file: string): string {
  const ignored = ignoredFile(workspace, file);
  const ofPatterns =
    ignored && `a pattern of .gitignore or .nxignore in ${ignored.patternFolder} leaves out ${ignored.place}`;
  const reason = unseenFiles(workspace)(file) ?? ofPatterns;
  return reason === undefined ? `${file} is new to it; run: npx nx reset` : `${reason}.`;
}
