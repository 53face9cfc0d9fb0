import { type Connection, type Limits, type ProvisionedSet, readProvisionedSet, rolledBack } from '@dms/databases';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import type { UpgradePlan } from '../planning/upgrade-plan.ts';
import { historyDialects } from './history-dialects.ts';
import { type HistoryEntry, parseHistory } from './history-text.ts';

/** Of which schema set a database is, and how it came to it (design 12 §7.1). */
export interface UpgradeStatus {
  /** Null of a database that is of no schema set. */
  readonly set: ProvisionedSet | null;
  /** When the database became one of this set, in UTC; null of one that is of none. */
  readonly since: string | null;
  /** The hash of the plan that made it one; null where it was provisioned, or where no history says so. */
  readonly plan: string | null;
  /** The newest first. */
  readonly history: readonly HistoryEntry[];
  /** `UPGRADE_HISTORY_UNREADABLE`. */
  readonly diagnostics: readonly Diagnostic[];
}

interface StoredHistory {
  /** Null where there is none. */
  readonly text: string | null;
  /** Whether this session may write it. */
  readonly may: boolean;
}

async function readHistory(connection: Connection, limits: Limits): Promise<StoredHistory> {
  const { read } = historyDialects[connection.dialect];
  const [row] = await connection.query<{ readonly text: string | null; readonly may: boolean | number | null }>(
    read,
    [],
    limits,
  );
  return { text: row?.text ?? null, may: row?.may === true || row?.may === 1 };
}

async function readStatus(connection: Connection, limits: Limits): Promise<UpgradeStatus> {
  const set = await readProvisionedSet(connection, limits);
  if (set === null) return { set: null, since: null, plan: null, history: [], diagnostics: [] };
  const { dialect, label } = connection;
  const { since: query, place } = historyDialects[dialect];
  const [row] = await connection.query<{ readonly since: string | null }>(query, [], limits);
  const { text } = await readHistory(connection, limits);
  const entries = text === null ? [] : parseHistory(text);
  const [newest] = entries ?? [];
  const isOfSet = newest?.kind === 'upgraded' && newest.to === set.effectiveSchemaHash;
  const unreadable = `${label}: ${place} is not a history of upgrades, but the text of somebody else. It is left alone, and upgrades are not recorded. Keep the text elsewhere and remove it here.`;
  return {
    set,
    since: row?.since ?? null,
    plan: isOfSet ? newest.plan : null,
    history: entries ?? [],
    diagnostics: entries === null ? [diagnostic('UPGRADE_HISTORY_UNREADABLE', unreadable)] : [],
  };
}

/**
 * Reads of which schema set the database of a session is, since when and by which plan (design 12 §7.1), in a transaction that changes
 * nothing. What stands in the history is not trusted: a text of another form is none. Throws `PROVISION_PARTIAL_STATE`,
 * `PROVISION_FINGERPRINT_INVALID` and the `DB_*` codes.
 */
export function upgradeStatus(connection: Connection, limits: Limits = {}): Promise<UpgradeStatus> {
  return rolledBack(connection, () => readStatus(connection, limits));
}

/** `UPGRADE_NOT_RECORDED` where an upgrade that was just made does not stand in the history; otherwise nothing. */
export async function unrecordedUpgrade(
  connection: Connection,
  { hash, statements }: UpgradePlan,
  limits: Limits,
): Promise<readonly Diagnostic[]> {
  if (statements.length === 0) return [];
  const { text, may } = await readHistory(connection, limits);
  const [newest] = (text === null ? null : parseHistory(text)) ?? [];
  if (newest?.kind === 'upgraded' && newest.plan === hash) return [];
  const { place } = historyDialects[connection.dialect];
  const why = may
    ? `${place} is the text of somebody else, which was left alone. Keep it elsewhere and remove it here, and the next upgrade is recorded`
    : `this login may not write ${place}. Upgrade as the owner of the table`;
  const message = `${connection.label}: the upgrade does not stand in the history of the database: ${why}.`;
  return [diagnostic('UPGRADE_NOT_RECORDED', message, {}, { reason: may ? 'foreignText' : 'permission' })];
}
