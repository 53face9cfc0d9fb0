/**
 * `npm run archive`: packs `dms-ddl` with its packages and with Node, one archive for each system, so that it runs
 * where neither Node nor npm is installed (docs/without-node.md). Writes the archives and `SHA256SUMS` into
 * `dist/archives`.
 *
 *   npm run archive                   for all systems
 *   npm run archive -- linux-x64      for one
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { noticesOf } from '../build/notices.ts';
import { type ArchivedFile, tarGzip, zip } from './formats.ts';
import { placesOf } from './installed-packages.ts';
import { nodeVersion, succeeded, systems, unpackNode } from './node-package.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(root, 'libs/product/cli');

const read = (...place: readonly string[]) => JSON.parse(readFileSync(path.join(...place), 'utf8'));
const { version, dependencies } = read(program, 'package.json');

/**
 * What nothing loads: source maps, sources and types in TypeScript, and the extensions of the embedded PostgreSQL
 * except pgcrypto.
 */
const unused = ['**/*.map', '**/*.{ts,cts,mts}', '**/!(pgcrypto).tar.gz'];

const file = (name: string, content: string | Uint8Array, isExecutable = false): ArchivedFile => ({
  name,
  bytes: typeof content === 'string' ? Buffer.from(content) : content,
  isExecutable,
});

/** The published files of `dms-ddl`. */
function filesOfProgram(): readonly ArchivedFile[] {
  const [{ files }] = JSON.parse(
    succeeded('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: program }),
  );
  return files.map((each: { readonly path: string }) =>
    file(`node_modules/dms-ddl/${each.path}`, readFileSync(path.join(program, each.path))),
  );
}

/** The files of the packages at these places. */
const filesOfPackages = (places: readonly string[]): readonly ArchivedFile[] =>
  places.flatMap((place) => {
    const cwd = path.join(root, place);
    if (!existsSync(cwd)) throw new Error(`${place} is not installed. Run npm ci.`);
    const ignore = ['node_modules/**', ...unused];
    return globSync('**', { cwd, dot: true, ignore }).map((name) =>
      file(`${place}/${name}`, readFileSync(path.join(cwd, name))),
    );
  });

/** The executable of Node for a system, and its licence. */
function nodeOf(system: string): { readonly executable: Uint8Array; readonly licence: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'dms-archive-'));
  try {
    unpackNode(system, folder);
    const executable = readFileSync(path.join(folder, 'bin', nodeFile(system)));
    const ofPackage = path.join(folder, 'LICENSE');
    // the package for Windows has no licence
    const licence = existsSync(ofPackage) ? readFileSync(ofPackage, 'utf8') : nodeOf('linux-x64').licence;
    return { executable, licence };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const isWindows = (system: string) => system.startsWith('win-');
const nodeFile = (system: string) => (isWindows(system) ? 'node.exe' : 'node');

/** The file that a user runs. It finds Node beside itself, wherever the folder is and whatever link leads to it. */
const launcherOf = (system: string): ArchivedFile =>
  isWindows(system)
    ? file('dms-ddl.cmd', '@"%~dp0bin\\node.exe" "%~dp0node_modules\\dms-ddl\\bin\\dms-ddl.mjs" %*\r\n')
    : file('dms-ddl', readFileSync(new URL('dms-ddl.sh', import.meta.url)), true);

/** The name of the archive for a system, which is also that of the folder in it. */
export const archiveName = (system: string): string => `dms-ddl-${version}-${system}`;

/** The files of the archive for a system, in ordinal order. */
function archivedFiles(system: string): readonly ArchivedFile[] {
  const { executable, licence } = nodeOf(system);
  const places = placesOf(read(root, 'package-lock.json'), [...Object.keys(dependencies), 'mssql']);
  const manifests = places.map((place) => path.join(root, place, 'package.json'));
  const notices = noticesOf(manifests, 'This archive contains the following packages, and Node.');
  const ofProgram = 'The notices of the code in dms-ddl are in node_modules/dms-ddl/dist/THIRD-PARTY-NOTICES.txt.';
  const ofNode = `Node ${nodeVersion}\n\n${licence.trim()}\n`;
  return [
    launcherOf(system),
    file('LICENSE', readFileSync(path.join(root, 'LICENSE'))),
    file('THIRD-PARTY-NOTICES.txt', [notices, `${ofProgram}\n`, ofNode].join(`\n${'-'.repeat(79)}\n\n`)),
    file(`bin/${nodeFile(system)}`, executable, true),
    ...filesOfProgram(),
    ...filesOfPackages(places),
  ]
    .map((each) => ({ ...each, name: `${archiveName(system)}/${each.name}` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Writes the archive for a system into a folder; returns its path. */
export function writeArchive(system: string, folder: string): string {
  const files = archivedFiles(system);
  const archive = path.join(folder, `${archiveName(system)}${isWindows(system) ? '.zip' : '.tar.gz'}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(archive, isWindows(system) ? zip(files) : tarGzip(files));
  return archive;
}

/** The lines of `SHA256SUMS` for all archives of a folder, as `sha256sum --check` reads them. */
const checksums = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => /\.(?:tar\.gz|zip)$/.test(name))
    .sort()
    .map((name) => {
      const sum = createHash('sha256').update(readFileSync(path.join(folder, name)));
      return `${sum.digest('hex')}  ${name}\n`;
    })
    .join('');

function main(chosen: readonly string[]): void {
  const folder = path.join(root, 'dist', 'archives');
  const archives = (chosen.length === 0 ? systems : chosen).map((system) => writeArchive(system, folder));
  writeFileSync(path.join(folder, 'SHA256SUMS'), checksums(folder));
  for (const archive of archives)
    console.log(`${path.relative(root, archive)} ${(statSync(archive).size / 1e6).toFixed(1)} MB`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  main(process.argv.slice(2));
