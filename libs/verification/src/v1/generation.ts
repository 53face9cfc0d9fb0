import { core } from '@dms/model';
import type { VerificationGeneration } from '../verification-generation.ts';
import { coreRulesV1 } from './core-behaviour.ts';
import { resourceRulesV1 } from './resource-rules.ts';

export const generationV1: VerificationGeneration = {
  core: coreRulesV1,
  resources: resourceRulesV1,
  keptRows: [{ table: core.effectiveSchema, columns: ['AppliedAt'] }],
  fillingStatements: () => [],
  refusedDatabases: [],
};
