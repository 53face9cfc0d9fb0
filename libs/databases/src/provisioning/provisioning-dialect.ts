import type { Connection, Limits } from '../connection/connection.ts';

/** How long to wait for others, in milliseconds (design 09 §1.4). Work itself has no limit. */
export interface ProvisionLimits {
  /** Waiting for another provisioner where the server does not show whether it is working. */
  readonly provisioningLock: number;
  /** Waiting for any other lock. */
  readonly lock: number;
}

/** Called once when another provisioner is running; `holder` names it. */
export type OnWaiting = (holder: string) => void;

/** A function that not everybody may call. */
export interface ClosedFunction {
  readonly schema: string;
  readonly name: string;
  /** The types of its parameters. */
  readonly signature: string;
  readonly owner: string;
}

/** What provisioning does differently for each engine. */
export interface ProvisioningDialect {
  /** Where databases are created from. */
  readonly maintenanceDatabase: string;
  /** Why a name is impossible for a database; null when it is possible. */
  nameFinding(name: string): string | null;
  hasDatabase(connection: Connection, name: string): Promise<boolean>;
  /** Whether the role of the session has the right to create a database. */
  mayCreateDatabase(connection: Connection): Promise<boolean>;
  /** What the right is called. */
  readonly createRight: string;
  /** False when somebody else created it meanwhile. */
  createDatabase(connection: Connection, name: string): Promise<boolean>;
  /** Sets options that only a database without users can be given. */
  prepareDatabase(connection: Connection, name: string): Promise<void>;
  /** Drops a database that others may still be connected to. */
  dropDatabase(connection: Connection, name: string): Promise<void>;
  /** Names of the databases with this prefix, sorted. */
  databasesLike(connection: Connection, prefix: string): Promise<readonly string[]>;
  /**
   * Whether the script can find what it needs; throws `PROVISION_NO_EXTENSION_SCHEMA`, `PROVISION_EXTENSION_MISSING`.
   */
  checkPrerequisites(connection: Connection, limits: Limits): Promise<void>;
  /** Begins the transaction of the script. */
  begin(connection: Connection, limits: ProvisionLimits): Promise<void>;
  /**
   * Waits for the lock. Throws `PROVISION_LOCKED` when its holder is idle, or after a time where that cannot be seen.
   */
  takeLock(
    connection: Connection,
    limits: ProvisionLimits,
    signal: AbortSignal | undefined,
    onWaiting: OnWaiting,
  ): Promise<void>;
  /** The functions of some schemas that not everybody may call, and whose rights the session's role may give. */
  closedFunctions(
    connection: Connection,
    schemas: readonly string[],
    limits: Limits,
  ): Promise<readonly ClosedFunction[]>;
  /** Throws `DB_SQL` when the script has ended the transaction. */
  checkTransaction(connection: Connection): Promise<void>;
}
