export {
  type Connection,
  committed,
  type Limits,
  limitedConnection,
  queueOfWork,
  type Row,
  rolledBack,
  type Statement,
} from './connection/connection.ts';
export { causeOfCommit, changing, isCommitUnknown, ofCommit, withKept } from './connection/early-end.ts';
export { embeddedArchive } from './connection/embedded-folder.ts';
export {
  copiedRowOf,
  driverCodeOf,
  failureKind,
  isFailure,
  isRefusedRow,
  serverTextOf,
} from './connection/failure.ts';
export { expectNotCancelled } from './connection/interruption.ts';
export { type LentDatabase, lentDialect, onLent } from './connection/lent-database.ts';
export { hasPrepared, holdersAdvice, type NamedHolder } from './connection/lock-holders.ts';
export { lockWaits } from './connection/lock-waits.ts';
export { scriptBatches } from './connection/mssql-driver.ts';
export { lockHolderQuery } from './connection/mssql-failure.ts';
export { objectRightsFindings } from './connection/object-rights.ts';
export { inDatabase, type OpenOptions, openDatabase } from './connection/open-database.ts';
export { type ImportPackage, installCommand } from './connection/optional-package.ts';
export { expectOwnSession } from './connection/pgsql-session.ts';
export { valueParsers } from './connection/pgsql-values.ts';
export { type PostgresServer, startPostgresServer } from './connection/postgres-server.ts';
export { type RetryOptions, retriedWrite, waited, withRetries } from './connection/retry.ts';
export { type Grants, grantsOf, grantsText } from './connection/role-grants.ts';
export {
  expectWriter,
  type RightPurpose,
  rightPurposes,
  roleFindings,
  roleRights,
} from './connection/role-rights.ts';
export {
  checkWritable,
  collationFinding,
  loweredByDatabase,
  serverVersion,
  withWarnings,
} from './connection/server-checks.ts';
export { serverPackageFault } from './connection/server-package.ts';
export { surroundingFindings } from './connection/surroundings.ts';
export {
  canStartMssqlContainer,
  startServer,
} from './connection/throw-away-server.ts';
export {
  atOneMoment,
  nestedConnection,
  pgsqlSavepoint,
  savepoints,
} from './connection/transactions.ts';
export { writerObstacles } from './connection/writer-obstacles.ts';
export {
  type FoundObject,
  findDependents,
  findHolders,
} from './dependents/foreign-objects.ts';
export { noViewStatements, type ViewStatements, viewStatements } from './dependents/view-statements.ts';
export { checkMark, type DatabaseFinding, databaseLines, examineDatabase } from './doctor/examine-database.ts';
export { type OtherShape, otherShape } from './fingerprint/other-shape.ts';
export { fingerprintQueries } from './fingerprint/stored-fingerprint.ts';
export { hasNoSeeds, unseededAdvice, unseededText } from './fingerprint/unseeded.ts';
export {
  checkDatabase,
  type GateDiagnostic,
  passGate,
} from './gate/check-database.ts';
export {
  catalogMark,
  type Introspected,
  introspect,
  introspectHere,
  type ReadCatalog,
} from './introspection/introspect.ts';
export { type MssqlRows, mssqlQueries } from './introspection/mssql-queries.ts';
export { copiedVersions, copyRecordText, recordCopiedVersion } from './introspection/own-tables.ts';
export * from './introspection/preparation-record.ts';
export {
  behindQuery,
  greatestNumber,
  type NumberedColumns,
  type NumberSource,
  numberDialects,
  numberedColumns,
  pgsqlSequence,
  type SequenceBehind,
  sequenceErrors,
  sequencesBehind,
  sequenceText,
} from './introspection/sequences.ts';
export { type BlockerWatch, blockerWatch, type CircleWatch, circleWatch } from './provisioning/blocking-sessions.ts';
export {
  type LockedOptions,
  lockedTransaction,
  provisionLimits,
  takePreparingLock,
  withPreparingLock,
} from './provisioning/database-locks.ts';
export { readDatabaseState } from './provisioning/database-state.ts';
export {
  inLockRoom,
  locksOfNamed,
  locksOfScript,
  locksOfTables,
  locksOfViews,
  lockTableDiagnostics,
  lockTableFindings,
  readLockTable,
} from './provisioning/lock-table.ts';
export { afterRoles, createOwnerRoles, grantExecute } from './provisioning/owner-role.ts';
export {
  emptySize,
  objectCounts,
  type PlannedDatabase,
  plannedEntry,
  plannedLines,
  plannedValue,
} from './provisioning/planned-provision.ts';
export {
  type Provisioned,
  type ProvisionInput,
  type ProvisionOptions,
  planProvision,
  provision,
} from './provisioning/provision.ts';
export { type ProvisionedSet, readProvisionedSet } from './provisioning/provisioned-set.ts';
export { type OnWaiting, type ProvisionLimits, provisioningDialects } from './provisioning/provisioning-dialects.ts';
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
  expectReadableText,
  findTarget,
  missingTarget,
  secretsInFile,
  sourceNames,
  type TargetSources,
} from './target/find-target.ts';
export { isConnectionText, parseTarget } from './target/parse-target.ts';
export { holdsConnection, mayHoldPassword } from './target/possible-password.ts';
export * from './target/target.ts';
export {
  connected,
  type DatabaseOptions,
  type DatabaseResult,
  findDatabase,
  limitedSession,
  type PersistentTarget,
  withTarget,
} from './target/with-target.ts';
export {
  type DroppedViews,
  definitionHashes,
  dropMarkedViews,
  type GoingViews,
  type MarkedView,
  markedTriggerDrops,
  markedViews,
  markedViewsQueries,
  takenViewNames,
  usersOfMarkedViews,
  type ViewLayer,
  type ViewUser,
  viewFunctionMark,
  viewLayers,
  viewMarks,
  viewSchemaMark,
} from './views/marked-views.ts';
