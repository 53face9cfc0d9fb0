// Written by tools/schema-types.mjs from schema.json.

/** Writes the script of views that are named and shaped like the tables of an ODS. */
export interface EmitReportingOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}
