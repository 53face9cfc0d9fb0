import { type GeneratorCallback, readNxJson, type Tree, updateNxJson } from 'nx/src/devkit-exports';
import { removeDependency } from '../dev-dependency.ts';
import { formatWritten } from '../format-written.ts';
import type { RemoveOptions } from '../generators.ts';
import { isPlugin, plugin } from '../registration.ts';

/**
 * Removes the plugin from `nx.json` and from the dependencies (design 10 §8). While `nx.json` names a plugin that is
 * not installed, every command of Nx fails. Schemas, `dms.json` files and artifacts stay.
 *
 * @returns the function that uninstalls the package, if it was listed
 */
export default async function removeGenerator(tree: Tree, options: RemoveOptions): Promise<GeneratorCallback> {
  const { skipPackageJson = false, skipFormat = false } = options;
  const { plugins = [], ...nxJson } = readNxJson(tree) ?? {};
  const others = plugins.filter((entry) => !isPlugin(entry));
  if (others.length < plugins.length) updateNxJson(tree, others.length > 0 ? { ...nxJson, plugins: others } : nxJson);
  const uninstall = skipPackageJson ? () => {} : removeDependency(tree, plugin);
  if (!skipFormat) await formatWritten(tree);
  return uninstall;
}
