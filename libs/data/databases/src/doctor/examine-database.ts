import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { type Catalog, type LiveShape, shapeText } from '@dms/catalog';
import { append, capitalized, type Diagnostic, DmsError, diagnostic, severityOf } from '@dms/diagnostics';
import { coreSchema } from '@dms/model';
import { dialectRules, type SqlDialect } from '@dms/sql';
import { connected, type DatabaseOptions, withTarget } from '../addressing/with-target.ts';
import type { Connection, Limits } from '../drivers/connection.ts';
import { isFailure } from '../failures/failure.ts';
import { readCoreObjects } from '../fingerprint/stored-fingerprint.ts';
import { unseededAdvice, unseededText } from '../fingerprint/unseeded.ts';
import { healthFindings } from '../health/health-checks.ts';
import { type RightPurpose, rightPurposes, unknownSet } from '../health/needed-rights.ts';
import { missingText, purposeTexts, type RoleRights, roleFindings, roleRights } from '../health/role-rights.ts';
import { accessFacts, serverVersion } from '../health/server-checks.ts';
import { sequenceErrors, sequencesBehind } from '../introspection/sequences.ts';
import { cannotKeep, cannotKeepFindings, everythingAgain } from '../keeping/cannot-keep.ts';
import { readKept } from '../keeping/read-kept.ts';
import { type DatabaseState, readDatabaseState } from '../provisioning/database-state.ts';
import {
  locksOfReplacement,
  locksOfScript,
  lockTableFindings,
  readLockTable,
  upgradeLockFindings,
} from '../provisioning/lock-table.ts';
import { provisioningDialects } from '../provisioning/provisioning-dialects.ts';
import { objectsText, stateDiagnostic } from '../provisioning/state-diagnostic.ts';
import { othersOnTables } from './others-on-tables.ts';

/** The findings about a connection. */
export interface DatabaseFinding {
  readonly dialect: SqlDialect;
  readonly isReached: boolean;
  readonly product: string | null;
  readonly role: string | null;
  /** The places of libpq that supplied settings that the connection text lacks, such as `PGPASSWORD`. */
  readonly places: readonly string[];
  /**
   * The rights of the role of the session, or of the named role, by purpose; without a schema set only those to
   * provision.
   */
  readonly rights: readonly {
    readonly purpose: RightPurpose;
    readonly isGranted: boolean;
    /** The missing rights and how to grant them; null if none is missing. */
    readonly missing: string | null;
  }[];
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  /** The shape of schema `dms` (design 16 §1.1); null if the database shows none. */
  readonly shape: LiveShape | null;
  /** The state for the schema set of the run; null without one. */
  readonly state: DatabaseState['kind'] | null;
  readonly advice: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The schema set that a database should have. */
interface ExaminedFor {
  readonly info: EffectiveSchemaManifest;
  readonly catalog: Catalog;
}

interface ExaminedRole {
  /**
   * The purpose for which the role must have rights; by default the purposes that follow from the state of the
   * database.
   */
  readonly purpose?: RightPurpose | undefined;
  /** The role whose rights are looked at; by default the role of the connection. */
  readonly role?: string | undefined;
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
  shape: null,
  state: null,
  advice: [],
} as const;

/**
 * The purposes that follow from the state of a database. A database that is in use needs none: a reader need not write.
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
  unseeded: ['provision'],
  seedsDiffer: [],
};

/**
 * Examines the database of these options; changes nothing. Without `design` only the rights to provision are examined.
 * Failures of the database become part of the finding.
 */
export async function examineDatabase(
  options: DatabaseOptions,
  design: ExaminedFor | undefined,
  asked: ExaminedRole,
): Promise<DatabaseFinding> {
  let places: readonly string[] = [];
  try {
    return await withTarget(options, 'check', (target, used) => {
      places = used;
      const limits = { signal: options.signal };
      return connected(target, options, (connection) => examineSession(connection, places, design, asked, limits));
    });
  } catch (error) {
    if (!(error instanceof DmsError)) throw error;
    return { dialect: options.dialect, ...unreached, places, diagnostics: error.diagnostics };
  }
}

async function examineSession(
  connection: Connection,
  places: readonly string[],
  design: ExaminedFor | undefined,
  { purpose, role: asked }: ExaminedRole,
  limits: Limits,
): Promise<DatabaseFinding> {
  const { dialect } = connection;
  const { product, version } = await serverVersion(connection);
  const { role, settings } = await accessFacts(connection);
  const set = design?.catalog ?? unknownSet(dialect, [coreSchema]);
  const { state, denied } = await readState(connection, design, limits);
  const rights = await roleRights(connection, set, { role: asked, isProvisioned: state?.kind === 'same', ...limits });
  const { shape } = await readCoreObjects(connection, limits);
  const purposes = design === undefined ? (['provision'] as const) : rightPurposes;
  const facts = {
    dialect,
    isReached: true,
    product: `${product} ${version}`,
    role,
    places,
    settings,
    shape,
    rights: purposes.map((each) => {
      const missing = missingText(rights, each, dialect) ?? notThereText(rights, each, state, dialect);
      return { purpose: each, isGranted: missing === null, missing };
    }),
  };
  const mappingVersion = design?.catalog.mappingVersion;
  const ofSession = await healthFindings(connection, 'run', { ...limits, mappingVersion });
  const pooler = connection.pooler ? [poolerAdvice] : [];
  if (design === undefined || state === null) {
    const ofRights = rightFindings(connection, rights, state, purpose, denied.length === 0 ? [] : ['read']);
    const diagnostics = [...ofSession, ...(ofRights.length === 0 ? denied : ofRights)];
    return { ...facts, state: null, advice: pooler, diagnostics };
  }
  const ofRole = await healthFindings(connection, 'doctor', {
    mappingVersion,
    schemas: design.catalog.schemas,
    roles: design.catalog.roles,
    rights,
    asked: purpose === undefined ? purposesOfState[state.kind] : [purpose],
    role: asked,
    ...limits,
  });
  const obstacles = ofRole.filter((entry) => !isOfOwners(entry));
  const isNoRefusal = state.kind === 'different' || state.kind === 'unseeded';
  const refused = isNoRefusal ? null : stateDiagnostic(state, connection);
  return {
    ...facts,
    state: state.kind,
    advice: [...pooler, ofSession.some(isReadOnly) ? readOnlyAdvice : adviceOn(state)],
    diagnostics: [
      ...readOnlyOnce(ofSession, obstacles),
      ...rightFindings(connection, rights, state, purpose, purposesOfState[state.kind]),
      ...obstacles.filter((entry) => !isReadOnly(entry)),
      ...(await stateFindings(connection, design.catalog, state, ofRole.filter(isOfOwners), limits)),
      ...(refused ? [refused] : []),
    ],
  };
}

/** The state for a schema set; null without a set, and for a role without any right on the tables, which is `denied`. */
async function readState(
  connection: Connection,
  design: ExaminedFor | undefined,
  limits: Limits,
): Promise<{ readonly state: DatabaseState | null; readonly denied: readonly Diagnostic[] }> {
  if (design === undefined) return { state: null, denied: [] };
  try {
    return { state: await readDatabaseState(connection, design.info, design.catalog.schemas, limits), denied: [] };
  } catch (error) {
    // doctor names the rights that such a role lacks
    if (!isFailure(error, 'DB_PERMISSION')) throw error;
    return { state: null, denied: error.diagnostics };
  }
}

/** The rights that a role lacks for the given purpose; without one, for the purposes of the state. */
function rightFindings(
  connection: Connection,
  rights: RoleRights,
  state: DatabaseState | null,
  asked: RightPurpose | undefined,
  ofState: readonly RightPurpose[],
): readonly Diagnostic[] {
  const { dialect, label } = connection;
  const found = roleFindings(connection, rights, asked === undefined ? ofState : [asked]);
  if (asked === undefined || missingText(rights, asked, dialect) !== null) return found;
  const text = notThereText(rights, asked, state, dialect);
  if (text === null) return found;
  const details = { label, driverCode: null, role: rights.role, purpose: asked };
  return [...found, diagnostic('DB_PERMISSION', `${label}: ${text}`, {}, details)];
}

/** Findings about what prevents the command that a database in this state needs next, and about its rows. */
async function stateFindings(
  connection: Connection,
  catalog: Catalog,
  state: DatabaseState,
  ofOwners: readonly Diagnostic[],
  limits: Limits,
): Promise<readonly Diagnostic[]> {
  const findings: Diagnostic[] = [];
  if (state.kind === 'empty' || state.kind === 'foreign') {
    const table = await readLockTable(connection, limits);
    const { checkPrerequisites } = provisioningDialects[connection.dialect];
    append(findings, await foundBy(() => checkPrerequisites(connection, catalog, limits).then(() => [])));
    append(findings, await foundBy(() => lockTableFindings(connection, 'the script', locksOfScript(catalog), table)));
  }
  if (state.kind === 'different') {
    const table = await readLockTable(connection, limits);
    const most = table === null ? 0 : await locksOfReplacement(connection, catalog, limits);
    append(findings, upgradeLockFindings(connection, most, table));
  }
  if (state.kind === 'different' || state.kind === 'same') {
    append(findings, ofOwners);
    append(findings, await othersOnTables(connection, catalog, limits));
  }
  if (state.kind === 'different') append(findings, await unkeptFindings(connection, catalog.schemas, limits));
  const behind = await sequencesBehind(connection, numberedTables(state, catalog), limits);
  append(findings, sequenceErrors(connection.label, behind));
  return findings;
}

/**
 * What an upgrade that makes everything again could not give back to a database with another set: warnings, because only
 * a plan says what is made again (design 12a §3).
 */
async function unkeptFindings(
  connection: Connection,
  schemas: readonly string[],
  limits: Limits,
): Promise<readonly Diagnostic[]> {
  const found = cannotKeep(connection.dialect, await readKept(connection, schemas, limits), everythingAgain);
  return cannotKeepFindings(connection.label, found, 'W');
}

/**
 * What a role cannot know of its rights on documents in a database without the schema set; null if it would own
 * everything, because it may provision.
 */
function notThereText(
  rights: RoleRights,
  purpose: RightPurpose,
  state: DatabaseState | null,
  dialect: SqlDialect,
): string | null {
  const isNew = state?.kind === 'empty' || state?.kind === 'foreign';
  if (!isNew || !rights.missing[purpose].isUnseen || missingText(rights, 'provision', dialect) === null) return null;
  return `the role ${dialectRules[dialect].quote(rights.role)} has no rights ${purposeTexts[purpose]} yet: the tables are not there, and the role that provisions will own them. Afterwards: dms-ddl doctor --grants ${rights.role} prints the statements`;
}

/** The tables whose sequences can be examined: of another set, only the core tables have the same columns. */
function numberedTables({ kind }: DatabaseState, { tables }: Catalog): Pick<Catalog, 'tables'> {
  if (kind === 'same') return { tables };
  return { tables: kind === 'different' ? tables.filter(({ schema }) => schema === coreSchema) : [] };
}

const isOfOwners = ({ code }: Diagnostic) => code === 'DB_OWNERS';

const isReadOnly = ({ code }: Diagnostic) => code === 'DB_READ_ONLY';

/**
 * The findings of the session, with a single one about read-only access. An error about the role is preferred: its
 * statements also reset the setting for all roles.
 */
function readOnlyOnce(ofSession: readonly Diagnostic[], ofRole: readonly Diagnostic[]): readonly Diagnostic[] {
  const found = [...ofRole, ...ofSession].filter(isReadOnly);
  const first = found.find((each) => each.class !== 'W') ?? found[0];
  return [...(first ? [first] : []), ...ofSession.filter((entry) => !isReadOnly(entry))];
}

/** The findings of a check, whether it throws or returns them. */
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

/** The advice for a database in this state: what provision or upgrade would do with it. */
function adviceOn(state: DatabaseState): string {
  switch (state.kind) {
    case 'empty':
      return 'It is empty: provision creates everything.';
    case 'foreign':
      return `It holds other objects (${objectsText(state.objects)}), which provision leaves alone; it creates everything beside them.`;
    case 'unseeded':
      return `${capitalized(unseededText)} ${unseededAdvice}`;
    case 'same':
      return 'It has this schema set: provision would bring it up to date, and change nothing else.';
    case 'different':
      return 'It has another schema set: upgrade plan says what it takes to change that, and upgrade apply does it.';
    case 'otherGeneration':
      return `provision refuses it. ${state.whatToDo}`;
    case 'occupied':
    case 'partial':
    case 'malformed':
    case 'tampered':
    case 'seedsDiffer':
      return 'provision refuses it.';
  }
}

/** The mark at the start of a line of a report. */
export const checkMark = (isGood: boolean) => (isGood ? 'ok' : '--');

/** The lines of a finding, for people. */
export function databaseLines({
  dialect,
  isReached,
  product,
  role,
  places,
  rights,
  settings,
  shape,
  advice,
  diagnostics,
}: DatabaseFinding): string[] {
  const used = places.length === 0 ? [] : [`      the connection takes what it lacks from ${places.join(', ')}`];
  if (!isReached)
    return [`  ${checkMark(false)}  ${dialect}: ${diagnostics.map(({ code }) => code).join(', ')}`, ...used];
  return [
    `  ${checkMark(!diagnostics.some((entry) => severityOf(entry) === 'error'))}  ${dialect}: ${product}, as ${role}`,
    ...used,
    ...rights.map(({ purpose, isGranted }) => `      ${checkMark(isGranted)}  rights ${purposeTexts[purpose]}`),
    // missing rights are shown only for writing: a role that writes documents should not be able to provision
    ...rights.flatMap(({ purpose, missing }) => (purpose === 'write' && missing !== null ? [`      ${missing}`] : [])),
    `      ${settings.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
    ...(shape === null ? [] : [`      mapping version ${shapeText(shape)}`]),
    ...advice.map((line) => `      ${line}`),
  ];
}
