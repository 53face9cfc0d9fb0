import type { CreateDependencies, CreateMetadata, NxPlugin } from 'nx/src/devkit-exports';

/** The options of the plugin in `nx.json`: `{ "plugin": "nx-dms", "options": { … } }`. */
export interface PluginOptions {
  /**
   * The artifacts of a project in `<root>` are written to `<outputDirectory>/<root>`; relative to the workspace, `dist`
   * by default.
   */
  readonly outputDirectory?: string;
  /** Prefix of the name of each target, for workspaces where a name is taken. */
  readonly targetPrefix?: string;
}

export declare const name: 'nx-dms';

/** Turns folders with ApiSchema files, and folders with a `dms.json`, into projects. */
export declare const createNodes: NonNullable<NxPlugin<PluginOptions>['createNodes']>;

/** An edge from each mapping set to each of its schemas. */
export declare const createDependencies: CreateDependencies<PluginOptions>;

/** Describes each mapping set by its schemas. */
export declare const createMetadata: CreateMetadata<PluginOptions>;

/** Stops a run that asks for a configuration that the target does not have. */
export declare const preTasksExecution: NonNullable<NxPlugin<PluginOptions>['preTasksExecution']>;
