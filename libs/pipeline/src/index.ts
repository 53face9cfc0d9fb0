export { dialects, type SqlDialect } from '@dms/sql';
export { compilePlansStep } from './compile-plans.ts';
export { type ConvertOptions, type ConvertResult, convert } from './convert.ts';
export { deriveInventoryStep } from './derive-inventory.ts';
export { type DeriveModelOptions, deriveModelInFolder } from './derive-model.ts';
export { type EmitOptions, type EmitResult, emit } from './emit.ts';
export { emitDdlStep } from './emit-ddl.ts';
export { hashSchemas } from './hash.ts';
export { type NormalizeSchemaOptions, normalizeSchema } from './normalize-schema.ts';
export type { AnyStep } from './step.ts';
export { type FolderStepOptions, type StepResult, stepInFolder } from './step-in-folder.ts';
export {
  artifactFile,
  artifactsOf,
  emitSteps,
  filesOf,
  filesOfAllDialects,
  readsOf,
  type StepName,
  stepNames,
} from './step-table.ts';
export type { Artifact } from './stores.ts';
