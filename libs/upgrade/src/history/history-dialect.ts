import type { ChangeClass } from '../planning/upgrade-plan.ts';

/** What an upgrade writes of itself into the history of a database. */
export interface HistoryRecord {
  readonly before: RecordedSet;
  readonly after: RecordedSet;
  /** The hash of the plan. */
  readonly plan: string;
  readonly verdict: ChangeClass;
}

export interface RecordedSet {
  readonly effectiveSchemaHash: string;
  /** `Ed-Fi 5.2.0`. */
  readonly projects: readonly string[];
}

/** How the history of a database is written and read in one dialect (design 12 §7.1). */
export interface HistoryDialect {
  /**
   * The statement that puts a record in front of the history, in the transaction of the upgrade and before the fingerprint changes. Where it
   * may not, it says so and leaves everything alone: that is not a reason to refuse an upgrade.
   */
  record(record: HistoryRecord): string;
  /** The query for the history: `text`, null where there is none, and `may`, whether this session may write it. */
  readonly read: string;
  /** The query for `since`, when the row of the fingerprint was written, in UTC. */
  readonly since: string;
  /** Where the history is, for messages. */
  readonly place: string;
}
