export { defaultMappingVersion, generationPurposes, type MappingVersion, mappingVersions } from '@dms/api-schema';
export { findDatabase, isConnectionText, missingTarget } from '@dms/databases';
export { dialects, productNames, type SqlDialect } from '@dms/sql';
export { impactReport, upgradeReport } from '@dms/upgrade';
export { dialectsOfArtifacts } from './engine/dialects-of-artifacts.ts';
export { expectArtifacts } from './engine/expect-artifacts.ts';
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
export { type Fleet, parseFleet } from './fleet/check-fleet.ts';
export { type DatabasePlace, type FleetDatabase, fleetDatabases } from './fleet/fleet-databases.ts';
export { fleetFindingLines, fleetFindings } from './fleet/fleet-drift.ts';
export { singleDatabase } from './fleet/fleet-format.ts';
export {
  databaseValue,
  failuresOf,
  fleetFailure,
  fleetSummaryLines,
  fleetValue,
  namedDiagnostics,
  outcomeOf,
} from './fleet/fleet-summary.ts';
export { referencedFleet } from './fleet/read-fleet.ts';
export { type DatabaseEnd, isFailed, type TaskResult } from './fleet/run-fleet.ts';
export { selectDatabases } from './fleet/select-databases.ts';
export { type FleetOptions, workOnFleet } from './fleet/work-on-fleet.ts';
export type { Context, Question } from './operation/context.ts';
export {
  type DatabaseOperation,
  type DatabaseWork,
  type FileOperation,
  type Input,
  type Operation,
  type OperationGroup,
  type OptionsOf,
  type Outcome,
  optionValues,
  type Place,
  type Task,
} from './operation/operation.ts';
export { factsOf, type OptionFacts, type OptionGroup } from './operation/option.ts';
export { preparedForFleet, runOnDatabase } from './operation/run-on-database.ts';
export { quotedWord } from './operation/shell-word.ts';
export { outputFile, standardStream } from './operation/standard-stream.ts';
export { allArguments, allOptions, fleetLimits, type Shape, type Sources, subjectShape } from './operation/subject.ts';
export { flagOf, writtenOption } from './operation/written-option.ts';
export { check } from './operations/check.ts';
export { changedArtifacts, type EmitInput, emit, writtenArtifacts } from './operations/emit.ts';
export { fingerprintValue, hash } from './operations/hash.ts';
export { operations } from './operations/index.ts';
export { type ListedOperation, listedOperations } from './operations/listed-operations.ts';
export { load } from './operations/load.ts';
export { provision } from './operations/provision.ts';
export { applyReporting, dropReporting, emitReporting } from './operations/reporting.ts';
export { apply } from './operations/upgrade-apply.ts';
export { status } from './operations/upgrade-status.ts';
export type { DatabaseEntry } from './sources/database-entry-format.ts';
export { type MappingSet, mappingSetFile, parseMappingSet } from './sources/mapping-set/mapping-set.ts';
export type { MappingSetMember } from './sources/mapping-set/mapping-set-format.ts';
export { closingLines, commandsOfNx } from './sources/mapping-set/next-steps.ts';
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
export { schemaFileIn } from './sources/schema-folder.ts';
export type { SchemaInput, SchemaText } from './sources/schema-input.ts';
export { filesInPackage, isPackage, type PackedFile } from './sources/schema-packages.ts';
export { matchingFiles } from './sources/schema-patterns.ts';
export { type ArtifactSource, type MappingSetSource, openMappingSet, readPackFile } from './sources/source.ts';
export { buildPackStep } from './steps/build-pack.ts';
export { compilePlansStep } from './steps/compile-plans.ts';
export { deriveInventoryStep } from './steps/derive-inventory.ts';
export { deriveModelInFolder } from './steps/derive-model.ts';
export { deriveOdsMappingInFolder } from './steps/derive-ods-mapping.ts';
export { emitArtifacts } from './steps/emit-artifacts.ts';
export { emitCommentsStep } from './steps/emit-comments.ts';
export { emitDdlStep } from './steps/emit-ddl.ts';
export { emitReportingInFolder } from './steps/emit-reporting.ts';
export { diagram, explore, exploreInFolder } from './steps/explore.ts';
export { reportImpactInFolder } from './steps/impact.ts';
export { normalizeSchema } from './steps/normalize-schema.ts';
export { planUpgradeInFolder } from './steps/plan-upgrade.ts';
export { verificationLines, verifyInFolder } from './steps/verify-scripts.ts';
export { verifiedUpgradeLines, verifyUpgradeInFolder } from './steps/verify-upgrade.ts';
