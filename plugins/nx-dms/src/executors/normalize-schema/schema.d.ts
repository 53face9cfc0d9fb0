// Written by tools/schema-types.mjs from schema.json.

/** Checks an ApiSchema file and writes the hashed part of it canonically. */
export interface NormalizeSchemaOptions {
  /** The ApiSchema file, relative to the workspace; filled in by the plugin. */
  readonly source: string;
  /**
   * The file to write, relative to the workspace; filled in by the plugin, otherwise dist/<root of the
   * project>/schema.normalized.json.
   */
  readonly output?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}
