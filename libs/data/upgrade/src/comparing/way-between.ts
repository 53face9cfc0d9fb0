import { type EffectiveSchemaInfo, fingerprintVersions } from '@dms/api-schema';
import { generations } from '../generations.ts';

export type GenerationOfSet = Pick<EffectiveSchemaInfo, 'relationalMappingVersion' | 'effectiveSchemaHash'>;

/**
 * How a database goes from the earlier set to the later one: by an upgrade within its generation, or, with the same
 * schema set, by a move to the shape of another generation. Null if neither is possible (design 16 §1, 22 §7).
 */
export function wayBetween(from: GenerationOfSet, to: GenerationOfSet): 'upgrade' | 'move' | null {
  const [before, after] = [from.relationalMappingVersion, to.relationalMappingVersion];
  if (generations[after].upgradesFrom.includes(before)) return 'upgrade';
  const isMove = haveOneFingerprint(from, to) && from.effectiveSchemaHash === to.effectiveSchemaHash;
  return isMove ? 'move' : null;
}

/** Whether the fingerprints of both generations have one version, so that a database can move between their shapes. */
const haveOneFingerprint = (from: GenerationOfSet, to: GenerationOfSet): boolean =>
  fingerprintVersions[from.relationalMappingVersion] === fingerprintVersions[to.relationalMappingVersion];

/** What to do if neither an upgrade nor a move is possible. */
export function adviceBetween(from: GenerationOfSet, to: GenerationOfSet): string {
  const [before, after] = [from.relationalMappingVersion, to.relationalMappingVersion];
  return haveOneFingerprint(from, to)
    ? `A database moves from ${before} to ${after} with one schema set, and these are two. Make two upgrades: one with the artifacts of both schema sets for ${before}, and one with the artifacts of the later schema set for ${before} and for ${after}.`
    : `A database cannot be upgraded from ${before} to ${after}: emit the later set with the mapping version ${before}, or load the documents into a new database.`;
}
