import type { ResourceRules } from '../behaviour/resource-behaviour.ts';
import { coreRowsV1 } from './core-rows.ts';
import { stampRulesV1 } from './stamp-rules.ts';

export const resourceRulesV1: ResourceRules = {
  rows: coreRowsV1,
  stamps: stampRulesV1,
  identityTime: (shown) => shown.slice(0, 'HH:MM:SS'.length),
  further: () => ({
    select: () => undefined,
    check: () => undefined,
    afterIdentity: () => undefined,
    beforeDeletions: async () => undefined,
    keptTables: new Set(),
  }),
};
