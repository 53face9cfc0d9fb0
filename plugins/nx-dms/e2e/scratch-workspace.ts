import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installedVariable } from './build-plugin.ts';
import { cleanEnvironment, copyPackages, repository, run } from './run-nx.ts';
import { runOnTerminal, type TerminalAnswer } from './terminal.ts';

export interface NxRun {
  readonly exitCode: number | null;
  /** The output, on stdout and stderr. */
  readonly output: string;
  /** The tasks that were executed, not restored from the cache; sorted. */
  readonly executed: readonly string[];
}

/** A workspace outside this repository, with the packed plugin installed, in which Nx runs as for a user. */
export interface ScratchWorkspace {
  readonly root: string;
  nx(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<NxRun>;
  /** Runs Nx on a terminal, where it prompts for missing options. */
  nxOnTerminal(args: readonly string[], answers: readonly TerminalAnswer[]): ReturnType<typeof runOnTerminal>;
  git(...args: readonly string[]): string;
  read(file: string): string;
  write(file: string, content: unknown): void;
  remove(file: string): void;
  /** The bytes of every file below a folder, as text by path. */
  files(folder: string): Record<string, string>;
  /**
   * A copy at another path with the same files, installed packages and history, and a separate cache; removed with this
   * workspace.
   */
  clone(): ScratchWorkspace;
  dispose(): void;
}

/** The possible places of the `nx` program in its package. */
const nxBinaries = ['node_modules/nx/dist/bin/nx.js', 'node_modules/nx/bin/nx.js'];

function workspaceIn(folder: string): ScratchWorkspace {
  const root = path.join(folder, 'scratch');
  const environment = cleanEnvironment({ NX_CACHE_DIRECTORY: path.join(folder, 'cache') });
  let runs = 0;
  const nxBinary = () =>
    nxBinaries.map((file) => path.join(root, file)).find((file) => existsSync(file)) ?? 'nx is not installed';
  const workspace: ScratchWorkspace = {
    root,
    async nx(args, env = {}) {
      runs += 1;
      const traceFile = path.join(folder, `trace-${runs}.txt`);
      const more = { ...environment, NX_DMS_TRACE: traceFile, ...env };
      const { exitCode, output } = await run(process.execPath, [nxBinary(), ...args], root, more);
      const executed = existsSync(traceFile) ? readFileSync(traceFile, 'utf8').trim().split('\n').sort() : [];
      return { exitCode, output, executed };
    },
    nxOnTerminal(args, answers) {
      // in CI, and without colours, there are no prompts
      const { CI: _ci, NO_COLOR: _noColor, ...personal } = environment;
      return runOnTerminal(process.execPath, [nxBinary(), ...args], root, personal, answers);
    },
    git: (...args) => succeeded(spawnSync('git', args, { cwd: root, encoding: 'utf8', env: environment })),
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
    write(file, content) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(
        path.join(root, file),
        typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`,
      );
    },
    remove: (file) => rmSync(path.join(root, file), { recursive: true, force: true }),
    files(name) {
      const names = readdirSync(path.join(root, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
        .sort();
      return Object.fromEntries(names.map((file) => [file, workspace.read(file)]));
    },
    clone() {
      const place = mkdtempSync(path.join(folder, 'clone-'));
      mkdirSync(path.join(place, 'scratch'));
      for (const name of readdirSync(root).filter((entry) => entry !== '.nx' && entry !== 'dist')) {
        cpSync(path.join(root, name), path.join(place, 'scratch', name), { recursive: true, verbatimSymlinks: true });
      }
      return workspaceIn(place);
    },
    // A daemon that is about to end may still write files.
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
  return workspace;
}

/** Packs a built package of this repository into a folder; returns the file. */
export function packInto(folder: string, packageFolder: string): string {
  const packed = spawnSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: path.join(repository, packageFolder),
    encoding: 'utf8',
    env: cleanEnvironment({}),
  });
  const [{ filename }] = JSON.parse(succeeded(packed));
  return path.join(folder, filename);
}

/** The packed build of the package with the program, which the plugin depends on and no registry has yet. */
export const packedProgram = (folder: string): string => packInto(folder, 'libs/product/cli');

/** The packed build of the plugin. */
export const packedPlugin = (folder: string): string => packInto(folder, 'plugins/nx-dms');

/**
 * Makes a workspace with the given files and installs the packages in its `package.json`.
 *
 * @param install whether to install the packed plugin too
 */
export async function createScratchWorkspace(
  files: Readonly<Record<string, unknown>>,
  install: 'with the plugin' | 'without the plugin' = 'with the plugin',
): Promise<ScratchWorkspace> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'nx-dms-e2e-')));
  const workspace = workspaceIn(folder);
  try {
    for (const [file, content] of Object.entries(files)) workspace.write(file, content);
    await installPackages(workspace, folder, install === 'with the plugin');
    workspace.git('init', '--quiet', '--initial-branch=main');
    workspace.git('config', 'user.name', 'e2e');
    workspace.git('config', 'user.email', 'e2e@example.org');
    workspace.git('add', '.');
    workspace.git('commit', '--quiet', '--message=start');
    return workspace;
  } catch (error) {
    workspace.dispose();
    throw error;
  }
}

/**
 * Installs the packages of a workspace and the packed program, and on request the packed plugin. The first workspace of the run with a
 * `package.json` installs them; others with the same one get a copy.
 */
async function installPackages(workspace: ScratchWorkspace, folder: string, isWithPlugin: boolean): Promise<void> {
  const hash = createHash('sha256').update(workspace.read('package.json')).digest('hex').slice(0, 12);
  const kept = path.join(process.env[installedVariable] ?? folder, `${isWithPlugin ? 'plugin' : 'nx'}-${hash}`);
  if (existsSync(kept)) {
    copyInstalled(kept, folder);
    return;
  }
  const added = ['-D', packedProgram(folder), ...(isWithPlugin ? [packedPlugin(folder)] : [])];
  const options = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...added];
  const installed = await run('npm', options, workspace.root, cleanEnvironment({}));
  if (installed.exitCode !== 0) throw new Error(installed.output);
  const unfinished = mkdtempSync(`${kept}-`);
  copyInstalled(folder, unfinished);
  // another worker may have been faster
  if (!existsSync(kept)) renameSync(unfinished, kept);
}

/** Copies the results of `npm install` in the folder of a workspace; the packed plugin is beside the workspace. */
function copyInstalled(from: string, to: string): void {
  mkdirSync(path.join(to, 'scratch'), { recursive: true });
  const manifests = ['package.json', 'package-lock.json'].map((name) => `scratch/${name}`);
  for (const name of [...manifests, ...readdirSync(from).filter((each) => each.endsWith('.tgz'))])
    copyFileSync(path.join(from, name), path.join(to, name));
  copyPackages(path.join(from, 'scratch/node_modules'), path.join(to, 'scratch/node_modules'));
}

/** The installed versions of Nx, each once; fails if npm finds problems with the installed packages. */
export async function installedVersionsOfNx(workspace: ScratchWorkspace): Promise<string[]> {
  const { exitCode, output } = await run('npm', ['ls', '--all'], workspace.root, cleanEnvironment({}));
  if (exitCode !== 0) throw new Error(output);
  const packages = Object.entries<{ version: string }>(JSON.parse(workspace.read('package-lock.json')).packages);
  const ofNx = packages.filter(([place]) => /(^|\/)node_modules\/(nx|@nx\/[^/]+)$/.test(place));
  return [...new Set(ofNx.map(([, { version }]) => version))];
}

/** The initial files of every scratch workspace: only the package `nx`. */
export function workspaceFiles(nxVersion: string): Readonly<Record<string, unknown>> {
  return {
    'package.json': {
      name: 'scratch',
      version: '0.0.0',
      private: true,
      devDependencies: { nx: nxVersion },
    },
    'nx.json': { analytics: false, neverConnectToCloud: true },
    '.gitignore': 'node_modules/\ndist/\n.nx/\n',
  };
}

function succeeded({ status, stdout, stderr }: SpawnSyncReturns<string>): string {
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
}
