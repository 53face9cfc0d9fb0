import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cleanEnvironment, repository, run } from './run-nx.ts';

export interface NxRun {
  readonly exitCode: number | null;
  /** What was printed, to stdout and stderr. */
  readonly output: string;
  /** The tasks that were executed, not taken from the cache; sorted. */
  readonly executed: readonly string[];
}

/** A workspace beside this repository, with the packed plugin installed in it, and Nx as a user runs it. */
export interface ScratchWorkspace {
  readonly root: string;
  nx(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<NxRun>;
  git(...args: readonly string[]): string;
  read(file: string): string;
  write(file: string, content: unknown): void;
  remove(file: string): void;
  /** The bytes of every file below a folder, as text by path. */
  files(folder: string): Record<string, string>;
  dispose(): void;
}

/** Packs the plugin as it is built, and installs it in a new workspace with the given files. */
export async function createScratchWorkspace(files: Readonly<Record<string, unknown>>): Promise<ScratchWorkspace> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'nx-dms-e2e-')));
  const root = path.join(folder, 'scratch');
  const traceFile = path.join(folder, 'trace.txt');
  const environment = cleanEnvironment({ NX_CACHE_DIRECTORY: path.join(folder, 'cache'), NX_DMS_TRACE: traceFile });

  const workspace: ScratchWorkspace = {
    root,
    async nx(args, env = {}) {
      rmSync(traceFile, { force: true });
      const nxBinary = path.join(root, 'node_modules/nx/dist/bin/nx.js');
      const { exitCode, output } = await run(process.execPath, [nxBinary, ...args], root, { ...environment, ...env });
      const executed = existsSync(traceFile) ? readFileSync(traceFile, 'utf8').trim().split('\n').sort() : [];
      return { exitCode, output, executed };
    },
    git: (...args) => succeeded(spawnSync('git', args, { cwd: root, encoding: 'utf8', env: environment })),
    read: (file) => readFileSync(path.join(root, file), 'utf8'),
    write(file, content) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
    },
    remove: (file) => rmSync(path.join(root, file), { recursive: true, force: true }),
    files(name) {
      const names = readdirSync(path.join(root, name), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
        .sort();
      return Object.fromEntries(names.map((file) => [file, workspace.read(file)]));
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };

  const packageFolder = path.join(repository, 'plugins/nx-dms');
  const packed = spawnSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: packageFolder,
    encoding: 'utf8',
    env: environment,
  });
  const [{ filename }] = JSON.parse(succeeded(packed));
  for (const [file, content] of Object.entries(files)) workspace.write(file, content);
  const install = [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '-D',
    path.join(folder, filename),
  ];
  const installed = await run('npm', install, root, environment);
  if (installed.exitCode !== 0) throw new Error(installed.output);
  workspace.git('init', '--quiet', '--initial-branch=main');
  workspace.git('config', 'user.name', 'e2e');
  workspace.git('config', 'user.email', 'e2e@example.org');
  workspace.git('add', '.');
  workspace.git('commit', '--quiet', '--message=start');
  return workspace;
}

function succeeded({ status, stdout, stderr }: SpawnSyncReturns<string>): string {
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
}
