/*
 * How many milliseconds a session waits for a lock that another session holds, unless options say otherwise. Work
 * itself has no limit.
 */
export const lockWaits = {
  /**
   * For any statement on SQL Server. We cannot find out whether the holder is working: only administrators may see what
   * another session does.
   */
  mssqlSession: 60_000,
  /** For the lock of another provisioner, if the server does not show whether that one is working (design 09 §1.4). */
  provisioner: 60_000,
  /** For any other lock of a session that changes a database, such as by a script or an upgrade (design 09 §1.4). */
  change: 30_000,
  /**
   * For the locks of one attempt of an upgrade: other sessions wait behind it no longer than this (design 12a §2.1).
   */
  attempt: 2_000,
  /** For the locks of a step of a preparation (design 12a §5.2). */
  preparation: 1_000,
} as const;
