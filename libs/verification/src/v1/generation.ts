import { core } from '@dms/model';
import type { ResourceRules } from '../behaviour/resource-behaviour.ts';
import type { VerificationGeneration } from '../verification-generation.ts';
import { coreRulesV1 } from './core-behaviour.ts';
import { coreRowsV1 } from './core-rows.ts';
import { stampRulesV1 } from './stamp-rules.ts';

const resourceRulesV1: ResourceRules = {
  rows: coreRowsV1,
  stamps: stampRulesV1,
  identityTime: (shown) => shown.slice(0, 'HH:MM:SS'.length),
  further: () => ({
    select: () => undefined,
    check: () => undefined,
    afterIdentity: () => undefined,
    selectKeyChanges: () => undefined,
    keyChanges: () => undefined,
    beforeDeletions: async () => undefined,
    keptTables: new Set(),
  }),
};

export const generationV1: VerificationGeneration = {
  core: coreRulesV1,
  resources: resourceRulesV1,
  keptRows: [{ table: core.effectiveSchema, columns: ['AppliedAt'] }],
  fillingStatements: () => [],
  refusedDatabases: [],
};
