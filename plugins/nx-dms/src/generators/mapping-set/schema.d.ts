// Written by tools/schema-types.mjs from schema.json.

/** Adds a mapping set: schemas that are compiled together into a relational backend. */
export interface MappingSetOptions {
  /** The name of the mapping set, in lower case letters, digits and hyphens. */
  readonly name: string;
  /** Schema projects or their folders, relative to the workspace; all of the workspace by default. */
  readonly schemas?: string | readonly string[];
  /** The databases to compile for. */
  readonly dialects?: readonly ('pgsql' | 'mssql')[];
  /** The folder of the mapping set; mapping-sets/<name> by default. */
  readonly directory?: string;
  /** Leave the file as it is written. */
  readonly skipFormat?: boolean;
}
