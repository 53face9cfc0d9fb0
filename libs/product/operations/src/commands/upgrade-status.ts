import { originNames, shapeText } from '@dms/catalog';
import { namesText } from '@dms/checking';
import { connected, type ProvisionedSet } from '@dms/databases';
import { counted, printable } from '@dms/diagnostics';
import { type HistoryEntry, type UpgradeStatus, upgradeStatus } from '@dms/upgrade';
import { compareOrdinal, groupBy, hashStart } from '@dms/values';
import { databaseOperation } from '../declaring/operation.ts';
import { setInDatabases } from '../declaring/subject.ts';

function entryLine(entry: HistoryEntry): string {
  const set = `${printable(entry.projects)} (${hashStart(entry.to)})`;
  if (entry.kind === 'began') return `  ${entry.time}  began as ${set}`;
  if (entry.kind === 'reshaped')
    return `  ${entry.time}  moved from ${entry.earlierShape} to ${entry.shape} as ${set} by plan ${hashStart(entry.plan)}`;
  if (entry.kind === 'adopted') return `  ${entry.time}  adopted as ${set} by plan ${hashStart(entry.plan)}`;
  return `  ${entry.time}  became ${set} by plan ${hashStart(entry.plan)}, ${entry.verdict}${entry.invalid === '' ? '' : `, with invalid documents of ${printable(entry.invalid)}`}`;
}

/** The status for machines. */
const statusValue = ({ set, maker, since, plan, history }: UpgradeStatus) => ({
  effectiveSchemaHash: set?.effectiveSchemaHash ?? null,
  projects: set?.projects ?? [],
  shape: set?.shape?.name ?? null,
  maker,
  since,
  plan,
  history,
});

/**
 * Reports the schema set of a database, since when and by which plan it has it, and changes nothing (design 12 §7.1).
 * Throws `PROVISION_PARTIAL_STATE`, `PROVISION_FINGERPRINT_INVALID` and the `DB_*` codes.
 */
export const status = databaseOperation({
  name: 'upgrade status',
  group: 'first',
  summary: 'show which schema set a database has, and since when',
  description:
    'Reads which schema set a database has, since when and by which plan, and prints the upgrades that are ' +
    'recorded in the database. Changes nothing. With --fleet, databases are grouped by schema set.',
  examples: ['upgrade status --connection-env CAMPUS_DB', 'upgrade status --fleet fleet.json'],
  worksOn: { ...setInDatabases(), source: 'none' },
  options: {},
  task: {
    name: 'status-db',
    title: 'Status of database',
    description:
      'Shows which schema set the databases that dms.json or an option names have, since when and by which plan.',
    examples: {
      'npx nx run schools:status-db': 'Show which schema set the databases that dms.json names have',
      'npx nx run schools:status-db --database=north-2026': 'The same for a database of the fleet',
    },
  },
  run: ({ target }, _, context) =>
    connected(target, context, (connection) => upgradeStatus(connection, { signal: context.signal })),
  resultKind: () => 'answer',
  lines({ set, maker, since, plan, history }) {
    if (set === null) return ['The database has no schema set'];
    return [
      `Schema set: ${printable(set.projects.join(', '))}`,
      `Effective schema hash: ${set.effectiveSchemaHash}`,
      ...(set.shape === null ? [] : [`Mapping version: ${shapeText(set.shape)}`]),
      ...(maker === 'unknown' ? [] : [`Triggers and functions: made by ${originNames[maker]}`]),
      `Since: ${since ?? 'unknown'}`,
      `Plan: ${plan ?? 'none is recorded'}`,
      ...(history.length === 0 ? [] : ['History:', ...history.map(entryLine)]),
    ];
  },
  value: (found, { dialect }) => ({ dialect, ...statusValue(found) }),
  entry(found) {
    const { set, maker, since, plan } = found;
    const version = ({ shape }: ProvisionedSet) => (shape === null ? '' : ` (${shape.name})`);
    const made = maker === 'dms-ddl' || maker === 'unknown' ? '' : `, made by ${originNames[maker]}`;
    return {
      outcome: set === null ? 'without a schema set' : plan === null ? 'provisioned' : 'upgraded',
      detail: set === null ? '' : `${printable(set.projects.join(', '))}${version(set)} since ${since}${made}`,
      value: statusValue(found),
      kept: set,
    };
  },
  findings(done) {
    const sets = fleetSets(done.map(({ name, kept }) => ({ name, set: kept })));
    return { lines: fleetSetLines(sets), value: { sets } };
  },
});

/** The schema set of a database in a fleet. */
export interface SetOfDatabase {
  readonly name: string;
  /** Null for a database without a schema set. */
  readonly set: ProvisionedSet | null;
}

/** A schema set, with all databases of a fleet that have it. */
interface FleetSet {
  /** Null for the databases without a schema set. */
  readonly effectiveSchemaHash: string | null;
  readonly projects: readonly string[];
  /** The name of the shape of schema `dms`; null if the databases show none. */
  readonly shape: string | null;
  /** In the order of the fleet. */
  readonly databases: readonly string[];
}

/**
 * The schema sets of a fleet (design 18 §4): the most frequent first, then by hash and shape, which the hash does not
 * show. Databases without a set come last.
 */
export function fleetSets(databases: readonly SetOfDatabase[]): readonly FleetSet[] {
  const rank = ({ effectiveSchemaHash }: FleetSet) => (effectiveSchemaHash === null ? 1 : 0);
  return [...groupBy(databases, ({ set }) => [set?.effectiveSchemaHash ?? '', set?.shape?.name ?? ''].join(' '))]
    .map(([, group]) => ({
      effectiveSchemaHash: group[0]?.set?.effectiveSchemaHash ?? null,
      projects: group[0]?.set?.projects ?? [],
      shape: group[0]?.set?.shape?.name ?? null,
      databases: group.map(({ name }) => name),
    }))
    .sort(
      (left, right) =>
        rank(left) - rank(right) ||
        right.databases.length - left.databases.length ||
        compareOrdinal(left.effectiveSchemaHash ?? '', right.effectiveSchemaHash ?? '') ||
        compareOrdinal(left.shape ?? '', right.shape ?? ''),
    );
}

/** The sets for people: two lines per set. */
export function fleetSetLines(sets: readonly FleetSet[]): string[] {
  return sets.flatMap(({ effectiveSchemaHash, projects, shape, databases }) => [
    effectiveSchemaHash === null
      ? `${counted(databases.length, 'database')} without a schema set`
      : `${counted(databases.length, 'database')} of ${printable(projects.join(', '))} (${[...(shape === null ? [] : [shape]), hashStart(effectiveSchemaHash)].join(', ')})`,
    `  ${namesText(databases)}`,
  ]);
}
