import { counted, printable } from '@dms/diagnostics';
import { compareOrdinal, groupBy, hashStart } from '@dms/files';
import { namesText } from './fleet-drift.ts';

/** Which schema set a database of a fleet has. */
export interface SetOfDatabase {
  readonly name: string;
  /** Null for a database without a schema set. */
  readonly set: { readonly effectiveSchemaHash: string; readonly projects: readonly string[] } | null;
}

/** A schema set, and all databases of a fleet that have it. */
export interface FleetSet {
  /** Null for the databases without a schema set. */
  readonly effectiveSchemaHash: string | null;
  readonly projects: readonly string[];
  /** In the order of the fleet. */
  readonly databases: readonly string[];
}

/**
 * The schema sets of a fleet (design 18 §4): the most frequent first, then by hash. Databases without a set come last.
 */
export function fleetSets(databases: readonly SetOfDatabase[]): readonly FleetSet[] {
  const rank = ({ effectiveSchemaHash }: FleetSet) => (effectiveSchemaHash === null ? 1 : 0);
  return [...groupBy(databases, ({ set }) => set?.effectiveSchemaHash ?? '')]
    .map(([, group]) => ({
      effectiveSchemaHash: group[0]?.set?.effectiveSchemaHash ?? null,
      projects: group[0]?.set?.projects ?? [],
      databases: group.map(({ name }) => name),
    }))
    .sort(
      (left, right) =>
        rank(left) - rank(right) ||
        right.databases.length - left.databases.length ||
        compareOrdinal(left.effectiveSchemaHash ?? '', right.effectiveSchemaHash ?? ''),
    );
}

/** The same for people: two lines per set. */
export function fleetSetLines(sets: readonly FleetSet[]): string[] {
  return sets.flatMap(({ effectiveSchemaHash, projects, databases }) => [
    effectiveSchemaHash === null
      ? `${counted(databases.length, 'database')} without a schema set`
      : `${counted(databases.length, 'database')} of ${printable(projects.join(', '))} (${hashStart(effectiveSchemaHash)})`,
    `  ${namesText(databases)}`,
  ]);
}
