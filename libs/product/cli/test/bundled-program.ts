import { spawnSync } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { madeOnce } from '@dms/testing';

const workspace = path.resolve(import.meta.dirname, '../../../..');

/** Puts the bundled command line into a folder, as it is published, and returns the program. */
export async function bundleProgram(folder: string): Promise<string> {
  cpSync(await madeOnce('program', bundle), folder, { recursive: true });
  return path.join(folder, 'cli.mjs');
}

function bundle(folder: string): void {
  const options = {
    entryPoints: { cli: path.join(workspace, 'libs/product/cli/src/main.ts') },
    outdir: folder,
    define: { __VERSION__: '"0.0.0"', __CODES_PAGE__: 'undefined' },
    as: 'parts',
  };
  const tool = new URL('../../../../tools/build/bundle.ts', import.meta.url);
  const script = `import { bundle } from '${tool}'; await bundle(${JSON.stringify(options)});`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: workspace,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}

/** Lets a program in this folder find the packages of the workspace: no bundle contains the clients of databases. */
export function linkPackages(folder: string): void {
  symlinkSync(path.join(workspace, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
}
