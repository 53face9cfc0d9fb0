export { type ImpactClass, impactClasses, impactMarkdown, impactReport, impactText, type SchemaImpact } from '@dms/catalog';
export { type DiagramFormat, diagramFormats } from '@dms/explorer';
export { dialects, type SqlDialect } from '@dms/sql';
export { upgradeReport, upgradeText } from '@dms/upgrade';
export { buildPackStep } from './build-pack.ts';
export { compilePlansStep } from './compile-plans.ts';
export { convert } from './convert.ts';
export { type ConvertedFiles, type ConvertFilesOptions, convertDocumentFiles } from './convert-documents.ts';
export type { DatabaseSource } from './database-source.ts';
export { deriveInventoryStep } from './derive-inventory.ts';
export { deriveModelInFolder } from './derive-model.ts';
export { type DumpDatabaseOptions, dumpDatabase } from './dump-database.ts';
export { compareEmitted, type EmitComparison, type EmitOptions, type EmitResult, emit } from './emit.ts';
export { emitDdlStep } from './emit-ddl.ts';
export { type DiagramOptions, diagram, type ExploreOptions, explore, exploreInFolder } from './explore.ts';
export { type Drift, type DriftOptions, driftLines, driftValue, findDrift } from './find-drift.ts';
export { type GetDocumentsOptions, getDocuments } from './get-documents.ts';
export { hashSchemas } from './hash.ts';
export { type ImpactOptions, type ImpactResult, impact, reportImpactInFolder } from './impact.ts';
export { inspectDatabase } from './inspect-database.ts';
export { type LoadDatabaseOptions, loadDatabase, loadedLines } from './load-database.ts';
export {
  type DatabaseEntry,
  type MappingSet,
  type MappingSetProblem,
  mappingSetFile,
  type ParsedMappingSet,
  parseMappingSet,
} from './mapping-set/mapping-set.ts';
export type { MappingSetMember } from './mapping-set/mapping-set-format.ts';
export { readMappingSet, type StandaloneMappingSet } from './mapping-set/standalone-mapping-set.ts';
export {
  isIn,
  isInside,
  isPattern,
  nxPath,
  outputFolderFault,
  usualOutputFolder,
} from './mapping-set/workspace-path.ts';
export { type MappingSetOptions, type MappingSetSource, mappingSetOf, readPackFile } from './mapping-set-source.ts';
export { normalizeSchema } from './normalize-schema.ts';
export type { FileChange } from './output-folder.ts';
export {
  type BuildPacksOptions,
  buildPacks,
  type PackManifestOptions,
  type VerifyPackOptions,
  verifyPack,
  type WrittenPack,
  writePackManifest,
} from './pack-files.ts';
export { type SourcePlace, type SourcePositions, sourcePositions } from './positions/source-positions.ts';
export {
  type ProvisionDatabaseOptions,
  type ProvisionedDatabase,
  provisionDatabase,
  provisionedLines,
} from './provision-database.ts';
export type { SchemaInput, SchemaText } from './schema-input.ts';
export { matchingFiles } from './schema-patterns.ts';
export { type SeedDatabaseOptions, type SeededDatabase, seedDatabase, seededCounts, seededLine } from './seed-database.ts';
export { expectShortRun } from './short-run.ts';
export type { AnyStep } from './step.ts';
export { type StepResult, stepInFolder } from './step-in-folder.ts';
export {
  artifactFile,
  artifactsOf,
  emitSteps,
  filesOf,
  filesOfAllDialects,
  readsOf,
  type StepName,
  stepNames,
  writtenBy,
} from './step-table.ts';
export {
  type AppliedUpgrade,
  type ApplyUpgradeOptions,
  applyUpgradeOfFolders,
  type PlanUpgradeInFolderOptions,
  type PlanUpgradeOptions,
  planUpgradeInFolder,
  planUpgradeOfFolders,
  upgradedLines,
  verifiedUpgradeLines,
  verifyUpgradeInFolder,
} from './upgrade.ts';
export {
  type VerifiedScripts,
  type VerifyInFolderOptions,
  type VerifyOptions,
  type VerifyScriptsOptions,
  verificationLines,
  verificationValue,
  verifyInFolder,
  verifyScripts,
} from './verify-scripts.ts';
export { type DatabaseOptions, findDatabase } from './with-database.ts';
export { type WriteSampleOptions, type WrittenSample, writeSample } from './write-sample.ts';
