import { originNames } from '@dms/catalog';
import { printable } from '@dms/diagnostics';
import { hashStart } from '@dms/files';
import type { SqlDialect } from '@dms/sql';
import type { HistoryEntry } from '@dms/upgrade';
import { type UpgradeStatus, upgradeStatus } from '@dms/upgrade';
import { connected, type DatabaseOptions, type DatabaseResult, withTarget } from './with-database.ts';

/** Which schema set a database has, since when and by which plan. */
export interface DatabaseStatus extends DatabaseResult, Omit<UpgradeStatus, 'diagnostics'> {
  readonly dialect: SqlDialect;
}

/**
 * `dms-ddl upgrade status`: reads which schema set the database that the options name has, and changes nothing (design 12 §7.1). Throws
 * `PROVISION_PARTIAL_STATE`, `PROVISION_FINGERPRINT_INVALID` and the `DB_*` codes.
 */
export function databaseStatus(options: DatabaseOptions): Promise<DatabaseStatus> {
  const { dialect, signal } = options;
  return withTarget(options, 'check', async (target) => {
    const status = await connected(target, options, (connection) => upgradeStatus(connection, { signal }));
    return { dialect, ...status };
  });
}

function entryLine(entry: HistoryEntry): string {
  const set = `${printable(entry.projects)} (${hashStart(entry.to)})`;
  if (entry.kind === 'began') return `  ${entry.time}  began as ${set}`;
  if (entry.kind === 'adopted') return `  ${entry.time}  adopted as ${set} by plan ${hashStart(entry.plan)}`;
  return `  ${entry.time}  became ${set} by plan ${hashStart(entry.plan)}, ${entry.verdict}${entry.invalid === '' ? '' : `, with invalid documents of ${printable(entry.invalid)}`}`;
}

/** The status as lines for people. */
export function statusLines({ set, maker, since, plan, history }: DatabaseStatus): string[] {
  if (set === null) return ['The database has no schema set'];
  return [
    `Schema set: ${printable(set.projects.join(', '))}`,
    `Effective schema hash: ${set.effectiveSchemaHash}`,
    ...(maker === 'unknown' ? [] : [`Triggers and functions: made by ${originNames[maker]}`]),
    `Since: ${since ?? 'unknown'}`,
    `Plan: ${plan ?? 'none is recorded'}`,
    ...(history.length === 0 ? [] : ['History:', ...history.map(entryLine)]),
  ];
}

/** The status for machines. */
export function statusValue({ set, maker, since, plan, history }: DatabaseStatus) {
  return {
    effectiveSchemaHash: set?.effectiveSchemaHash ?? null,
    projects: set?.projects ?? [],
    ...{ maker, since, plan, history },
  };
}
