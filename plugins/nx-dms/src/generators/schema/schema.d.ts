// Written by tools/schema-types.mjs from schema.json.

/** Adds an Ed-Fi ApiSchema project, or all those of a package. */
export interface SchemaOptions {
  /**
   * An ApiSchema file, a folder with one, a tarball of npm (.tgz) or a package of NuGet (.nupkg); relative to the workspace.
   */
  readonly from: string;
  /** The folder of the project; schemas/<endpoint name> by default. */
  readonly directory?: string;
  /** The endpoint name or the project name of the one to add, where there are several. */
  readonly project?: string;
  /** The name of the project in the workspace; that of its folder by default. */
  readonly name?: string;
  /** Without effect: a copy stays as it is. */
  readonly skipFormat?: boolean;
}
