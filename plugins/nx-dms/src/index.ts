import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256Hex } from '@dms/canonical-json';
import type { CreateDependencies, CreateMetadata, CreateNodes } from 'nx/src/devkit-exports';
import { workspaceDataDirectory } from 'nx/src/utils/cache-directory';
import { nxVersion } from 'nx/src/utils/versions';
import { ContentHashes } from './inference/content-hashes.ts';
import { inferDependencies } from './inference/create-dependencies.ts';
import { describeMappingSets } from './inference/create-metadata.ts';
import { type FileFacts, inferProjects } from './inference/create-nodes.ts';
import { openFileCache } from './inference/file-cache.ts';
import { readOptions } from './inference/options.ts';
import { isOlderThanSources } from './inference/stale-build.ts';
import { hashesIgnoredFiles, isInstalled, toolSituation } from './inference/tool-input.ts';

export const name = 'nx-dms';

const packageFolder = path.dirname(__dirname);
/** The hash of the inference code, so that a rebuilt plugin never uses the cache of an older one. */
const bundleHash = sha256Hex(readFileSync(__filename));
const hashes = new ContentHashes();
let isWarned = false;

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

export const createMetadata: CreateMetadata = (graph) => describeMappingSets(graph);

function warnOfOldBuild(): void {
  if (isWarned || isInstalled(packageFolder)) return;
  isWarned = true;
  if (isOlderThanSources(__filename, path.join(packageFolder, '..', '..'))) {
    console.warn('nx-dms is older than its sources: run npm run prepare');
  }
}
