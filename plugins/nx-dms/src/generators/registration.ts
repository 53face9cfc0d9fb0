import type { NxJsonConfiguration } from 'nx/src/devkit-exports';

/** The name under which `nx.json` registers the plugin. */
export const plugin = 'nx-dms';

type Entry = NonNullable<NxJsonConfiguration['plugins']>[number];

/** Whether an entry of `plugins` in `nx.json` registers the plugin. */
export const isPlugin = (entry: Entry): boolean => (typeof entry === 'string' ? entry : entry.plugin) === plugin;
