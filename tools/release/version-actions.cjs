// @ts-check
const { VersionActions } = require('nx/release');

const lockFile = 'package-lock.json';

/** The manifest of a package in a new version; the published package that it depends on gets the same version. */
const inVersion = (/** @type {any} */ manifest, /** @type {string} */ version) => {
  const { dependencies } = manifest;
  if (dependencies?.['dms-ddl'] === undefined) return { ...manifest, version };
  return { ...manifest, version, dependencies: { ...dependencies, 'dms-ddl': version } };
};

/**
 * How `nx release` reads and writes the version of a package: in its `package.json` and in the lock file. A published
 * package that depends on another one names exactly its version. The registry is not asked.
 */
module.exports.default = class PackageVersion extends VersionActions {
  validManifestFilenames = ['package.json'];

  get manifest() {
    return `${this.projectGraphNode.data.root}/package.json`;
  }

  async readCurrentVersionFromSourceManifest(/** @type {import('nx/src/devkit-exports').Tree} */ tree) {
    const { version } = JSON.parse(tree.read(this.manifest, 'utf8') ?? '');
    return { currentVersion: version, manifestPath: this.manifest };
  }

  async readCurrentVersionFromRegistry() {
    return null;
  }

  async readCurrentVersionOfDependency() {
    return { currentVersion: null, dependencyCollection: null };
  }

  async updateProjectVersion(
    /** @type {import('nx/src/devkit-exports').Tree} */ tree,
    /** @type {string} */ newVersion,
  ) {
    const manifest = JSON.parse(tree.read(this.manifest, 'utf8') ?? '');
    tree.write(this.manifest, `${JSON.stringify(inVersion(manifest, newVersion), null, 2)}\n`);
    const lock = JSON.parse(tree.read(lockFile, 'utf8') ?? '');
    const { root } = this.projectGraphNode.data;
    lock.packages[root] = inVersion(lock.packages[root], newVersion);
    tree.write(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
    return [`${this.manifest}: ${newVersion}`];
  }

  async updateProjectDependencies() {
    return [];
  }
};
