import path from 'node:path';
import { isThere, readInputSync } from '@dms/files';
import { parse } from 'jsonc-parser';
import * as z from 'zod/mini';
import { ignoredFile } from './ignored-file.ts';
import { outsideNestedWorktrees } from './nested-worktrees.ts';

/*
 * What the plugin sees of a workspace (design 10 §4.2). Targets read this too, so it loads no library that walks folders.
 */

/** An entry that is more than the name of a plugin. */
const pluginEntry = z.object({
  plugin: z.string(),
  options: z.optional(z.object({ outputDirectory: z.optional(z.string()) })),
  include: z.optional(z.array(z.string())),
  exclude: z.optional(z.array(z.string())),
});

type PluginEntry = z.infer<typeof pluginEntry>;

/** The relevant parts of `nx.json`; the plugin reports mistakes in the rest. */
const nxJson = z.object({
  plugins: z.optional(
    z.array(
      z.union([
        pluginEntry,
        z.pipe(
          z.string(),
          z.transform((plugin): PluginEntry => ({ plugin })),
        ),
        z.pipe(
          z.unknown(),
          z.transform(() => undefined),
        ),
      ]),
    ),
  ),
});

/** The entries of the plugin in `nx.json`, which runs once for each; empty if there is none. */
export function entriesOfPlugin(workspace: string): readonly PluginEntry[] {
  const file = path.join(workspace, 'nx.json');
  if (!isThere(file)) return [];
  // `nx.json` may contain comments
  const { plugins = [] } = nxJson.safeParse(parse(readInputSync(file).toString('utf8'))).data ?? {};
  return plugins.flatMap((entry) => (entry?.plugin === 'nx-dms' ? [entry] : []));
}

/** The output folder of the plugin, from the first of its entries in `nx.json` that has options. */
export const outputRoot = (workspace: string): string =>
  entriesOfPlugin(workspace).find(({ options }) => options !== undefined)?.options?.outputDirectory ?? 'dist';

/**
 * Why Nx does not see a file, for a message: what leaves it out, or what makes Nx look again.
 *
 * @param readsIgnored whether the reader sees files that Git ignores, as a command does
 */
export function reasonOfUnseen(workspace: string, file: string, readsIgnored = false): string {
  if (outsideNestedWorktrees(workspace, [file]).length === 0)
    return `${file} is in another worktree of this repository.`;
  const ignored = readsIgnored ? undefined : ignoredFile(workspace, file);
  if (ignored !== undefined) {
    const folder = ignored.patternFolder === '.' ? 'the workspace' : ignored.patternFolder;
    return `a pattern of .gitignore or .nxignore in ${folder} leaves out ${ignored.place}.`;
  }
  const entries = entriesOfPlugin(workspace);
  const named = (['include', 'exclude'] as const).filter((member) =>
    entries.some((entry) => entry[member] !== undefined),
  );
  const members = named.map((member) => JSON.stringify(member)).join(' or ');
  return named.length === 0
    ? `${file} is new to it; run: npx nx reset`
    : `${members} of nx-dms in nx.json leaves out ${file}. If it is new, run: npx nx reset`;
}
