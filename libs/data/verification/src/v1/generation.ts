import { core } from '@dms/model';
import type { StampRules } from '../behaviour/document-rows.ts';
import { computedReferentialIds, storedIdentityRows } from '../behaviour/referential-ids.ts';
import type { ResourceRules } from '../behaviour/resource-behaviour.ts';
import type { VerificationGeneration } from '../verification-generation.ts';
import { coreRowsV1, coreRulesV1, eventSelection, eventsOf } from './core-behaviour.ts';

/** An update of any column stamps; each content version is an event of the journal (design 06 §5.2, 07 §9.1). */
const stampRulesV1: StampRules = {
  stampsUnchangedRows: true,
  stampsLeftDocument: false,
  isIdentityOrdered: () => true,
  watch: (session, _model, _inventory, drawn) => ({
    forgetTimes: () => [],
    selections: () => [eventSelection(session, drawn)],
    wrong: ([rows = []], stamped, _others, isOne) => {
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
  identities: storedIdentityRows,
  further: () => ({
    select: () => undefined,
    check: () => undefined,
    afterIdentity: () => undefined,
    selectKeyChanges: () => undefined,
    keyChanges: () => undefined,
    lacksPerson: () => false,
    recorded: () => undefined,
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
  computedIdentities: computedReferentialIds,
  storedId: (referentialId) => referentialId,
  probes: null,
};
