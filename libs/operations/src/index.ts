export { defaultMappingVersion, generationPurposes, type MappingVersion, mappingVersions } from '@dms/api-schema';
export { type ChangeClass, changeClasses, verdictWords } from '@dms/catalog';
export { connectionForms, isConnectionText, preparedText, type RightPurpose, rightPurposes } from '@dms/databases';
export { type DiagramFormat, diagramFormats } from '@dms/explorer';
export { dialects, type SqlDialect } from '@dms/sql';
export {
  impactMarkdown,
  impactReport,
  impactText,
  preparationLine,
  type SchemaImpact,
  upgradeMarkdown,
  upgradeReport,
  upgradeText,
} from '@dms/upgrade';
export type { DataFinding } from '@dms/verification';
export {
  type Adopted,
  type AdoptOptions,
  adoptDatabase,
  adoptedLines,
  adoptedValue,
  adoptionLines,
  writeAdoptionScript,
} from './databases/adopt-database.ts';
export {
  type AppliedComments,
  type ApplyCommentsOptions,
  appliedCommentsLines,
  applyComments,
} from './databases/comments.ts';
export { type DatabaseStatus, databaseStatus, statusLines, statusValue } from './databases/database-status.ts';
export { diagnose, type Findings, findingsLines } from './databases/doctor.ts';
export { type DumpDatabaseOptions, dumpDatabase } from './databases/dump-database.ts';
export { type Drift, type DriftOptions, dataLines, driftLines, driftValue, findDrift } from './databases/find-drift.ts';
export { type GetDocumentsOptions, getDocuments } from './databases/get-documents.ts';
export { inspectDatabase } from './databases/inspect-database.ts';
export { type LoadDatabaseOptions, loadDatabase, loadedLines, loadedValue } from './databases/load-database.ts';
export type { OdsSourceOptions } from './databases/ods-source.ts';
export {
  type ProvisionDatabaseOptions,
  type ProvisionedDatabase,
  provisionDatabase,
  provisionedLines,
} from './databases/provision-database.ts';
export { type FoundChanges, type ReadChangesOptions, readDatabaseChanges } from './databases/read-changes.ts';
export { type ReadOds, type ReadOdsOptions, readOdsDatabase, readOdsLines } from './databases/read-ods.ts';
export {
  type AppliedReporting,
  type ApplyReportingOptions,
  appliedReportingLines,
  applyReporting,
  type DroppedReporting,
  type DropReportingOptions,
  droppedReportingLines,
  dropReporting,
} from './databases/reporting.ts';
export {
  type SeedDatabaseOptions,
  type SeededDatabase,
  seedDatabase,
  seededCounts,
  seededLine,
} from './databases/seed-database.ts';
export { type DatabaseOptions, findDatabase } from './databases/with-database.ts';
export { type WriteSampleOptions, type WrittenSample, writeSample } from './databases/write-sample.ts';
export type { FileChange } from './engine/output-folder.ts';
export { expectShortRun } from './engine/short-run.ts';
export type { AnyStep } from './engine/step.ts';
export { type StepResult, stepInFolder } from './engine/step-in-folder.ts';
export {
  artifactFile,
  artifactsOf,
  type EmittedArtifact,
  emitSteps,
  emittedArtifactNames,
  filesOf,
  filesOfAllDialects,
  readsOf,
  type StepName,
  stepNames,
  writtenBy,
} from './engine/step-table.ts';
export { type Fleet, type FleetReference, parseFleet } from './fleet/check-fleet.ts';
export { type DatabasePlace, type FleetDatabase, type FleetOds, fleetDatabases } from './fleet/fleet-databases.ts';
export { type FleetFinding, fleetFindingLines, fleetFindings } from './fleet/fleet-drift.ts';
export { singleDatabase } from './fleet/fleet-format.ts';
export { type FleetSet, fleetSetLines, fleetSets } from './fleet/fleet-sets.ts';
export {
  databaseValue,
  failuresOf,
  fleetFailure,
  fleetSummaryLines,
  fleetValue,
  namedDiagnostics,
  outcomeOf,
} from './fleet/fleet-summary.ts';
export type { FleetTask, WorkOnDatabase } from './fleet/fleet-task.ts';
export { type CheckResult, fleetTasks, type StatusResult } from './fleet/fleet-tasks.ts';
export { readFleet, referencedFleet } from './fleet/read-fleet.ts';
export { type DatabaseEnd, isFailed, type TaskResult } from './fleet/run-fleet.ts';
export { selectDatabases } from './fleet/select-databases.ts';
export { defaultConcurrency, type FleetObserver, type FleetOptions, workOnFleet } from './fleet/work-on-fleet.ts';
export type { DatabaseEntry } from './sources/database-entry-format.ts';
export { type FoundSchema, type FoundSchemas, findSchemas } from './sources/find-schemas.ts';
export {
  type MappingSet,
  type MappingSetProblem,
  mappingSetFile,
  type ParsedMappingSet,
  parseMappingSet,
} from './sources/mapping-set/mapping-set.ts';
export type { MappingSetMember } from './sources/mapping-set/mapping-set-format.ts';
export { readMappingSet, type StandaloneMappingSet } from './sources/mapping-set/standalone-mapping-set.ts';
export {
  isIn,
  isInside,
  isPattern,
  nxPath,
  outputFolderFault,
  usualOutputFolder,
} from './sources/mapping-set/workspace-path.ts';
export { type SourcePlace, type SourcePositions, sourcePositions } from './sources/positions/source-positions.ts';
export type { SchemaInput, SchemaText } from './sources/schema-input.ts';
export { matchingFiles } from './sources/schema-patterns.ts';
export {
  type DatabaseSource,
  dialectsOfArtifacts,
  type MappingSetOptions,
  type MappingSetSource,
  mappingSetOf,
  readPackFile,
} from './sources/source.ts';
export { buildPackStep } from './steps/build-pack.ts';
export { compilePlansStep } from './steps/compile-plans.ts';
export { convert } from './steps/convert.ts';
export { type ConvertedFiles, type ConvertFilesOptions, convertDocumentFiles } from './steps/convert-documents.ts';
export { deriveInventoryStep } from './steps/derive-inventory.ts';
export { deriveModelInFolder } from './steps/derive-model.ts';
export { deriveOdsMappingInFolder } from './steps/derive-ods-mapping.ts';
export { type Dictionary, type DictionaryOptions, dictionary } from './steps/dictionary.ts';
export { compareEmitted, type EmitComparison, type EmitOptions, type EmitResult, emit } from './steps/emit.ts';
export {
  type EmitCommentsOptions,
  type EmittedComments,
  emitComments,
  emitCommentsStep,
} from './steps/emit-comments.ts';
export { emitDdlStep } from './steps/emit-ddl.ts';
export { emitReportingInFolder, type ReportingChoices } from './steps/emit-reporting.ts';
export { type DiagramOptions, diagram, type ExploreOptions, explore, exploreInFolder } from './steps/explore.ts';
export { hashSchemas } from './steps/hash.ts';
export { type ImpactOptions, type ImpactResult, impact, reportImpactInFolder } from './steps/impact.ts';
export { normalizeSchema } from './steps/normalize-schema.ts';
export {
  type BuildPacksOptions,
  buildPacks,
  type PackManifestOptions,
  type VerifyPackOptions,
  verifyPack,
  type WrittenPack,
  writePackManifest,
} from './steps/pack-files.ts';
export {
  type PreparedDatabase,
  type PrepareUpgradeOptions,
  preparedLines,
  prepareUpgradeOfFolders,
  type UndoneDatabase,
  type UndoPreparationOptions,
  undoneLines,
  undoPreparationOf,
} from './steps/prepare-upgrade.ts';
export { type EmitReportingOptions, type EmittedReporting, emitReporting } from './steps/reporting-files.ts';
export {
  type AppliedUpgrade,
  type ApplyUpgradeOptions,
  applyUpgradeOfFolders,
  type EstimatedPlan,
  type PlanUpgradeInFolderOptions,
  type PlanUpgradeOptions,
  planUpgradeInFolder,
  planUpgradeOfFolders,
  upgradedLines,
  verifiedUpgradeLines,
  verifyUpgradeInFolder,
} from './steps/upgrade.ts';
export {
  type VerifiedScripts,
  type VerifyInFolderOptions,
  type VerifyOptions,
  type VerifyScriptsOptions,
  verificationLines,
  verificationValue,
  verifyInFolder,
  verifyScripts,
} from './steps/verify-scripts.ts';
