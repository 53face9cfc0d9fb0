export { type AccessFacts, accessFacts } from './connection/access-facts.ts';
export { collationFinding, loweredByDatabase } from './connection/collation.ts';
export {
  type Connection,
  committed,
  type Limits,
  limitedConnection,
  type Purpose,
  type Row,
  rolledBack,
} from './connection/connection.ts';
export { type ContainerSearch, canStartMssqlContainer } from './connection/container-runtime.ts';
export { changing, isCommitUnknown, ofCommit, withKept } from './connection/early-end.ts';
export { type EmbeddedArchive, embeddedArchive, expectDatabase } from './connection/embedded-folder.ts';
export { copiedRowOf, driverCodeOf, type FailureCode, isFailure } from './connection/failure.ts';
export { type FailureKind, failureKind, isRefusedRow } from './connection/failure-kind.ts';
export { expectNotCancelled } from './connection/interruption.ts';
export {
  type LockTable,
  locksOfNamed,
  locksOfScript,
  locksOfTables,
  locksOfViews,
  lockTableFindings,
  readLockTable,
} from './connection/lock-table.ts';
export { lockHolderQuery } from './connection/mssql-lock-holders.ts';
export { nestedConnection, pgsqlSavepoint, type Savepoint, savepoints } from './connection/nested-connection.ts';
export { objectRightsFindings } from './connection/object-rights.ts';
export { atOneMoment } from './connection/one-moment.ts';
export { inDatabase, type OpenOptions, openDatabase } from './connection/open-database.ts';
export { type ImportPackage, installCommand } from './connection/optional-package.ts';
export { valueParsers } from './connection/pgsql-values.ts';
export { expectOwnSession } from './connection/pooled-connection.ts';
export { type PostgresServer, type PostgresServerOptions, startPostgresServer } from './connection/postgres-server.ts';
export { queueOfWork } from './connection/queue-of-work.ts';
export { type RetryOptions, waited, withRetries } from './connection/retry.ts';
export {
  expectWriter,
  missingText,
  purposeTexts,
  type RightPurpose,
  rightPurposes,
  roleFindings,
  roleRights,
} from './connection/role-rights.ts';
export { scriptBatches } from './connection/script-batches.ts';
export { checkWritable, serverVersion, withWarnings } from './connection/server-checks.ts';
export type { Statement } from './connection/statement.ts';
export { surroundingFindings } from './connection/surroundings.ts';
export { type StartedServer, startServer } from './connection/throw-away-server.ts';
export { copiedVersions, copyRecordText, recordCopiedVersion } from './copies/copied-version.ts';
export {
  type AskedName,
  type AskedObject,
  type Dependents,
  type FoundObject,
  findDependents,
  findHolders,
} from './dependents/foreign-objects.ts';
export { checkMark, type DatabaseFinding, databaseLines, examineDatabase } from './doctor/examine-database.ts';
export { fingerprintQueries } from './fingerprint/stored-fingerprint.ts';
export {
  checkDatabase,
  type GateCode,
  type GateDiagnostic,
  type GateOptions,
  passGate,
} from './gate/check-database.ts';
export { catalogMark } from './introspection/catalog-mark.ts';
export { type Introspected, introspect, introspectHere, type ReadCatalog } from './introspection/introspect.ts';
export { moduleBody } from './introspection/mssql-catalog.ts';
export { type MssqlRows, mssqlQueries } from './introspection/mssql-queries.ts';
export * from './introspection/preparation-record.ts';
export { readPreparation } from './introspection/preparation-record.ts';
export * from './introspection/prepared-objects.ts';
export { type BlockerWatch, blockerWatch } from './provisioning/blocking-sessions.ts';
export { type CircleWatch, circleWatch } from './provisioning/circle-watch.ts';
export { type DatabaseState, type ObjectCount, readDatabaseState } from './provisioning/database-state.ts';
export { inLockRoom } from './provisioning/lock-room.ts';
export { type LockedOptions, lockedTransaction, provisionLimits } from './provisioning/locked-transaction.ts';
export { afterRoles, createOwnerRoles, grantExecute } from './provisioning/owner-role.ts';
export { type PlannedProvision, planProvision } from './provisioning/plan-provision.ts';
export { type PreparingLockOptions, takePreparingLock, withPreparingLock } from './provisioning/preparing-lock.ts';
export {
  type Provisioned,
  type ProvisionInput,
  type ProvisionOptions,
  provision,
} from './provisioning/provision.ts';
export { type ProvisionedSet, readProvisionedSet } from './provisioning/provisioned-set.ts';
export type { OnWaiting, ProvisionLimits } from './provisioning/provisioning-dialect.ts';
export { provisioningDialects } from './provisioning/provisioning-dialects.ts';
export {
  createDatabase,
  databasesLike,
  dropDatabase,
  type Open,
  withCreatedDatabase,
} from './provisioning/server-databases.ts';
export { objectsText, stateDiagnostic } from './provisioning/state-diagnostic.ts';
export { connectionForms } from './target/connection-forms.ts';
export {
  dialectOfSources,
  findTarget,
  missingTarget,
  secretsInFile,
  type TargetSearch,
  type TargetSources,
} from './target/find-target.ts';
export { isConnectionText, type ParsedTarget, parseTarget } from './target/parse-target.ts';
export * from './target/target.ts';
export {
  connected,
  type DatabaseOptions,
  type DatabaseResult,
  findDatabase,
  limitedSession,
  type PersistentTarget,
  withTarget,
} from './target/with-database.ts';
export { type DroppedViews, dropMarkedViews, markedTriggerDrops, takenViewNames } from './views/replace-views.ts';
export {
  definitionHashes,
  type MarkedView,
  markedViews,
  markedViewsQueries,
  viewFunctionMark,
  viewMark,
  viewSchemaMark,
} from './views/view-marks.ts';
export { usersOfMarkedViews, type ViewUser } from './views/view-users.ts';
