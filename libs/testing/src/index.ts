/** Specs compute shared values on demand, so that a failure fails one test and not the whole file. */
export { once } from '@dms/values';
export { Binder } from './binder/bind-script.ts';
export { changedTexts } from './changed-texts.ts';
export { countBy } from './count-by.ts';
export { damagedBytes, damagedMembers, hostileNames, memberByMember } from './damaged-files.ts';
export { dumpedLines, dumpedTexts } from './dumped-texts.ts';
export { exactPattern } from './exact-pattern.ts';
export { fixtureDocumentsV2 } from './fixtures-v2.ts';
export { blocksOfGuide, commandsOfBlock, type GuideBlock, missingLine, printedBehind } from './guides/guide-blocks.ts';
export { cmdWords, powershellEditions, powershellWords } from './guides/windows-words.ts';
export {
  type CascadeOutcome,
  changingColumns,
  deferrableKeys,
  selectedOutcomes,
} from './identities/cascade-selection.ts';
export {
  type ColumnPair,
  type ForeignKeyFacts,
  type GraphMember,
  type IdentityEdge,
  type IdentityGraph,
  identityGraph,
  type ModelFacts,
  referenceKeys,
} from './identities/identity-graph.ts';
export {
  type Consequence,
  type EdgeKinds,
  forEachOrder,
  type IdentityWorld,
  makeWorld,
  possibleRenames,
  Refused,
  SqlServerRun,
  stateAfter,
  type ValueRename,
} from './identities/identity-world.ts';
export * from './models/changed-model.ts';
export * from './models/derived.ts';
export * from './models/derived-once.ts';
export * from './models/document-parts.ts';
export * from './models/example-resources.ts';
export * from './models/expected-diagnostics.ts';
export * as handMade from './models/hand-made.ts';
export * as handMadeCatalogs from './models/hand-made-catalogs.ts';
export * from './models/json-path.ts';
export * from './models/model-lookup.ts';
export { namesakeProjects, renamedSchema } from './models/namesake-projects.ts';
export { objectsInObjects } from './models/objects-in-objects.ts';
export * from './models/same-json.ts';
export { dayUri, occasionSchemas, scheduleSchemas, toPeriod } from './models/schedule-schemas.ts';
export { type SchemaMutant, schemaMutants } from './models/schema-mutants.ts';
export * from './models/schema-with-everything.ts';
export * from './models/scripted-set.ts';
export * from './models/shared-sets.ts';
export * from './models/short-name.ts';
export * from './models/shuffled-list.ts';
export * as transitSet from './models/transit-set.ts';
export * from './models/unification-report.ts';
export { breakingRelease, type OwnSchema, ownSchema, ownSchemaFile, ownSchemas, ownSchemasV2 } from './own-fixtures.ts';
export { completedRules, versionsOf } from './random-schemas/completed-rules.ts';
export { objectSet } from './random-schemas/object-sets.ts';
export { namedOrganization, withOrganizations } from './random-schemas/organizations.ts';
export {
  type IsRenamed,
  laterNames,
  laterPath,
  memberNames,
  withOtherNames,
} from './random-schemas/other-names.ts';
export { withPeople } from './random-schemas/people.ts';
export { random, type SchemaSetOptions, schemaSets, shuffled } from './random-schemas/random-schemas.ts';
export { withShortDescriptors } from './random-schemas/short-descriptors.ts';
export { withShortReferences } from './random-schemas/short-references.ts';
export { type TakenPart, withPart } from './random-schemas/split-resource.ts';
export { anyText } from './runs/any-text.ts';
export { madeOnce } from './runs/folder-of-run.ts';
export { knownRunsFirst } from './runs/known-runs.ts';
export { onceMore, onceMoreInSearches } from './runs/once-more.ts';
export {
  alikeGenerations,
  casesOfSpec,
  enginesOfSpec,
  inTurn,
  isQuick,
  isThorough,
  type MainGeneration,
  mainGenerations,
  propertyRuns,
  propertyTimeout,
  seeds,
  shareOf,
  someOf,
  testedGenerations,
  testLimits,
  usualEnginesOfSpec,
  usualGenerations,
} from './runs/property-runs.ts';
export { seedOfRun } from './runs/seed-of-run.ts';
export * as build from './schema-builder.ts';
export { newerWordsIn } from './sent/newer-words.ts';
export {
  type SentText,
  type SentTextScope,
  type SystemViews,
  sentTextFindings,
  sentTextScope,
} from './sent/sent-text.ts';
export { type BatchFailure, type CarelessOptions, type ClientRun, carelessRun } from './servers/careless-client.ts';
export { type Cut, type CutKind, type CuttingProxy, cuttingProxy } from './servers/cutting-proxy.ts';
export { givenByOthers } from './servers/given-by-others.ts';
export { liveCatalog } from './servers/live-catalog.ts';
export { type MssqlOdsOnPostgres, mssqlOdsOnPostgres, shortenedNames } from './servers/mssql-ods-on-postgres.ts';
export {
  type CatalogRecording,
  catalogRecording,
  catalogRecordingText,
  documentedCatalog,
  recordCatalog,
  recordedSet,
  recordedSystemViews,
  recordingFiles,
  recordSystemViews,
  type SystemViewRecording,
  systemViewRecording,
  systemViewRecordingText,
} from './servers/mssql-recording.ts';
export { mssqlRows } from './servers/mssql-rows.ts';
export { mssqlServerText, openMssqlDatabase } from './servers/mssql-server.ts';
export { naturalShape } from './servers/natural-shape.ts';
export {
  copyOfDatabase,
  createFilledDatabase,
  createProvisionedDatabase,
  createScratchDatabase,
  type DatabaseEngine,
  type DatabaseFailure,
  databaseEngines,
  openSession,
  ownServer,
  type PostgresDatabase,
  type PostgresOptions,
  type TestDatabase,
  usualDatabaseEngines,
} from './servers/postgres.ts';
export { serverUrl, startServerForSpecs } from './servers/postgres-of-run.ts';
export {
  type DatabaseOfSpec,
  embeddedEngine,
  type ProvisionedEngine,
  provisionedEngines,
  serverEngine,
  usualProvisionedEngines,
} from './servers/provisioned-databases.ts';
export { type MssqlSet, provisionedAnswers, provisionedMssql } from './servers/provisioned-mssql.ts';
export {
  type Answer,
  type BreakPoint,
  brokenConnections,
  RecordedMssql,
  serverError,
} from './servers/recorded-mssql.ts';
export { needingVersion, type ServerOfRun, serverFacts } from './servers/server-facts.ts';
export { serviceProvisioning } from './servers/service-database.ts';
export { type TransactionPooler, transactionPooler } from './servers/transaction-pooler.ts';
export { hasSharedData, readSharedJson, readSharedText, sharedFile } from './shared-data.ts';
export { errorOf } from './thrown-error.ts';
