import type { OriginKind } from '@dms/catalog';
import {
  type Connection,
  type Limits,
  type ProvisionedSet,
  readProvisionedSet,
  rolledBack,
  rowsOf,
} from '@dms/databases';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import { coreV2, mustExist } from '@dms/model';
import { dialectOf, type PlainSql, type SqlDialect } from '@dms/sql';
import type { UpgradePlan } from '../plan/upgrade-plan.ts';
import { type HistoryEntry, parseHistory } from './history-text.ts';
import { historyDialects } from './recorded-statements.ts';

/** Which schema set a database has, and how it got it (design 12 §7.1). */
export interface UpgradeStatus {
  /** Null for a database without a schema set. */
  readonly set: ProvisionedSet | null;
  /** Who made its triggers and functions, as far as that can be told without the artifacts of its set. */
  readonly maker: OriginKind;
  /** When the database got this set, in UTC; null without a schema set. */
  readonly since: string | null;
  /**
   * The hash of the plan that installed the set; null if the set was provisioned, or if the history does not name the
   * plan.
   */
  readonly plan: string | null;
  /** The newest first. */
  readonly history: readonly HistoryEntry[];
  /** `UPGRADE_HISTORY_UNREADABLE`. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads which schema set the session's database has, since when and by which plan (design 12 §7.1), in a transaction
 * that changes nothing. The text of the history is not trusted: a text of another form is not a history. Throws
 * `PROVISION_PARTIAL_STATE`, `PROVISION_FINGERPRINT_INVALID` and the `DB_*` codes.
 */
export function upgradeStatus(connection: Connection, limits: Limits = {}): Promise<UpgradeStatus> {
  return rolledBack(connection, () => readStatus(connection, limits), 'reading');
}

async function readStatus(connection: Connection, limits: Limits): Promise<UpgradeStatus> {
  const set = await readProvisionedSet(connection, limits);
  if (set === null) return { set: null, maker: 'unknown', since: null, plan: null, history: [], diagnostics: [] };
  const { dialect, label } = connection;
  const { since: query, place } = historyDialects[dialect];
  const [row] = await rowsOf<{ readonly since: string | null }>(connection, query, limits);
  const { text } = await readHistory(connection, limits);
  const entries = text === null ? [] : parseHistory(text);
  const [newest] = entries ?? [];
  // two shapes have one hash, so the last move of the history says which of them its newest plan leads to
  const moved = entries?.find((entry) => entry.kind === 'reshaped');
  const isOfShape = moved === undefined || moved.shape === set.shape?.name;
  const isOfSet = newest !== undefined && newest.kind !== 'began' && newest.to === set.effectiveSchemaHash && isOfShape;
  const unreadable = `${label}: ${place} is not a history of upgrades but somebody else's text. It is left unchanged, and upgrades are not recorded. Move the text elsewhere to have them recorded.`;
  return {
    set,
    maker: await madeBy(connection, limits),
    since: row?.since ?? null,
    plan: isOfSet ? newest.plan : null,
    history: entries ?? [],
    diagnostics: entries === null ? [diagnostic('UPGRADE_HISTORY_UNREADABLE', unreadable)] : [],
  };
}

interface StoredHistory {
  /** Null if there is no text. */
  readonly text: string | null;
  /** Whether this session may write it. */
  readonly may: boolean;
}

async function readHistory(connection: Connection, limits: Limits): Promise<StoredHistory> {
  const { read } = historyDialects[connection.dialect];
  const [row] = await rowsOf<{ readonly text: string | null; readonly may: boolean | number | null }>(
    connection,
    read,
    limits,
  );
  return { text: row?.text ?? null, may: row?.may === true || row?.may === 1 };
}

const { pgsql } = dialectOf;

/**
 * Counts triggers by their maker, told from their attachment (design 09a §2.5): our row triggers for updates name
 * columns, the service's name none. On SQL Server, both makers attach them alike.
 */
const queries: Readonly<Record<SqlDialect, PlainSql | null>> = {
  pgsql: pgsql.sql`SELECT count(*) FILTER (WHERE t.tgattr::text <> '')::int4 AS ours, count(*) FILTER (WHERE t.tgattr::text = '')::int4 AS service
    FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND f.proname ^@ 'TF_TR_' AND t.tgtype & 17 = 17 AND to_regclass(${pgsql.nameLiteral(coreV2.dataStoreIdentity)}) IS NOT NULL`,
  mssql: null,
};

/** Who made the triggers of the session's database, as far as that can be told without its schema set. */
async function madeBy(connection: Connection, limits: Limits): Promise<OriginKind> {
  const query = queries[connection.dialect];
  if (query === null) return 'unknown';
  const [row] = await rowsOf<{ readonly ours: number; readonly service: number }>(connection, query, limits);
  const { ours, service } = mustExist(row, 'the count of triggers');
  if (ours > 0 && service > 0) return 'mixed';
  if (ours === 0 && service === 0) return 'unknown';
  return ours > 0 ? 'dms-ddl' : 'service';
}

/** `UPGRADE_NOT_RECORDED` if the history lacks the upgrade that was just made; otherwise nothing. */
export async function unrecordedUpgrade(
  connection: Connection,
  { hash, statements }: UpgradePlan,
  limits: Limits,
): Promise<readonly Diagnostic[]> {
  if (statements.length === 0) return [];
  const { text, may } = await readHistory(connection, limits);
  const [newest] = (text === null ? null : parseHistory(text)) ?? [];
  if (newest !== undefined && newest.kind !== 'began' && newest.plan === hash) return [];
  const { place } = historyDialects[connection.dialect];
  const why = may
    ? `${place} is somebody else's text, which was left unchanged. Move it elsewhere, and the next upgrade is recorded`
    : `this login may not write ${place}. Upgrade as the owner of the table`;
  const message = `${connection.label}: the upgrade is not recorded in the history of the database: ${why}.`;
  return [diagnostic('UPGRADE_NOT_RECORDED', message, {}, { reason: may ? 'foreignText' : 'permission' })];
}
