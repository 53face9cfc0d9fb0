import type { EffectiveSchemaManifest } from '@dms/api-schema';
import { counted } from '@dms/diagnostics';
import { core, qualified } from '@dms/model';
import type { SqlDialect } from '@dms/sql';
import { collationFinding } from '../connection/collation.ts';
import type { Connection, Limits } from '../connection/connection.ts';
import { driverCodeOf, isFailure } from '../connection/failure.ts';
import { readGeneration } from '../fingerprint/core-tables.ts';
import { componentChanges, componentReport, resourceKeyReport } from '../fingerprint/seed-differences.ts';
import { seedHashText, singletonIssues } from '../fingerprint/singleton-checks.ts';
import {
  readable,
  readComponents,
  readFingerprintTables,
  readResourceKeys,
  readSingletons,
  type StoredSingleton,
} from '../fingerprint/stored-fingerprint.ts';
import { type GateRefusal, type GateResult, gateRefusal } from './gate-result.ts';

/** What the gate needs from a mapping set. */
export interface GatedMappingSet {
  readonly dialect: SqlDialect;
  readonly info: EffectiveSchemaManifest;
}

/** Where mapping sets come from: the one that a server has, or the ones that it can look up. */
export type MappingSetSource<Set extends GatedMappingSet> =
  | { readonly kind: 'one'; readonly mappingSet: Set }
  | {
      readonly kind: 'lookup';
      /** Null when there is none for this schema set. */
      find(effectiveSchemaHash: string, dialect: SqlDialect): Promise<Set | null> | Set | null;
      /** Where it looked, for a message. */
      readonly places: string;
    };

export interface GateOptions extends Limits {
  /** Compares all rows even where count and hash agree. */
  readonly deep?: boolean | undefined;
}

type Read<Value> =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'refused'; readonly refusal: GateRefusal };

/** Steps 1 and 2: the one row that says what the database was provisioned for. */
async function readSingleton(connection: Connection, limits: Limits): Promise<Read<StoredSingleton>> {
  const { label } = connection;
  const refused = (refusal: GateRefusal) => ({ kind: 'refused', refusal }) as const;
  const tables = await readFingerprintTables(connection, limits);
  if (!tables.EffectiveSchema) {
    return refused(
      gateRefusal('GATE_NOT_PROVISIONED', label, `the table ${qualified(core.effectiveSchema)} does not exist`, {
        missing: 'table',
      }),
    );
  }
  const rows = await readable(() => readSingletons(connection, limits));
  if (rows === null) {
    const issues = [`${qualified(core.effectiveSchema)} has other columns than it should.`];
    return refused(gateRefusal('GATE_FINGERPRINT_MALFORMED', label, issues.join(' '), { issues }));
  }
  const [row, second] = rows;
  if (row === undefined) {
    return refused(
      gateRefusal('GATE_NOT_PROVISIONED', label, `${qualified(core.effectiveSchema)} has no row`, { missing: 'row' }),
    );
  }
  const issues = [
    ...singletonIssues(row),
    ...(second
      ? [`${qualified(core.effectiveSchema)} must contain exactly one singleton row, but multiple rows were found.`]
      : []),
  ];
  if (issues.length === 0) return { kind: 'read', value: row };
  return refused(gateRefusal('GATE_FINGERPRINT_MALFORMED', label, issues.join(' '), { issues }));
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

/** Step 3: the mapping set of the stored hash. */
async function selectMappingSet<Set extends GatedMappingSet>(
  connection: Connection,
  { hash }: StoredSingleton,
  source: MappingSetSource<Set>,
  limits: Limits,
): Promise<Read<Set>> {
  const { label, dialect } = connection;
  const stored = hash ?? '';
  if (source.kind === 'lookup') {
    const found = await source.find(stored, dialect);
    if (found !== null) return { kind: 'read', value: found };
    const text = `there is no mapping set for the schema hash ${stored} and ${dialect}; looked in ${source.places}`;
    return {
      kind: 'refused',
      refusal: gateRefusal('GATE_NO_MAPPING_SET', label, text, { hash: stored, dialect, places: source.places }),
    };
  }
  const { mappingSet } = source;
  const { info } = mappingSet;
  if (mappingSet.dialect !== dialect) throw new Error(`a mapping set of ${mappingSet.dialect} is checked against ${dialect}`);
  if (stored === info.effectiveSchemaHash) return { kind: 'read', value: mappingSet };
  const generation = await readGeneration(connection, limits);
  if (generation !== null && generation !== info.relationalMappingVersion) {
    const found = `it was provisioned for version ${generation} of the mapping, and the mapping set is for ${info.relationalMappingVersion}`;
    const details = { stored: generation, expected: info.relationalMappingVersion };
    return { kind: 'refused', refusal: gateRefusal('GATE_OTHER_GENERATION', label, found, details) };
  }
  const projects = await componentsText(connection, info, stored, limits);
  const text = `it was provisioned for the schema hash ${stored}, and the mapping set has ${info.effectiveSchemaHash}${projects}`;
  const details = { stored, expected: info.effectiveSchemaHash };
  return { kind: 'refused', refusal: gateRefusal('GATE_SCHEMA_MISMATCH', label, text, details) };
}

/** Step 6: the rows themselves. Null when all are as expected. */
async function compareRows(
  connection: Connection,
  info: EffectiveSchemaManifest,
  options: GateOptions,
): Promise<GateRefusal | null> {
  const { label } = connection;
  const reports: string[] = [];
  try {
    const keys = resourceKeyReport(info, await readResourceKeys(connection, options));
    const components = options.deep ? componentReport(info, await readComponents(connection, options)) : null;
    for (const report of [keys, components]) if (report !== null) reports.push(report);
  } catch (error) {
    if (!isFailure(error, 'DB_SQL', 'DB_PERMISSION')) throw error;
    const code = driverCodeOf(error);
    return gateRefusal('GATE_RESOURCE_KEYS_UNREADABLE', label, `its resource keys cannot be read (${code})`, {
      driverCode: code,
    });
  }
  if (reports.length === 0) return null;
  const report = reports.join('\n');
  return gateRefusal('GATE_RESOURCE_KEYS_MISMATCH', label, `${report}\n`, { report });
}

async function check<Set extends GatedMappingSet>(
  connection: Connection,
  source: MappingSetSource<Set>,
  options: GateOptions,
): Promise<GateResult<Set>> {
  const singleton = await readSingleton(connection, options);
  if (singleton.kind === 'refused') return singleton.refusal;
  const selected = await selectMappingSet(connection, singleton.value, source, options);
  if (selected.kind === 'refused') return selected.refusal;
  const collation = await collationRefusal(connection, options);
  if (collation !== null) return collation;
  const mappingSet = selected.value;
  const { info } = mappingSet;
  const { count, seedHash } = singleton.value;
  const isFast = count === info.resourceKeyCount && seedHash === seedHashText(info);
  if (isFast && !options.deep) return { ok: true, mappingSet };
  const refusal = await compareRows(connection, info, options);
  if (refusal) return refusal;
  if (isFast) return { ok: true, mappingSet };
  const text = `the fingerprint says ${counted(Number(count), 'resource key')} with the hash ${seedHash}, and the mapping set has ${info.resourceKeyCount} with ${seedHashText(info)}`;
  return gateRefusal('GATE_FINGERPRINT_INCONSISTENT', connection.label, text, {
    stored: [count, seedHash],
    expected: [info.resourceKeyCount, seedHashText(info)],
  });
}

/** Step 4: the triggers of a database that lower-cases differently hash other texts than the server looks for. */
async function collationRefusal(connection: Connection, limits: Limits): Promise<GateRefusal | null> {
  const finding = await collationFinding(connection, limits);
  if (finding?.code !== 'DB_COLLATION') return null;
  return { ok: false, code: finding.code, isTransient: false, message: finding.message, details: finding.details };
}

/**
 * Whether a mapping set may serve a database (design 09 §5): read-only, without a transaction, three queries where the answer
 * is yes. By design count and hash of the fingerprint are trusted; `deep` compares the rows. Only `DB_CANCELLED` is thrown: a
 * database that cannot be queried is `GATE_UNREACHABLE`, the only answer that may change.
 */
export async function checkDatabase<Set extends GatedMappingSet>(
  connection: Connection,
  source: MappingSetSource<Set>,
  options: GateOptions = {},
): Promise<GateResult<Set>> {
  try {
    return await check(connection, source, options);
  } catch (error) {
    if (!isFailure(error) || isFailure(error, 'DB_CANCELLED')) throw error;
    return unreachable(connection.label, error);
  }
}

/** The answer about a database that cannot be queried. */
export function unreachable(label: string, error: unknown): GateRefusal {
  const code = driverCodeOf(error);
  const text = `it cannot be queried${code === null ? '' : ` (${code})`}`;
  return gateRefusal('GATE_UNREACHABLE', label, text, { driverCode: code });
}
