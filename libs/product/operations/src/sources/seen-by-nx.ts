import path from 'node:path';
import { isThere, readInputSync } from '@dms/files';
import { parse } from 'jsonc-parser';
import * as z from 'zod/mini';
import { ignoredFile } from './ignored-file.ts';
import { outsideNestedWorktrees } from './nested-worktrees.ts';

/*
 * What the plugin sees of a workspace (design 10 §4.2). Targets read this too, so it loads no library of patterns.
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
export function entryOfPlugin(workspace: string) {
  const file = path.join(workspace, 'nx.json');
  if (!isThere(file)) return undefined;
  // `nx.json` may contain comments
  const { plugins } = nxJson.safeParse(parse(readInputSync(file).toString('utf8'))).data ?? {};
  return plugins?.find((entry) => entry?.plugin === 'nx-dms');
}

/** The output folder of the plugin, from its options in `nx.json`. */
export const outputRoot = (workspace: string): string => entryOfPlugin(workspace)?.options?.outputDirectory ?? 'dist';

/** Why Nx does not see a file, for a message: what leaves it out, or what makes Nx look again. */
export function reasonOfUnseen(workspace: string, file: string): string {
  if (outsideNestedWorktrees(workspace, [file]).length === 0)
    return `${file} is in another worktree of this repository.`;
  const ignored = ignoredFile(workspace, file);
  if (ignored !== undefined)
    return `a pattern of .gitignore or .nxignore in ${ignored.patternFolder} leaves out ${ignored.place}.`;
  const entry = entryOfPlugin(workspace);
  const named = (['include', 'exclude'] as const).filter((member) => entry?.[member] !== undefined);
  const members = named.map((member) => JSON.stringify(member)).join(' or ');
  return named.length === 0
    ? `${file} is new to it; run: npx nx reset`
    : `${members} of nx-dms in nx.json leaves out ${file}. If it is new, run: npx nx reset`;
}
