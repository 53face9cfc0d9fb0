/**
 * Adds the optional platform packages that npm left out to package-lock.json: `npm install` silently drops a package
 * that the registry cannot serve at that moment, and `npm ci` then refuses the lock file. The added entries name the
 * platform, so that npm skips them everywhere else.
 *
 *   npx tsx tools/release/complete-lockfile.ts            adds the missing packages and prints them
 *   npx tsx tools/release/complete-lockfile.ts --check    prints the missing packages; exit code 1 if there are any
 */
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  link?: boolean;
  dependencies?: Record<string, string>;
  resolved?: string;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

export interface Lockfile {
  readonly packages: Record<string, LockEntry>;
}

const operatingSystems = new Set([
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]);
const processors = new Set([
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
]);
const exactVersion = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
/** `gnueabihf` is left out on purpose: packages with that suffix publish no `libc`. */
const cLibraries = new Map([
  ['gnu', 'glibc'],
  ['musl', 'musl'],
]);

/** The lock entries to add, by their place in the tree (`node_modules/…`), in the order of npm. */
export function missingPlatformPackages(lock: Lockfile): Record<string, LockEntry> {
  const known = new Map(Object.entries(lock.packages));
  const added: Record<string, LockEntry> = {};
  for (const [parentPlace, parent] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
      const found = nearestPlace(known, parentPlace, name);
      const isServed = found !== undefined && isServedBy(range, known.get(found));
      // A package that both a product package and a development package need is not `dev`.
      if (isServed && found in added && !parent.dev) delete added[found]?.dev;
      if (isServed) continue;
      // A different version nearer to the root stays; npm then nests the package below the package that needs it.
      const prefix = found === undefined || parentPlace === '' ? '' : `${parentPlace}/`;
      const place = `${prefix}node_modules/${name}`;
      const entry = platformEntry(name, range, parent, `${parentPlace || 'the workspace'} wants ${name}@${range}`);
      added[place] = entry;
      known.set(place, entry);
    }
  }
  return sortedByName(added);
}

/** The place where Node finds `name` for the package at `parentPlace`. */
export function nearestPlace(
  known: ReadonlyMap<string, LockEntry>,
  parentPlace: string,
  name: string,
): string | undefined {
  const folders = parentPlace === '' ? [] : parentPlace.split('/');
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const place = [...folders.slice(0, depth), 'node_modules', name].join('/');
    if (known.has(place)) return place;
  }
  return undefined;
}

/**
 * Whether an entry satisfies a range. Platform packages are required in one exact version; for any other range, and for
 * a link to a package of the workspace, npm chose the entry itself, so it is not checked.
 */
function isServedBy(range: string, entry: LockEntry | undefined) {
  return entry?.link === true || !exactVersion.test(range) || range === entry?.version;
}

/** An entry with its members in the order in which npm writes them; `wish` is for the message. */
function platformEntry(name: string, range: string, parent: LockEntry, wish: string): LockEntry {
  // The lower bound of a `~` or `^` range is the only version that is known without a query to the registry.
  const version = range.replace(/^[~^]/, '');
  if (!exactVersion.test(version)) throw new Error(`${wish}: no exact version can be read off the range.`);
  const words = name.slice(name.indexOf('/') + 1).split('-');
  const os = words.filter((word) => operatingSystems.has(word));
  const cpu = words.filter((word) => processors.has(word));
  const libc = words.map((word) => cLibraries.get(word)).filter((word) => word !== undefined);
  // Biome names only the musl packages after their C library; the package without a suffix is for glibc.
  if (libc.length === 0 && parent.optionalDependencies?.[`${name}-musl`] !== undefined) libc.push('glibc');
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(parent.dev && { dev: true }),
    ...(libc.length > 0 && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

/** Entries in the order of npm, which compares with the English collation. */
function sortedByName<T>(entries: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).sort(([left], [right]) => left.localeCompare(right, 'en')));
}

function main() {
  const lockFile = fileURLToPath(new URL('../../package-lock.json', import.meta.url));
  const lock: Lockfile = JSON.parse(readFileSync(lockFile, 'utf8'));
  const missing = missingPlatformPackages(lock);
  const lines = Object.entries(missing).map(([place, entry]) => `${place} ${entry.version}`);
  if (process.argv.includes('--check')) {
    for (const line of lines) console.error(`missing ${line}`);
    if (lines.length > 0) console.error('Run: npx tsx tools/release/complete-lockfile.ts');
    process.exitCode = lines.length > 0 ? 1 : 0;
    return;
  }
  if (lines.length > 0) {
    const packages = sortedByName({ ...lock.packages, ...missing });
    writeFileSync(lockFile, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  }
  for (const line of lines) console.log(`added ${line}`);
  console.log(`${lines.length} entries added to package-lock.json`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) main();
