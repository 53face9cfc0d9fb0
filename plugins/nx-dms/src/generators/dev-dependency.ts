import { execSync } from 'node:child_process';
import { compareBy } from '@dms/files';
import {
  detectPackageManager,
  type GeneratorCallback,
  getPackageManagerCommand,
  readJson,
  type Tree,
} from 'nx/src/devkit-exports';

const members = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

/** The relevant members of a `package.json`. */
type Manifest = Readonly<Partial<Record<(typeof members)[number], Readonly<Record<string, string>>>>>;

/**
 * Adds a package to the devDependencies of the workspace, sorted by name. A listed package stays in its section and,
 * with `keepsVersion`, at its version. A workspace without a `package.json` is not changed.
 *
 * @returns the function that installs the package, if `package.json` was changed
 */
export function addDevDependency(tree: Tree, name: string, version: string, keepsVersion: boolean): GeneratorCallback {
  if (!tree.exists('package.json')) return unchanged;
  const manifest = readJson<Manifest>(tree, 'package.json');
  const member = manifest.dependencies?.[name] === undefined ? 'devDependencies' : 'dependencies';
  const listed = manifest[member]?.[name];
  if (listed === version || (listed !== undefined && keepsVersion)) return unchanged;
  const versions = Object.entries({ ...manifest[member], [name]: version }).sort(compareBy(([key]) => key));
  write(tree, { ...manifest, [member]: Object.fromEntries(versions) });
  return installer(tree);
}

/**
 * Removes a package from the dependencies of the workspace, wherever it is listed.
 *
 * @returns the function that uninstalls the package, if it was listed
 */
export function removeDependency(tree: Tree, name: string): GeneratorCallback {
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

const unchanged = () => {};

const write = (tree: Tree, manifest: Manifest) => tree.write('package.json', `${JSON.stringify(manifest, null, 2)}\n`);

/** Has the package manager bring what is installed in line with `package.json`. */
const installer = (tree: Tree) => () => {
  const { install } = getPackageManagerCommand(detectPackageManager(tree.root));
  execSync(install, { cwd: tree.root, stdio: 'inherit', windowsHide: true });
};
