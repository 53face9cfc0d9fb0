import { readFileSync } from 'node:fs';
import path from 'node:path';
import { failIfAny } from '@dms/diagnostics';
import { isInstalled, isOlderThanSources } from '@dms/operations';
import { sha256Hex } from '@dms/values';
import {
  type CreateDependencies,
  type CreateMetadata,
  type CreateNodes,
  type NxPlugin,
  type ProjectGraph,
  readCachedProjectGraph,
} from 'nx/src/devkit-exports';
import { workspaceDataDirectory } from 'nx/src/utils/cache-directory';
import { nxVersion } from 'nx/src/utils/versions';
import {
  graphNotKept,
  type KnownProjects,
  missingDatabase,
  mistypedConfiguration,
  readableMappingSets,
} from './asked-targets.ts';
import { type FileFacts, inferProjects } from './inference/create-nodes.ts';
import { ContentHashes, openFileCache } from './inference/file-cache.ts';
import { readOptions } from './inference/options.ts';
import { describeMappingSets, inferDependencies } from './inference/project-graph.ts';
import { hashesIgnoredFiles, toolSituation } from './inference/tool-input.ts';

export const name = 'nx-dms';

const packageFolder = path.dirname(__dirname);
/** The hash of the inference code, so that a rebuilt plugin never uses the cache of an older one. */
const bundleHash = sha256Hex(readFileSync(__filename));
const hashes = new ContentHashes();
let isWarned = false;
/** The projects of the graph that this process has built last; undefined if another process built it. */
let projects: ProjectGraph['nodes'] | undefined;

export const createNodes: CreateNodes = [
  '**/{*ApiSchema*,*api-schema*,dms}.json',
  async (files, givenOptions, { workspaceRoot }) => {
    warnOfOldBuild();
    const options = readOptions(givenOptions);
    const tool = toolSituation(packageFolder, workspaceRoot, nxVersion);
    const optionsText = JSON.stringify(options);
    const cacheFile = path.join(workspaceDataDirectory, `nx-dms-${sha256Hex(optionsText).slice(0, 16)}.json`);
    const cache = openFileCache<FileFacts>(cacheFile, [bundleHash, optionsText, JSON.stringify(tool)]);
    const isIgnoredHashed = hashesIgnoredFiles(nxVersion);
    return inferProjects(files, { workspaceRoot, options, tool, isIgnoredHashed, cache, hashes });
  },
];

export const createDependencies: CreateDependencies = (_options, context) => inferDependencies(context);

export const createMetadata: CreateMetadata = (graph) => {
  projects = graph.nodes;
  return describeMappingSets(graph);
};

/**
 * Stops a run before any task (design 10 §6.7), if it requests a configuration that a target does not have, a target on a
 * database without naming one, or a target that Nx cannot run.
 */
export const preTasksExecution: NonNullable<NxPlugin['preTasksExecution']> = (_options, { argv, workspaceRoot }) => {
  // the first two arguments are Node and the program
  const args = argv.slice(2);
  const refused =
    mistypedConfiguration(args, projectsOfGraph) ??
    missingDatabase(args, projectsOfGraph, readableMappingSets(workspaceRoot)) ??
    graphNotKept(args, projectsOfGraph);
  failIfAny(refused === undefined ? [] : [refused]);
};

/**
 * The projects of the graph; those that Nx has just cached if another process built it. None if Nx keeps no graph
 * (`NX_CACHE_PROJECT_GRAPH=false`): a plugin must not stop the tasks of others.
 */
function projectsOfGraph(): KnownProjects {
  const nodes = projects ?? cachedProjects();
  return Object.fromEntries(Object.entries(nodes).map(([project, { data }]) => [project, data]));
}

function cachedProjects(): ProjectGraph['nodes'] {
  try {
    return readCachedProjectGraph().nodes;
  } catch {
    return {};
  }
}

function warnOfOldBuild(): void {
  if (isWarned || isInstalled(packageFolder)) return;
  isWarned = true;
  if (isOlderThanSources(__filename, path.join(packageFolder, '..', '..'), ['libs', 'plugins/nx-dms'])) {
    console.warn('nx-dms is older than its sources: run npm run prepare');
  }
}
