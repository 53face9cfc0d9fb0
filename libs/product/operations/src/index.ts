export {
  defaultMappingVersion,
  generationPurposes,
  type MappingVersion,
  mappingVersions,
  type SchemaInput,
  type SchemaText,
  type SourcePlace,
  type SourcePositions,
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
export { type ProgramDocuments, type ProgramMappingSet, programMappingSet } from './databases/program-documents.ts';
export { type TranslateFilesOptions, translateFiles } from './documents/translate-files.ts';
export { translateInFolder } from './documents/translate-in-folder.ts';
export { writtenValue } from './documents/write-translated.ts';
export { isInstalled, isOlderThanSources } from './engine/old-build.ts';
export { expectOneVersion } from './engine/one-version.ts';
export { translatedFolder } from './engine/output-folder.ts';
export { expectShortRun } from './engine/short-run.ts';
export type { AnyStep } from './engine/step.ts';
export {
  type ArtifactDeclaration,
  type ArtifactName,
  artifact,
  artifactFile,
  artifactsOf,
  type DatabaseTarget,
  emitSteps,
  filesOf,
  filesOfAllDialects,
  otherCommands,
  readsOf,
  type StepName,
  stepNames,
  targetOf,
  taskOf,
  writtenBy,
} from './engine/step-table.ts';
export {
  dialectsOfArtifacts,
  expectAnyArtifact,
  expectArtifacts,
  type StepResult,
  stepInFolder,
} from './engine/stores.ts';
export {
  type AddingMember,
  addingMembers,
  type FolderMember,
  type TargetFacts,
  targetGroups,
} from './engine/target-facts.ts';
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
export { outputFile, standardStream } from './operation/command-line.ts';
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
} from './operation/operation.ts';
export { factsOf, flagOf, type OptionFacts, type OptionGroup, type Shape, writtenOption } from './operation/option.ts';
export { preparedForFleet, runOnDatabase } from './operation/run-on-database.ts';
export {
  allArguments,
  allOptions,
  fleetLimits,
  type Sources,
  subjectShape,
  writtenFleet,
} from './operation/subject.ts';
export { check } from './operations/check.ts';
export { changedArtifacts, type EmitInput, emit, writtenArtifacts } from './operations/emit.ts';
export { fingerprintValue, hash } from './operations/hash.ts';
export { earlierNames, earlierOptions, operations } from './operations/index.ts';
export { type ListedOperation, listedOperations } from './operations/listed-operations.ts';
export { load } from './operations/load.ts';
export { provision } from './operations/provision.ts';
export { applyReporting, dropReporting, emitReporting } from './operations/reporting.ts';
export { translate } from './operations/translate.ts';
export { apply } from './operations/upgrade-apply.ts';
export { status } from './operations/upgrade-status.ts';
export type { DatabaseEntry } from './sources/config-file.ts';
export { filesInPackage, isPackage, type PackedFile } from './sources/find-schemas.ts';
export { type Ignored, ignoredFile, type ReadPatterns } from './sources/ignored-file.ts';
export {
  isTranslationFile,
  type MappingSet,
  mappingSetFile,
  type NamedPlace,
  parseMappingSet,
  translationWith,
} from './sources/mapping-set/mapping-set.ts';
export type { MappingSetMember } from './sources/mapping-set/mapping-set-format.ts';
export { closingLines, commandsOfLine, commandsOfNx, nextLines } from './sources/mapping-set/next-steps.ts';
export { entrySpelling, placeOnDisk, sourceSpelling, spellingDiagnostic } from './sources/mapping-set/path-spelling.ts';
export { readMappingSet, type StandaloneMappingSet } from './sources/mapping-set/standalone-mapping-set.ts';
export {
  expectedOutputFolder,
  isIn,
  isInside,
  isPattern,
  nxPath,
  usualOutputFolder,
} from './sources/mapping-set/workspace-path.ts';
export { filesOfFolders, matchingInputs, matchingPath, matchingPaths } from './sources/schema-files.ts';
export { type ArtifactSource, type MappingSetSource, openMappingSet, readPackFile } from './sources/source.ts';
export { buildPackStep } from './steps/build-pack.ts';
export { compilePlansStep } from './steps/compile-plans.ts';
export { deriveEarlierMappingInFolder } from './steps/derive-earlier-mapping.ts';
export { deriveInventoryStep } from './steps/derive-inventory.ts';
export { deriveModelInFolder } from './steps/derive-model.ts';
export { deriveOdsMappingInFolder } from './steps/derive-ods-mapping.ts';
export { emitArtifacts } from './steps/emit-artifacts.ts';
export { emitCommentsStep } from './steps/emit-comments.ts';
export { emitDdlStep } from './steps/emit-ddl.ts';
export { emitEarlierReportingInFolder } from './steps/emit-earlier-reporting.ts';
export { emitReportingInFolder } from './steps/emit-reporting.ts';
export { exploreInFolder } from './steps/explore.ts';
export { reportImpactInFolder } from './steps/impact.ts';
export { normalizeSchemaInFolder } from './steps/normalize-schema.ts';
export { setRefusals } from './steps/set-refusals.ts';
export { planUpgradeInFolder, verifiedUpgradeLines, verifyUpgradeInFolder } from './steps/upgrade.ts';
export { verificationLines, verifyInFolder } from './steps/verify-db.ts';
