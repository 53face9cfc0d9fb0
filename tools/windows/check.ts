/**
 * `npm run check:windows`: compares the command line of the archive for Windows under Wine with the same commands on
 * this system. Output and files must be byte-equal. Then the quick specs of the rooms that depend on the
 * system run there: values, files, operations, the command line and the inference of the plugin. Without Wine it reports that,
 * and checks nothing.
 *
 * Gaps of Wine, which are not gaps of the product:
 *
 * - Node does not accept a console of Wine, so all output goes to files.
 * - Node requires Windows 10: `winecfg -v win10`.
 * - `NtFlushBuffersFileEx` and links are missing: commands that need them are left out.
 * - `bcryptprimitives.dll`, which programs in Rust load, such as the bundler of Vitest, is missing. It is replaced by a
 *   library with its one function, which another library of Wine has.
 * - `wineGaps` lists the tests that fail there.
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
import type { PostgresServer } from '@dms/databases';
import { startServerForSpecs } from '@dms/testing';
import { unzipSync } from 'fflate';
import { archiveName, writeArchive } from '../archive/archive.ts';
import { succeeded } from '../archive/node-package.ts';
import { forwardingLibrary } from './forwarding-library.ts';
import { typedCommands, withBackslashes } from './typed-commands.ts';
import { failuresOf, type SpecFile, wineGaps } from './wine-gaps.ts';
import { differences, writtenFiles } from './written-files.ts';

const root = path.resolve(import.meta.dirname, '../..');
const system = 'win-x64';

/** The folders with programs of Wine: those of the path, and that of Debian's package, which is in no path. */
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

/** Runs a command; its output goes to files, because Wine has no other way. */
function run({ folder, words, env }: Pick<System, 'folder' | 'words' | 'env'>, args: readonly string[]) {
  const [out, err] = ['out.txt', 'err.txt'].map((name) => path.join(folder, '..', name)) as [string, string];
  const [outFile, errFile] = [openSync(out, 'w'), openSync(err, 'w')];
  const [program = '', ...rest] = [...words, ...args];
  const { status } = spawnSync(program, rest, { cwd: folder, env, stdio: ['ignore', outFile, errFile] });
  for (const file of [outFile, errFile]) closeSync(file);
  return { status, out: readFileSync(out, 'utf8'), err: readFileSync(err, 'utf8') };
}

/** The output without parts that depend on the system: its folder, separators of paths, times and rates. */
const comparable = (text: string, folder: string) =>
  text
    .replaceAll('\\', '/')
    .replaceAll(`Z:${folder}`, '.')
    .replaceAll(folder, '.')
    .replaceAll(/\b\d+(?:\.\d+)? s\b|\d+ per second/g, '…')
    .replaceAll('./', '');

/** The first line that differs, on this system and on Windows. */
function firstDifference(here: string, there: string): string {
  const [one, other] = [here.split('\n'), there.split('\n')];
  const at = one.findIndex((line, index) => line !== other[index]);
  return `${JSON.stringify(one[at])}, here; ${JSON.stringify(other[at])}, there`;
}

/** Node for Windows in Wine: that of the unpacked archive. */
interface WineNode {
  readonly scratch: string;
  /** The folder of the unpacked archive. */
  readonly archive: string;
  /** The words before the path of a program. */
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** A path of this system as Wine names it. */
const drive = (file: string) => `Z:${file.replaceAll('/', '\\')}`;

const forWindows = ['--os=win32', '--cpu=x64', '--no-audit', '--no-fund', '--ignore-scripts'];

function nodeInWine(scratch: string, wine: string): WineNode {
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(writeArchive(system, scratch))))) {
    mkdirSync(path.dirname(path.join(scratch, name)), { recursive: true });
    writeFileSync(path.join(scratch, name), bytes);
  }
  const archive = path.join(scratch, archiveName(system));
  const prefix = path.join(scratch, 'wine');
  const env = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all', WINEARCH: 'win64' };
  succeeded(wine, ['wineboot', '-i'], { cwd: scratch, env });
  succeeded(wine, ['winecfg', '-v', 'win10'], { cwd: scratch, env });
  writeFileSync(
    path.join(prefix, 'drive_c/windows/system32/bcryptprimitives.dll'),
    forwardingLibrary('bcryptprimitives.dll', 'ProcessPrng', 'advapi32.SystemFunction036'),
  );
  return { scratch, archive, words: [wine, path.join(archive, 'bin/node.exe')], env };
}

const roomsOfSystem = [
  'libs/base/files',
  'libs/base/values',
  'libs/product/operations',
  'libs/product/cli',
  'plugins/nx-dms/src/inference',
];

/**
 * Runs the quick specs of the rooms that depend on the system, with a PostgreSQL server of this system on 127.0.0.1;
 * returns the number of failures that gaps of Wine do not explain.
 */
function checkSpecs({ scratch, words, env }: WineNode, { url }: PostgresServer): number {
  const clone = path.join(scratch, 'clone');
  const listed = succeeded('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const name of listed.split('\0').filter((each) => each !== '' && existsSync(path.join(root, each))))
    cpSync(path.join(root, name), path.join(clone, name));
  succeeded('npm', ['ci', ...forWindows], { cwd: clone });
  const report = path.join(scratch, 'specs.json');
  const vitest = [drive(path.join(clone, 'node_modules/vitest/vitest.mjs')), 'run', '--mode', 'quick'];
  // each call of the system takes many times as long there
  const reporting = ['--reporter=json', `--outputFile=${drive(report)}`, '--testTimeout=600000'];
  run({ folder: clone, words, env: { ...env, DMS_TEST_PGSQL_URL: url } }, [...vitest, ...roomsOfSystem, ...reporting]);
  const { testResults, numPassedTests } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly testResults: readonly SpecFile[];
    readonly numPassedTests: number;
  };
  const failures = testResults.flatMap(failuresOf);
  for (const text of failures) console.log(`failed  ${text}`);
  console.log(`${numPassedTests} tests of ${testResults.length} files passed on Windows; left out:`);
  for (const reason of new Set(wineGaps.map((gap) => gap.reason)))
    console.log(`  what needs more than Wine has: ${reason}`);
  return failures.length;
}

/** Runs `work` with a PostgreSQL server. */
async function onServer<Result>(work: (server: PostgresServer) => Promise<Result> | Result): Promise<Result> {
  const server = await startServerForSpecs();
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** Whether `dms-ddl.cmd` of the archive starts the program in cmd. */
function checkLauncher({ scratch, archive, words: [wine = ''], env }: WineNode): boolean {
  const { version } = JSON.parse(readFileSync(path.join(archive, 'node_modules/dms-ddl/package.json'), 'utf8'));
  const folder = path.join(scratch, 'launcher');
  mkdirSync(folder);
  const words = [wine, 'cmd', '/c', drive(path.join(archive, 'dms-ddl.cmd'))];
  const { status, out, err } = run({ folder, words, env }, ['--version']);
  const isStarted = status === 0 && out.trim() === version;
  console.log(isStarted ? 'same    dms-ddl.cmd --version' : `failed  dms-ddl.cmd --version: ${status} ${out}${err}`);
  return isStarted;
}

function checkCommands({ scratch, archive, words, env }: WineNode): number {
  const program = path.join(archive, 'node_modules/dms-ddl/bin/dms-ddl.mjs');
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
      words: [...words, drive(program)],
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
  let failed = checkLauncher({ scratch, archive, words, env }) ? 0 : 1;
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
  return failed;
}

async function main(): Promise<void> {
  const wine = wineProgram('wine64');
  if (wine === undefined) {
    console.log('Nothing was checked: there is no wine64 here (Debian: apt-get install wine64).');
    return;
  }
  const scratch = mkdtempSync(path.join(tmpdir(), 'dms-windows-'));
  try {
    const node = nodeInWine(scratch, wine);
    const commands = checkCommands(node);
    console.log(`${commands} commands are not the same on Windows`);
    const specs = await onServer((server) => checkSpecs(node, server));
    console.log(`${specs} failures of specs on Windows`);
    process.exitCode = commands + specs > 0 ? 1 : 0;
    const server = wineProgram('wineserver');
    if (server !== undefined) succeeded(server, ['-k'], { cwd: scratch, env: node.env });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main();
