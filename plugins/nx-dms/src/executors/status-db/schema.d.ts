// Written by tools/schema-types.mjs from schema.json.

/** Shows which schema set the databases that dms.json or an option names have, since when and by which plan. */
export interface StatusDbOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** A database of the fleet of dms.json, by its name, instead of the one that dms.json names. */
  readonly database?: string;
  /** Name of an environment variable that holds the connection text, instead of the one that dms.json names. */
  readonly connectionEnv?: string;
  /** File that holds the connection text, relative to the workspace, instead of the one that dms.json names. */
  readonly connectionFile?: string;
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}
