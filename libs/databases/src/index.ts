export { type AccessFacts, accessFacts } from './connection/access-facts.ts';
export { collationFinding, loweredByDatabase } from './connection/collation.ts';
export {
  type Connection,
  committed,
  type Limits,
  type Purpose,
  type Row,
  rolledBack,
} from './connection/connection.ts';
export { type ContainerSearch, canStartMssqlContainer } from './connection/container-runtime.ts';
export { changing, isCommitUnknown, ofCommit, withKept } from './connection/early-end.ts';
export { type EmbeddedArchive, embeddedArchive } from './connection/embedded-archive.ts';
export { expectDatabase } from './connection/embedded-folder.ts';
export { copiedRowOf, driverCodeOf, type FailureCode, isFailure } from './connection/failure.ts';
export { type FailureKind, failureKind, isRefusedRow } from './connection/failure-kind.ts';
export { limitedConnection } from './connection/limited-connection.ts';
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
export { nestedConnection } from './connection/nested-connection.ts';
export { objectRightsFindings } from './connection/object-rights.ts';
export { atOneMoment } from './connection/one-moment.ts';
export { inDatabase, type OpenOptions, openDatabase } from './connection/open-database.ts';
export type { ImportPackage } from './connection/optional-package.ts';
export { installCommand } from './connection/package-manager.ts';
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
export { type Savepoint, savepoints } from './connection/savepoint.ts';
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
  dependentsOf,
  type FoundObject,
  holdersOf,
} from './dependents/foreign-objects.ts';
export { fingerprintQueries } from './fingerprint/fingerprint-queries.ts';
export { checkDatabase, type GateOptions } from './gate/check-database.ts';
export type { GateCode, GateRefusal } from './gate/gate-result.ts';
export { catalogMark } from './introspection/catalog-mark.ts';
export { type Introspected, introspect, introspectHere, type ReadCatalog } from './introspection/introspect.ts';
export { moduleBody } from './introspection/mssql-module.ts';
export { type MssqlRows, mssqlQueries } from './introspection/mssql-queries.ts';
export * from './introspection/preparation-record.ts';
export * from './introspection/prepared-objects.ts';
export { readPreparation } from './introspection/read-preparation.ts';
export { type BlockerWatch, blockerWatch } from './provisioning/blocking-sessions.ts';
export { type CircleWatch, circleWatch } from './provisioning/circle-watch.ts';
export { createDatabase, type Open } from './provisioning/create-database.ts';
export { withCreatedDatabase } from './provisioning/created-database.ts';
export { type DatabaseState, type ObjectCount, readDatabaseState } from './provisioning/database-state.ts';
export { grantExecute } from './provisioning/function-rights.ts';
export { inLockRoom } from './provisioning/lock-room.ts';
export { type LockedOptions, lockedTransaction, provisionLimits } from './provisioning/locked-transaction.ts';
export { afterRoles, createOwnerRoles } from './provisioning/owner-role.ts';
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
export { objectsText, refusal } from './provisioning/refusal.ts';
export { databasesLike, dropDatabase } from './provisioning/server-databases.ts';
export { connectionForms } from './target/connection-forms.ts';
export { dialectOfSources, findTarget, type TargetSearch, type TargetSources } from './target/find-target.ts';
export { isConnectionText, type ParsedTarget, parseTarget } from './target/parse-target.ts';
export { secretsInFile } from './target/secret-in-file.ts';
export * from './target/target.ts';
export { dropMarkedViews, takenViewNames } from './views/replace-views.ts';
export {
  definitionHashes,
  type MarkedView,
  markedViews,
  markedViewsQueries,
  viewMark,
  viewSchemaMark,
} from './views/view-marks.ts';
export { usersOfMarkedViews, type ViewUser } from './views/view-users.ts';
