// Written by tools/schema-types.mjs from schema.json.

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
