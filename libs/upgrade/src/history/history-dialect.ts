import type { ChangeClass } from '@dms/catalog';
import type { PlanPurpose } from '../plan/upgrade-plan.ts';

/** What an upgrade records about itself in the history of a database. */
export interface HistoryRecord {
  readonly purpose: PlanPurpose;
  readonly before: RecordedSet;
  readonly after: RecordedSet;
  /** The hash of the plan. */
  readonly plan: string;
  readonly verdict: ChangeClass;
  /** The resources whose documents may break rules of the later set. */
  readonly invalid: readonly string[];
}

export interface RecordedSet {
  readonly effectiveSchemaHash: string;
  /** `Ed-Fi 5.2.0`. */
  readonly projects: readonly string[];
}

/** How the history of a database is written and read in one dialect (design 12 §7.1). */
export interface HistoryDialect {
  /**
   * The statement that puts a record at the top of the history, in the transaction of the upgrade and before the
   * fingerprint changes. If it may not write there, it warns and changes nothing: a missing record is not a reason to
   * refuse an upgrade.
   */
  record(record: HistoryRecord): string;
  /** The query for the history: `text`, null if there is none, and `may`, whether this session may write it. */
  readonly read: string;
  /** The query for `since`: when the fingerprint row was written, in UTC. */
  readonly since: string;
  /** Where the history is stored, for messages. */
  readonly place: string;
}
