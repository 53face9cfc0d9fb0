import { fail } from '@dms/diagnostics';
import { type NxJsonConfiguration, readNxJson, type Tree } from 'nx/src/devkit-exports';

/** The name under which `nx.json` registers the plugin. */
export const plugin = 'nx-dms';

type Entry = NonNullable<NxJsonConfiguration['plugins']>[number];

/** Whether an entry of `plugins` in `nx.json` registers the plugin. */
export const isPlugin = (entry: Entry): boolean => (typeof entry === 'string' ? entry : entry.plugin) === plugin;

/** The entries of `plugins` in `nx.json`; none if there is no such file. */
export const registeredPlugins = (tree: Tree): readonly Entry[] => readNxJson(tree)?.plugins ?? [];

export function expectRegistered(tree: Tree): void {
  if (registeredPlugins(tree).some(isPlugin)) return;
  const lack = tree.exists('nx.json') ? `nx.json does not register ${plugin}` : 'This workspace has no nx.json';
  const message = `${lack}, so Nx would find no schema project and no mapping set; run: npx nx g ${plugin}:init`;
  fail('PLUGIN_NOT_REGISTERED', message, { file: 'nx.json' }, { plugin });
}
