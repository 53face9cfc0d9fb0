import { execSync } from 'node:child_process';
import { fail } from '@dms/diagnostics';
import { compareBy } from '@dms/values';
import {
  detectPackageManager,
  type GeneratorCallback,
  getPackageManagerCommand,
  type NxJsonConfiguration,
  parseJson,
  readJson,
  type Tree,
} from 'nx/src/devkit-exports';
import { readOptions } from '../inference/options.ts';
import { withJson, withoutJson } from './edit-json-text.ts';
import { formatWritten, reporting } from './generator-run.ts';
import type { InitOptions, RemoveOptions } from './generators.ts';

/**
 * Registers the plugin in `nx.json`, which it creates if there is none, and adds it to the devDependencies (design 10
 * §8); `nx add nx-dms` runs it. An existing registration is not changed.
 *
 * @returns the function that installs the package, if it was added
 */
export function initGenerator(tree: Tree, options: InitOptions): Promise<GeneratorCallback> {
  return reporting(() => register(tree, options));
}

declare const __VERSION__: string;

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
    writePlugins(tree, (text) =>
      plugins.length === 0 ? withJson(withoutEmpty(text), [], [entry], 'plugins') : withJson(text, ['plugins'], entry),
    );
  }
  const install = skipPackageJson ? () => {} : addDevDependency(tree, plugin, __VERSION__, keepExistingVersions);
  if (!skipFormat) await formatWritten(tree);
  return install;
}

type RegisteredPlugin = NonNullable<NxJsonConfiguration['plugins']>[number];

/** The entries of `plugins` in `nx.json` itself, not in a file that it extends; empty without an `nx.json`. */
function registeredPlugins(tree: Tree): readonly RegisteredPlugin[] {
  return tree.exists('nx.json') ? (readJson<NxJsonConfiguration>(tree, 'nx.json').plugins ?? []) : [];
}

/** Whether an entry of `plugins` in `nx.json` registers the plugin. */
const isPlugin = (entry: RegisteredPlugin): boolean => (typeof entry === 'string' ? entry : entry.plugin) === plugin;

function readOptionsOf(outputDirectory: string) {
  return { outputDirectory: readOptions({ outputDirectory }).outputDirectory };
}

/**
 * Changes the plugins in the text of `nx.json`; comments, spaces and everything else stay. Nx also runs without this
 * file, for example if npm installed it.
 */
function writePlugins(tree: Tree, change: (text: string) => string): void {
  const text = tree.read('nx.json', 'utf8');
  if (text === null) {
    const schema = { $schema: './node_modules/nx/schemas/nx-schema.json' };
    tree.write('nx.json', change(`${JSON.stringify(schema, null, 2)}\n`));
    return;
  }
  const changed = change(text);
  if (changed !== text) tree.write('nx.json', changed);
}

/** Removes an empty list of plugins from the text. */
const withoutEmpty = (text: string) => (hasPlugins(text) ? withoutJson(text, ['plugins']) : text);

const hasPlugins = (text: string) => Object.hasOwn(parseJson<NxJsonConfiguration>(text), 'plugins');

/** The relevant members of a `package.json`. */
type Manifest = Readonly<Partial<Record<(typeof members)[number], Readonly<Record<string, string>>>>>;

/**
 * Adds a package to the devDependencies of the workspace, sorted by name. A listed package stays in its section and,
 * with `keepsVersion`, at its version. A workspace without a `package.json` is not changed.
 *
 * @returns the function that installs the package, if `package.json` was changed
 */
function addDevDependency(tree: Tree, name: string, version: string, keepsVersion: boolean): GeneratorCallback {
  if (!tree.exists('package.json')) return unchanged;
  const manifest = readJson<Manifest>(tree, 'package.json');
  const member = manifest.dependencies?.[name] === undefined ? 'devDependencies' : 'dependencies';
  const listed = manifest[member]?.[name];
  if (listed === version || (listed !== undefined && keepsVersion)) return unchanged;
  const versions = Object.entries({ ...manifest[member], [name]: version }).sort(compareBy(([key]) => key));
  write(tree, { ...manifest, [member]: Object.fromEntries(versions) });
  return installer(tree);
}

const unchanged = () => {};

const write = (tree: Tree, manifest: Manifest) => tree.write('package.json', `${JSON.stringify(manifest, null, 2)}\n`);

/** Lets the package manager update the installed packages to match `package.json`. */
const installer = (tree: Tree) => () => {
  const { install } = getPackageManagerCommand(detectPackageManager(tree.root));
  execSync(install, { cwd: tree.root, stdio: 'inherit', windowsHide: true });
};

/**
 * Removes the plugin from `nx.json` and from the dependencies (design 10 §8). While `nx.json` names a plugin that is
 * not installed, every command of Nx fails. Schemas, `dms.json` files and artifacts stay.
 *
 * @returns the function that uninstalls the package, if it was listed
 */
export async function removeGenerator(tree: Tree, options: RemoveOptions): Promise<GeneratorCallback> {
  const { skipPackageJson = false, skipFormat = false } = options;
  const plugins = registeredPlugins(tree);
  const own = plugins.flatMap((entry, index) => (isPlugin(entry) ? [index] : []));
  if (own.length > 0)
    writePlugins(tree, (text) =>
      own.length === plugins.length
        ? withoutJson(text, ['plugins'])
        : own.reduceRight((before, index) => withoutJson(before, ['plugins', index]), text),
    );
  const uninstall = skipPackageJson ? () => {} : removeDependency(tree, plugin);
  if (!skipFormat) await formatWritten(tree);
  return uninstall;
}

/**
 * Removes a package from the dependencies of the workspace, wherever it is listed.
 *
 * @returns the function that uninstalls the package, if it was listed
 */
function removeDependency(tree: Tree, name: string): GeneratorCallback {
  if (!tree.exists('package.json')) return unchanged;
  const manifest = readJson<Manifest>(tree, 'package.json');
  const others = members.flatMap((member) => {
    const { [name]: version, ...rest } = manifest[member] ?? {};
    return version === undefined ? [] : [[member, rest] as const];
  });
  if (others.length === 0) return unchanged;
  write(tree, { ...manifest, ...Object.fromEntries(others) });
  return installer(tree);
}

/** The name under which `nx.json` registers the plugin. */
const plugin = 'nx-dms';

export function expectRegistered(tree: Tree): void {
  if (registeredPlugins(tree).some(isPlugin)) return;
  const lack = tree.exists('nx.json') ? `nx.json does not register ${plugin}` : 'This workspace has no nx.json';
  const message = `${lack}, so Nx would find no schema project and no mapping set; run: npx nx g ${plugin}:init`;
  fail('PLUGIN_NOT_REGISTERED', message, { file: 'nx.json' }, { plugin });
}

const members = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;
