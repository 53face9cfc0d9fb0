// Written by npm run generate from the schema.json of each executor and generator.

/** Packs the plans of a mapping set into one file for a server. */
export interface BuildPackOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Compares the databases that dms.json or an option names with their mapping set. */
export interface CheckDbOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** A database of the fleet of dms.json, by its name; single stands for the one that dms.json names beside the fleet. */
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

/** Compares the artifacts of a mapping set with the committed ones. */
export interface CheckGoldenOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** The command that accepts the artifacts; printed if they differ from the committed ones. */
  readonly acceptCommand?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Compiles the plans that write and read documents. */
export interface CompilePlansOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Derives the indexes and triggers of a relational model. */
export interface DeriveInventoryOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Fingerprints the schemas of a mapping set and derives its relational model. */
export interface DeriveModelOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Derives which tables and columns an ODS has for the schemas of a mapping set, and the paths that they hold. */
export interface DeriveOdsMappingOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Writes the script that gives the tables and columns of a database their definitions as comments. */
export interface EmitCommentsOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Writes the script that creates the database of a mapping set. */
export interface EmitDdlOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

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

/** Writes a page that shows the model of a mapping set. */
export interface ExploreModelOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

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

/** Writes the script that upgrades a database of the last release. */
export interface PlanUpgradeOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Creates everything of a mapping set in the databases that dms.json or an option names. */
export interface ProvisionDbOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** A database of the fleet of dms.json, by its name; single stands for the one that dms.json names beside the fleet. */
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

/** Says how the schemas of a mapping set affect a database of its baseline. */
export interface ReportImpactOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Shows which schema set the databases that dms.json or an option names have, since when and by which plan. */
export interface StatusDbOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** A database of the fleet of dms.json, by its name; single stands for the one that dms.json names beside the fleet. */
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

/** Upgrades the databases that dms.json or an option names from the last release, with their documents. */
export interface UpgradeDbOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** A database of the fleet of dms.json, by its name; single stands for the one that dms.json names beside the fleet. */
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

/** Proves the scripts of a mapping set on databases of their own, or as far as their text shows. */
export interface VerifyDbOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

/** Proves on an embedded database of documents that the upgrade from the last release keeps them. */
export interface VerifyUpgradeOptions {
  /** The database to work for; {pgsql,mssql} stands for all dialects of dms.json. */
  readonly dialect?: 'pgsql' | 'mssql' | '{pgsql,mssql}';
  /** The folder of the artifacts, relative to the workspace; filled in by the plugin, otherwise dist/<root of the project>. */
  readonly outputDirectory?: string;
  /** Files of other projects that are in the way of this one; filled in by the plugin. */
  readonly others?: readonly string[];
  /** Files of the projects that would have the same name; filled in by the plugin. */
  readonly namesakes?: readonly string[];
}

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
