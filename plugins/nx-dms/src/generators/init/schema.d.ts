// Written by tools/schema-types.mjs from schema.json.

/** Registers nx-dms in nx.json and adds it to the devDependencies. */
export interface InitOptions {
  /** The artifacts of a project in <root> are written to <outputDirectory>/<root>; dist by default. */
  readonly outputDirectory?: string;
  /** Leave package.json as it is. */
  readonly skipPackageJson?: boolean;
  /** Keep the version of nx-dms that package.json names. */
  readonly keepExistingVersions?: boolean;
  /** Without effect: there are no scripts that the targets replace. */
  readonly updatePackageScripts?: boolean;
  /** Leave the changed files as they are. */
  readonly skipFormat?: boolean;
}
