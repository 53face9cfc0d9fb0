import type { Diagnostic } from '@dms/diagnostics';
import type { Connection, Limits } from '../connection/connection.ts';

/** How long is waited for others, in milliseconds (design 09 §1.4). What is worked on has no limit. */
export interface ProvisionLimits {
  /** Waiting for another provisioner where the server does not show whether that one works. */
  readonly provisioningLock: number;
  /** Waiting for any other lock. */
  readonly lock: number;
}

/** Told once when another provisioner is at work; `holder` names it. */
export type OnWaiting = (holder: string) => void;

/** What provisioning does differently in each engine. */
export interface ProvisioningDialect {
  /** Where databases are created from. */
  readonly maintenanceDatabase: string;
  /** Why a name cannot be one of a database; null when it can. */
  nameIssue(name: string): string | null;
  hasDatabase(connection: Connection, name: string): Promise<boolean>;
  /** False when somebody else created it meanwhile. */
  createDatabase(connection: Connection, name: string): Promise<boolean>;
  /** Drops a database that others may still be connected to. */
  dropDatabase(connection: Connection, name: string): Promise<void>;
  /** Names of the databases that begin so, sorted. */
  databasesLike(connection: Connection, prefix: string): Promise<readonly string[]>;
  /** What somebody who uses the database should know, before it is changed. */
  advice(connection: Connection, limits: Limits): Promise<readonly Diagnostic[]>;
  /** Whether the script can find what it needs; throws `PROVISION_NO_EXTENSION_SCHEMA`, `PROVISION_EXTENSION_MISSING`. */
  checkPrerequisites(connection: Connection, limits: Limits): Promise<void>;
  /** Begins the transaction of the script. */
  begin(connection: Connection, limits: ProvisionLimits): Promise<void>;
  /** Waits for the lock. Throws `PROVISION_LOCKED` when its holder does nothing, or where that cannot be seen after a time. */
  takeLock(
    connection: Connection,
    limits: ProvisionLimits,
    signal: AbortSignal | undefined,
    onWaiting: OnWaiting,
  ): Promise<void>;
  /** Throws `DB_SQL` when the script has ended the transaction. */
  checkTransaction(connection: Connection): Promise<void>;
}
