import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { counted, type DetailValue, type DiagnosticCode, fail } from '@dms/diagnostics';
import { core, coreSchema, mustExist, qualified } from '@dms/model';
import { hashStart, hashStarts } from '@dms/values';
import type { Connection, Limits } from '../drivers/connection.ts';
import { driverCodeOf, isFailure, isUsedUp } from '../failures/failure.ts';
import {
  componentChanges,
  componentReport,
  resourceKeyReport,
  seedHashText,
  singletonFindings,
} from '../fingerprint/fingerprint-differences.ts';
import { otherShape } from '../fingerprint/other-shape.ts';
import {
  type CoreObjects,
  readable,
  readComponents,
  readCoreObjects,
  readResourceKeys,
  readSingletons,
  type StoredSingleton,
} from '../fingerprint/stored-fingerprint.ts';
import { isUnseeded, unseededAdvice, unseededText } from '../fingerprint/unseeded.ts';
import type { Asker } from '../health/health-check.ts';
import { healthFindings } from '../health/health-checks.ts';
import { blindness } from '../health/seen-objects.ts';

type OwnGateCode = Extract<DiagnosticCode, `GATE_${string}`>;

/** What a database cannot be changed to have, and what its surroundings do to statements; the first finding refuses it. */
const healthCodes = [
  'DB_VERSION_UNSUPPORTED',
  'DB_ENCODING',
  'DB_COLLATION',
  'DB_BUILTIN_REPLACED',
  'DB_TABLE_INHERITED',
] as const;

type GateCode = OwnGateCode | (typeof healthCodes)[number];

/** Why a mapping set must not serve a database (design 09c §3). */
export interface GateDiagnostic {
  readonly code: GateCode;
  /** Names the database, what was found, and what to do. */
  readonly message: string;
  readonly details: { readonly [name: string]: DetailValue };
}

export interface GateOptions extends Limits {
  /** Compares all rows even where count and hash agree. */
  readonly deep?: boolean | undefined;
}

const sightAdvice =
  'If the database is provisioned, the rights to read its documents are enough: doctor --grants <user> --purpose read prints them.';

const rightsAdvice =
  'The login may not read the tables of dms: grant it USAGE on the schemas and SELECT on the tables, or use another login.';

/**
 * Why the mapping set of a schema set must not serve a database (design 09c §3), or null if it may. Reads only, without
 * a transaction; an answer without a diagnostic takes four queries. Count and hash of the fingerprint are trusted; `deep`
 * compares the rows. A database that cannot be queried is `GATE_UNREACHABLE`; only `DB_CANCELLED`,
 * `DB_CONNECTION_LOST` and limits of the server (`DB_SQL`, `DB_BUSY`) are thrown.
 */
export async function checkDatabase(
  connection: Connection,
  info: EffectiveSchemaManifest,
  options: GateOptions = {},
): Promise<GateDiagnostic | null> {
  try {
    const refused = await check(connection, info, options);
    if (refused?.code !== 'GATE_NOT_PROVISIONED') return refused;
    // the way out is to provision the database, which it may not be suitable for
    return (await checkHealth(connection, 'plan', info, options)) ?? refused;
  } catch (error) {
    if (!isFailure(error)) throw error;
    const [failure] = error.diagnostics;
    // neither is an answer of the database, and a limit of the server is not passed by another attempt
    if (failure.code === 'DB_CANCELLED' || failure.code === 'DB_CONNECTION_LOST' || isUsedUp(error)) throw error;
    const code = driverCodeOf(error);
    const refused = (finding: string, whatToDo?: string) =>
      gateDiagnostic('GATE_UNREACHABLE', connection.label, finding, { driverCode: code }, whatToDo);
    if (failure.code === 'DB_PERMISSION')
      return refused(`it cannot be queried${code === null ? '' : ` (${code})`}`, rightsAdvice);
    const words = `it cannot be queried: ${failure.message.replace(`${connection.label}: `, '')}`;
    // messages contain advice, except those of the general code `DB_SQL`
    return failure.code === 'DB_SQL' ? refused(words) : refused(words, '');
  }
}

async function check(
  connection: Connection,
  info: EffectiveSchemaManifest,
  options: GateOptions,
): Promise<GateDiagnostic | null> {
  const objects = await readCoreObjects(connection, options);
  const singleton = await readSingleton(connection, objects, options);
  if ('message' in singleton) return singleton;
  const { hash, count, seedHash } = singleton;
  const stored = mustExist(hash, 'the hash of a fingerprint without findings');
  const found =
    (await checkShape(connection, objects, info, options)) ??
    (await checkSchema(connection, info, stored, options)) ??
    (await checkHealth(connection, 'gate', info, options));
  if (found !== null) return found;
  const isFast = count === info.resourceKeyCount && seedHash === seedHashText(info);
  if (isFast && !options.deep) return null;
  const different = await compareRows(connection, info, options);
  if (different !== null || isFast) return different;
  const text = `the fingerprint says ${counted(Number(count), 'resource key')} with the hash ${seedHash === null ? 'NULL' : hashStart(seedHash)}, and the mapping set has ${info.resourceKeyCount} with ${hashStart(seedHashText(info))}`;
  return gateDiagnostic('GATE_FINGERPRINT_INCONSISTENT', connection.label, text, {
    stored: [count, seedHash],
    expected: [info.resourceKeyCount, seedHashText(info)],
  });
}

/** Steps 1 and 2: reads the one row of the fingerprint, or returns why it cannot be used. */
async function readSingleton(
  connection: Connection,
  objects: CoreObjects,
  limits: Limits,
): Promise<StoredSingleton | GateDiagnostic> {
  const { label } = connection;
  if (!objects.tables.has(core.effectiveSchema.name)) {
    const reason = await blindness(connection, limits);
    if (reason !== null)
      return gateDiagnostic(
        'GATE_UNREACHABLE',
        label,
        `no table of ${coreSchema} is shown, and ${reason}`,
        {},
        sightAdvice,
      );
    return gateDiagnostic(
      'GATE_NOT_PROVISIONED',
      label,
      `the table ${qualified(core.effectiveSchema)} does not exist`,
      {
        missing: 'table',
      },
    );
  }
  const rows = await readable(() => readSingletons(connection, limits));
  if (rows === null) {
    const findings = [`${qualified(core.effectiveSchema)} has other columns than it should.`];
    return gateDiagnostic('GATE_FINGERPRINT_MALFORMED', label, findings.join(' '), { issues: findings });
  }
  const [row, second] = rows;
  if (row === undefined) {
    if (await isUnseeded(connection, objects, limits))
      return gateDiagnostic('GATE_NOT_PROVISIONED', label, unseededText, { missing: 'rows' }, unseededAdvice);
    return gateDiagnostic('GATE_NOT_PROVISIONED', label, `${qualified(core.effectiveSchema)} has no row`, {
      missing: 'row',
    });
  }
  const findings = [
    ...singletonFindings(row),
    ...(second
      ? [`${qualified(core.effectiveSchema)} must contain exactly one singleton row, but multiple rows were found.`]
      : []),
  ];
  if (findings.length === 0) return row;
  return gateDiagnostic('GATE_FINGERPRINT_MALFORMED', label, findings.join(' '), { issues: findings });
}

/** What to do about each refusal but that of a shape, whose advice depends on the shape. */
const advice: Readonly<Record<Exclude<OwnGateCode, 'GATE_OTHER_GENERATION'>, string>> = {
  GATE_UNREACHABLE: 'Try again.',
  GATE_NOT_PROVISIONED: 'Provision it (dms-ddl provision).',
  GATE_FINGERPRINT_MALFORMED: 'Drop the database and provision it again.',
  GATE_SCHEMA_MISMATCH:
    'Use the mapping set that it was provisioned for, or upgrade it: dms-ddl upgrade plan, then upgrade apply.',
  GATE_RESOURCE_KEYS_MISMATCH: 'Provision a new database.',
  GATE_FINGERPRINT_INCONSISTENT: 'Its resource keys are right and its fingerprint is not: provision it again.',
  GATE_RESOURCE_KEYS_UNREADABLE: 'Check the permissions of the login.',
};

function gateDiagnostic(
  code: keyof typeof advice,
  label: string,
  finding: string,
  details: { readonly [name: string]: DetailValue } = {},
  whatToDo = advice[code],
): GateDiagnostic {
  return refusal(code, label, finding, details, whatToDo);
}

function refusal(
  code: OwnGateCode,
  label: string,
  finding: string,
  details: { readonly [name: string]: DetailValue },
  whatToDo: string,
): GateDiagnostic {
  const message = `${label}: ${finding}${/[.\n]$/.test(finding) ? '' : '.'} ${whatToDo}`.trimEnd();
  return { code, message, details };
}

/**
 * Step 3: checks that schema `dms` has the shape of the mapping set. The hash does not show it: two shapes of the second
 * generation have the same. If the way out is to move the database, also checks whether it is suitable for that.
 */
async function checkShape(
  connection: Connection,
  { shape }: CoreObjects,
  info: EffectiveSchemaManifest,
  limits: Limits,
): Promise<GateDiagnostic | null> {
  const other = otherShape(shape, info.relationalMappingVersion);
  if (other === null) return null;
  const { stored, expected, finding, canMove, whatToDo } = other;
  const unsuitable = canMove ? await checkHealth(connection, 'plan', info, limits) : null;
  const text = `it ${finding}, and the mapping set is for ${expected}`;
  return unsuitable ?? refusal('GATE_OTHER_GENERATION', connection.label, text, { stored, expected }, whatToDo);
}

/** Step 4: compares the schema set of the database with that of the mapping set. Null if they are the same. */
async function checkSchema(
  connection: Connection,
  info: EffectiveSchemaManifest,
  stored: string,
  limits: Limits,
): Promise<GateDiagnostic | null> {
  if (stored === info.effectiveSchemaHash) return null;
  const { label } = connection;
  const projects = await componentsText(connection, info, stored, limits);
  const [own, wanted] = hashStarts(stored, info.effectiveSchemaHash);
  const text = `it was provisioned for another schema set${projects}: its schema hash is ${own}, and that of the mapping set ${wanted}`;
  return gateDiagnostic('GATE_SCHEMA_MISMATCH', label, text, { stored, expected: info.effectiveSchemaHash });
}

async function componentsText(
  connection: Connection,
  info: EffectiveSchemaManifest,
  hash: string,
  limits: Limits,
): Promise<string> {
  const stored = await readable(() => readComponents(connection, limits));
  const changes = stored === null ? [] : componentChanges(info, stored, hash);
  return changes.length === 0 ? '' : ` (${changes.join(', ')})`;
}

/**
 * Asked by `gate`, steps 5 and 6: checks the collation, because in a database that lower-cases differently triggers hash
 * other texts than the server looks for. Also checks for objects that triggers would call in place of the functions of the
 * server, and for tables whose rows statements would mistake for ours. Asked by `plan`: checks whether the database can
 * hold the mapping set at all.
 */
async function checkHealth(
  connection: Connection,
  asker: Extract<Asker, 'gate' | 'plan'>,
  { relationalMappingVersion: mappingVersion }: EffectiveSchemaManifest,
  { signal }: Limits,
): Promise<GateDiagnostic | null> {
  const all = await healthFindings(connection, asker, { signal, mappingVersion });
  const code = healthCodes.find((each) => all.some((found) => found.code === each));
  if (code === undefined) return null;
  const [first, ...others] = all.filter((each) => each.code === code);
  const found = mustExist(first, 'a finding with the code');
  if (found.details.object === undefined) return { code, message: found.message, details: found.details };
  const objects = [found, ...others];
  return {
    code,
    message: objects.map(({ message }) => message).join('\n'),
    details: { objects: objects.map(({ details }) => details.object ?? null) },
  };
}

/** Step 7: compares the rows themselves. Null if all are as expected. */
async function compareRows(
  connection: Connection,
  info: EffectiveSchemaManifest,
  options: GateOptions,
): Promise<GateDiagnostic | null> {
  const { label } = connection;
  const reports: string[] = [];
  try {
    const keys = resourceKeyReport(info, await readResourceKeys(connection, options));
    const components = options.deep ? componentReport(info, await readComponents(connection, options)) : null;
    for (const report of [keys, components]) if (report !== null) reports.push(report);
  } catch (error) {
    if (!isFailure(error, 'DB_SQL', 'DB_PERMISSION')) throw error;
    const code = driverCodeOf(error);
    return gateDiagnostic('GATE_RESOURCE_KEYS_UNREADABLE', label, `its resource keys cannot be read (${code})`, {
      driverCode: code,
    });
  }
  if (reports.length === 0) return null;
  const report = reports.join('\n');
  return gateDiagnostic('GATE_RESOURCE_KEYS_MISMATCH', label, `${report}\n`, { report });
}

/** Ends the task when the gate does not let the mapping set use the database (design 09c §3). Throws the gate's codes. */
export async function passGate(
  connection: Connection,
  info: EffectiveSchemaManifest,
  signal?: AbortSignal,
): Promise<void> {
  const refused = await checkDatabase(connection, info, { signal });
  if (refused !== null) fail(refused.code, refused.message, {}, refused.details);
}
