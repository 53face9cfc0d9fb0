import type { JsonPath } from '@dms/api-schema';
import { isJsonObject } from '@dms/canonical-json';
import type { Faults } from '@dms/diagnostics';
import { readIdentityPaths } from './identity-paths.ts';
import { readRootOverride } from './name-overrides.ts';
import { failResource, type ResourceEntry } from './resource-entry.ts';

/** An abstract resource as derivation reads it (design 03 §9). */
export interface AbstractInput {
  readonly entry: ResourceEntry;
  readonly label: string;
  readonly identityJsonPaths: readonly JsonPath[];
  /** `rootTableNameOverride`. */
  readonly rootTableName: string | undefined;
}

/** Reads one entry of `abstractResources`. Codes: `IDENTITY_PATH_DUPLICATE`, `IDENTITY_PATH_IN_ARRAY`, `OVERRIDE_INVALID`. */
export function readAbstractInput(entry: ResourceEntry, faults: Faults): AbstractInput {
  const { label } = entry;
  const paths = readIdentityPaths(entry, faults);
  const isPlain = ({ segments }: JsonPath) => segments.length > 0 && segments.every(({ kind }) => kind === 'property');
  faults.forEach(paths, (path) => {
    if (isPlain(path)) return;
    const { canonical } = path;
    const text = `the identity path ${canonical} must name a property outside arrays`;
    failResource('IDENTITY_PATH_IN_ARRAY', label, text, canonical);
  });
  const rootTableName = faults.attempt(() => rootOverrideOf(entry));
  return { entry, label, identityJsonPaths: paths.filter(isPlain), rootTableName };
}

function rootOverrideOf(entry: ResourceEntry): string | undefined {
  const relational = entry.json.get('relational');
  if (relational === undefined || relational === null) return undefined;
  if (isJsonObject(relational)) return readRootOverride(entry, relational);
  return failResource('OVERRIDE_INVALID', entry.label, 'relational must be an object', 'relational', { member: 'relational' });
}
