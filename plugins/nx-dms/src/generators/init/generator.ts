import { fail } from '@dms/diagnostics';
import {
  type GeneratorCallback,
  type NxJsonConfiguration,
  readNxJson,
  type Tree,
  updateNxJson,
} from 'nx/src/devkit-exports';
import { readOptions } from '../../inference/options.ts';
import { addDevDependency } from '../dev-dependency.ts';
import { formatWritten } from '../format-written.ts';
import type { InitOptions } from '../generators.ts';
import { isPlugin, plugin, registeredPlugins } from '../registration.ts';
import { reporting } from '../reporting.ts';

declare const __VERSION__: string;

/**
 * Registers the plugin in `nx.json`, which it creates if there is none, and adds it to the devDependencies (design 10
 * §8); `nx add nx-dms` runs it. An existing registration is not changed.
 *
 * @returns the function that installs the package, if it was added
 */
export default function initGenerator(tree: Tree, options: InitOptions): Promise<GeneratorCallback> {
  return reporting(() => register(tree, options));
}

async function register(tree: Tree, options: InitOptions): Promise<GeneratorCallback> {
  const { outputDirectory, skipPackageJson = false, keepExistingVersions = true, skipFormat = false } = options;
  const plugins = registeredPlugins(tree);
  const isRegistered = plugins.some(isPlugin);
  if (isRegistered && outputDirectory !== undefined) {
    const message = `${plugin} is already registered in nx.json; set "outputDirectory" in its options there.`;
    fail('GENERATOR_OPTION_INVALID', message, { file: 'nx.json' }, { option: 'outputDirectory', expected: 'nothing' });
  }
  if (!isRegistered) {
    const entry = outputDirectory === undefined ? plugin : { plugin, options: readOptionsOf(outputDirectory) };
    writeNxJson(tree, { plugins: [...plugins, entry] });
  }
  const install = skipPackageJson ? () => {} : addDevDependency(tree, plugin, __VERSION__, keepExistingVersions);
  if (!skipFormat) await formatWritten(tree);
  return install;
}

/**
 * Changes members of `nx.json`. Nx runs without that file, for example where npm installed it, and its own function
 * would then write nothing.
 */
function writeNxJson(tree: Tree, members: Partial<NxJsonConfiguration>): void {
  const schema = { $schema: './node_modules/nx/schemas/nx-schema.json' };
  if (tree.exists('nx.json')) updateNxJson(tree, { ...readNxJson(tree), ...members });
  else tree.write('nx.json', `${JSON.stringify({ ...schema, ...members }, null, 2)}\n`);
}

function readOptionsOf(outputDirectory: string) {
  return { outputDirectory: readOptions({ outputDirectory }).outputDirectory };
}
