export { dialects, type SqlDialect } from '@dms/sql';
export { artifactNames, artifactsOf, type Step, steps } from './artifacts.ts';
export { deriveInventoryStep } from './derive-inventory.ts';
export { type DeriveModelOptions, deriveModelStep } from './derive-model.ts';
export { type NormalizeSchemaOptions, normalizeSchema } from './normalize-schema.ts';
export type { ArtifactStepOptions } from './read-model.ts';
export type { Artifact, StepResult } from './step-files.ts';
