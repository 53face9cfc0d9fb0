export {
  defaultMappingVersion,
  generationPurposes,
  type MappingVersion,
  mappingVersions,
  type SchemaInput,
  type SchemaText,
  type SourcePlace,
  type SourcePositions,
  serviceMappingVersion,
  sourcePositions,
} from '@dms/api-schema';
export { fleetFindingLines, fleetFindings } from '@dms/checking';
export {
  dialectOfSources,
  expectReadableText,
  findDatabase,
  holdsConnection,
  isConnectionText,
  mayHoldPassword,
  missingTarget,
  sourceNames,
} from '@dms/databases';
export { isUuid } from '@dms/documents';
export { dialects, productNames, type SqlDialect } from '@dms/sql';
export { impactReport, upgradeReport } from '@dms/upgrade';
export { buildPackStep } from './build-steps/build-pack.ts';
export { compilePlansStep } from './build-steps/compile-plans.ts';
export { deriveEarlierMappingInFolder } from './build-steps/derive-earlier-mapping.ts';
export { deriveInventoryStep } from './build-steps/derive-inventory.ts';
export { deriveModelInFolder } from './build-steps/derive-model.ts';
export { deriveOdsMappingInFolder } from './build-steps/derive-ods-mapping.ts';
export { emitArtifacts } from './build-steps/emit-artifacts.ts';
export { emitCommentsStep } from './build-steps/emit-comments.ts';
export { emitDdlStep } from './build-steps/emit-ddl.ts';
export { emitEarlierReportingInFolder } from './build-steps/emit-earlier-reporting.ts';
export { emitReportingInFolder } from './build-steps/emit-reporting.ts';
export { exploreInFolder } from './build-steps/explore.ts';
export { reportImpactInFolder } from './build-steps/impact.ts';
export { normalizeSchemaInFolder } from './build-steps/normalize-schema.ts';
export { unchosenVersionLine } from './build-steps/set-refusals.ts';
export {
  collationFor,
  planUpgradeInFolder,
  verifiedUpgradeLines,
  verifyUpgradeInFolder,
} from './build-steps/upgrade.ts';
export { verificationLines, verifyInFolder } from './build-steps/verify-db.ts';
export { check } from './commands/check.ts';
export { changedArtifacts, type EmitInput, emit, writtenArtifacts } from './commands/emit.ts';
export { fingerprintValue, hash } from './commands/hash.ts';
export { earlierNames, earlierOptions, operations } from './commands/index.ts';
export { type ListedOperation, listedOperations } from './commands/listed-operations.ts';
export { load } from './commands/load.ts';
export { type NewSet, newSetOptions, planNewSet } from './commands/new-set.ts';
export { provision } from './commands/provision.ts';
export { applyReporting } from './commands/reporting-apply.ts';
export { dropReporting } from './commands/reporting-drop.ts';
export { emitReporting } from './commands/reporting-emit.ts';
export { translate } from './commands/translate.ts';
export { apply } from './commands/upgrade-apply.ts';
export { status } from './commands/upgrade-status.ts';
export {
  type ProgramDocuments,
  type ProgramMappingSet,
  programMappingSet,
} from './database-documents/program-documents.ts';
export { outputFile, standardStream } from './declaring/command-line.ts';
export {
  type Context,
  type DatabaseOperation,
  type DatabaseWork,
  executorOf,
  type FileOperation,
  type Input,
  type Operation,
  type OperationGroup,
  type OptionsOf,
  type Outcome,
  optionValues,
  type Place,
  type Question,
} from './declaring/operation.ts';
export {
  denialOf,
  factsOf,
  flagOf,
  type OptionFacts,
  type OptionGroup,
  type Shape,
  writtenOption,
} from './declaring/option.ts';
export { excludedArgument, excludedValue, missingCompanion, relationText } from './declaring/option-relations.ts';
export { preparedForFleet, runOnDatabase } from './declaring/run-on-database.ts';
export {
  allArguments,
  allOptions,
  fleetLimits,
  type Sources,
  subjectShape,
} from './declaring/subject.ts';
export { type Fleet, parseFleet } from './fleet/check-fleet.ts';
export { type DatabasePlace, type FleetDatabase, fleetDatabases, selectDatabases } from './fleet/fleet-databases.ts';
export { dryRunConfiguration, singleDatabase } from './fleet/fleet-format.ts';
export {
  databaseValue,
  failuresOf,
  fleetFailure,
  fleetSummaryLines,
  fleetValue,
  namedDiagnostics,
  outcomeOf,
} from './fleet/fleet-summary.ts';
export { type DatabaseEnd, isFailed, type TaskResult } from './fleet/run-fleet.ts';
export { type FleetOptions, referencedFleet, workOnFleet } from './fleet/work-on-fleet.ts';
export { isInstalled, isOlderThanSources } from './incremental-build/old-build.ts';
export { expectOneVersion } from './incremental-build/one-version.ts';
export { translatedFolder } from './incremental-build/output-folder.ts';
export { expectShortRun } from './incremental-build/short-run.ts';
export type { AnyStep } from './incremental-build/step.ts';
export {
  type ArtifactDeclaration,
  type ArtifactName,
  artifact,
  artifactFile,
  artifactsOf,
  type DatabaseTargetName,
  emitSteps,
  filesOf,
  filesOfAllDialects,
  otherCommands,
  readsOf,
  type StepName,
  stepNames,
  type TaskFacts,
  targetOf,
  taskOf,
  writtenBy,
} from './incremental-build/step-table.ts';
export {
  dialectsOfArtifacts,
  expectAnyArtifact,
  expectArtifacts,
  type StepResult,
  stepInFolder,
} from './incremental-build/stores.ts';
export {
  type AddingMember,
  addingMembers,
  type FolderMember,
  type TargetFacts,
  targetGroups,
} from './incremental-build/target-facts.ts';
export type { DatabaseEntry } from './sources/config-file.ts';
export { filesInPackage, isPackage, type PackedFile } from './sources/find-schemas.ts';
export { type Ignored, ignoredFile, type ReadPatterns } from './sources/ignored-file.ts';
export { withIgnoredLine } from './sources/mapping-set/ignored-output.ts';
export {
  isTranslationFile,
  type MappingSet,
  mappingSetFile,
  type NamedPlace,
  parseMappingSet,
  translationWith,
} from './sources/mapping-set/mapping-set.ts';
export type { MappingSetMember } from './sources/mapping-set/mapping-set-format.ts';
export {
  closingLines,
  commandsOfLine,
  commandsOfNx,
  nextLines,
} from './sources/mapping-set/next-steps.ts';
export { entrySpelling, placeOnDisk, sourceSpelling, spellingDiagnostic } from './sources/mapping-set/path-spelling.ts';
export {
  findSchemaProject,
  lookupAmong,
  resolveSchemas,
  type SchemaProjectFolder,
} from './sources/mapping-set/schema-entries.ts';
export { readMappingSet, type StandaloneMappingSet } from './sources/mapping-set/standalone-mapping-set.ts';
export {
  expectedOutputFolder,
  isIn,
  isInside,
  isPattern,
  nxPath,
  projectSlug,
  usualOutputFolder,
  usualProjectName,
} from './sources/mapping-set/workspace-path.ts';
export { outsideNestedWorktrees } from './sources/nested-worktrees.ts';
export { isSchemaFile } from './sources/schema-file-name.ts';
export {
  filesOfFolders,
  matchingInputs,
  matchingPath,
  matchingPaths,
  reasonOnDisk,
} from './sources/schema-files.ts';
export { type ArtifactSource, type MappingSetSource, openMappingSet, readPackFile } from './sources/source.ts';
export { type TranslateFilesOptions, translateFiles } from './translated-files/translate-files.ts';
export { translateInFolder } from './translated-files/translate-in-folder.ts';
export { writtenValue } from './translated-files/write-translated.ts';
