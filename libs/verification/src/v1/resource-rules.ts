import type { ResourceRules } from '../behaviour/resource-behaviour.ts';
import { coreRowsV1 } from './core-rows.ts';
import { stampRulesV1 } from './stamp-rules.ts';

export const resourceRulesV1: ResourceRules = {
  rows: coreRowsV1,
  stamps: stampRulesV1,
  further: () => ({
    select: () => undefined,
    check: () => undefined,
    afterIdentity: () => undefined,
    beforeDeletions: async () => undefined,
    keptTables: new Set(),
  }),
};
