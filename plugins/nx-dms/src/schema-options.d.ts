// Written by npm run generate from the schema.json of each generator.

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

/** Adds a mapping set: schemas that are compiled together into a relational backend. */
export interface MappingSetOptions {
  /** The name of the mapping set, in lower case letters, digits and hyphens. */
  readonly name: string;
  /** Schema projects or their folders, relative to the workspace; asked for on a terminal, otherwise all of the workspace. */
  readonly schemas?: string | readonly string[];
  /** The databases to compile for. */
  readonly dialects?: readonly ('pgsql' | 'mssql')[];
  /**
   * The generation of the mapping: v1 for databases of your own (default), v2 for databases that the Ed-Fi Data Management
   * Service runs on.
   */
  readonly mappingVersion?: 'v1' | 'v2';
  /** The folder of the mapping set; mapping-sets/<name> by default. */
  readonly directory?: string;
  /** Leave the file as it is written. */
  readonly skipFormat?: boolean;
}

/** Removes nx-dms from nx.json and from the dependencies; schemas, dms.json files and artifacts stay. */
export interface RemoveOptions {
  /** Leave package.json as it is. */
  readonly skipPackageJson?: boolean;
  /** Leave the changed files as they are. */
  readonly skipFormat?: boolean;
}

/** Adds an Ed-Fi ApiSchema project, or all those of a package. */
export interface SchemaOptions {
  /** An ApiSchema file, a folder with one, an npm tarball (.tgz) or a NuGet package (.nupkg); relative to the workspace. */
  readonly from: string;
  /** The folder of the project; schemas/<endpoint name> by default. */
  readonly directory?: string;
  /** The endpoint name or project name of the schema to add, if there are several. */
  readonly project?: string;
  /** The name of the project in the workspace; by default the name of its folder. */
  readonly name?: string;
  /** Without effect: a copy stays as it is. */
  readonly skipFormat?: boolean;
}
