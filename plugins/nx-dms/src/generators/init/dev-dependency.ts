import { execSync } from 'node:child_process';
import { compareBy } from '@dms/canonical-json';
import {
  detectPackageManager,
  type GeneratorCallback,
  getPackageManagerCommand,
  readJson,
  type Tree,
} from 'nx/src/devkit-exports';

/** The relevant members of a `package.json`. */
interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * Adds a package to the devDependencies of the workspace, sorted by name. A listed package stays in its section and, with
 * `keepsVersion`, at its version. A workspace without a `package.json` is not changed.
 *
 * @returns the function that installs the package, if `package.json` was changed
 */
export function addDevDependency(tree: Tree, name: string, version: string, keepsVersion: boolean): GeneratorCallback {
  const unchanged = () => {};
  if (!tree.exists('package.json')) return unchanged;
  const manifest = readJson<Manifest>(tree, 'package.json');
  const member = manifest.dependencies?.[name] === undefined ? 'devDependencies' : 'dependencies';
  const listed = manifest[member]?.[name];
  if (listed === version || (listed !== undefined && keepsVersion)) return unchanged;
  const versions = Object.entries({ ...manifest[member], [name]: version }).sort(compareBy(([key]) => key));
  tree.write('package.json', `${JSON.stringify({ ...manifest, [member]: Object.fromEntries(versions) }, null, 2)}\n`);
  return () => {
    const { install } = getPackageManagerCommand(detectPackageManager(tree.root));
    execSync(install, { cwd: tree.root, stdio: 'inherit', windowsHide: true });
  };
}
