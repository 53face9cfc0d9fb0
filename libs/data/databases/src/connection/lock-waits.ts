/*
 * How many milliseconds a session waits for a lock that another one holds, before options say otherwise. Work itself has
 * no limit.
 */
export const lockWaits = {
  /**
   * Any statement on SQL Server. We cannot find out whether the holder is working: only administrators may see what
   * another session does.
   */
  mssqlSession: 60_000,
  /** For another provisioner, where the server does not show whether it is working (design 09 §1.4). */
  provisioner: 60_000,
  /** What changes a database, such as a script or an upgrade, for any other lock (design 09 §1.4). */
  change: 30_000,
  /** An attempt of an upgrade to take its locks: others wait behind it no longer (design 12 §12.1). */
  attempt: 2_000,
  /** A step of a preparation (design 12 §14.2). */
  preparation: 1_000,
} as const;
