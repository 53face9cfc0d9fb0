import { core } from '@dms/model';
import type { ResourceRules } from '../behaviour/resource-behaviour.ts';
import type { StampRules } from '../behaviour/stamp-rules.ts';
import type { VerificationGeneration } from '../verification-generation.ts';
import { coreRulesV1 } from './core-behaviour.ts';
import { coreRowsV1 } from './core-rows.ts';
import { eventSelection, eventsOf } from './journal.ts';

/** An update of any column stamps; each content version is an event of the journal (design 06 §5.2, 07 §9.1). */
const stampRulesV1: StampRules = {
  stampsUnchangedRows: true,
  stampsLeftDocument: false,
  isIdentityOrdered: () => true,
  watch: (session, _model, _inventory, maximum) => ({
    forgetTimes: () => [],
    selections: () => [eventSelection(session, maximum)],
    faults: ([rows = []], stamped, _others, isOne) => {
      const events = eventsOf(rows);
      const repeated = isOne
        ? events.filter(({ documentId: id }, index) => events.findIndex((event) => event.documentId === id) < index)
        : [];
      const last = new Map(events.map(({ documentId, version }) => [documentId, version]));
      const missing = [...stamped].filter(([id, { content }]) => last.get(id) !== content);
      const surplus = [...last.keys()].filter((id) => !stamped.has(id));
      return [
        ...missing.map(([id, { content }]) => `document ${id} has no event ${content} as its last one`),
        ...repeated.map(({ documentId }) => `document ${documentId} has another event`),
        ...surplus.map((id) => `document ${id} has an event without a stamp`),
      ];
    },
  }),
};

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
