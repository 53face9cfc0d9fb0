import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isThere } from '@dms/files';
import { isInside, isInstalled } from '@dms/operations';
import { sha256Hex } from '@dms/values';
import type { TargetConfiguration } from 'nx/src/devkit-exports';
import { type TargetName, targetDefinitions } from './targets.ts';

/**
 * The place of the plugin's code, which decides how the code becomes part of the hash of a task: in a package that the
 * lock file pins, in files of the workspace, or in files that Nx does not hash.
 */
export type ToolSituation =
  | { readonly kind: 'locked' }
  | {
      readonly kind: 'files';
      /** The folder of the package, relative to the workspace. */
      readonly folder: string;
    }
  | {
      readonly kind: 'unseen';
      /** The SHA-256 of the files of each executor, by executor name. */
      readonly hashes: Readonly<Record<string, string>>;
    };

export type TargetInputs = NonNullable<TargetConfiguration['inputs']>;

const lockFiles = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];

/** Whether Nx supports `includeIgnored`, which hashes files that Git ignores; it came with Nx 23.3. */
export function hashesIgnoredFiles(nxVersion: string): boolean {
  const [major = 0, minor = 0] = nxVersion.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 3);
}

export function toolSituation(packageFolder: string, workspaceRoot: string, nxVersion: string): ToolSituation {
  if (isInstalled(packageFolder) && lockFiles.some((name) => isThere(path.join(workspaceRoot, name)))) {
    return { kind: 'locked' };
  }
  const folder = path.relative(workspaceRoot, packageFolder).split(path.sep).join('/');
  return isInside(folder) && hashesIgnoredFiles(nxVersion)
    ? { kind: 'files', folder }
    : { kind: 'unseen', hashes: executorHashes(packageFolder) };
}

function executorHashes(packageFolder: string): Record<string, string> {
  const executors = path.join(packageFolder, 'dist', 'executors');
  const hashes = readdirSync(executors)
    .sort()
    .map((name) => {
      const files = readdirSync(path.join(executors, name)).sort();
      return [name, sha256Hex(Buffer.concat(files.map((file) => readFileSync(path.join(executors, name, file)))))];
    });
  return Object.fromEntries(hashes);
}

/**
 * The inputs that represent the code of a task (design 10 §6.2). An empty list of external dependencies differs from no
 * list: without a list Nx hashes all of them, so that any change of the lock file would run every task.
 */
export function toolInputs(situation: ToolSituation, target: TargetName): TargetInputs {
  if (situation.kind === 'locked') return [{ externalDependencies: ['nx-dms'] }];
  if (situation.kind === 'unseen') {
    const hash = situation.hashes[target];
    if (hash === undefined) throw new Error(`the hash of the executor ${target} is missing`);
    return [{ runtime: `echo nx-dms:${target} ${hash}` }, { externalDependencies: [] }];
  }
  const fileset = `{workspaceRoot}/${situation.folder}/dist/executors/${target}/**/*`;
  // in a workspace without a lock file Nx does not know packages
  const isOwnRepository = !situation.folder.split('/').includes('node_modules');
  const engine = targetDefinitions[target].usesEngine && isOwnRepository ? ['@electric-sql/pglite'] : [];
  return [{ fileset, includeIgnored: true }, { externalDependencies: engine }];
}
