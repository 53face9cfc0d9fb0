export { connectionForms } from './addressing/connection-forms.ts';
export {
  dialectOfSources,
  expectReadableText,
  findTarget,
  missingTarget,
  secretsInFile,
  sourceNames,
  type TargetSources,
} from './addressing/find-target.ts';
export { isConnectionText, parseTarget } from './addressing/parse-target.ts';
export { holdsConnection, mayHoldPassword } from './addressing/possible-password.ts';
export * from './addressing/target.ts';
export {
  connected,
  type DatabaseOptions,
  type DatabaseResult,
  findDatabase,
  limitedSession,
  type PersistentTarget,
  withTarget,
} from './addressing/with-target.ts';
export {
  type FoundObject,
  findDependents,
  findHolders,
} from './dependents/foreign-objects.ts';
export {
  type ForeignView,
  type ViewStatements,
  viewStatements,
} from './dependents/view-statements.ts';
export { checkMark, type DatabaseFinding, databaseLines, examineDatabase } from './doctor/examine-database.ts';
export {
  type Connection,
  committed,
  inSession,
  type Limits,
  limitedConnection,
  queueOfWork,
  type Row,
  rolledBack,
  type Statement,
  statementText,
} from './drivers/connection.ts';
export { expectNotCancelled } from './drivers/interruption.ts';
export { lockWaits } from './drivers/lock-waits.ts';
export { scriptBatches } from './drivers/mssql-driver.ts';
export { inDatabase, type OpenOptions, openDatabase } from './drivers/open-database.ts';
export { type ImportPackage, installCommand } from './drivers/optional-package.ts';
export { expectOwnSession } from './drivers/pgsql-session.ts';
export { valueParsers } from './drivers/pgsql-values.ts';
export { command, query, rowsOf, run } from './drivers/statement.ts';
export {
  atOneMoment,
  nestedConnection,
  pgsqlSavepoint,
  savepointOf,
} from './drivers/transactions.ts';
export { embeddedArchive } from './engines/embedded-folder.ts';
export { type PostgresServer, startPostgresServer } from './engines/postgres-server.ts';
export { serverPackageFault } from './engines/server-package.ts';
export {
  canStartMssqlContainer,
  startServer,
} from './engines/throw-away-server.ts';
export { causeOfCommit, changing, isCommitUnknown, ofCommit, withKept } from './failures/early-end.ts';
export {
  copiedRowOf,
  driverCodeOf,
  failureKind,
  isFailure,
  isRefusedRow,
  serverTextOf,
} from './failures/failure.ts';
export { hasPrepared, holdersAdvice, type NamedHolder } from './failures/lock-holders.ts';
export { lockHolderQuery } from './failures/mssql-failure.ts';
export { type RetryOptions, retriedWrite, waited, withRetries } from './failures/retry.ts';
export { type OtherShape, otherShape } from './fingerprint/other-shape.ts';
export { fingerprintQueries } from './fingerprint/stored-fingerprint.ts';
export { hasNoSeeds, unseededAdvice, unseededText } from './fingerprint/unseeded.ts';
export {
  checkDatabase,
  type GateDiagnostic,
  passGate,
} from './gate/check-database.ts';
export { healthFindings } from './health/health-checks.ts';
export { collationFinding, loweredByDatabase } from './health/lower-case.ts';
export { neededRights, type RightPurpose, type RightsSet, rightPurposes, rightsSetOf } from './health/needed-rights.ts';
export { type Grants, grantsOf, grantsText } from './health/role-grants.ts';
export { expectWriter, type RunRights, roleFindings, roleRights } from './health/role-rights.ts';
export {
  checkWritable,
  serverVersion,
  withWarnings,
} from './health/server-checks.ts';
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
  lastNumberOf,
  type NumberedColumns,
  type NumberSource,
  numberedColumns,
  pgsqlSequence,
  type SequenceBehind,
  sequenceErrors,
  sequencesBehind,
  sequenceText,
} from './introspection/sequences.ts';
export { type CannotKeep, cannotKeep, cannotKeepFindings, type MadeAgain } from './keeping/cannot-keep.ts';
export { giveBack, keptDuring, mainOwner, ownersBySchema } from './keeping/give-back.ts';
export {
  type KeepOperation,
  keepOperations,
  laterObject,
  objectsFollowSchema,
  ownerText,
} from './keeping/keep-operations.ts';
export {
  type DroppedAgain,
  definitionsOf,
  type Kept,
  type KeptDefinition,
  type KeptObject,
  type KeptPartName,
  type KeptSetting,
  type LaterObjects,
  type OthersRead,
  type UsedColumn,
} from './keeping/kept.ts';
export { giveBackViews, keptViewsFindings, readKeptViews } from './keeping/kept-views.ts';
export { lostByScript } from './keeping/pgsql-kept.ts';
export { readKept, readsParts } from './keeping/read-kept.ts';
export { type LentDatabase, lentDialect, onLent } from './lent/lent-database.ts';
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
export {
  type DroppedViews,
  dropMarkedViews,
  type GoingViews,
  isMssqlMark,
  type MarkedView,
  markedTriggerDrops,
  markedViews,
  takenViewNames,
  usersOfMarkedViews,
  type ViewLayer,
  type ViewUser,
  viewFunctionMarks,
  viewLayers,
  viewMarks,
  viewQueries,
  viewSchemaMark,
} from './views/marked-views.ts';
